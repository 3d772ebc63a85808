//! One mail of a test, and the way it is handed to an SMTP server.

use lettre::Transport;
use lettre::address::{Address, Envelope};
use lettre::transport::smtp::SmtpTransport;
use std::time::Duration;

/// A mail as it goes over the line: the envelope, and the bytes.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    /// The envelope sender; empty for a bounce.
    pub(crate) from: String,
    /// The envelope recipients.
    pub(crate) to: Vec<String>,
    /// The message with its headers, lines ended by CR LF.
    pub(crate) raw: Vec<u8>,
}

impl Mail {
    /// A mail to one recipient; line ends of `raw` are made CR LF.
    pub(crate) fn new(from: &str, to: &str, raw: &str) -> Self {
        Self {
            from: from.to_owned(),
            to: vec![to.to_owned()],
            raw: raw.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes(),
        }
    }
}

/// Hands a mail to the server on this port. What the server refuses comes back as its words.
pub(crate) fn submit(port: u16, mail: &Mail) -> Result<(), String> {
    let address = |text: &String| {
        text.parse::<Address>()
            .map_err(|error| format!("{text}: {error}"))
    };
    let from = match mail.from.as_str() {
        "" => None,
        _ => Some(address(&mail.from)?),
    };
    let to = mail.to.iter().map(address).collect::<Result<_, _>>()?;
    let envelope = Envelope::new(from, to).map_err(|error| error.to_string())?;
    let transport = SmtpTransport::builder_dangerous("127.0.0.1")
        .port(port)
        .timeout(Some(Duration::from_secs(20)))
        .build();
    // lettre ends the data with a line break of its own.
    let raw = mail.raw.strip_suffix(b"\r\n").unwrap_or(&mail.raw);
    transport
        .send_raw(&envelope, raw)
        .map(|_| ())
        .map_err(|error| format!("{error:?}"))
}
