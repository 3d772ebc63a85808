//! Handing mail to our server over SMTP, and saying once what became of it.
//!
//! Whether and when to try again is not decided here. After a lost reply the mail may have been
//! taken: SMTP has no exactly-once (RFC 1047).

use crate::adapters::mail::login::Login;
use crate::adapters::mail::tls::{Tls, TlsSetupError, check_plain, read_ca_file};
use crate::app::ports::change::OutgoingMail;
use crate::app::ports::mail::{Delivery, MailSender, SendFailure};
use async_trait::async_trait;
use lettre::address::Envelope;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{
    Certificate, CertificateStore, Tls as LettreTls, TlsParameters,
};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{AsyncSmtpTransport, Error as SmtpError};
use lettre::{Address, AsyncTransport, Tokio1Executor};
use std::error::Error as _;
use std::fmt;
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;
use tokio::time::timeout;

/// How long a connection may take to come up.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// How long one mail may take in all. lettre itself bounds only the connecting.
const SEND_WITHIN: Duration = Duration::from_secs(60);
/// How long an idle connection is kept; servers drop them silently after a while.
const IDLE_FOR: Duration = Duration::from_secs(20);
/// Connections kept at most.
const MOST_CONNECTIONS: u32 = 4;

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// Where and how mail is handed over.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// The server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: Tls,
    /// The authorities that are trusted instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// User and password, where the server wants them.
    pub credentials: Option<Login>,
    /// The name we say hello with: our own host name.
    pub hello_name: String,
}

/// Sends mail with lettre.
pub struct SmtpSender {
    settings: SmtpSettings,
    transport: RwLock<Transport>,
}

impl fmt::Debug for SmtpSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSender")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl SmtpSender {
    /// Sets up sending; no connection is made yet.
    pub fn new(settings: SmtpSettings) -> Result<Self, TlsSetupError> {
        let transport = RwLock::new(transport_for(&settings)?);
        Ok(Self {
            settings,
            transport,
        })
    }

    /// Connects, encrypts and logs in, and sends nothing.
    pub async fn test_connection(&self) -> Result<(), SendFailure> {
        let transport = self.transport();
        match timeout(SEND_WITHIN, transport.test_connection()).await {
            Err(_) => Err(SendFailure::TimedOut),
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(SendFailure::Unreachable),
            Ok(Err(error)) => match classify(&error) {
                Delivery::Retry(failure) | Delivery::GivenUp(failure) => Err(failure),
                Delivery::Done => Ok(()),
            },
        }
    }

    fn transport(&self) -> Transport {
        self.transport
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Forgets all connections: one that was given up on may be in the middle of a mail, and would
    /// go back to the pool like that.
    fn start_afresh(&self) {
        if let Ok(fresh) = transport_for(&self.settings) {
            *self
                .transport
                .write()
                .unwrap_or_else(PoisonError::into_inner) = fresh;
        }
    }
}

#[async_trait]
impl MailSender for SmtpSender {
    async fn send(&self, mail: &OutgoingMail) -> Delivery {
        let Some(envelope) = envelope_of(mail) else {
            return Delivery::GivenUp(SendFailure::Unsendable);
        };
        let transport = self.transport();
        // lettre ends the mail with a line end of its own.
        let bytes = mail.bytes.strip_suffix(b"\r\n").unwrap_or(&mail.bytes);
        match timeout(SEND_WITHIN, transport.send_raw(&envelope, bytes)).await {
            Err(_) => {
                self.start_afresh();
                Delivery::Retry(SendFailure::TimedOut)
            }
            Ok(Ok(_)) => Delivery::Done,
            Ok(Err(error)) => classify(&error),
        }
    }
}

fn transport_for(settings: &SmtpSettings) -> Result<Transport, TlsSetupError> {
    check_plain(settings.tls, &settings.host)?;
    let tls = match settings.tls {
        Tls::None => LettreTls::None,
        Tls::Implicit => LettreTls::Wrapper(tls_parameters(settings)?),
        Tls::StartTls => LettreTls::Required(tls_parameters(settings)?),
    };
    let pool = PoolConfig::new()
        .max_size(MOST_CONNECTIONS)
        .idle_timeout(IDLE_FOR);
    let mut builder = Transport::builder_dangerous(&settings.host)
        .port(settings.port)
        .tls(tls)
        .timeout(Some(CONNECT_WITHIN))
        .hello_name(ClientId::Domain(settings.hello_name.clone()))
        .pool_config(pool);
    if let Some(login) = &settings.credentials {
        let password = login.password.reveal().to_owned();
        builder = builder.credentials(Credentials::new(login.user.clone(), password));
    }
    Ok(builder.build())
}

fn tls_parameters(settings: &SmtpSettings) -> Result<TlsParameters, TlsSetupError> {
    let library = |error: SmtpError| TlsSetupError::Library(error.to_string());
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.ca_file {
        let pem = read_ca_file(path)?;
        let authorities = Certificate::from_pem(&pem).map_err(|_| TlsSetupError::NoCertificate)?;
        builder = builder
            .certificate_store(CertificateStore::None)
            .add_root_certificate(authorities);
    }
    builder.build_rustls().map_err(library)
}

fn envelope_of(mail: &OutgoingMail) -> Option<Envelope> {
    let from = match &mail.envelope_from {
        None => None,
        Some(from) => Some(from.as_str().parse::<Address>().ok()?),
    };
    let to = mail.to.as_str().parse::<Address>().ok()?;
    Envelope::new(from, vec![to]).ok()
}

/// What a failure means.
fn classify(error: &SmtpError) -> Delivery {
    let said = error.source().map(ToString::to_string).unwrap_or_default();
    if error.is_permanent() {
        let code = error.status().map(u16::from).unwrap_or_default();
        return permanent(code, &said);
    }
    if error.is_transient() {
        return Delivery::Retry(SendFailure::RefusedForNow);
    }
    if error.is_tls() || is_about_tls(error) {
        return Delivery::Retry(SendFailure::Tls);
    }
    if error.is_client() {
        return unsupported(&said);
    }
    // A server that speaks no SMTP is as good as none.
    Delivery::Retry(SendFailure::Unreachable)
}

/// A 5xx reply. Wrong or missing credentials are ours to repair, and so is a session out of step;
/// neither says anything about the mail.
fn permanent(code: u16, said: &str) -> Delivery {
    let enhanced = said.split_whitespace().next().unwrap_or_default();
    let login = matches!(code, 530 | 534 | 535 | 538)
        || matches!(
            enhanced,
            "5.7.0" | "5.7.3" | "5.7.8" | "5.7.9" | "5.7.57" | "5.7.139"
        );
    if login {
        Delivery::Retry(SendFailure::Login)
    } else if code == 503 || enhanced.starts_with("5.5.") {
        Delivery::Retry(SendFailure::RefusedForNow)
    } else {
        Delivery::GivenUp(SendFailure::Refused)
    }
}

/// lettre itself refused to go on, because the server can't do something.
fn unsupported(said: &str) -> Delivery {
    let said = said.to_ascii_lowercase();
    if said.contains("starttls") {
        Delivery::Retry(SendFailure::Tls)
    } else if said.contains("authentication") {
        Delivery::Retry(SendFailure::Login)
    } else {
        // SMTPUTF8 or 8BITMIME is missing, or the mail itself is wrong.
        Delivery::GivenUp(SendFailure::Unsendable)
    }
}

/// Is there a TLS failure somewhere behind this? lettre reports a failed handshake as a connection
/// that failed.
fn is_about_tls(error: &SmtpError) -> bool {
    let mut source = error.source();
    while let Some(inner) = source {
        if inner.is::<rustls::Error>() {
            return true;
        }
        let io = inner.downcast_ref::<std::io::Error>();
        if io
            .and_then(std::io::Error::get_ref)
            .is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>)
        {
            return true;
        }
        source = inner.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::mail::login::Password;
    use crate::domain::address::EmailAddress;
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::sync::{Arc, Mutex};

    fn settings(port: u16, tls: Tls) -> SmtpSettings {
        SmtpSettings {
            host: "127.0.0.1".to_owned(),
            port,
            tls,
            ca_file: None,
            credentials: None,
            hello_name: "bot.crt.example".to_owned(),
        }
    }

    fn mail() -> OutgoingMail {
        OutgoingMail {
            envelope_from: None,
            to: EmailAddress::parse("an@hackegem.example").unwrap(),
            bytes: b"Subject: x\r\n\r\nhallo\r\n".to_vec(),
        }
    }

    /// A server that answers each command by its first word, and says what it was sent.
    #[expect(clippy::disallowed_methods, reason = "a server for one test")]
    fn server(answers: &'static [(&'static str, &'static str)]) -> (u16, Arc<Mutex<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let said = Arc::new(Mutex::new(String::new()));
        let shared = Arc::clone(&said);
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream
                .set_read_timeout(Some(Duration::from_secs(20)))
                .unwrap();
            let mut in_data = false;
            let mut lines = BufReader::new(stream.try_clone().unwrap());
            let say = |stream: &mut std::net::TcpStream, word: &str| {
                let found = answers.iter().find(|(key, _)| *key == word);
                let answer = found.map_or("250 ok", |(_, answer)| answer);
                write!(stream, "{answer}\r\n").is_ok()
            };
            say(&mut stream, "GREETING");
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|n| n > 0) {
                let word = line
                    .split([' ', '\r', ':'])
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                shared.lock().unwrap().push_str(&line);
                if !in_data || word == "." {
                    in_data = word == "DATA";
                    if !say(&mut stream, &word) || word == "QUIT" {
                        break;
                    }
                }
                line.clear();
            }
        });
        (port, said)
    }

    #[tokio::test]
    async fn a_mail_goes_with_the_null_sender() {
        let (port, said) = server(&[("GREETING", "220 hi"), ("DATA", "354 go")]);
        let sender = SmtpSender::new(settings(port, Tls::None)).unwrap();
        assert_eq!(sender.send(&mail()).await, Delivery::Done);
        let log = said.lock().unwrap().clone();
        assert!(log.contains("MAIL FROM:<>\r\n"), "{log}");
        assert!(log.contains("RCPT TO:<an@hackegem.example>\r\n"), "{log}");
        assert!(log.contains("Subject: x\r\n\r\nhallo\r\n.\r\n"), "{log}");
    }

    #[tokio::test]
    async fn refusals_are_told_apart() {
        for (word, answer, expected) in [
            (
                "RCPT",
                "450 4.2.0 later",
                Delivery::Retry(SendFailure::RefusedForNow),
            ),
            (
                "GREETING",
                "421 busy",
                Delivery::Retry(SendFailure::RefusedForNow),
            ),
            (
                "RCPT",
                "550 5.1.1 no such user",
                Delivery::GivenUp(SendFailure::Refused),
            ),
            (
                "RCPT",
                "550 5.7.1 relaying denied",
                Delivery::GivenUp(SendFailure::Refused),
            ),
            (
                "MAIL",
                "530 5.7.0 log in first",
                Delivery::Retry(SendFailure::Login),
            ),
            ("MAIL", "535 wrong", Delivery::Retry(SendFailure::Login)),
            (
                "MAIL",
                "503 5.5.1 out of step",
                Delivery::Retry(SendFailure::RefusedForNow),
            ),
            (
                "GREETING",
                "hello I am no SMTP",
                Delivery::Retry(SendFailure::Unreachable),
            ),
        ] {
            let answers: &'static [(&'static str, &'static str)] = if word == "GREETING" {
                vec![("GREETING", answer)].leak()
            } else {
                vec![("GREETING", "220 hi"), ("DATA", "354 go"), (word, answer)].leak()
            };
            let (port, _) = server(answers);
            let sender = SmtpSender::new(settings(port, Tls::None)).unwrap();
            assert_eq!(sender.send(&mail()).await, expected, "{answer}");
        }
    }

    #[tokio::test]
    async fn failures_before_the_mail_are_told_apart() {
        let closed = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let sender = SmtpSender::new(settings(closed, Tls::None)).unwrap();
        assert_eq!(
            sender.send(&mail()).await,
            Delivery::Retry(SendFailure::Unreachable)
        );
        assert_eq!(
            sender.test_connection().await,
            Err(SendFailure::Unreachable)
        );

        let (port, _) = server(&[("GREETING", "220 hi"), ("EHLO", "250 plain")]);
        let sender = SmtpSender::new(settings(port, Tls::StartTls)).unwrap();
        assert_eq!(
            sender.send(&mail()).await,
            Delivery::Retry(SendFailure::Tls)
        );

        let (port, _) = server(&[("GREETING", "220 this is not TLS")]);
        let sender = SmtpSender::new(settings(port, Tls::Implicit)).unwrap();
        assert_eq!(sender.test_connection().await, Err(SendFailure::Tls));

        let (port, _) = server(&[("GREETING", "220 hi")]);
        let mut with_login = settings(port, Tls::None);
        with_login.credentials = Some(Login {
            user: "crt".to_owned(),
            password: Password::new("geheim".to_owned()),
        });
        let sender = SmtpSender::new(with_login).unwrap();
        assert!(!format!("{sender:?}").contains("geheim"));
        assert_eq!(sender.test_connection().await, Err(SendFailure::Login));
    }

    #[tokio::test]
    async fn an_address_that_the_server_cannot_write_is_unsendable() {
        let (port, _) = server(&[("GREETING", "220 hi")]);
        let sender = SmtpSender::new(settings(port, Tls::None)).unwrap();
        let mut odd = mail();
        odd.to = EmailAddress::parse("renée@hackegem.example").unwrap();
        assert_eq!(
            sender.send(&odd).await,
            Delivery::GivenUp(SendFailure::Unsendable)
        );
    }

    #[test]
    fn plain_to_another_machine_is_refused() {
        let mut elsewhere = settings(25, Tls::None);
        elsewhere.host = "mx.crt.example".to_owned();
        assert!(matches!(
            SmtpSender::new(elsewhere),
            Err(TlsSetupError::PlainToOtherMachine)
        ));
    }
}
