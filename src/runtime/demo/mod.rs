//! The whole job with nothing installed: a Maildir as mailbox, SQLite in a folder of its own, the terminal
//! in place of a mail server and of chat. The same application as in service, other parts around it.

mod settings;
pub mod story;
mod team;
pub mod terminal;

use crate::adapters::console::{ConsoleRooms, ConsoleSender, Screen};
use crate::adapters::knowledge::KnowledgeBase;
use crate::adapters::mail::compose::MimeComposer;
use crate::adapters::mail::maildir::{LookError, MaildirSettings, MaildirSource};
use crate::adapters::mail::source::{Kick, Start, Tether, Turn};
use crate::adapters::store::{MasterKey, SqlStore, StoreSettings, Vault};
use crate::app::App;
use crate::app::ports::{Clock, Ids, Intake, Rooms, StoreError};
use crate::app::renewal::keep_version;
use crate::app::step::StepError;
use crate::domain::ids::{InstanceId, MailboxName};
use crate::domain::system_words::in_words;
use crate::runtime::clock::{SystemClock, SystemIds};
use crate::runtime::demo::settings::{TEAM, settings};
use crate::runtime::demo::team::Keyboard;
use crate::runtime::knowledge::organisation_words;
use crate::runtime::team_key::{mail_reader, openpgp};
use crate::runtime::wire::WireError;
use crate::runtime::workers::run_until_idle;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

/// The demonstration.
pub struct Demo {
    /// The application.
    pub app: App,
    source: Arc<MaildirSource>,
    mailbox: PathBuf,
    sender: Arc<ConsoleSender>,
    rooms: Arc<ConsoleRooms>,
    keyboard: Keyboard,
    delivered: std::sync::atomic::AtomicU32,
}

impl Demo {
    /// Sets it up in an empty folder; replies and rooms are shown on `out`.
    pub async fn set_up(folder: &Path, out: Box<dyn Write + Send>) -> Result<Self, WireError> {
        let mailbox = folder.join("mailbox");
        for part in ["new", "cur", "tmp"] {
            std::fs::create_dir_all(mailbox.join(part))
                .map_err(|error| WireError::System("make a mailbox", error.kind()))?;
        }
        let name = MailboxName::new("maildir:demo");
        let words = organisation_words("Cyber Response Team", TEAM, Some("02 000 00 00"), None);
        let not_well_formed = || WireError::Setting {
            key: "demo".to_owned(),
            what: "the settings of the demonstration are not well formed".to_owned(),
        };
        let settings = settings(&name).ok_or_else(not_well_formed)?;
        let chat = settings.chat.as_ref().ok_or_else(not_well_formed)?;
        let screen = Screen::new(out);
        let rooms = Arc::new(ConsoleRooms::new(screen.clone(), chat.oncall_room.clone()));
        let sender = Arc::new(ConsoleSender::new(mail_reader(None), screen));
        let vault = Vault::new(&MasterKey::draw());
        let path = folder.join("data").join("eerstelijn.db");
        let instance = InstanceId::from_random(SystemIds.random());
        let app = App {
            store: Arc::new(SqlStore::open(StoreSettings::Sqlite(path), vault, instance).await?),
            knowledge: Arc::new(KnowledgeBase::embedded(words)?),
            reader: mail_reader(None),
            composer: Arc::new(MimeComposer::default()),
            pgp: openpgp(),
            dkim: None,
            sender: sender.clone(),
            rooms: Some(rooms.clone() as Arc<dyn Rooms>),
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemIds),
            faults: Arc::new(crate::app::faults::NoFaults),
            settings: Arc::new(settings),
            wake: Arc::default(),
        };
        keep_version(&app, app.knowledge.as_ref()).await?;
        let source = Arc::new(MaildirSource::new(MaildirSettings {
            name,
            path: mailbox.clone(),
            processed_folder: Some("Processed".to_owned()),
            start: Start::All,
            max_message: 25 * 1024 * 1024,
        }));
        Ok(Self {
            app,
            source,
            mailbox,
            sender,
            rooms,
            keyboard: Keyboard::default(),
            delivered: std::sync::atomic::AtomicU32::new(0),
        })
    }

    /// A mail reaches the mailbox, is read, decided and answered.
    pub async fn receive(&self, mail: &str) -> Result<(), DemoError> {
        let count = self
            .delivered
            .fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let name = format!("{}.{count}.demo", SystemClock.now().as_second());
        let written = self.mailbox.join("tmp").join(&name);
        let arrived = self.mailbox.join("new").join(&name);
        std::fs::write(&written, mail.replace('\n', "\r\n"))
            .and_then(|()| std::fs::rename(&written, arrived))
            .map_err(|error| DemoError::Mailbox(error.kind()))?;
        self.look().await?;
        run_until_idle(&self.app).await?;
        self.look().await
    }

    /// The source looks into the mailbox, on a thread on which it may block.
    async fn look(&self) -> Result<(), DemoError> {
        let source = Arc::clone(&self.source);
        let intake: Arc<dyn Intake> = Arc::new(self.app.clone());
        let tether = Tether::new(
            Handle::current(),
            CancellationToken::new(),
            Kick::default(),
            Turn::ours_alone(),
        );
        let looked = tokio::task::spawn_blocking(move || source.look_once(&intake, &tether)).await;
        Ok(looked.map_err(|_| DemoError::Stopped)??)
    }

    /// The Message-ID of the reply that was shown last.
    pub fn last_reply(&self) -> Option<String> {
        let bytes = self.sender.last()?;
        let mail = self
            .app
            .reader
            .read(&bytes, crate::app::ports::Extent::Whole);
        mail.message_id.map(|id| id.to_string())
    }
}

/// Why the demonstration stopped.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A mail can't be put into the mailbox.
    #[error("can't write a mail into the temporary folder: {}; make room there and try again", in_words(*.0))]
    Mailbox(ErrorKind),
    /// Looking was cut off.
    #[error("looking into the mailbox was cut off; start again")]
    Stopped,
    /// The mailbox.
    #[error(transparent)]
    Look(#[from] LookError),
    /// A step.
    #[error(transparent)]
    Step(#[from] StepError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no place in chat to write in.
    #[error("no ticket has a card in the on-call room yet; write a report first")]
    NoCard,
}
