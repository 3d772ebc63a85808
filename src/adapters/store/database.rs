//! The store on either database: opened by the service or by a command, its key checked.
//!
//! What is one database's own stands in `sqlite` and `postgres`.

use crate::adapters::store::fault::broken_seal;
use crate::adapters::store::lock::ServiceLock;
use crate::adapters::store::open::OpenError;
use crate::adapters::store::postgres::{self, Patience, PostgresSettings, begin_long};
use crate::adapters::store::rows::time;
use crate::adapters::store::sql::{Connection, query};
use crate::adapters::store::sqlite;
use crate::adapters::store::vault::Vault;
use crate::app::ports::StoreError;
use crate::domain::ids::InstanceId;
use jiff::Timestamp;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgPool;
use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

const GET_CHECK: &str = "/* vault.get */ SELECT sealed FROM vault WHERE name = 'check'";
const SET_CHECK: &str = "/* vault.set */
    INSERT INTO vault (name, sealed) VALUES ('check', $1) ON CONFLICT (name) DO NOTHING";

/// Where the database is.
#[derive(Clone)]
pub enum StoreSettings {
    /// SQLite: the file. Its folder is made where it is missing.
    Sqlite(PathBuf),
    /// PostgreSQL: the server.
    Postgres(PostgresSettings),
}

impl fmt::Display for StoreSettings {
    /// In words, without a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "{}", path.display()),
            Self::Postgres(server) => server.fmt(f),
        }
    }
}

/// How a read begins on PostgreSQL.
const ONE_MOMENT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

enum Database {
    Sqlite(sqlite::Pools),
    Postgres(PgPool),
}

/// The store, for one running service. Commands that read may open it beside.
pub struct SqlStore {
    database: Database,
    pub(super) vault: Vault,
    pub(super) instance: InstanceId,
}

impl SqlStore {
    /// [`SqlStore::make_or_open`], for callers to whom every failure is the same.
    pub async fn open(
        settings: StoreSettings,
        vault: Vault,
        instance: InstanceId,
    ) -> Result<Self, StoreError> {
        Ok(Self::make_or_open(settings, vault, instance).await?)
    }

    /// Opens the database, makes it where there is none (on a server an administrator does that), brings
    /// its schema up to date, and checks that the key is the one it was sealed with. For the service.
    /// `instance` is the holder of this process's leases.
    pub async fn make_or_open(
        settings: StoreSettings,
        vault: Vault,
        instance: InstanceId,
    ) -> Result<Self, OpenError> {
        let database = match &settings {
            StoreSettings::Sqlite(path) => Database::Sqlite(sqlite::make(path).await?),
            StoreSettings::Postgres(server) => Database::Postgres(postgres::make(server).await?),
        };
        let store = Self {
            database,
            vault,
            instance,
        };
        // Two that start on an empty database seal it both; the second asks which key it was.
        if !store.knows_key(&settings).await? {
            store.bind_key().await?;
            store.knows_key(&settings).await?;
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
        let database = match &settings {
            StoreSettings::Sqlite(path) => Database::Sqlite(sqlite::open(path).await?),
            StoreSettings::Postgres(server) => Database::Postgres(postgres::open(server).await?),
        };
        let store = Self {
            database,
            vault,
            instance,
        };
        if store.knows_key(&settings).await? {
            Ok(store)
        } else {
            // Its first start was cut off.
            Err(OpenError::Empty(settings.to_string()))
        }
    }

    /// Takes the lock that one running service holds on a file, or says that another service is running.
    /// Makes the folder where it is missing.
    pub fn lock(file: &Path) -> Result<ServiceLock, OpenError> {
        ServiceLock::take_in_folder(file)
    }

    /// Ends all connections; what is committed is on the disk already.
    pub async fn close(&self) {
        match &self.database {
            Database::Sqlite(pools) => {
                pools.read.close().await;
                pools.write.close().await;
            }
            Database::Postgres(pool) => pool.close().await,
        }
    }

    /// The server, where there is one.
    pub(super) fn server(&self) -> Option<&PgPool> {
        match &self.database {
            Database::Sqlite(_) => None,
            Database::Postgres(pool) => Some(pool),
        }
    }

    /// What time it is on the server; nothing on SQLite, where there is no other clock.
    pub async fn server_time(&self) -> Result<Option<Timestamp>, StoreError> {
        const NOW: &str = "/* server.time */
            SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
        if self.server().is_none() {
            return Ok(None);
        }
        let mut tx = self.begin_read().await?;
        let millis: i64 = query(NOW).fetch_one(&mut tx).await?;
        time("the server", millis).map(Some)
    }

    /// Begins to write. On SQLite the lock is taken at once: a transaction that reads first and then
    /// writes would fail where another wrote in between. On PostgreSQL others write beside: what must not
    /// change meanwhile is locked where it is read.
    pub(super) async fn begin_write(&self) -> Result<Connection, StoreError> {
        Ok(match &self.database {
            Database::Sqlite(pools) => {
                Connection::Sqlite(pools.write.begin_with("BEGIN IMMEDIATE").await?)
            }
            Database::Postgres(pool) => Connection::Postgres(pool.begin().await?, Patience::Short),
        })
    }

    /// Begins to read: all statements see the same moment.
    pub(super) async fn begin_read(&self) -> Result<Connection, StoreError> {
        Ok(match &self.database {
            Database::Sqlite(pools) => Connection::Sqlite(pools.read.begin().await?),
            Database::Postgres(pool) => {
                Connection::Postgres(pool.begin_with(ONE_MOMENT).await?, Patience::Short)
            }
        })
    }

    /// The same for a read of everything, which may take long.
    pub(super) async fn begin_long_read(&self) -> Result<Connection, StoreError> {
        Ok(match &self.database {
            Database::Sqlite(pools) => Connection::Sqlite(pools.read.begin().await?),
            Database::Postgres(pool) => {
                Connection::Postgres(begin_long(pool, ONE_MOMENT).await?, Patience::Long)
            }
        })
    }

    /// Was the database sealed with our key? `false` where it was not yet sealed with any.
    async fn knows_key(&self, settings: &StoreSettings) -> Result<bool, OpenError> {
        let mut tx = self.begin_read().await?;
        let sealed: Option<Vec<u8>> = query(GET_CHECK)
            .fetch_optional(&mut tx)
            .await
            .map_err(StoreError::from)?;
        let Some(sealed) = sealed else {
            return Ok(false);
        };
        match self.vault.opens_check(&sealed) {
            Ok(()) => Ok(true),
            Err(_) => Err(OpenError::WrongKey(settings.to_string())),
        }
    }

    /// Seals the database with our key, where it isn't sealed with any.
    async fn bind_key(&self) -> Result<(), StoreError> {
        let sealed = self.vault.seal_check().map_err(broken_seal("vault"))?;
        let mut tx = self.begin_write().await?;
        query(SET_CHECK).bind(sealed).execute(&mut tx).await?;
        Ok(tx.commit().await?)
    }
}

/// The steps of a schema, for bringing it up to date: steps of a newer program are left as they are.
pub(super) fn forward(known: &Migrator) -> Migrator {
    Migrator {
        migrations: Cow::Owned(known.migrations.to_vec()),
        ignore_missing: true,
        ..Migrator::DEFAULT
    }
}
