//! The door for chat: stores what happened in a room, before the source asks for more.
//!
//! Nothing is looked at here but whether a message can be read at all: one that can't is kept, and waits
//! for its key before people are told.

use crate::app::App;
use crate::app::faults::CrashPoint;
use crate::app::ports::{Admission, Arrival, ChatIntake, Extent, Position, Progress, StoreError};
use crate::domain::chat::ids::{EventId, RoomId};
use crate::domain::chat::incoming::{ChatEvent, Happening};
use crate::domain::ids::{InboxId, MailboxName};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

/// How many undecryptable messages are tried again in one go.
const LOCKED_AT_ONCE: u32 = 200;

/// How long a key may come late before people are told that their message can't be read.
const KEY_WAIT: SignedDuration = SignedDuration::from_mins(2);

#[async_trait]
impl ChatIntake for App {
    async fn first_start(&self, account: &MailboxName) -> Result<Timestamp, StoreError> {
        if let Some(progress) = self.store.progress(account).await? {
            return Ok(progress.started_at);
        }
        let started_at = self.clock.now();
        let progress = Progress {
            uid_validity: 0,
            last_uid: 0,
            started_at,
        };
        self.store.start_mailbox(account, progress).await?;
        // Another instance may have been first.
        let stands = self.store.progress(account).await?;
        Ok(stands.map_or(started_at, |stands| stands.started_at))
    }

    async fn admit_event(
        &self,
        account: &MailboxName,
        event: ChatEvent,
    ) -> Result<Admission, StoreError> {
        self.faults.reach(CrashPoint::BeforeStore);
        let now = self.clock.now();
        let id = InboxId::from_random(self.ids.random());
        let arrival = arrival(id, account, event, now)?;
        let admission = if self.unlocks(&arrival, now).await? {
            Admission::Stored
        } else {
            let again = (arrival.extent != Extent::Locked).then(|| arrival.raw.clone());
            let (mailbox, position) = (arrival.mailbox.clone(), arrival.position.clone());
            let admitted = self.store.admit(arrival, now).await?;
            // Another instance that couldn't read it may have been quicker.
            if let Some(raw) = again.filter(|_| admitted == Admission::AlreadyKnown) {
                let store = &self.store;
                store.unlock_arrival(&mailbox, &position, &raw, now).await?;
            }
            admitted
        };
        self.faults.reach(CrashPoint::Stored);
        self.wake.arrivals.notify_one();
        Ok(admission)
    }

    async fn knows(
        &self,
        account: &MailboxName,
        room: &RoomId,
        event: &EventId,
    ) -> Result<bool, StoreError> {
        let position = Position::Matrix {
            room: room.clone(),
            event: event.clone(),
        };
        self.store.knows(account, &position).await
    }

    async fn undecryptable(
        &self,
        account: &MailboxName,
    ) -> Result<Vec<(RoomId, EventId)>, StoreError> {
        let locked = self.store.locked(account, LOCKED_AT_ONCE).await?;
        let places = locked.into_iter().filter_map(|position| match position {
            Position::Matrix { room, event } => Some((room, event)),
            Position::Imap { .. } | Position::Maildir { .. } => None,
        });
        Ok(places.collect())
    }
}

impl App {
    async fn unlocks(&self, arrival: &Arrival, now: Timestamp) -> Result<bool, StoreError> {
        if arrival.extent == Extent::Locked {
            return Ok(false);
        }
        self.store
            .unlock_arrival(&arrival.mailbox, &arrival.position, &arrival.raw, now)
            .await
    }
}

fn arrival(
    id: InboxId,
    account: &MailboxName,
    event: ChatEvent,
    now: Timestamp,
) -> Result<Arrival, StoreError> {
    let raw = serde_json::to_vec(&event).map_err(|_| StoreError::Inconsistent {
        table: "inbox",
        what: "an event that can't be written down".to_owned(),
    })?;
    let (extent, due_at) = match event.what {
        Happening::Undecryptable => {
            let later = now.saturating_add(KEY_WAIT).unwrap_or(now);
            (Extent::Locked, later)
        }
        _ => (Extent::Whole, event.at.min(now)),
    };
    Ok(Arrival {
        id,
        mailbox: account.clone(),
        position: Position::Matrix {
            room: event.room,
            event: event.event,
        },
        raw,
        extent,
        received_at: event.at,
        due_at,
    })
}
