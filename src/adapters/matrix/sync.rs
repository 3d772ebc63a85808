//! The loop that asks the homeserver what happened, and stores it before it asks again.
//!
//! The library notes how far it has come before we see what came, so a crash in between would lose it. What
//! closes that gap: at every start each room is read back to what is stored ([`Gap`]), and while the store
//! fails nothing more is asked.

use crate::adapters::matrix::client::one_try;
use crate::adapters::matrix::error::MatrixError;
use crate::adapters::matrix::failure::{Trouble, trouble_of, trouble_of_http};
use crate::adapters::matrix::gap::{Gap, Source};
use crate::adapters::matrix::inbound::{Inbound, translate};
use crate::adapters::matrix::session::MatrixSession;
use crate::adapters::matrix::waiting::{Backoff, Waited, rest};
use crate::adapters::matrix::{invitations, late_keys};
use crate::app::ports::arrival::StoreError;
use crate::app::ports::chat::ChatIntake;
use crate::app::ports::rooms::RoomFailure;
use crate::domain::chat::ids::RoomId;
use crate::domain::chat::incoming::ChatEvent;
use matrix_sdk::Room;
use matrix_sdk::config::SyncSettings;
use matrix_sdk::deserialized_responses::TimelineEvent;
use matrix_sdk::ruma::api::client::discovery::get_supported_versions;
use matrix_sdk::sync::SyncResponse;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long the homeserver may hold a question to which it has no answer yet.
const HOLD: Duration = Duration::from_secs(25);

/// How running ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunEnd {
    /// It was asked to stop.
    Stopped,
    /// The homeserver no longer accepts the session: a person must log in again. Nothing else helps.
    LoginLost,
}

/// Why one round came to nothing.
pub(super) enum Failed {
    /// The homeserver or the library.
    Homeserver(Trouble),
    /// The store.
    Store(StoreError),
}

impl From<matrix_sdk::Error> for Failed {
    fn from(error: matrix_sdk::Error) -> Self {
        Self::Homeserver(trouble_of(&error))
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Failed {
    fn is_login(&self) -> bool {
        matches!(self, Self::Homeserver(trouble) if trouble.failure == RoomFailure::Login)
    }
}

impl MatrixSession {
    /// Reads our rooms into `intake` until the program stops. Everything that this adapter does by itself
    /// happens inside this future: it starts no task.
    pub async fn run(&self, intake: Arc<dyn ChatIntake>, stop: CancellationToken) -> RunEnd {
        let intake = intake.as_ref();
        if let Some(end) = self.connect(&stop).await {
            return end;
        }
        // A look that is cut off in the middle is like a crash there: the next start reads back.
        let end = tokio::select! {
            () = stop.cancelled() => RunEnd::Stopped,
            end = self.look(intake, &stop) => end,
            () = late_keys::watch(self, intake, &stop) => RunEnd::Stopped,
            () = invitations::answer(self, &stop) => RunEnd::Stopped,
        };
        self.ready.store(false, Ordering::Release);
        if end == RunEnd::LoginLost {
            tracing::error!(
                mailbox = %self.account(), failure = RoomFailure::Login.as_str(),
                "the homeserver no longer accepts our Matrix session; log in again with: eerstelijn matrix init"
            );
        }
        end
    }

    /// Waits for the homeserver, then loads keys and state.
    async fn connect(&self, stop: &CancellationToken) -> Option<RunEnd> {
        let mut backoff = Backoff::default();
        loop {
            let request = get_supported_versions::Request::new();
            let asked = self.client.send(request).with_request_config(one_try());
            let trouble = match asked.await {
                Err(error) if trouble_of_http(&error).passes() => trouble_of_http(&error),
                // A refusal is an answer too.
                _ => match self.activate().await {
                    Ok(()) => return None,
                    Err(MatrixError::LoginLost) => return Some(RunEnd::LoginLost),
                    Err(error) => {
                        tracing::error!(mailbox = %self.account(), error = %error, "Matrix can't be started");
                        Trouble::later(RoomFailure::Unreachable)
                    }
                },
            };
            let failed = Failed::Homeserver(trouble);
            if self.pause(&mut backoff, &failed, stop).await == Waited::Stopped {
                return Some(RunEnd::Stopped);
            }
        }
    }

    async fn look(&self, intake: &dyn ChatIntake, stop: &CancellationToken) -> RunEnd {
        let mut backoff = Backoff::default();
        let mut reach = Reach::BackToWhatIsStored;
        loop {
            let hold = match reach {
                Reach::BackToWhatIsStored => Duration::ZERO,
                Reach::WhatIsNew => HOLD,
            };
            let settings = SyncSettings::default().timeout(hold);
            let failed = match self.client.sync_once(settings).await {
                Ok(response) => {
                    if let Some(end) = self.keep(intake, &response, reach, stop).await {
                        return end;
                    }
                    if reach == Reach::BackToWhatIsStored {
                        self.ready.store(true, Ordering::Release);
                        tracing::info!(mailbox = %self.account(), "the Matrix rooms are read");
                    }
                    reach = Reach::WhatIsNew;
                    backoff.reset();
                    continue;
                }
                Err(error) => Failed::from(error),
            };
            if failed.is_login() {
                return RunEnd::LoginLost;
            }
            if self.pause(&mut backoff, &failed, stop).await == Waited::Stopped {
                return RunEnd::Stopped;
            }
        }
    }

    /// Says once what failed, and waits.
    async fn pause(
        &self,
        backoff: &mut Backoff,
        failed: &Failed,
        stop: &CancellationToken,
    ) -> Waited {
        let pause = backoff.next_pause();
        let (attempt, ms) = (backoff.failures(), pause.as_millis());
        match failed {
            Failed::Homeserver(trouble) => tracing::warn!(
                mailbox = %self.account(), failure = trouble.failure.as_str(), attempt, ms,
                "the homeserver doesn't answer as it should; trying again"
            ),
            Failed::Store(error) => tracing::error!(
                mailbox = %self.account(), error = %error, attempt, ms,
                "what happened in Matrix can't be stored; trying again"
            ),
        }
        rest(pause, stop).await
    }

    /// Stores one answer, however long that takes: only then may there be another.
    async fn keep(
        &self,
        intake: &dyn ChatIntake,
        response: &SyncResponse,
        reach: Reach,
        stop: &CancellationToken,
    ) -> Option<RunEnd> {
        let mut backoff = Backoff::default();
        loop {
            let failed = self.try_keep(intake, response, reach).await.err()?;
            if failed.is_login() {
                return Some(RunEnd::LoginLost);
            }
            if self.pause(&mut backoff, &failed, stop).await == Waited::Stopped {
                return Some(RunEnd::Stopped);
            }
        }
    }

    /// May be repeated: what is stored is known.
    async fn try_keep(
        &self,
        intake: &dyn ChatIntake,
        response: &SyncResponse,
        reach: Reach,
    ) -> Result<(), Failed> {
        let first_start = intake.first_start(self.account()).await?;
        let gap = Gap {
            client: &self.client,
            intake,
            account: self.account(),
            us: self.user(),
            first_start,
        };
        if reach == Reach::BackToWhatIsStored {
            for room in self.client.joined_rooms() {
                gap.close(&room, Source::End).await?;
            }
        } else {
            for (id, update) in &response.rooms.joined {
                let Some((room, name)) = self.client.get_room(id).zip(RoomId::parse(id.as_str()))
                else {
                    continue;
                };
                let (events, joined_here) = self.translated(&name, &update.timeline.events);
                if update.timeline.limited && !joined_here {
                    // Older first: what is stored last says how far we came.
                    let before = update.timeline.prev_batch.clone();
                    gap.close(&room, Source::Before(before)).await?;
                }
                gap.admit(events).await?;
            }
        }
        for (id, update) in &response.rooms.left {
            if let Some(name) = RoomId::parse(id.as_str()) {
                let (events, _) = self.translated(&name, &update.timeline.events);
                gap.admit(events).await?;
            }
        }
        Ok(())
    }

    /// What happened, oldest first, since we came in; and whether we came in among these events.
    fn translated(&self, room: &RoomId, events: &[TimelineEvent]) -> (Vec<ChatEvent>, bool) {
        let mut since = Vec::new();
        let mut joined_here = false;
        for event in events {
            match translate(room, self.user(), event) {
                Inbound::Happened(event) => since.push(*event),
                Inbound::WeJoined => {
                    since.clear();
                    joined_here = true;
                }
                Inbound::Nothing => {}
            }
        }
        (since, joined_here)
    }
}

/// How far back one look must reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// At the start: nobody knows what was lost in between.
    BackToWhatIsStored,
    /// After that.
    WhatIsNew,
}

/// The room's name in our words.
pub(super) fn name_of(room: &Room) -> Option<RoomId> {
    RoomId::parse(room.room_id().as_str())
}
