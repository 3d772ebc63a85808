//! Making and restoring back-ups, as the settings say where everything is. What is *not* here: how a back-up
//! is built (the store), and what is printed about it (the command line).

use crate::adapters::mail::maildir::MaildirSource;
use crate::adapters::matrix::MatrixError;
use crate::adapters::store::{BackupError, BackupKey, BackupReport, SqlStore};
use crate::app::ports::{AuditReport, Backlog, Clock, Store};
use crate::config::Config;
use crate::config::sections::MailboxKind;
use crate::runtime::clock::SystemClock;
use crate::runtime::matrix::{FirstLogin, log_in_to_matrix};
use crate::runtime::opening::{
    in_settings, lock_from_config, master_key, store_for_command, store_settings, vault,
};
use crate::runtime::sources::maildir_from_config;
use crate::runtime::wire::WireError;
use jiff::Timestamp;
use std::path::Path;

/// What stands in the database after a restore.
pub struct Restored {
    /// What the back-up held.
    pub backup: BackupReport,
    /// What the check of the chains says.
    pub audit: AuditReport,
    /// What waits.
    pub waiting: Backlog,
}

/// What became of the account in chat after a restore.
pub enum Chat {
    /// There is no `[matrix]`.
    None,
    /// A session lies in the data directory and stays.
    Kept,
    /// A new device was made.
    LoggedIn(FirstLogin),
    /// It could not be done now, with the reason.
    Failed(WireError),
}

/// Makes a back-up beside a running service.
pub async fn back_up(config: &Config, file: &Path) -> Result<BackupReport, WireError> {
    // Before the database is opened: what comes in from here on may be missing.
    let made_at = SystemClock.now();
    let key = BackupKey::new(&master_key(config)?);
    let store = store_for_command(config).await?;
    let made = store.back_up(file, &key, made_at).await;
    store.close().await;
    made.map_err(|error| in_place(config, error))
}

/// Restores a back-up into the empty place that the settings name. No service may run on it.
pub async fn restore(config: &Config, file: &Path) -> Result<Restored, WireError> {
    let alone = lock_from_config(config)?;
    let restored = restore_alone(config, file).await;
    if restored.is_err() {
        alone.undo();
    }
    restored
}

async fn restore_alone(config: &Config, file: &Path) -> Result<Restored, WireError> {
    let key = BackupKey::new(&master_key(config)?);
    let settings = store_settings(config)?;
    let backup = SqlStore::restore(&settings, &vault(config)?, file, &key)
        .await
        .map_err(|error| in_place(config, error))?;
    let store = store_for_command(config).await?;
    let restored = Restored {
        backup,
        audit: store.verify().await?,
        waiting: store.backlog().await?,
    };
    store.close().await;
    Ok(restored)
}

/// Logs in with a device of its own: a copied session would break encryption, so a back-up has none.
pub async fn log_in_after_restore(config: &Config) -> Chat {
    if config.file.matrix.is_none() {
        return Chat::None;
    }
    match log_in_to_matrix(config).await {
        Ok(login) => Chat::LoggedIn(login),
        Err(WireError::Matrix(MatrixError::AlreadyLoggedIn)) => Chat::Kept,
        Err(error) => Chat::Failed(error),
    }
}

/// The folders in which mail lies, or may lie, that was received after this moment and moved away: the
/// restored database has never seen it. On a server nobody looks; there it may.
pub fn moved_since(config: &Config, moment: Timestamp) -> Vec<String> {
    let mailboxes = config.file.mailbox.iter();
    mailboxes
        .filter_map(|mailbox| {
            let folder = mailbox.processed_folder.clone()?;
            let may_lie_there = match mailbox.kind {
                MailboxKind::Maildir => MaildirSource::new(maildir_from_config(config, mailbox))
                    .has_processed_since(moment),
                MailboxKind::Imap => true,
            };
            may_lie_there.then_some(folder)
        })
        .collect()
}

fn in_place(config: &Config, error: BackupError) -> WireError {
    match error {
        BackupError::Open(error) => in_settings(config, error),
        BackupError::Store(error) => WireError::Store(error),
        other => WireError::Backup(other),
    }
}
