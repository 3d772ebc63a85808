//! SQLite: files only the owner can read, one connection that writes, several that read.
//!
//! One service at a time: [`crate::adapters::store::lock`] sees to that.

use crate::adapters::store::database::forward;
use crate::adapters::store::open::{self, OpenError, from_database, judge, schema_failed};
use crate::adapters::store::sql::Connection;
use sqlx::ConnectOptions;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use std::fs::{DirBuilder, OpenOptions, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

/// The schema, inside the binary.
pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long a writer waits for another process, for example a back-up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const READERS: u32 = 4;
/// Memory for pages of the writer, in KiB (negative, as SQLite wants it): identifiers are random, so
/// writing touches pages all over the indexes.
const WRITER_CACHE: &str = "-16384";

/// The connections.
pub(super) struct Pools {
    pub(super) write: SqlitePool,
    pub(super) read: SqlitePool,
}

/// Is there a database of this program, with a schema that this version can work on?
pub(super) async fn look(path: &Path) -> Result<(), OpenError> {
    let place = path.display().to_string();
    let found = std::fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => OpenError::Missing(place.clone()),
        cause => open::file(path, cause),
    })?;
    if !found.is_file() {
        return Err(OpenError::Foreign(place));
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging();
    let failed = |error| from_database(&place, error);
    let pool = SqlitePoolOptions::new().max_connections(1);
    let pool = pool.connect_with(options).await.map_err(failed)?;
    let judged = match pool.begin().await.map_err(failed) {
        Ok(tx) => judge(&mut Connection::Sqlite(tx), &MIGRATIONS, &place, failed).await,
        Err(error) => Err(error),
    };
    pool.close().await;
    judged
}

/// Makes the file where there is none, and brings its schema up to date.
pub(super) async fn make(path: &Path) -> Result<Pools, OpenError> {
    match look(path).await {
        Ok(()) | Err(OpenError::Missing(_) | OpenError::Empty(_) | OpenError::Older(_)) => {}
        // What is not ours, or newer than this program, is not touched.
        Err(other) => return Err(other),
    }
    prepare_files(path)?;
    let write = writer(path).await?;
    let migrated = forward(&MIGRATIONS).run(&write).await;
    migrated.map_err(|error| schema_failed(&path.display().to_string(), error))?;
    with_readers(path, write).await
}

/// Makes an empty file, still without any table, for a back-up to be restored into.
pub(super) async fn make_empty(path: &Path) -> Result<SqlitePool, OpenError> {
    prepare_files(path)?;
    writer(path).await
}

/// Opens what is there, and changes nothing.
pub(super) async fn open(path: &Path) -> Result<Pools, OpenError> {
    look(path).await?;
    with_readers(path, writer(path).await?).await
}

async fn with_readers(path: &Path, write: SqlitePool) -> Result<Pools, OpenError> {
    let read = SqlitePoolOptions::new()
        .max_connections(READERS)
        .connect_with(connect_options(path).read_only(true))
        .await
        .map_err(|error| from_database(&path.display().to_string(), error))?;
    Ok(Pools { write, read })
}

async fn writer(path: &Path) -> Result<SqlitePool, OpenError> {
    SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(connect_options(path).pragma("cache_size", WRITER_CACHE))
        .await
        .map_err(|error| from_database(&path.display().to_string(), error))
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

/// Makes the folder in which a file lies, for the owner alone.
pub(super) fn make_folder_of(path: &Path) -> Result<(), OpenError> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| open::file(folder, error.kind()))
}
