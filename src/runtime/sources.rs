//! Starts the reading of each mailbox, on a thread of its own.

use crate::adapters::mail::imap::settings::{ImapSettings, SentFolder};
use crate::adapters::mail::imap::source::ImapSource;
use crate::adapters::mail::maildir::{MaildirSettings, MaildirSource};
use crate::adapters::mail::source::{Kick, Start, Tether, Turn};
use crate::adapters::store::StoreSettings;
use crate::app::App;
use crate::app::ports::Intake;
use crate::config::Config;
use crate::config::sections::{self, Mailbox, MailboxKind};
use crate::runtime::opening::store_settings;
use crate::runtime::supervisor::Supervisor;
use crate::runtime::turns::{Readers, take_turns};
use crate::runtime::wire::{WireError, login_of, mailbox_name, tls_of};
use std::sync::Arc;
use tokio::runtime::Handle;

/// Bytes in a megabyte, as settings count it.
const MEGABYTE: u32 = 1024 * 1024;

/// Starts all sources, and wakes them when an original can be moved away.
pub fn start_sources(app: &App, config: &Config, supervisor: &Supervisor) -> Result<(), WireError> {
    let readers = match store_settings(config)? {
        StoreSettings::Sqlite(_) => Readers::OnlyUs,
        StoreSettings::Postgres(_) => Readers::Several,
    };
    let mut kicks = Vec::new();
    for (n, mailbox) in config.file.mailbox.iter().enumerate() {
        let kick = Kick::default();
        kicks.push(kick.clone());
        let turn = Turn::of_others();
        take_turns(
            app,
            &mailbox_name(mailbox),
            turn.clone(),
            kick.clone(),
            readers,
            supervisor,
        );
        let tether = Tether::new(Handle::current(), supervisor.stop_signal(), kick, turn);
        let intake: Arc<dyn Intake> = Arc::new(app.clone());
        match mailbox.kind {
            MailboxKind::Maildir => {
                let source = MaildirSource::new(maildir_from_config(config, mailbox));
                supervisor.spawn_thread("maildir", move || source.run(&intake, &tether));
            }
            MailboxKind::Imap => {
                let source = imap_from_config(config, n)?;
                supervisor.spawn_thread("imap", move || source.run(&intake, &tether));
            }
        }
    }
    let (wake, stop) = (Arc::clone(&app.wake), supervisor.stop_signal());
    supervisor.spawn("kick", async move {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = wake.settled.notified() => kicks.iter().for_each(Kick::now),
            }
        }
    });
    Ok(())
}

/// A Maildir, as its section says.
pub(crate) fn maildir_from_config(config: &Config, mailbox: &Mailbox) -> MaildirSettings {
    MaildirSettings {
        name: mailbox_name(mailbox),
        path: mailbox.path.clone().unwrap_or_default(),
        processed_folder: mailbox.processed_folder.clone(),
        start: start_of(mailbox.start),
        max_message: u64::from(largest_mail(config)),
    }
}

/// The IMAP mailbox in the `n`th section.
pub(crate) fn imap_from_config(config: &Config, n: usize) -> Result<ImapSource, WireError> {
    let missing = |key: &str| WireError::Setting {
        key: format!("mailbox[{n}].{key}"),
        what: "an IMAP mailbox needs it".to_owned(),
    };
    let mailbox = config.file.mailbox.get(n).ok_or_else(|| missing("kind"))?;
    let login = config.mailbox_logins.get(n).and_then(Option::as_ref);
    Ok(ImapSource::new(ImapSettings {
        name: mailbox_name(mailbox),
        host: mailbox.host.clone().ok_or_else(|| missing("host"))?,
        port: mailbox.port.unwrap_or(match mailbox.tls {
            sections::Tls::Implicit => 993,
            sections::Tls::StartTls | sections::Tls::None => 143,
        }),
        tls: tls_of(mailbox.tls),
        ca_file: mailbox.ca_file.clone(),
        login: login_of(login.ok_or_else(|| missing("user"))?),
        folder: mailbox.folder.clone(),
        processed_folder: mailbox.processed_folder.clone(),
        sent: sent_folder_of(mailbox),
        start: start_of(mailbox.start),
        max_message: largest_mail(config),
    }))
}

/// The folder for sent mail of a mailbox, where one is named.
pub(crate) fn sent_folder_of(mailbox: &Mailbox) -> Option<SentFolder> {
    let folder = mailbox.sent_folder.clone()?;
    let read_as = Mailbox {
        folder: folder.clone(),
        ..mailbox.clone()
    };
    Some(SentFolder {
        name: mailbox_name(&read_as),
        folder,
    })
}

fn largest_mail(config: &Config) -> u32 {
    config.file.limits.largest_mail_mb.saturating_mul(MEGABYTE)
}

fn start_of(start: sections::Start) -> Start {
    match start {
        sections::Start::New => Start::New,
        sections::Start::All => Start::All,
    }
}
