//! Opening the database of a configuration: the service makes it, commands only open it. What goes
//! wrong is said with the key that mends it.

use crate::adapters::store::{
    MasterKey, OpenError, ServiceLock, SqliteStore, StoreSettings, Vault,
};
use crate::app::ports::Ids;
use crate::config::Config;
use crate::config::rules::database_in;
use crate::domain::ids::InstanceId;
use crate::runtime::clock::SystemIds;
use crate::runtime::wire::WireError;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// Takes the lock that only one service can hold on this database.
pub fn lock_from_config(config: &Config) -> Result<ServiceLock, WireError> {
    SqliteStore::lock(&database_path(config)).map_err(|error| in_settings(config, error))
}

/// The database for the service: made where there is none, brought up to date.
pub async fn store_for_service(config: &Config) -> Result<SqliteStore, WireError> {
    make_data_dir(&config.file.store.data_dir)?;
    let (settings, vault, instance) = parts(config)?;
    SqliteStore::make_or_open(settings, vault, instance)
        .await
        .map_err(|error| in_settings(config, error))
}

/// The database for a command: it must be there. Nothing is made and nothing changed.
pub async fn store_for_command(config: &Config) -> Result<SqliteStore, WireError> {
    let (settings, vault, instance) = parts(config)?;
    SqliteStore::open_existing(settings, vault, instance)
        .await
        .map_err(|error| in_settings(config, error))
}

/// Where the database of a configuration is.
pub fn database_path(config: &Config) -> PathBuf {
    let store = &config.file.store;
    let named = store.url.as_deref().and_then(database_in);
    named.unwrap_or_else(|| store.data_dir.join("eerstelijn.db"))
}

fn parts(config: &Config) -> Result<(StoreSettings, Vault, InstanceId), WireError> {
    let key = MasterKey::parse(config.master_key.reveal()).map_err(|_| {
        key_setting(
            config,
            "holds no master key; make one with: eerstelijn keys new FILE",
        )
    })?;
    let instance = InstanceId::from_random(SystemIds.random());
    let path = database_path(config);
    Ok((StoreSettings { path }, Vault::new(&key), instance))
}

fn make_data_dir(folder: &Path) -> Result<(), WireError> {
    if folder.is_dir() {
        return Ok(());
    }
    let made = std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder);
    made.map_err(|error| {
        let cause = error.kind();
        setting(
            "store.data_dir",
            format!(
                "can't make {}: {cause}; check the path and who may write there",
                folder.display()
            ),
        )
    })
}

/// A failure that the settings can mend, with its key; every other as it is.
fn in_settings(config: &Config, error: OpenError) -> WireError {
    let key = if config.file.store.url.is_some() {
        "store.url"
    } else {
        "store.data_dir"
    };
    match error {
        OpenError::File { .. } | OpenError::Foreign(_) => setting(key, error.to_string()),
        OpenError::WrongKey(path) => key_setting(
            config,
            &format!(
                "is not the key that {} was sealed with; name the key that it was made with",
                path.display()
            ),
        ),
        OpenError::Store(error) => WireError::Store(error),
        other => WireError::Open(other),
    }
}

/// A setting of the master key, with the place where it was found.
fn key_setting(config: &Config, what: &str) -> WireError {
    let key = "store.key_file";
    let origin = config.secrets_from.iter().find(|(known, _)| known == key);
    let origin = origin.map_or_else(String::new, |(_, origin)| format!("{origin} "));
    setting(key, format!("{origin}{what}"))
}

fn setting(key: &str, what: String) -> WireError {
    WireError::Setting {
        key: key.to_owned(),
        what,
    }
}
