//! Which IMAP mailbox is read, and how.

use crate::adapters::mail::login::Login;
use crate::adapters::mail::source::Start;
use crate::adapters::mail::tls::Tls;
use crate::domain::ids::MailboxName;
use std::fmt;
use std::path::PathBuf;

/// One IMAP mailbox.
#[derive(Clone)]
pub struct ImapSettings {
    /// The name of the mailbox, for logs and for its progress in the store.
    pub name: MailboxName,
    /// The server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: Tls,
    /// The authorities that are trusted instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Who logs in.
    pub login: Login,
    /// The folder that is read.
    pub folder: String,
    /// Where settled mail goes; made when it is first needed.
    pub processed_folder: Option<String>,
    /// The folder where people's own answers lie, read along with the mailbox.
    pub sent: Option<SentFolder>,
    /// Where a mailbox that was never read starts.
    pub start: Start,
    /// Largest message that is stored whole, in bytes.
    pub max_message: u32,
}

/// The folder for sent mail of a mailbox.
#[derive(Clone)]
pub struct SentFolder {
    /// Its name in the store.
    pub name: MailboxName,
    /// The folder.
    pub folder: String,
}

impl fmt::Debug for ImapSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImapSettings")
            .field("name", &self.name)
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}
