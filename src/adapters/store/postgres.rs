//! PostgreSQL: one pool of connections, encrypted and checked unless the server is on this machine.
//!
//! Any number of services work on one database. A service that is stopped in the middle of a transaction,
//! or whose network is cut, must not hold up the others: the server ends such sessions by itself, and here
//! waiting has an end too (`Patience`, and the pool's own for a connection).

use crate::adapters::store::database::forward;
use crate::adapters::store::open::{OpenError, judge, steps_failed};
use crate::adapters::store::refused::{Phase, Why, from_server, refused};
use crate::adapters::store::sql::{Connection, query};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgSslMode, Postgres};
use sqlx::{ConnectOptions, Connection as _, Transaction};
use std::fmt;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::timeout;
use zeroize::Zeroizing;

/// The schema, inside the binary.
pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Each worker has at most one at a time; the listener has one for good.
const CONNECTIONS: u32 = 12;
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a call may take before it is given up. The server gives up a little earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// What a worker does: others wait for the same rows.
    Short,
    /// What a person ordered and nobody waits for: a back-up, the audit, a restore, a step of the schema.
    Long,
}

impl Patience {
    fn most(self) -> Duration {
        match self {
            Self::Short => Duration::from_secs(20),
            Self::Long => Duration::from_hours(1),
        }
    }

    /// Waits for the server, not for ever.
    pub(super) async fn wait<T>(
        self,
        call: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, sqlx::Error> {
        match timeout(self.most(), call).await {
            Ok(done) => done,
            Err(_) => Err(sqlx::Error::Io(ErrorKind::TimedOut.into())),
        }
    }
}

/// How often a step of the schema is tried: each try waits for a lock as long as `SESSION` lets it, in all a
/// quarter of an hour.
const MOST_MIGRATIONS: u32 = 70;
/// For the steps of the schema, after `SESSION`: a step may take long, an instance that was stopped between
/// two steps may not keep the others out for ever.
const MIGRATING: &str = "SET statement_timeout = 0;
    SET idle_in_transaction_session_timeout = '10min';
    SET idle_session_timeout = '10min'";

/// For a transaction with long patience: the server has it too. A lock is still not waited for long, because
/// whoever waits for one holds up others.
const LONG_SESSION: &str = "SET LOCAL statement_timeout = '1h';
    SET LOCAL idle_in_transaction_session_timeout = '10min'";

// The server ends a statement before we lose patience, and, before others lose theirs, a transaction in which
// nothing happens: its owner was stopped. A peer that is gone without a word is missed sooner.
const SESSION: &str = "SET statement_timeout = '15s';
    SET lock_timeout = '13s';
    SET idle_in_transaction_session_timeout = '10s';
    SET tcp_keepalives_idle = 10;
    SET tcp_keepalives_interval = 5;
    SET tcp_keepalives_count = 3;
    SET tcp_user_timeout = '20s';
    SET synchronous_commit = on;
    SET client_min_messages = warning";

// Since PostgreSQL 15 only the owner of a database may, where nobody allows more.
const MAY_MAKE: &str = "/* open.may_make */
    SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)::int::bigint";

/// Where the server is and who we are there.
#[derive(Clone)]
pub struct PostgresSettings {
    /// Where it listens.
    pub host: ServerHost,
    /// The port, or the end of the socket's name.
    pub port: u16,
    /// Who logs in; without it the name of the system's user.
    pub user: Option<String>,
    /// The password, where the server asks for one.
    pub password: Option<Zeroizing<String>>,
    /// The database.
    pub name: String,
    /// How the connection is protected.
    pub protection: Protection,
}

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerHost {
    /// A name or an address.
    Name(String),
    /// The folder of its socket.
    Socket(PathBuf),
}

/// How a connection is protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Protection {
    /// Not at all: only for a server on this machine.
    None,
    /// TLS, with a certificate for the name of the host from an authority in this file, or from a public
    /// one.
    Verified(Option<PathBuf>),
}

impl fmt::Display for PostgresSettings {
    /// Where it is and who we are there, in words: without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (user, port, name) = (self.user_name(), self.port, &self.name);
        match &self.host {
            ServerHost::Name(host) if host.contains(':') => {
                write!(f, "postgres://{user}@[{host}]:{port}/{name}")
            }
            ServerHost::Name(host) => write!(f, "postgres://{user}@{host}:{port}/{name}"),
            ServerHost::Socket(folder) => {
                write!(f, "postgres://{user}@/{name}?host={}", folder.display())
            }
        }
    }
}

impl PostgresSettings {
    /// Who logs in.
    pub(super) fn user_name(&self) -> String {
        match &self.user {
            Some(user) => user.clone(),
            None => self.options().get_username().to_owned(),
        }
    }

    fn options(&self) -> PgConnectOptions {
        let mut options = PgConnectOptions::new_without_pgpass()
            .port(self.port)
            .database(&self.name)
            .password(self.password.as_ref().map_or("", |password| password))
            .application_name("eerstelijn");
        options = match &self.host {
            ServerHost::Name(host) => options.host(host),
            ServerHost::Socket(folder) => options.socket(folder),
        };
        if let Some(user) = &self.user {
            options = options.username(user);
        }
        options = match &self.protection {
            Protection::None => options.ssl_mode(PgSslMode::Disable),
            Protection::Verified(None) => options.ssl_mode(PgSslMode::VerifyFull),
            Protection::Verified(Some(authority)) => options
                .ssl_mode(PgSslMode::VerifyFull)
                .ssl_root_cert(authority),
        };
        options.disable_statement_logging()
    }
}

/// Opens what is there, and changes nothing.
pub(super) async fn open(settings: &PostgresSettings) -> Result<PgPool, OpenError> {
    let pool = connect(settings).await?;
    look(&pool, settings).await?;
    Ok(pool)
}

/// Brings the schema up to date: one instance does it, the others wait for that.
pub(super) async fn make(settings: &PostgresSettings) -> Result<PgPool, OpenError> {
    let pool = connect(settings).await?;
    match look(&pool, settings).await {
        Ok(()) | Err(OpenError::Older(_) | OpenError::Empty(_)) => {}
        // What is not ours, or newer than this program, is not touched.
        Err(other) => return Err(other),
    }
    let place = settings.to_string();
    for attempt in 1..=MOST_MIGRATIONS {
        match migrate(settings).await {
            Ok(()) => return Ok(pool),
            // Another instance makes the step, or uses the table: it must not wait for long, or everybody
            // who comes after would wait too.
            Err(error) if is_in_use(&error) && attempt < MOST_MIGRATIONS => {
                tracing::info!(
                    attempt,
                    "the schema is being changed, or in use; trying again"
                );
            }
            Err(error) => {
                let failed = |cause| from_server(settings, Phase::Working, cause);
                return Err(steps_failed(error, &place, failed));
            }
        }
    }
    Ok(pool)
}

/// Brings the schema up to date, on a connection of its own: a step may take long, but not wait for long.
async fn migrate(settings: &PostgresSettings) -> Result<(), MigrateError> {
    let mut alone = connect_alone(&settings.options(), MIGRATING).await?;
    forward(&MIGRATIONS).run(&mut alone).await?;
    // Nothing is left to be lost with it.
    let _ = alone.close().await;
    Ok(())
}

/// A connection outside the pool, for work that isn't like that of the workers: `how` it differs.
pub(super) async fn connect_alone(
    options: &PgConnectOptions,
    how: &'static str,
) -> Result<PgConnection, sqlx::Error> {
    let connecting = PgConnection::connect_with(options);
    let connected = timeout(CONNECT, connecting).await;
    let mut alone = connected.unwrap_or_else(|_| Err(sqlx::Error::PoolTimedOut))?;
    sqlx::raw_sql(SESSION).execute(&mut alone).await?;
    sqlx::raw_sql(how).execute(&mut alone).await?;
    Ok(alone)
}

/// Did a lock not come in time, or did two wait for each other? PostgreSQL: `lock_not_available`,
/// `deadlock_detected`. No order of locks would spare us the second: instances that work take the same tables in
/// more than one order.
fn is_in_use(error: &MigrateError) -> bool {
    let (MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _)) = error else {
        return false;
    };
    let sqlx::Error::Database(cause) = cause else {
        return false;
    };
    matches!(cause.code().as_deref(), Some("55P03" | "40P01"))
}

/// Connects to a database that has no tables, or ours, for a back-up to be restored into.
pub(super) async fn open_to_fill(settings: &PostgresSettings) -> Result<PgPool, OpenError> {
    let pool = connect(settings).await?;
    match look(&pool, settings).await {
        Ok(()) | Err(OpenError::Older(_) | OpenError::Empty(_)) => Ok(pool),
        Err(other) => Err(other),
    }
}

/// Begins a transaction with long patience.
pub(super) async fn begin_long(
    pool: &PgPool,
    how: &'static str,
) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let mut tx = pool.begin_with(how).await?;
    sqlx::raw_sql(LONG_SESSION).execute(&mut *tx).await?;
    Ok(tx)
}

async fn look(pool: &PgPool, settings: &PostgresSettings) -> Result<(), OpenError> {
    let failed = |error| from_server(settings, Phase::Working, error);
    let tx = pool.begin().await.map_err(failed)?;
    let mut tx = Connection::Postgres(tx, Patience::Short);
    let found = judge(&mut tx, &MIGRATIONS, &settings.to_string(), failed).await;
    if let Err(OpenError::Empty(_) | OpenError::Older(_)) = found {
        let may: i64 = query(MAY_MAKE).fetch_one(&mut tx).await.map_err(failed)?;
        if may == 0 {
            return Err(refused(settings, Why::NoTables));
        }
    }
    found
}

async fn connect(settings: &PostgresSettings) -> Result<PgPool, OpenError> {
    PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(CONNECT)
        .after_connect(|conn, _| {
            Box::pin(async move {
                sqlx::raw_sql(SESSION).execute(conn).await?;
                Ok(())
            })
        })
        // A connection that answers no more must not keep its place in the pool.
        .after_release(|conn, _| {
            Box::pin(async move {
                Patience::Short.wait(conn.ping()).await?;
                Ok(true)
            })
        })
        .connect_with(settings.options())
        .await
        .map_err(|error| from_server(settings, Phase::Connecting, error))
}
