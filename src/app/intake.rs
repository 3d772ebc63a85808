//! The door for mail: stores what a source found, before the source moves its mark.
//!
//! Nothing is looked at here; a message that can't be read is stored like any other.

use crate::app::App;
use crate::app::faults::CrashPoint;
use crate::app::ports::{
    Admission, Arrival, Committed, Extent, Intake, Position, Progress, ReadingTurn, StoreError,
};
use crate::domain::ids::{InboxId, MailboxName};
use async_trait::async_trait;
use jiff::Timestamp;

/// How many originals are moved in one go.
const SETTLED_AT_ONCE: u32 = 50;

#[async_trait]
impl Intake for App {
    async fn progress(&self, mailbox: &MailboxName) -> Result<Option<Progress>, StoreError> {
        self.store.progress(mailbox).await
    }

    async fn start_mailbox(
        &self,
        mailbox: &MailboxName,
        uid_validity: u32,
        last_uid: u32,
    ) -> Result<(), StoreError> {
        let started_at = self.clock.now();
        self.store
            .start_mailbox(
                mailbox,
                Progress {
                    uid_validity,
                    last_uid,
                    started_at,
                },
            )
            .await
    }

    async fn renumber_mailbox(
        &self,
        mailbox: &MailboxName,
        uid_validity: u32,
        last_uid: u32,
        turn: ReadingTurn<'_>,
    ) -> Result<(), StoreError> {
        let renumbered = self
            .store
            .renumber_mailbox(mailbox, uid_validity, last_uid, turn)
            .await?;
        match renumbered {
            Committed::Done => Ok(()),
            Committed::Conflict | Committed::Duplicate | Committed::NotOurs => Err(
                StoreError::Unavailable("another instance reads this mailbox".to_owned()),
            ),
        }
    }

    async fn admit(
        &self,
        mailbox: &MailboxName,
        position: Position,
        raw: Vec<u8>,
        extent: Extent,
        received_at: Timestamp,
    ) -> Result<Admission, StoreError> {
        self.faults.reach(CrashPoint::BeforeStore);
        let now = self.clock.now();
        let id = InboxId::from_random(self.ids.random());
        // The oldest first; but what people answered by hand comes before all that the bot might answer.
        let due_at = if self.settings.is_sent_folder(mailbox) {
            Timestamp::UNIX_EPOCH
        } else {
            received_at.min(now)
        };
        let mailbox = mailbox.clone();
        let arrival = Arrival {
            id,
            mailbox,
            position,
            raw,
            extent,
            received_at,
            due_at,
        };
        let admission = self.store.admit(arrival, now).await?;
        self.faults.reach(CrashPoint::Stored);
        self.wake.arrivals.notify_one();
        Ok(admission)
    }

    async fn settled(&self, mailbox: &MailboxName) -> Result<Vec<(InboxId, Position)>, StoreError> {
        self.store.settled(mailbox, SETTLED_AT_ONCE).await
    }

    async fn moved(&self, id: &InboxId) -> Result<(), StoreError> {
        self.store.mark_moved(id, self.clock.now()).await
    }
}
