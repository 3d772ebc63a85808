//! Use cases: they order domain and ports, and own the transaction. No socket, file or SQL here.

mod ack_mail;
pub mod arrival;
pub mod ask;
mod called;
mod calls;
mod case;
mod case_events;
mod case_words;
pub mod chat;
mod closed_facts;
pub mod corrected;
pub mod deliver;
mod envelope;
pub mod evaluate;
pub mod export;
pub mod faults;
mod file;
mod follow;
pub mod intake;
mod keys;
pub mod knowledge_stats;
mod leave;
mod limit_alarm;
pub mod memos_due;
mod number;
pub mod on_ticket;
mod place;
pub mod ports;
mod record;
pub mod renewal;
pub mod replay;
pub mod reply;
pub mod sender_check;
mod sent;
pub mod settings;
pub mod step;
mod take;
pub mod tickets;
pub mod timers;
pub mod triage;
pub mod triage_sender;
pub mod triage_turns;
mod trouble;
pub mod understand;
mod wake;

use crate::app::faults::Faults;
use crate::app::ports::{
    Clock, DkimVerifier, Ids, Knowledge, MailComposer, MailReader, MailSender, OpenPgp, Rooms,
    Store,
};
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
    /// Checks OpenPGP signatures and keys.
    pub pgp: Arc<dyn OpenPgp>,
    /// Checks signatures of mail ourselves; nothing where that isn't allowed.
    pub dkim: Option<Arc<dyn DkimVerifier>>,
    /// Sends mail.
    pub sender: Arc<dyn MailSender>,
    /// Acts in chat; nothing where no chat is configured.
    pub rooms: Option<Arc<dyn Rooms>>,
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
    /// A mail may leave.
    pub mail: Notify,
    /// An act in chat is due.
    pub chat: Notify,
    /// A ticket waits for something new.
    pub timers: Notify,
    /// An original may be moved to the folder for processed mail.
    pub settled: Notify,
}

impl Wake {
    /// Something may leave, by whatever route.
    pub fn outgoing(&self) {
        self.mail.notify_one();
        self.chat.notify_one();
    }
}

impl App {
    /// The application with the knowledge of this moment: what is decided and said in one step is of one version, and
    /// that version is the one on record.
    #[must_use]
    pub fn pinned(&self) -> Self {
        Self {
            knowledge: Arc::clone(&self.knowledge).pinned(),
            ..self.clone()
        }
    }
}
