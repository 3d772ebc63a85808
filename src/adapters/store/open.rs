//! What can be found where the database should be, before anything of it is used: nothing, a file that
//! is something else, a schema of another version, another key. Looking changes nothing on the disk.

use crate::adapters::store::database::MIGRATIONS;
use crate::adapters::store::fault::inconsistent;
use crate::app::ports::StoreError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long looking waits for a writer that just makes the schema.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

const TABLES: &str = "/* open.tables */ SELECT count(*) FROM sqlite_master WHERE type = 'table'";
const HAS_SCHEMA: &str = "/* open.has_schema */
    SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'";
const APPLIED: &str = "/* open.applied */
    SELECT version, checksum, success FROM _sqlx_migrations ORDER BY version";

/// Why a database isn't opened. Each is one sentence with its remedy; none says what stands in a row.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is none.
    #[error("there is no database at {}; `eerstelijn run` makes it", .0.display())]
    Missing(PathBuf),
    /// The file or its folder can't be made or opened.
    #[error("can't make or open {}: {cause}; check the path and who may write there", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        cause: ErrorKind,
    },
    /// Something else lies there.
    #[error("{} is not a database of this program; name another file", .0.display())]
    Foreign(PathBuf),
    /// Its schema lacks something that this version needs.
    #[error(
        "the database at {} is not yet made for this version; `eerstelijn run` brings it up to date",
        .0.display()
    )]
    Older(PathBuf),
    /// Its schema holds something that this version doesn't know.
    #[error(
        "the database at {} was made by a newer version of this program; use that version, or a back-up from before it",
        .0.display()
    )]
    Newer(PathBuf),
    /// A step of its schema isn't the one that this version has under the same number.
    #[error(
        "the database at {} was made by another build of this program; use that build, or name another file",
        .0.display()
    )]
    Altered(PathBuf),
    /// It was sealed with another master key.
    #[error("the database at {} was sealed with another master key; name the right key file", .0.display())]
    WrongKey(PathBuf),
    /// A service holds it.
    #[error("another service is running on the database at {}; stop it first", .0.display())]
    Busy(PathBuf),
    /// The database itself failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<OpenError> for StoreError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Store(error) => error,
            OpenError::WrongKey(_) => inconsistent(
                "vault",
                "the key file is not the one that this database was sealed with",
            ),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

/// Is there a database of this program, with the schema of this version?
pub(super) async fn look(path: &Path) -> Result<(), OpenError> {
    let found = std::fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => OpenError::Missing(path.to_owned()),
        cause => file(path, cause),
    })?;
    if !found.is_file() {
        return Err(OpenError::Foreign(path.to_owned()));
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging();
    let mut conn = SqliteConnection::connect_with(&options)
        .await
        .map_err(|error| from_database(path, error))?;
    let judged = judge(&mut conn, path).await;
    // Only read from: nothing can be lost at its end.
    let _ = conn.close().await;
    judged
}

async fn judge(conn: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
    let counted = |error| from_database(path, error);
    let tables: i64 = sqlx::query_scalar(TABLES)
        .fetch_one(&mut *conn)
        .await
        .map_err(counted)?;
    let ours: i64 = sqlx::query_scalar(HAS_SCHEMA)
        .fetch_one(&mut *conn)
        .await
        .map_err(counted)?;
    if ours == 0 {
        // Empty: a first start that was cut off. With tables: of another program.
        return Err(if tables == 0 {
            OpenError::Older(path.to_owned())
        } else {
            OpenError::Foreign(path.to_owned())
        });
    }
    let applied: Vec<(i64, Vec<u8>, bool)> = sqlx::query_as(APPLIED)
        .fetch_all(conn)
        .await
        .map_err(counted)?;
    compare(&applied, path)
}

/// Compares the steps that were applied with those that this version has.
fn compare(applied: &[(i64, Vec<u8>, bool)], path: &Path) -> Result<(), OpenError> {
    for (version, checksum, _) in applied {
        match MIGRATIONS.iter().find(|known| known.version == *version) {
            None => return Err(OpenError::Newer(path.to_owned())),
            Some(known) if known.checksum.as_ref() != checksum.as_slice() => {
                return Err(OpenError::Altered(path.to_owned()));
            }
            Some(_) => {}
        }
    }
    let done = |version: i64| {
        applied
            .iter()
            .any(|(applied, _, success)| *applied == version && *success)
    };
    if MIGRATIONS.iter().all(|known| done(known.version)) {
        Ok(())
    } else {
        Err(OpenError::Older(path.to_owned()))
    }
}

/// A failure of bringing the schema up to date.
pub(super) fn schema_failed(path: &Path, error: sqlx::migrate::MigrateError) -> OpenError {
    use sqlx::migrate::MigrateError as E;
    match error {
        E::VersionMissing(_) | E::VersionTooNew(..) => OpenError::Newer(path.to_owned()),
        E::Execute(cause) | E::ExecuteMigration(cause, _) => from_database(path, cause),
        _ => OpenError::Altered(path.to_owned()),
    }
}

/// What the driver said while opening, as a person understands it.
pub(super) fn from_database(path: &Path, error: sqlx::Error) -> OpenError {
    let code = match &error {
        sqlx::Error::Database(cause) => cause.code().map(Cow::into_owned),
        _ => None,
    };
    match code.as_deref() {
        // SQLITE_NOTADB.
        Some("26") => OpenError::Foreign(path.to_owned()),
        // SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN.
        Some("3" | "8" | "14") => file(path, ErrorKind::PermissionDenied),
        _ => OpenError::Store(error.into()),
    }
}

/// A file or folder that the system refuses.
pub(super) fn file(path: &Path, cause: ErrorKind) -> OpenError {
    OpenError::File {
        path: path.to_owned(),
        cause,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours() -> Vec<(i64, Vec<u8>, bool)> {
        MIGRATIONS
            .iter()
            .map(|known| (known.version, known.checksum.to_vec(), true))
            .collect()
    }

    #[test]
    fn only_the_schema_of_this_version_is_used() {
        let path = Path::new("eerstelijn.db");
        assert!(compare(&ours(), path).is_ok());
        let mut newer = ours();
        newer.push((9_999, vec![0; 48], true));
        assert!(matches!(compare(&newer, path), Err(OpenError::Newer(_))));
        let mut older = ours();
        older.pop();
        assert!(matches!(compare(&older, path), Err(OpenError::Older(_))));
        let mut cut_off = ours();
        cut_off.last_mut().unwrap().2 = false;
        assert!(matches!(compare(&cut_off, path), Err(OpenError::Older(_))));
        let mut altered = ours();
        altered.first_mut().unwrap().1 = vec![0; 48];
        assert!(matches!(
            compare(&altered, path),
            Err(OpenError::Altered(_))
        ));
    }
}
