//! Reading a room back to what is stored, so that nothing between is missed.

use crate::adapters::matrix::failure::trouble_of;
use crate::adapters::matrix::inbound::{Inbound, translate};
use crate::adapters::matrix::pins::weigh;
use crate::adapters::matrix::sync::{Failed, name_of};
use crate::app::ports::chat::ChatIntake;
use crate::domain::chat::ids::UserId;
use crate::domain::chat::incoming::ChatEvent;
use crate::domain::ids::MailboxName;
use jiff::Timestamp;
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::{UInt, assign};
use matrix_sdk::{Client, Room};

/// Events of one page. Homeservers give at most some hundreds; the specification's default of 10 is few.
const PAGE: u32 = 50;

/// Where reading back begins.
pub(super) enum Source {
    /// At the newest event.
    End,
    /// At a place that the homeserver named.
    Before(Option<String>),
}

/// What reading back needs to know.
pub(super) struct Gap<'a> {
    /// Whom we met before.
    pub(super) client: &'a Client,
    /// Where everything goes.
    pub(super) intake: &'a dyn ChatIntake,
    /// The name of our account.
    pub(super) account: &'a MailboxName,
    /// Who we are.
    pub(super) us: &'a UserId,
    /// What happened before is history.
    pub(super) first_start: Timestamp,
}

impl Gap<'_> {
    /// Reads back until something is known, until we came in, or until before the first start; then stores
    /// it, oldest first: whenever it is cut off, what is stored last is where the next try begins.
    pub(super) async fn close(&self, room: &Room, source: Source) -> Result<(), Failed> {
        let mut missed = match self.missed(room, source).await {
            // A room that was closed to us in the meantime must not hold up the others.
            Err(Failed::Homeserver(trouble)) if !trouble.passes() => Vec::new(),
            other => other?,
        };
        missed.reverse();
        self.admit(missed).await
    }

    /// Stores what happened, in this order.
    pub(super) async fn admit(&self, events: Vec<ChatEvent>) -> Result<(), Failed> {
        for mut event in events {
            if event.at >= self.first_start {
                weigh(self.client, &mut event).await;
                self.intake.admit_event(self.account, event).await?;
            }
        }
        Ok(())
    }

    /// What isn't stored, newest first.
    async fn missed(&self, room: &Room, source: Source) -> Result<Vec<ChatEvent>, Failed> {
        let Some(name) = name_of(room) else {
            return Ok(Vec::new());
        };
        let mut from = match source {
            Source::End => None,
            Source::Before(None) => return Ok(Vec::new()),
            Source::Before(place) => place,
        };
        let mut missed = Vec::new();
        loop {
            let options = assign!(MessagesOptions::backward(), { from, limit: UInt::from(PAGE) });
            let page = room.messages(options).await;
            let page = page.map_err(|error| Failed::Homeserver(trouble_of(&error)))?;
            let (mut recent, mut known) = (page.chunk.is_empty(), false);
            for event in &page.chunk {
                let event = match translate(&name, self.us, event) {
                    Inbound::Happened(event) => *event,
                    Inbound::WeJoined => return Ok(missed),
                    Inbound::Nothing => {
                        recent |= self.is_recent(event.timestamp.map(|at| i64::from(at.get())));
                        continue;
                    }
                };
                recent |= event.at >= self.first_start;
                // The rest of the page is looked at too: a room's history may have side branches.
                let place = (&event.room, &event.event);
                if self.intake.knows(self.account, place.0, place.1).await? {
                    known = true;
                } else {
                    missed.push(event);
                }
            }
            match page.end {
                Some(next) if recent && !known => from = Some(next),
                _ => return Ok(missed),
            }
        }
    }

    fn is_recent(&self, millis: Option<i64>) -> bool {
        millis.is_none_or(|millis| millis >= self.first_start.as_millisecond())
    }
}
