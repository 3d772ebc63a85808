//! A database for one test: a file, or a database on a private PostgreSQL. Which one the promises live on
//! says `EERSTELIJN_TEST_DATABASE`: `sqlite` (without it), or `postgres`.

use crate::support::servers::postgres::{self, Postgres};
use eerstelijn::adapters::store::{
    MasterKey, OpenError, PostgresSettings, SqlStore, StoreSettings, Vault,
};
use eerstelijn::domain::ids::InstanceId;
use regex::{Captures, Regex};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};
use std::path::PathBuf;
use tempfile::TempDir;

/// A database for one test.
pub(crate) enum TestDatabase {
    /// SQLite, in a folder of its own.
    File(TempDir),
    /// PostgreSQL.
    Server {
        /// The server.
        server: &'static Postgres,
        /// Where on it.
        settings: PostgresSettings,
    },
}

impl TestDatabase {
    /// A file.
    pub(crate) fn file() -> Self {
        Self::File(TempDir::new().unwrap())
    }

    /// On PostgreSQL. Nothing where the machine has none, after saying so.
    pub(crate) async fn on_postgres() -> Option<Self> {
        let server = postgres::shared()?;
        let settings = server.database().await;
        Some(Self::Server { server, settings })
    }

    /// The one that this run of the tests is about.
    #[expect(
        clippy::disallowed_methods,
        reason = "on which database the promises are tried is no setting of the product"
    )]
    pub(crate) async fn of_this_run() -> Self {
        match std::env::var("EERSTELIJN_TEST_DATABASE").as_deref() {
            Ok("postgres") => Self::on_postgres().await.expect("a PostgreSQL"),
            Ok("sqlite") | Err(_) => Self::file(),
            Ok(other) => panic!("EERSTELIJN_TEST_DATABASE names no database: {other}"),
        }
    }

    /// Where it is.
    pub(crate) fn settings(&self) -> StoreSettings {
        match self {
            Self::File(dir) => StoreSettings::Sqlite(dir.path().join("data/eerstelijn.db")),
            Self::Server { settings, .. } => StoreSettings::Postgres(settings.clone()),
        }
    }

    /// Opens the store with a key.
    pub(crate) async fn try_open(
        &self,
        key: u8,
        instance: InstanceId,
    ) -> Result<SqlStore, OpenError> {
        let vault = Vault::new(&MasterKey::generate([key; 32]));
        SqlStore::make_or_open(self.settings(), vault, instance).await
    }

    /// Opens the store.
    pub(crate) async fn open(&self, instance: InstanceId) -> SqlStore {
        self.try_open(1, instance).await.unwrap()
    }

    /// Does something to the database behind the back of the store, whatever its rules say.
    /// Bytes are written `x'00'`.
    pub(crate) async fn tamper(&self, statements: &str) {
        match self {
            Self::File(dir) => {
                let options = SqliteConnectOptions::new()
                    .filename(dir.path().join("data/eerstelijn.db"))
                    .foreign_keys(false);
                let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
                let statements = AssertSqlSafe(statements.to_owned());
                sqlx::raw_sql(statements).execute(&mut conn).await.unwrap();
                conn.close().await.unwrap();
            }
            Self::Server { server, settings } => {
                let bytes = Regex::new("x'([0-9a-f]*)'").unwrap();
                let statements = bytes.replace_all(statements, |hex: &Captures<'_>| {
                    format!("decode('{}', 'hex')", &hex[1])
                });
                let mut conn = server.connect(&settings.name).await;
                // Foreign keys are triggers here.
                let statements = format!("SET session_replication_role = replica; {statements}");
                let statements = AssertSqlSafe(statements);
                sqlx::raw_sql(statements).execute(&mut conn).await.unwrap();
                conn.close().await.unwrap();
            }
        }
    }

    /// All files in which it keeps anything, with everything written out.
    pub(crate) async fn files(&self) -> Vec<PathBuf> {
        let folder = match self {
            Self::File(dir) => dir.path().join("data"),
            Self::Server { server, settings } => {
                let mut conn = server.connect(&settings.name).await;
                sqlx::raw_sql("CHECKPOINT")
                    .execute(&mut conn)
                    .await
                    .unwrap();
                let own: i64 = sqlx::query_scalar(
                    "SELECT oid::bigint FROM pg_database WHERE datname = current_database()",
                )
                .fetch_one(&mut conn)
                .await
                .unwrap();
                server.data_dir().join("base").join(own.to_string())
            }
        };
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}
