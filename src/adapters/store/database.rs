//! Opening the database: files only the owner can read, one connection that writes, several that
//! read, the schema brought up to date, the key checked.
//!
//! This is the one module that is SQLite's own.

use crate::adapters::store::fault::{broken_seal, inconsistent};
use crate::adapters::store::lock::DataDirLock;
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
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The schema, inside the binary.
static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

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
    /// Opens the database, makes it where there is none, and checks that the key is the one it was
    /// sealed with. `instance` is the holder of this process's leases.
    pub async fn open(
        settings: StoreSettings,
        vault: Vault,
        instance: InstanceId,
    ) -> Result<Self, StoreError> {
        prepare_files(&settings.path).map_err(|error| {
            StoreError::Unavailable(format!("its file can't be opened: {}", error.kind()))
        })?;
        let options = connect_options(&settings.path);
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone().pragma("cache_size", WRITER_CACHE))
            .await?;
        MIGRATIONS.run(&write).await.map_err(schema_failed)?;
        let read = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.read_only(true))
            .await?;
        let store = Self {
            write,
            read,
            vault,
            instance,
        };
        store.check_key().await?;
        Ok(store)
    }

    /// Takes the lock on the data directory that a running service holds, or says that another
    /// service is running.
    pub fn lock(data_dir: &Path) -> Result<DataDirLock, StoreError> {
        make_folder(data_dir).map_err(|error| {
            StoreError::Unavailable(format!(
                "the data directory can't be made: {}",
                error.kind()
            ))
        })?;
        DataDirLock::take(data_dir)
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

    async fn check_key(&self) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        let sealed: Option<Vec<u8>> = sqlx::query_scalar(GET_CHECK)
            .fetch_optional(&mut *tx)
            .await?;
        if let Some(sealed) = sealed {
            return self.vault.opens_check(&sealed).map_err(|_| {
                inconsistent(
                    "vault",
                    "the key file is not the one that this database was sealed with",
                )
            });
        }
        let sealed = self.vault.seal_check().map_err(broken_seal("vault"))?;
        sqlx::query(SET_CHECK)
            .bind(sealed)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }
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
fn prepare_files(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .mode(0o600)
        .open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn schema_failed(error: sqlx::migrate::MigrateError) -> StoreError {
    match error {
        sqlx::migrate::MigrateError::Execute(cause)
        | sqlx::migrate::MigrateError::ExecuteMigration(cause, _) => cause.into(),
        other => inconsistent(
            "the schema",
            format!("it was made by another version of this program ({other})"),
        ),
    }
}
