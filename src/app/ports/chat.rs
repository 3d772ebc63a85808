//! What a source of chat asks of the application. It calls this and knows nothing else.

use crate::app::ports::arrival::{Admission, StoreError};
use crate::domain::chat::ids::{EventId, RoomId};
use crate::domain::chat::incoming::ChatEvent;
use crate::domain::ids::MailboxName;
use async_trait::async_trait;
use jiff::Timestamp;

/// The door for chat. `account` is the name of our account on its homeserver, the same for all instances.
#[async_trait]
pub trait ChatIntake: Send + Sync {
    /// When this account was first read; the first call makes it now. What happened before is history:
    /// it is never admitted.
    async fn first_start(&self, account: &MailboxName) -> Result<Timestamp, StoreError>;
    /// Stores what happened in a room; only then may the source ask for more. What was stored as
    /// undecryptable and can be read now takes that place, and is decided (again).
    async fn admit_event(
        &self,
        account: &MailboxName,
        event: ChatEvent,
    ) -> Result<Admission, StoreError>;
    /// Is it stored? A source that reads a room backwards asks where it can stop, before it stores what it
    /// found, oldest first.
    async fn knows(
        &self,
        account: &MailboxName,
        room: &RoomId,
        event: &EventId,
    ) -> Result<bool, StoreError>;
    /// The messages that are still undecryptable, oldest first: keys may come late.
    async fn undecryptable(
        &self,
        account: &MailboxName,
    ) -> Result<Vec<(RoomId, EventId)>, StoreError>;
}
