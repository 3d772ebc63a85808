//! Use cases: they order domain and ports, and own the transaction. No socket, file or SQL here.

pub mod arrival;
pub mod ask;
mod case;
pub mod chat_intake;
pub mod deliver;
pub mod faults;
pub mod file;
pub mod intake;
pub mod on_ticket;
mod place;
pub mod ports;
pub mod reply;
pub mod settings;
pub mod step;
pub mod tickets;
pub mod timers;
pub mod triage;
mod trouble;
pub mod understand;

use crate::app::faults::Faults;
use crate::app::ports::{Clock, Ids, Knowledge, MailComposer, MailReader, MailSender, Store};
use crate::app::settings::Settings;
use std::sync::Arc;
use tokio::sync::Notify;

/// The application: its ports and settings. Holds no state of its own.
#[derive(Clone)]
pub struct App {
    /// Durable state.
    pub store: Arc<dyn Store>,
    /// What the bot may say.
    pub knowledge: Arc<dyn Knowledge>,
    /// Takes mail apart.
    pub reader: Arc<dyn MailReader>,
    /// Writes mail out.
    pub composer: Arc<dyn MailComposer>,
    /// Sends mail.
    pub sender: Arc<dyn MailSender>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Draws what nobody can guess.
    pub ids: Arc<dyn Ids>,
    /// Where crash tests stop the process.
    pub faults: Arc<dyn Faults>,
    /// What the application needs of the configuration.
    pub settings: Arc<Settings>,
    /// Wakes the workers early; they look by themselves too.
    pub wake: Arc<Wake>,
}

/// Wakes workers when there is something to do. Only a hint: nothing depends on it.
#[derive(Debug, Default)]
pub struct Wake {
    /// A message was stored.
    pub arrivals: Notify,
    /// A message may leave: wakes the worker of each route.
    pub outgoing: Notify,
    /// A ticket waits for something new.
    pub timers: Notify,
    /// An original may be moved to the folder for processed mail.
    pub settled: Notify,
}

/// Keeps the knowledge in its current version, so that what is decided with it can be replayed.
pub async fn keep_knowledge(app: &App) -> Result<(), ports::StoreError> {
    let version = app.knowledge.handbook().version.clone();
    app.store
        .keep_knowledge(&version, &app.knowledge.archive(), app.clock.now())
        .await
}
