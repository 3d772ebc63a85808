//! Messages on their way in, by mail and by chat, and what a source of messages asks of the application.

use crate::domain::chat::ids::{EventId, RoomId};
use crate::domain::ids::{InboxId, MailboxName};
use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database can't be reached or is busy: the same call may work later.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// What is stored can't be right: a seal that doesn't open, a row that contradicts another.
    #[error("the database is inconsistent in {table}: {what}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// What is wrong, without content.
        what: String,
    },
}

/// Where in a mailbox a message lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Position {
    /// UIDVALIDITY and UID (RFC 9051, 2.3.1.1).
    Imap {
        /// Changes when the server renumbers the folder.
        uid_validity: u32,
        /// The message.
        uid: u32,
    },
    /// The unique part of a file's name in a Maildir, without its flags.
    Maildir {
        /// That name.
        name: String,
    },
    /// An event in a chat room.
    Matrix {
        /// The room.
        room: RoomId,
        /// The event.
        event: EventId,
    },
}

impl Position {
    /// The key that makes intake exactly-once within a mailbox.
    pub fn key(&self) -> String {
        match self {
            Self::Imap { uid_validity, uid } => format!("{uid_validity}/{uid}"),
            Self::Maildir { name } => name.clone(),
            // Neither holds white space.
            Self::Matrix { room, event } => format!("{room} {event}"),
        }
    }
}

/// How far a mailbox was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// IMAP's UIDVALIDITY; 0 for a Maildir and for chat.
    pub uid_validity: u32,
    /// The highest UID that is stored, or that was there before the first start; 0 for
    /// a Maildir and for chat.
    pub last_uid: u32,
    /// When this mailbox was first read.
    pub started_at: Timestamp,
}

/// How often work that one instance does at a time has changed hands. Who writes with an older one has
/// lost it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Epoch(i64);

impl Epoch {
    /// Takes back an epoch that was stored.
    pub fn from_stored(number: i64) -> Self {
        Self(number)
    }

    /// As it is stored; 1 for the first holder.
    pub fn number(self) -> i64 {
        self.0
    }
}

/// Whose turn it is to read: the mailbox that is read in this turn, and its epoch. Folders that are read along
/// with a mailbox are read in its turn.
#[derive(Debug, Clone, Copy)]
pub struct ReadingTurn<'a> {
    /// The mailbox.
    pub of: &'a MailboxName,
    /// The epoch.
    pub epoch: Epoch,
}

/// A message as it was found.
pub struct Arrival {
    /// Its id, drawn by the application.
    pub id: InboxId,
    /// The mailbox.
    pub mailbox: MailboxName,
    /// Its place there.
    pub position: Position,
    /// The bytes. Where the message is too large, only the beginning.
    pub raw: Vec<u8>,
    /// Are these all the bytes?
    pub extent: Extent,
    /// When our server received it.
    pub received_at: Timestamp,
    /// From when on it is decided.
    pub due_at: Timestamp,
}

/// Is a message stored whole?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// Only the beginning; the original stays in the mailbox.
    Beginning,
    /// A chat message whose key we don't have; it may come later.
    Locked,
}

/// What storing a message did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It is stored now.
    Stored,
    /// It was stored before.
    AlreadyKnown,
}

/// A stored message that this instance holds for deciding.
pub struct ClaimedArrival {
    /// Its id.
    pub id: InboxId,
    /// Which try this is, counted from 1. Whoever decides on another try has lost the lease.
    pub attempt: u32,
    /// The message; nothing where it can't be opened.
    pub arrival: Option<Arrival>,
}

/// What a source of messages asks of the application. Sources call this; they know nothing else.
#[async_trait]
pub trait Intake: Send + Sync {
    /// How far a mailbox was read; nothing before its first start.
    async fn progress(&self, mailbox: &MailboxName) -> Result<Option<Progress>, StoreError>;
    /// Notes where reading starts. Where another instance noted it before, that stays: ask for it.
    async fn start_mailbox(
        &self,
        mailbox: &MailboxName,
        uid_validity: u32,
        last_uid: u32,
    ) -> Result<(), StoreError>;
    /// Notes that the folder has other numbers now. Unavailable where it is another instance's turn.
    async fn renumber_mailbox(
        &self,
        mailbox: &MailboxName,
        uid_validity: u32,
        last_uid: u32,
        turn: ReadingTurn<'_>,
    ) -> Result<(), StoreError>;
    /// Stores a message. Only when this returns may the source move its mark.
    async fn admit(
        &self,
        mailbox: &MailboxName,
        position: Position,
        raw: Vec<u8>,
        extent: Extent,
        received_at: Timestamp,
    ) -> Result<Admission, StoreError>;
    /// Messages whose original can be moved to the folder for processed mail.
    async fn settled(&self, mailbox: &MailboxName) -> Result<Vec<(InboxId, Position)>, StoreError>;
    /// Notes that an original was moved, or is gone.
    async fn moved(&self, id: &InboxId) -> Result<(), StoreError>;
}
