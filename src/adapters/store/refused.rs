//! Why a database server doesn't let us in or doesn't let us work: who must change what. The server's own words
//! aren't passed on, and not read either: they come in its language. What decides is its code, and the place in
//! its source that it names.

use crate::adapters::store::open::{OpenError, from_database};
use crate::adapters::store::postgres::PostgresSettings;
use crate::app::ports::StoreError;
use sqlx::postgres::PgDatabaseError;
use std::fmt;

/// A no of the server, to whom and where.
#[derive(Debug, thiserror::Error)]
pub struct Refused {
    place: String,
    user: String,
    database: String,
    why: Why,
}

/// What the server has against us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// There is no database of this name.
    NoDatabase,
    /// It asked for a password, and ours is wrong; or there is no such user, which it doesn't tell.
    Password,
    /// It asked for a password, and we have none.
    NoPassword,
    /// There is no such user, or he may not log in anywhere.
    NoUser,
    /// It lets a user in only from the account of the system with the same name.
    OtherAccount,
    /// No line of its `pg_hba.conf` is about us.
    NoLine,
    /// It lets us in, and this user not into this database.
    NoConnect,
    /// The user may make no tables.
    NoTables,
    /// The tables aren't his.
    OthersTables,
}

/// What was being done when the server said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Knocking.
    Connecting,
    /// Inside.
    Working,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (place, user) = (&self.place, &self.user);
        let (his, database) = (quoted(user), quoted(&self.database));
        match self.why {
            Why::NoDatabase => write!(
                f,
                "the server has no database {place}; an administrator makes it: createdb --owner {user} {}",
                self.database
            ),
            Why::Password => write!(
                f,
                "the server refuses us {place}: the password in store.password_file is wrong, or there is no user {user}; check both"
            ),
            Why::NoPassword => write!(
                f,
                "the server asks for a password at {place}, and there is none; write it in a file and name that in store.password_file"
            ),
            Why::NoUser => write!(
                f,
                "the server refuses us {place}: there is no user {user}, or he may not log in; check the name in store.url, or let an administrator make him: createuser --pwprompt {user}"
            ),
            Why::OtherAccount => write!(
                f,
                "the server refuses us {place}: it knows {user} by the account of the system that has this name; run as that account, or let an administrator ask for a password in pg_hba.conf"
            ),
            Why::NoLine => write!(
                f,
                "the server refuses us {place}: it lets nobody in from this machine as {user}; an administrator adds a line to pg_hba.conf"
            ),
            Why::NoConnect => write!(
                f,
                "the server refuses us {place}: {user} may not connect to this database; an administrator allows it: GRANT CONNECT ON DATABASE {database} TO {his}"
            ),
            Why::NoTables => write!(
                f,
                "{user} may not make tables in {place}; an administrator makes him its owner: ALTER DATABASE {database} OWNER TO {his}"
            ),
            Why::OthersTables => write!(
                f,
                "the tables in {place} belong to somebody else than {user}; name their owner as the user in store.url"
            ),
        }
    }
}

/// A name as it stands in a statement.
fn quoted(name: &str) -> String {
    let plain = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '_');
    if name.chars().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit()) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// The server's no, for a person.
pub(super) fn refused(settings: &PostgresSettings, why: Why) -> OpenError {
    OpenError::Refused(Refused {
        place: settings.to_string(),
        user: settings.user_name(),
        database: settings.name.clone(),
        why,
    })
}

/// What the driver said, as a person understands it.
pub(super) fn from_server(
    settings: &PostgresSettings,
    phase: Phase,
    error: sqlx::Error,
) -> OpenError {
    if let Some(why) = reason(settings, phase, &error) {
        return refused(settings, why);
    }
    let place = settings.to_string();
    if !is_away(&error) {
        return from_database(&place, error);
    }
    match StoreError::from(error) {
        StoreError::Unavailable(what) => OpenError::Away { place, what },
        other @ StoreError::Inconsistent { .. } => OpenError::Store(other),
    }
}

fn reason(settings: &PostgresSettings, phase: Phase, error: &sqlx::Error) -> Option<Why> {
    let sqlx::Error::Database(cause) = error else {
        return None;
    };
    let said = cause.try_downcast_ref::<PgDatabaseError>()?;
    let has_password = settings.password.as_ref().is_some_and(|p| !p.is_empty());
    Some(match (said.code(), said.routine()) {
        ("3D000", _) => Why::NoDatabase,
        ("28P01", _) if has_password => Why::Password,
        ("28P01", _) => Why::NoPassword,
        ("28000", Some("InitializeSessionUserId")) => Why::NoUser,
        ("28000", Some("ClientAuthentication")) => Why::NoLine,
        ("28000", _) => Why::OtherAccount,
        ("42501", _) if phase == Phase::Connecting => Why::NoConnect,
        ("42501", _) => Why::OthersTables,
        _ => return None,
    })
}

/// May the same call work later, without anybody changing a setting? PostgreSQL: class 08 is the connection,
/// `too_many_connections`, `admin_shutdown`, `crash_shutdown`, `cannot_connect_now`.
fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => true,
        sqlx::Error::Database(cause) => cause.code().is_some_and(|code| {
            code.starts_with("08") || matches!(&*code, "53300" | "57P01" | "57P02" | "57P03")
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_no_word_is_quoted() {
        for (name, expected) in [
            ("crt_2", "crt_2"),
            ("Crt", "\"Crt\""),
            ("crt-bot", "\"crt-bot\""),
            ("2crt", "\"2crt\""),
            ("a\"b", "\"a\"\"b\""),
        ] {
            assert_eq!(quoted(name), expected);
        }
    }
}
