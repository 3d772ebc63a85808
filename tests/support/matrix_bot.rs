//! The Matrix adapter as a test sees it: its session in a folder of its own, running against a real
//! homeserver, and a ledger in the place of the application that only remembers.

use crate::support::matrix_people::{PATIENCE, now};
use crate::support::servers::{MATRIX_PASSWORD, SERVER_NAME, Synapse};
use async_trait::async_trait;
use eerstelijn::adapters::matrix::settings::{
    Credential, Hidden, Inviters, MatrixSettings, StoreKey,
};
use eerstelijn::adapters::matrix::{Identity, MatrixError, MatrixSession, RunEnd, first_login};
use eerstelijn::app::ports::{
    Admission, ChatIntake, Order, RoomAct, RoomOutcome, Rooms, StoreError,
};
use eerstelijn::domain::chat::ids::{EventId, RoomId, UserId};
use eerstelijn::domain::chat::incoming::{ChatEvent, Happening};
use eerstelijn::domain::ids::{MailboxName, OutboxId};
use jiff::Timestamp;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// What the ledger holds.
#[derive(Default)]
pub(crate) struct Page {
    first_start: Option<Timestamp>,
    /// What is stored, in the order in which it was.
    pub(crate) events: Vec<ChatEvent>,
    /// What was stored in the place of something undecryptable.
    pub(crate) unlocked: Vec<EventId>,
    /// Does storing fail?
    pub(crate) fails: bool,
    /// How often it failed.
    pub(crate) failures: usize,
}

impl Page {
    /// Was it asked when reading began?
    pub(crate) fn started(&self) -> bool {
        self.first_start.is_some()
    }

    /// The same account was read by another instance before.
    pub(crate) fn begin_with(&mut self, other: &Self) {
        self.first_start = other.first_start;
    }
}

/// An application that only remembers.
#[derive(Default)]
pub(crate) struct Ledger(Mutex<Page>);

impl Ledger {
    /// To look into it.
    pub(crate) fn page(&self) -> MutexGuard<'_, Page> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything that was said, in order.
    pub(crate) fn said(&self) -> Vec<String> {
        let page = self.page();
        let said = page.events.iter().filter_map(|event| match &event.what {
            Happening::Said(said) => Some(said.text.clone()),
            _ => None,
        });
        said.collect()
    }

    /// One event.
    pub(crate) fn find(&self, id: &EventId) -> Option<ChatEvent> {
        let page = self.page();
        page.events.iter().find(|event| &event.event == id).cloned()
    }
}

#[async_trait]
impl ChatIntake for Ledger {
    #[expect(
        clippy::disallowed_methods,
        reason = "events of a real server carry real time"
    )]
    async fn first_start(&self, _: &MailboxName) -> Result<Timestamp, StoreError> {
        Ok(*self.page().first_start.get_or_insert_with(Timestamp::now))
    }

    async fn admit_event(
        &self,
        _: &MailboxName,
        event: ChatEvent,
    ) -> Result<Admission, StoreError> {
        let mut page = self.page();
        if page.fails {
            page.failures += 1;
            return Err(StoreError::Unavailable("away".to_owned()));
        }
        let known = page.events.iter().position(|old| old.event == event.event);
        match known {
            None => page.events.push(event),
            Some(at)
                if page.events[at].what == Happening::Undecryptable
                    && event.what != Happening::Undecryptable =>
            {
                page.unlocked.push(event.event.clone());
                page.events[at] = event;
            }
            Some(_) => return Ok(Admission::AlreadyKnown),
        }
        Ok(Admission::Stored)
    }

    async fn knows(&self, _: &MailboxName, _: &RoomId, id: &EventId) -> Result<bool, StoreError> {
        Ok(self.find(id).is_some())
    }

    async fn undecryptable(&self, _: &MailboxName) -> Result<Vec<(RoomId, EventId)>, StoreError> {
        let page = self.page();
        let locked = page
            .events
            .iter()
            .filter(|event| event.what == Happening::Undecryptable);
        Ok(locked
            .map(|event| (event.room.clone(), event.event.clone()))
            .collect())
    }
}

/// The adapter on one device.
pub(crate) struct Bot {
    pub(crate) settings: MatrixSettings,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) recovery_key: Option<Hidden>,
    running: Option<Running>,
    made_at: Timestamp,
    // Last: it outlives what writes into it.
    dir: TempDir,
}

struct Running {
    session: Arc<MatrixSession>,
    rooms: Arc<dyn Rooms>,
    stop: CancellationToken,
    task: JoinHandle<RunEnd>,
}

impl Bot {
    /// Makes an account, logs in for the first time, and runs. Everybody on the server may invite it.
    pub(crate) async fn arrive(server: &Synapse, name: &str) -> Self {
        server.register(name).await;
        let mut bot = Self::new(server, name);
        bot.log_in().await.unwrap();
        bot.start().await;
        bot
    }

    /// A device that never logged in.
    #[expect(
        clippy::disallowed_methods,
        reason = "events of a real server carry real time"
    )]
    pub(crate) fn new(server: &Synapse, name: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self {
            settings: MatrixSettings {
                homeserver: server.url(),
                ca_file: None,
                user: format!("@{name}:{SERVER_NAME}"),
                credential: Some(Credential::Password(Hidden::new(MATRIX_PASSWORD))),
                device_name: "Cyber Response Team".to_owned(),
                folder: dir.path().join("matrix"),
                store_key: StoreKey::new([7; 32]),
                inviters: Inviters {
                    officials: Vec::new(),
                    trusted_servers: vec![SERVER_NAME.to_owned()],
                },
            },
            ledger: Arc::default(),
            recovery_key: None,
            running: None,
            made_at: Timestamp::now(),
            dir,
        }
    }

    /// Logs in for the first time, with the recovery key if there is one.
    pub(crate) async fn log_in(&mut self) -> Result<(), MatrixError> {
        let identity = first_login(&self.settings, self.recovery_key.as_ref()).await?;
        if let Identity::Made(key) = identity {
            self.recovery_key = Some(key);
        }
        Ok(())
    }

    /// Who it is.
    pub(crate) fn id(&self) -> UserId {
        UserId::parse(&self.settings.user).unwrap()
    }

    /// Where it keeps its things.
    pub(crate) fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// Takes its session up and runs.
    #[expect(clippy::disallowed_methods, reason = "a test has no supervisor")]
    pub(crate) async fn start(&mut self) {
        let session = MatrixSession::restore(self.settings.clone()).await.unwrap();
        let session = Arc::new(session);
        let (rooms, stop) = (session.rooms(), CancellationToken::new());
        let intake: Arc<dyn ChatIntake> = Arc::clone(&self.ledger) as _;
        let (running, stopped) = (Arc::clone(&session), stop.clone());
        let task = tokio::spawn(async move { running.run(intake, stopped).await });
        self.running = Some(Running {
            session,
            rooms,
            stop,
            task,
        });
    }

    /// Does it not run?
    pub(crate) fn is_stopped(&self) -> bool {
        self.running.is_none()
    }

    /// Stops it and says how it ended.
    pub(crate) async fn stop(&mut self) -> RunEnd {
        let running = self.running.take().unwrap();
        running.stop.cancel();
        running.task.await.unwrap()
    }

    /// Its session, while it runs.
    pub(crate) fn session(&self) -> &MatrixSession {
        &self.running.as_ref().unwrap().session
    }

    /// Waits until it ends by itself.
    pub(crate) async fn ended(&mut self) -> RunEnd {
        let running = self.running.take().unwrap();
        tokio::time::timeout(PATIENCE, running.task)
            .await
            .unwrap()
            .unwrap()
    }

    /// Waits until the ledger is as wanted.
    pub(crate) async fn until<T>(&self, what: &str, ask: impl Fn(&Ledger) -> Option<T>) -> T {
        let end = now() + PATIENCE;
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        loop {
            let last = now() >= end;
            if let Some(answer) = ask(&self.ledger) {
                return answer;
            }
            assert!(!last, "not in time: {what}; said: {:?}", self.ledger.said());
            tick.tick().await;
        }
    }

    /// Waits for one event.
    pub(crate) async fn hears(&self, id: &EventId) -> ChatEvent {
        self.until("an event", |ledger| ledger.find(id)).await
    }

    /// Does one act, once.
    pub(crate) async fn try_act(&self, id: &str, act: &RoomAct) -> RoomOutcome {
        self.take_over(id, 1, act).await
    }

    /// Does one act that may have been done before, by itself or by another.
    pub(crate) async fn take_over(&self, id: &str, attempt: u32, act: &RoomAct) -> RoomOutcome {
        let rooms = &self.running.as_ref().unwrap().rooms;
        let id = OutboxId::from_stored(id);
        let order = Order {
            id: &id,
            attempt,
            written_at: self.made_at,
        };
        rooms.perform(order, act).await
    }

    /// Does one act, again as long as the answer is "later".
    pub(crate) async fn act(&self, id: &str, act: &RoomAct) -> RoomOutcome {
        let end = now() + PATIENCE;
        let mut tick = tokio::time::interval(Duration::from_millis(100));
        loop {
            match self.try_act(id, act).await {
                RoomOutcome::Retry { .. } if now() < end => tick.tick().await,
                outcome => return outcome,
            };
        }
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            running.stop.cancel();
            running.task.abort();
        }
    }
}
