//! Chat rooms, as the application asks for them.
//!
//! What a room needs so that words may be posted there (encryption, who may be in it) is the adapter's to
//! keep; a room that lacks it answers [`RoomFailure::NotEncrypted`] and nothing is posted.

use crate::domain::chat::ids::{EventId, RoomId, UserId};
use crate::domain::chat::post::Post;
use crate::domain::ids::OutboxId;
use crate::domain::triage::category::closed_list;
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Something to do in chat. Stored sealed, with an id that makes a repeat the same act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum RoomAct {
    /// Post a message. Refused in a room that isn't encrypted, unless `secrecy` allows it.
    Post {
        /// Where.
        room: RoomId,
        /// The first message of the thread that it goes into.
        thread: Option<EventId>,
        /// The message that it answers.
        answers: Option<EventId>,
        /// The words.
        post: Post,
        /// What the room must be.
        secrecy: Secrecy,
    },
    /// Replace a message of ours.
    Edit {
        /// Where.
        room: RoomId,
        /// Which message.
        target: EventId,
        /// The new words.
        post: Post,
    },
    /// Put a sign on a message.
    React {
        /// Where.
        room: RoomId,
        /// On which message.
        target: EventId,
        /// The sign.
        sign: String,
    },
    /// Make an encrypted room that only the invited can join. A repeat finds the room made before.
    OpenRoom {
        /// Its name: the number of a ticket and nothing else, or nothing for a direct chat.
        name: Option<String>,
        /// Who is invited.
        invite: Vec<UserId>,
        /// What it is for: who can be in it depends on that.
        purpose: RoomPurpose,
    },
    /// Invite somebody into a room of ours.
    Invite {
        /// Where.
        room: RoomId,
        /// Whom.
        user: UserId,
    },
    /// Put somebody out of a room of ours.
    Remove {
        /// Where.
        room: RoomId,
        /// Whom.
        user: UserId,
    },
    /// Accept an invitation.
    Join {
        /// Where.
        room: RoomId,
    },
    /// Leave a room and forget it.
    Leave {
        /// Where.
        room: RoomId,
    },
}

/// What a room must be for a message to be posted there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Secrecy {
    /// End-to-end encrypted; else nothing is posted.
    Encrypted,
    /// Anything: the words are public (a pointer in the lobby, why nothing is said here).
    Public,
}

/// What a room of ours is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoomPurpose {
    /// A chat with one person.
    Direct,
    /// The work on one ticket.
    Ticket,
    /// A chat with one person of the team, in which he reads what waits: on our own server only.
    Reading,
}

closed_list! {
    /// Why an act in chat was not done, as a closed word.
    RoomFailure {
        /// No connection to the homeserver.
        Unreachable = "unreachable",
        /// The homeserver asks for patience (429).
        RateLimited = "rate-limited",
        /// The session is no longer valid: a person must log in again.
        Login = "login",
        /// The homeserver forbids it.
        Forbidden = "forbidden",
        /// We are not in that room.
        NotInRoom = "not-in-room",
        /// The room isn't encrypted, and these words may not stand there.
        NotEncrypted = "not-encrypted",
        /// Others are in the room, and these words are for one person.
        NotAlone = "not-alone",
        /// The message is too large, or can't be sent by its form.
        Unsendable = "unsendable",
    }
}

/// What an act in chat did, classified once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomOutcome {
    /// Done. What it made: the event of a message, the id of a room.
    Done {
        /// The event that was sent.
        event: Option<EventId>,
        /// The room that was made or found.
        room: Option<RoomId>,
    },
    /// It may work later, not before `after` where the server said so.
    Retry {
        /// Why.
        failure: RoomFailure,
        /// How long the server asks to wait.
        after: Option<SignedDuration>,
    },
    /// It will not work.
    GivenUp(RoomFailure),
}

/// Who is in a room beside us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Company {
    /// One person, whom we asked for.
    Alone,
    /// Others too, or somebody else.
    Others,
    /// It can't be found out now.
    Unknown,
}

/// By what an act is known: its row.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The row.
    pub id: &'a OutboxId,
    /// Which try this is, counted from 1.
    pub attempt: u32,
    /// When the row was written: nothing of it can be older.
    pub written_at: Timestamp,
}

/// Acts in chat.
#[async_trait]
pub trait Rooms: Send + Sync {
    /// Is this person the only one in a room beside us? Invited people count: they may come at any time.
    async fn company(&self, room: &RoomId, user: &UserId) -> Company;

    /// Are we in touch with the homeserver? Where not, another instance may be.
    fn is_ready(&self) -> bool;

    /// Does one act. Its id is the same at a repeat, so that the homeserver recognises it (Matrix:
    /// transaction id; for a room, a marker in its state). From the second try on it is first looked for
    /// among what stands there: another instance may have done it, with a login of its own.
    async fn perform(&self, order: Order<'_>, act: &RoomAct) -> RoomOutcome;
}
