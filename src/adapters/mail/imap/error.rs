//! What can go wrong with an IMAP server. Never holds what the server said: it may quote a mail.

use crate::adapters::mail::tls::TlsSetupError;
use crate::adapters::mail::token::TokenError;
use crate::app::ports::arrival::StoreError;
use crate::domain::system_words::in_words;
use std::io;

/// Why a session could not start or came to its end.
#[derive(Debug, thiserror::Error)]
pub enum ImapError {
    /// The settings can't work.
    #[error("{0}")]
    Setup(#[from] TlsSetupError),
    /// No connection, or it was lost.
    #[error("the server can't be reached ({}); check host, port and the firewall", in_words(*.0))]
    Unreachable(io::ErrorKind),
    /// There is no such name.
    #[error("no name server knows this host; check host, and the name servers of this machine")]
    UnknownHost,
    /// The encryption failed, most often because of the certificate.
    #[error("TLS failed: {0}")]
    Tls(String),
    /// The server offers no STARTTLS.
    #[error("the server offers no STARTTLS")]
    NoStartTls,
    /// Wrong user name or password.
    #[error("the server refused the login: user, password or token")]
    Login,
    /// There is no access token to log in with.
    #[error("{0}")]
    Token(#[from] TokenError),
    /// The folder isn't there.
    #[error("the server has no such folder, or doesn't open it")]
    NoSuchFolder,
    /// The server refused a command.
    #[error("the server refused a command")]
    Refused,
    /// The server said something that the library doesn't understand.
    #[error("the server's answer can't be understood")]
    Protocol,
    /// The library panicked.
    #[error("the IMAP library failed")]
    Library,
    /// What was read could not be stored.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl From<io::Error> for ImapError {
    fn from(error: io::Error) -> Self {
        let inner = error
            .get_ref()
            .and_then(|e| e.downcast_ref::<rustls::Error>());
        match inner {
            Some(tls) => Self::Tls(tls.to_string()),
            None => Self::Unreachable(error.kind()),
        }
    }
}

impl From<imap::Error> for ImapError {
    fn from(error: imap::Error) -> Self {
        match error {
            imap::Error::Io(io) => Self::from(io),
            imap::Error::ConnectionLost => Self::Unreachable(io::ErrorKind::ConnectionAborted),
            imap::Error::No(_) | imap::Error::Bad(_) => Self::Refused,
            _ => Self::Protocol,
        }
    }
}

/// What it means that a folder could not be opened. The library trips over a refusal that names a
/// folder with accents.
pub fn not_opened(error: imap::Error, folder: &str) -> ImapError {
    match ImapError::from(error) {
        ImapError::Refused => ImapError::NoSuchFolder,
        ImapError::Protocol if !folder.is_ascii() => ImapError::NoSuchFolder,
        other => other,
    }
}
