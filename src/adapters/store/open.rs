//! What can be found where the database should be, before anything of it is used: nothing, something
//! else, a schema of another version, another key. Looking changes nothing.
//!
//! # Versions side by side
//! While instances are brought up to date one after the other, an older program works on a newer schema.
//! `schema_terms` says from which version on a program can: a step that only adds leaves it alone, the
//! step that takes away what nobody uses any more raises it.

use crate::adapters::store::fault::inconsistent;
use crate::adapters::store::refused::Refused;
use crate::adapters::store::sql::{Connection, Text, query};
use crate::app::ports::StoreError;
use crate::domain::system_words::in_words;
use sqlx::migrate::{MigrateError, Migrator};
use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

// On PostgreSQL the catalog, not the schema of information: that one hides what belongs to others.
const TABLES: Text = Text {
    sqlite: "/* open.tables */ SELECT count(*) FROM sqlite_master WHERE type = 'table'",
    postgres: "/* open.tables */
    SELECT count(*) FROM pg_catalog.pg_class
    WHERE relnamespace::regnamespace::text = quote_ident(current_schema()) AND relkind IN ('r', 'p')",
};
const HAS_SCHEMA: Text = Text {
    sqlite: "/* open.has_schema */
    SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'",
    postgres: "/* open.has_schema */
    SELECT count(*) FROM pg_catalog.pg_class
    WHERE relnamespace::regnamespace::text = quote_ident(current_schema())
        AND relkind IN ('r', 'p') AND relname = '_sqlx_migrations'",
};
const APPLIED: &str = "/* open.applied */
    SELECT version, checksum, success FROM _sqlx_migrations ORDER BY version";
const OLDEST: &str = "/* schema_terms.get */ SELECT oldest FROM schema_terms";

/// Why a database isn't opened. Each is one sentence with its remedy; none says what stands in a row.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no file.
    #[error("there is no database at {0}; `eerstelijn run` makes it")]
    Missing(String),
    /// The server says no.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The server can't be reached now, or takes nobody; it may later.
    #[error("the database at {place} is not available: {what}")]
    Away {
        /// Where it is.
        place: String,
        /// What is known about it.
        what: String,
    },
    /// The server can't prove who it is, or speaks no TLS.
    #[error(
        "the connection to {0} can't be encrypted and checked; check the server's certificate and store.ca_file"
    )]
    Unprotected(String),
    /// The file or its folder can't be made or opened.
    #[error("can't make or open {}: {}; check the path and who may write there", path.display(), in_words(*cause))]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        cause: ErrorKind,
    },
    /// Something else lies there.
    #[error("{0} is not a database of this program; name another one")]
    Foreign(String),
    /// There is nothing in it.
    #[error("the database at {0} is empty; `eerstelijn run` makes its tables")]
    Empty(String),
    /// Its schema lacks something that this version needs.
    #[error(
        "the database at {0} is not yet made for this version; `eerstelijn run` brings it up to date"
    )]
    Older(String),
    /// Its schema holds something that this version doesn't know.
    #[error(
        "the database at {0} was made by a newer version of this program; use that version, or a back-up from before it"
    )]
    Newer(String),
    /// A step of its schema isn't the one that this version has under the same number.
    #[error(
        "the database at {0} was made by another build of this program; use that build, or name another one"
    )]
    Altered(String),
    /// It was sealed with another master key.
    #[error("the database at {0} was sealed with another master key; name the right key file")]
    WrongKey(String),
    /// A service holds it.
    #[error("another service is running on {0}; stop it first")]
    Busy(String),
    /// Somebody else holds the steps of its schema, and for long.
    #[error(
        "the database at {0} is being made, restored or brought up to date by another program; wait for its end and try again"
    )]
    Changing(String),
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

/// Is it a database of this program, with a schema that this version can work on? `place` is where it
/// is, in words; `failed` says what a failure of the driver means.
pub(super) async fn judge(
    conn: &mut Connection,
    known: &Migrator,
    place: &str,
    failed: impl Fn(sqlx::Error) -> OpenError,
) -> Result<(), OpenError> {
    let tables: i64 = query(TABLES).fetch_one(conn).await.map_err(&failed)?;
    let ours: i64 = query(HAS_SCHEMA).fetch_one(conn).await.map_err(&failed)?;
    if ours == 0 {
        // Empty: just made, or a first start that was cut off. With tables: of another program.
        return Err(if tables == 0 {
            OpenError::Empty(place.to_owned())
        } else {
            OpenError::Foreign(place.to_owned())
        });
    }
    let applied: Vec<Applied> = query(APPLIED).fetch_all(conn).await.map_err(&failed)?;
    let newest = known.iter().map(|step| step.version).max().unwrap_or(0);
    let is_newer = applied.iter().any(|(version, ..)| *version > newest);
    // Asked only where it is there for certain: older schemas have no such table.
    let oldest: Option<i64> = if is_newer {
        query(OLDEST).fetch_optional(conn).await.map_err(&failed)?
    } else {
        None
    };
    let serves_us = oldest.is_some_and(|oldest| oldest <= newest);
    compare(&applied, known, serves_us).map_err(|mismatch| mismatch.at(place))
}

/// A step of the schema: its number, its checksum, whether it went through.
type Applied = (i64, Vec<u8>, bool);

/// How a schema differs from the one of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mismatch {
    Older,
    Newer,
    Altered,
}

impl Mismatch {
    fn at(self, place: &str) -> OpenError {
        let place = place.to_owned();
        match self {
            Self::Older => OpenError::Older(place),
            Self::Newer => OpenError::Newer(place),
            Self::Altered => OpenError::Altered(place),
        }
    }
}

/// Compares the steps that were applied with those that this version has. `serves_us`: steps that this
/// version doesn't know leave it what it needs.
fn compare(applied: &[Applied], known: &Migrator, serves_us: bool) -> Result<(), Mismatch> {
    for (version, checksum, _) in applied {
        match known.iter().find(|known| known.version == *version) {
            None if serves_us => {}
            None => return Err(Mismatch::Newer),
            Some(known) if known.checksum.as_ref() != checksum.as_slice() => {
                return Err(Mismatch::Altered);
            }
            Some(_) => {}
        }
    }
    let done = |version: i64| {
        applied
            .iter()
            .any(|(applied, _, success)| *applied == version && *success)
    };
    if known.iter().all(|known| done(known.version)) {
        Ok(())
    } else {
        Err(Mismatch::Older)
    }
}

/// A failure of bringing the schema up to date.
pub(super) fn schema_failed(place: &str, error: MigrateError) -> OpenError {
    steps_failed(error, place, |cause| from_database(place, cause))
}

/// The same, with what the driver's own failures mean.
pub(super) fn steps_failed(
    error: MigrateError,
    place: &str,
    failed: impl Fn(sqlx::Error) -> OpenError,
) -> OpenError {
    match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => {
            OpenError::Newer(place.to_owned())
        }
        MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) => failed(cause),
        _ => OpenError::Altered(place.to_owned()),
    }
}

/// What the driver said while opening, as a person understands it.
pub(super) fn from_database(place: &str, error: sqlx::Error) -> OpenError {
    let code = match &error {
        sqlx::Error::Database(cause) => cause.code().map(Cow::into_owned),
        sqlx::Error::Tls(_) => return OpenError::Unprotected(place.to_owned()),
        _ => None,
    };
    match code.as_deref() {
        // SQLITE_NOTADB.
        Some("26") => OpenError::Foreign(place.to_owned()),
        // SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN.
        Some("3" | "8" | "14") => file(Path::new(place), ErrorKind::PermissionDenied),
        // PostgreSQL: lock_not_available.
        Some("55P03") => OpenError::Changing(place.to_owned()),
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
    use crate::adapters::store::{postgres, sqlite};

    fn ours(known: &Migrator) -> Vec<Applied> {
        let steps = known.iter();
        steps
            .map(|known| (known.version, known.checksum.to_vec(), true))
            .collect()
    }

    #[test]
    fn only_a_schema_that_serves_this_version_is_used() {
        for known in [&sqlite::MIGRATIONS, &postgres::MIGRATIONS] {
            let judged = |applied: &[Applied]| compare(applied, known, false);
            assert_eq!(judged(&ours(known)), Ok(()));
            let mut newer = ours(known);
            newer.push((9_999, vec![0; 48], true));
            assert_eq!(judged(&newer), Err(Mismatch::Newer));
            assert_eq!(compare(&newer, known, true), Ok(()), "it only added");
            let mut older = ours(known);
            older.pop();
            assert_eq!(judged(&older), Err(Mismatch::Older));
            let mut cut_off = ours(known);
            cut_off.last_mut().unwrap().2 = false;
            assert_eq!(judged(&cut_off), Err(Mismatch::Older));
            let mut altered = ours(known);
            altered.first_mut().unwrap().1 = vec![0; 48];
            assert_eq!(judged(&altered), Err(Mismatch::Altered));
        }
    }
}
