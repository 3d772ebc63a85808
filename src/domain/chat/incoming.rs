//! One thing that happened in a room, as the application sees it.
//!
//! The whole value is confidential: it is stored sealed, like the bytes of a mail. What it means in its
//! room is not decided here.

use crate::domain::chat::ids::{EventId, RoomId, UserId};
use crate::domain::chat::trust::Trust;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One thing that happened in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatEvent {
    /// The room.
    pub room: RoomId,
    /// Its id in the room.
    pub event: EventId,
    /// Who.
    pub sender: UserId,
    /// What is proven about him.
    pub trust: Trust,
    /// When, as the homeserver says.
    pub at: Timestamp,
    /// What.
    pub what: Happening,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Happening {
    /// Somebody wrote a message.
    Said(Said),
    /// Somebody put a sign on a message. Reactions are not encrypted.
    Reacted {
        /// On which message.
        target: EventId,
        /// The sign, for example `✅`.
        sign: String,
    },
    /// Somebody took a message or a reaction back.
    Redacted {
        /// Which.
        target: EventId,
    },
    /// Somebody shared a file. It is not fetched here.
    Shared {
        /// Its name.
        name: String,
        /// The media type that it claims.
        mime: String,
        /// Its size in bytes, as claimed.
        size: u64,
        /// The words that were sent with it.
        #[serde(default)]
        caption: Option<String>,
        /// The thread.
        thread: Option<EventId>,
    },
    /// A message that can't be decrypted, so far.
    Undecryptable,
    /// Somebody came in.
    Joined,
    /// Somebody left, or was put out.
    Left,
    /// Somebody turned an invitation down, or it was taken back.
    Declined,
}

impl Happening {
    /// The words that somebody wrote, also those with a file.
    pub fn words(&self) -> Option<Said> {
        match self {
            Self::Said(said) => Some(said.clone()),
            Self::Shared {
                caption: Some(caption),
                thread,
                ..
            } => Some(Said {
                text: caption.clone(),
                thread: thread.clone(),
                answers: None,
                replaces: None,
                mentions: Vec::new(),
            }),
            _ => None,
        }
    }
}

/// A message of words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The plain text, without the quoted fallback of a reply. At most 64 KB; longer is cut.
    pub text: String,
    /// The first message of the thread that it stands in.
    pub thread: Option<EventId>,
    /// The message that it answers. A thread's falling-back reply (Matrix: `is_falling_back`) is none.
    pub answers: Option<EventId>,
    /// The earlier message that it replaces: `text` is then the new text.
    pub replaces: Option<EventId>,
    /// Who is mentioned, as the message itself says (Matrix: `m.mentions`).
    pub mentions: Vec<UserId>,
}
