//! Starts the reading of each mailbox, on a thread of its own.

use crate::adapters::mail::maildir::{MaildirSettings, MaildirSource};
use crate::adapters::mail::source::{Kick, Start, Tether};
use crate::app::App;
use crate::app::ports::Intake;
use crate::config::Config;
use crate::config::sections::{self, Mailbox, MailboxKind};
use crate::runtime::supervisor::Supervisor;
use crate::runtime::wire::{WireError, mailbox_name};
use std::sync::Arc;
use tokio::runtime::Handle;

/// Bytes in a megabyte, as settings count it.
const MEGABYTE: u64 = 1024 * 1024;

/// Starts all sources.
pub fn start_sources(app: &App, config: &Config, supervisor: &Supervisor) -> Result<(), WireError> {
    for mailbox in &config.file.mailbox {
        let tether = Tether::new(Handle::current(), supervisor.stop_signal(), Kick::default());
        let intake: Arc<dyn Intake> = Arc::new(app.clone());
        match mailbox.kind {
            MailboxKind::Maildir => {
                let source = MaildirSource::new(maildir_from_config(config, mailbox));
                supervisor.spawn_thread("maildir", move || source.run(&intake, &tether));
            }
            MailboxKind::Imap => {}
        }
    }
    Ok(())
}

/// A Maildir, as its section says.
pub(crate) fn maildir_from_config(config: &Config, mailbox: &Mailbox) -> MaildirSettings {
    MaildirSettings {
        name: mailbox_name(mailbox),
        path: mailbox.path.clone().unwrap_or_default(),
        processed_folder: mailbox.processed_folder.clone(),
        start: start_of(mailbox.start),
        max_message: u64::from(config.file.limits.largest_mail_mb) * MEGABYTE,
    }
}

fn start_of(start: sections::Start) -> Start {
    match start {
        sections::Start::New => Start::New,
        sections::Start::All => Start::All,
    }
}

pub(crate) fn imap_from_config(config: &Config, mailbox: &Mailbox) -> Result<MaildirSource, WireError> {
    Ok(MaildirSource::new(maildir_from_config(config, mailbox)))
}
