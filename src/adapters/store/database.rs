//! Opening the database: files only the owner can read, one connection that writes, several that
//! read, the schema brought up to date, the key checked.
//!
//! This and `open` are the modules that are SQLite's own.

use crate::adapters::store::fault::broken_seal;
use crate::adapters::store::lock::ServiceLock;
use crate::adapters::store::open::{self, OpenError, from_database, schema_failed};
use crate::adapters::store::vault::Vault;
use crate::app::ports::StoreError;
use crate::domain::ids::InstanceId;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    Sqlite, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Transaction};
use std::fs::{DirBuilder, OpenOptions, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The schema, inside the binary.
pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long a writer waits for another process, for example a backup.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const READERS: u32 = 4;
/// Memory for pages of the writer, in KiB (negative, as SQLite wants it): identifiers are random, so
/// writing touches pages all over the indexes.
const WRITER_CACHE: &str = "-16384";

const GET_CHECK: &str = "/* vault.get */ SELECT sealed FROM vault WHERE name = 'check'";
const SET_CHECK: &str = "/* vault.set */ INSERT INTO vault (name, sealed) VALUES ('check', $1)";

/// Where the database is.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// The database file. Its folder is the data directory; it is made where it is missing.
    pub path: PathBuf,
}

/// The store on SQLite, for one running service. Commands that read may open it beside.
pub struct SqliteStore {
    write: SqlitePool,
    read: SqlitePool,
    pub(super) vault: Vault,
    pub(super) instance: InstanceId,
}

impl SqliteStore {
    /// [`SqliteStore::make_or_open`], for callers to whom every failure is the same.
    pub async fn open(
        settings: StoreSettings,
        vault: Vault,
        instance: InstanceId,
    ) -> Result<Self, StoreError> {
        Ok(Self::make_or_open(settings, vault, instance).await?)
    }

    /// Opens the database, makes it where there is none, brings its schema up to date, and checks
    /// that the key is the one it was sealed with. For the service. `instance` is the holder of this
    /// process's leases.
    pub async fn make_or_open(
        settings: StoreSettings,
        vault: Vault,
        instance: InstanceId,
    ) -> Result<Self, OpenError> {
        let path = &settings.path;
        match open::look(path).await {
            Ok(()) | Err(OpenError::Missing(_) | OpenError::Older(_)) => {}
            // What is not ours, or newer than this program, is not touched.
            Err(other) => return Err(other),
        }
        prepare_files(path)?;
        let write = writer(path).await?;
        let migrated = MIGRATIONS.run(&write).await;
        migrated.map_err(|error| schema_failed(path, error))?;
        let store = Self::connected(path, write, vault, instance).await?;
        if !store.knows_key(path).await? {
            store.bind_key().await?;
        }
        Ok(store)
    }

    /// Opens a database that the service made, with the schema of this version. Makes nothing, changes
    /// nothing. For commands.
    pub async fn open_existing(
        settings: StoreSettings,
        vault: Vault,
        instance: InstanceId,
    ) -> Result<Self, OpenError> {
        let path = &settings.path;
        open::look(path).await?;
        let store = Self::connected(path, writer(path).await?, vault, instance).await?;
        if store.knows_key(path).await? {
            Ok(store)
        } else {
            Err(OpenError::Older(path.clone()))
        }
    }

    /// Takes the lock on a database that a running service holds, or says that another service is
    /// running. Makes the folder where it is missing.
    pub fn lock(database: &Path) -> Result<ServiceLock, OpenError> {
        make_folder_of(database)?;
        ServiceLock::take(database)
    }

    async fn connected(
        path: &Path,
        write: SqlitePool,
        vault: Vault,
        instance: InstanceId,
    ) -> Result<Self, OpenError> {
        let read = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(connect_options(path).read_only(true))
            .await
            .map_err(|error| from_database(path, error))?;
        Ok(Self {
            write,
            read,
            vault,
            instance,
        })
    }

    /// Ends all connections; what is committed is on the disk already.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }

    /// Begins to write. The lock is taken at once: a transaction that reads first and then writes
    /// would fail where another wrote in between.
    pub(super) async fn begin_write(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.write.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Begins to read: all statements see the same moment.
    pub(super) async fn begin_read(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.read.begin().await?)
    }

    /// Was the database sealed with our key? `false` where it was not yet sealed with any.
    async fn knows_key(&self, path: &Path) -> Result<bool, OpenError> {
        let mut tx = self.begin_read().await?;
        let sealed: Option<Vec<u8>> = sqlx::query_scalar(GET_CHECK)
            .fetch_optional(&mut *tx)
            .await
            .map_err(StoreError::from)?;
        let Some(sealed) = sealed else {
            return Ok(false);
        };
        match self.vault.opens_check(&sealed) {
            Ok(()) => Ok(true),
            Err(_) => Err(OpenError::WrongKey(path.to_owned())),
        }
    }

    /// Seals the database with our key. Whoever comes second finds it sealed and fails.
    async fn bind_key(&self) -> Result<(), StoreError> {
        let sealed = self.vault.seal_check().map_err(broken_seal("vault"))?;
        let mut tx = self.begin_write().await?;
        sqlx::query(SET_CHECK)
            .bind(sealed)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }
}

async fn writer(path: &Path) -> Result<SqlitePool, OpenError> {
    SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(connect_options(path).pragma("cache_size", WRITER_CACHE))
        .await
        .map_err(|error| from_database(path, error))
}

fn connect_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        // The original leaves the mailbox after our commit: it must be on the disk by then.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging()
}

/// The file is made here, because SQLite gives its side files the rights of the database file.
fn prepare_files(path: &Path) -> Result<(), OpenError> {
    make_folder_of(path)?;
    let made = OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(path);
    let there = match made {
        Ok(_) => Ok(()),
        // Not opened again: closing it would drop the locks that SQLite holds on it in this process.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            std::fs::set_permissions(path, Permissions::from_mode(0o600))
        }
        Err(error) => Err(error),
    };
    there.map_err(|error| open::file(path, error.kind()))
}

fn make_folder_of(path: &Path) -> Result<(), OpenError> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| open::file(folder, error.kind()))
}
