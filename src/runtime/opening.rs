//! Opening the database of a configuration: the service makes it, commands only open it. What goes
//! wrong is said with the key that mends it.

use crate::adapters::store::{
    MasterKey, OpenError, PostgresSettings, Protection, ServerHost, ServiceLock, SqlStore,
    StoreSettings, Vault,
};
use crate::app::ports::Ids;
use crate::config::Config;
use crate::config::database::{Database, Host, Server, database_at};
use crate::config::values::is_loopback;
use crate::domain::ids::InstanceId;
use crate::domain::system_words::in_words;
use crate::runtime::clock::SystemIds;
use crate::runtime::wire::WireError;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use zeroize::Zeroizing;

/// Takes the lock that only one service can hold: on the database where that is a file, else on the
/// data directory, which belongs to one instance.
pub fn lock_from_config(config: &Config) -> Result<ServiceLock, WireError> {
    let file = match store_settings(config)? {
        StoreSettings::Sqlite(path) => path,
        StoreSettings::Postgres(_) => config.file.store.data_dir.join("instance"),
    };
    SqlStore::lock(&file).map_err(|error| in_settings(config, error))
}

/// The database for the service: made where there is none, brought up to date. The lock must be held.
pub async fn store_for_service(config: &Config) -> Result<SqlStore, WireError> {
    let folder = &config.file.store.data_dir;
    make_data_dir(folder)?;
    let name = instance_name(&folder.join("instance"))
        .map_err(|kind| WireError::System("keep the name of this instance", kind))?;
    let (settings, vault) = parts(config)?;
    SqlStore::make_or_open(
        settings,
        vault,
        InstanceId::of_run(&name, SystemIds.random()),
    )
    .await
    .map_err(|error| in_settings(config, error))
}

/// The database for a command: it must be there. Nothing is made and nothing changed.
pub async fn store_for_command(config: &Config) -> Result<SqlStore, WireError> {
    let (settings, vault) = parts(config)?;
    SqlStore::open_existing(settings, vault, InstanceId::from_random(SystemIds.random()))
        .await
        .map_err(|error| in_settings(config, error))
}

/// Where the database of a configuration is.
pub fn store_settings(config: &Config) -> Result<StoreSettings, WireError> {
    let store = &config.file.store;
    let Some(url) = store.url.as_deref() else {
        return Ok(StoreSettings::Sqlite(store.data_dir.join("eerstelijn.db")));
    };
    match database_at(url).map_err(|what| setting("store.url", what.to_owned()))? {
        Database::File(path) => Ok(StoreSettings::Sqlite(path)),
        Database::Server(server) => Ok(StoreSettings::Postgres(on_server(config, server))),
    }
}

fn on_server(config: &Config, server: Server) -> PostgresSettings {
    let store = &config.file.store;
    let protection = match &server.host {
        Host::Socket(_) => Protection::None,
        Host::Name(host) if is_loopback(host) && store.ca_file.is_none() => Protection::None,
        Host::Name(_) => Protection::Verified(store.ca_file.clone()),
    };
    let password = config.database_password.as_ref();
    PostgresSettings {
        host: match server.host {
            Host::Name(host) => ServerHost::Name(host),
            Host::Socket(folder) => ServerHost::Socket(folder),
        },
        port: server.port,
        user: server.user,
        password: password.map(|secret| Zeroizing::new(secret.reveal().to_owned())),
        name: server.name,
        protection,
    }
}

fn parts(config: &Config) -> Result<(StoreSettings, Vault), WireError> {
    Ok((store_settings(config)?, vault(config)?))
}

/// The master key of a configuration.
pub(crate) fn master_key(config: &Config) -> Result<MasterKey, WireError> {
    MasterKey::parse(config.master_key.reveal()).map_err(|_| {
        key_setting(
            config,
            "holds no master key; make one with: eerstelijn keys new FILE",
        )
    })
}

/// The keys that follow from it.
pub(crate) fn vault(config: &Config) -> Result<Vault, WireError> {
    Ok(Vault::new(&master_key(config)?))
}

/// The name of this instance, drawn once and kept: what its former run held is known by it.
fn instance_name(file: &Path) -> Result<String, ErrorKind> {
    let read = std::fs::read_to_string(file);
    match read {
        Ok(text) if InstanceId::is_well_formed(text.trim()) => return Ok(text.trim().to_owned()),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error.kind()),
    }
    let name = InstanceId::from_random(SystemIds.random());
    let written = std::fs::OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(file)
        .and_then(|mut file| {
            file.write_all(name.as_str().as_bytes())?;
            file.sync_all()
        });
    written.map_err(|error| error.kind())?;
    Ok(name.as_str().to_owned())
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
        let cause = in_words(error.kind());
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
pub(crate) fn in_settings(config: &Config, error: OpenError) -> WireError {
    let key = if config.file.store.url.is_some() {
        "store.url"
    } else {
        "store.data_dir"
    };
    match error {
        OpenError::File { .. }
        | OpenError::Foreign(_)
        | OpenError::Refused(_)
        | OpenError::Unprotected(_) => setting(key, error.to_string()),
        OpenError::WrongKey(place) => key_setting(
            config,
            &format!(
                "is not the key that {place} was sealed with; name the key that it was made with"
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
