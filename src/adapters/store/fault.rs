//! What goes wrong in the database, as the application hears it. Never a value of a row: SQL errors
//! name tables and columns, and nothing else is passed on.

use crate::adapters::store::vault::BrokenSeal;
use crate::app::ports::{Committed, StoreError};
use std::io::ErrorKind;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let inconsistent = |what: &dyn ToString| Self::Inconsistent {
            table: "the database",
            what: what.to_string(),
        };
        match &error {
            sqlx::Error::Database(cause) => {
                let broken_rule = cause.is_unique_violation()
                    || cause.is_foreign_key_violation()
                    || cause.is_check_violation();
                // SQLITE_CORRUPT and SQLITE_NOTADB: trying again doesn't help.
                let damaged = matches!(cause.code().as_deref(), Some("11" | "26"));
                if broken_rule || damaged {
                    inconsistent(&cause.message())
                } else {
                    Self::Unavailable(cause.message().to_owned())
                }
            }
            sqlx::Error::ColumnDecode { index, .. } => {
                inconsistent(&format!("the column {index} holds something else"))
            }
            sqlx::Error::RowNotFound => inconsistent(&"a row is missing"),
            sqlx::Error::PoolTimedOut => Self::Unavailable(
                "no connection came in time; check that the server runs and that store.url names it"
                    .to_owned(),
            ),
            sqlx::Error::Io(cause) if cause.kind() == ErrorKind::TimedOut => {
                Self::Unavailable("it did not answer in time".to_owned())
            }
            // Also a name that no name server knows, for which the system has no word of its own.
            sqlx::Error::Io(_) => Self::Unavailable(
                "it can't be reached; check that the server runs and that store.url names it"
                    .to_owned(),
            ),
            _ => Self::Unavailable("the driver failed".to_owned()),
        }
    }
}

/// A row that can't be right.
pub(super) fn inconsistent(table: &'static str, what: impl Into<String>) -> StoreError {
    StoreError::Inconsistent {
        table,
        what: what.into(),
    }
}

/// A seal in this table that can't be made or doesn't open.
pub(super) fn broken_seal(table: &'static str) -> impl Fn(BrokenSeal) -> StoreError {
    move |seal| inconsistent(table, seal.to_string())
}

/// Why a change isn't written.
pub(super) enum Refusal {
    /// Somebody else was first.
    Conflict,
    /// The message was decided before.
    Duplicate,
    /// Another instance holds it now.
    NotOurs,
    /// The store failed.
    Failed(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl From<sqlx::Error> for Refusal {
    /// On PostgreSQL a writer that came second may hear it from the database itself.
    fn from(error: sqlx::Error) -> Self {
        if lost_the_race(&error) {
            return Self::Conflict;
        }
        Self::Failed(error.into())
    }
}

/// Did another instance write at the same time? PostgreSQL:
/// `serialization_failure`, `deadlock_detected`.
fn lost_the_race(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(cause) = error else {
        return false;
    };
    matches!(cause.code().as_deref(), Some("40001" | "40P01"))
}

/// A row that another instance wrote at the same time: what stands instead of ours decides.
pub(super) fn taken_by_another(error: sqlx::Error, refusal: Refusal) -> Refusal {
    match &error {
        sqlx::Error::Database(cause) if cause.is_unique_violation() => refusal,
        _ => error.into(),
    }
}

impl Refusal {
    /// What the application hears.
    pub(super) fn into_result(self) -> Result<Committed, StoreError> {
        match self {
            Self::Conflict => Ok(Committed::Conflict),
            Self::Duplicate => Ok(Committed::Duplicate),
            Self::NotOurs => Ok(Committed::NotOurs),
            Self::Failed(error) => Err(error),
        }
    }
}

/// A write that must hit exactly one row, or somebody else was first.
pub(super) fn exactly_one(rows: u64) -> Result<(), Refusal> {
    (rows == 1).then_some(()).ok_or(Refusal::Conflict)
}
