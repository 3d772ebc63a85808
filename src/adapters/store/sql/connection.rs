//! A transaction on either database, as all functions of the store take it.

use crate::adapters::store::postgres::Patience;
use crate::adapters::store::sql::{Row, Value, Wording};
use sqlx::postgres::{PgArguments, Postgres};
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments};
use sqlx::{Error, Transaction};

/// A transaction that has begun. Dropping it undoes it.
pub(in crate::adapters::store) enum Connection {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL, and how long one call may take there.
    Postgres(Transaction<'static, Postgres>, Patience),
}

/// A table in which one row depends on the one before.
#[derive(Clone, Copy)]
pub(in crate::adapters::store) enum Table {
    /// The last number given out.
    Numbers,
    /// The end of the chain of reads.
    ChainHeads,
}

impl Table {
    fn lock(self) -> &'static str {
        match self {
            Self::Numbers => {
                "/* ticket_numbers.lock */ LOCK TABLE ticket_numbers IN EXCLUSIVE MODE"
            }
            Self::ChainHeads => "/* chain_heads.lock */ LOCK TABLE chain_heads IN EXCLUSIVE MODE",
        }
    }
}

/// The same steps for both: only the types differ.
macro_rules! bound {
    ($text:expr, $values:expr) => {{
        let mut query = sqlx::query($text);
        for value in $values {
            query = match value {
                Value::Number(number) => query.bind(*number),
                Value::Text(text) => query.bind(text.as_deref()),
                Value::Bytes(bytes) => query.bind(bytes.as_deref()),
            };
        }
        query
    }};
}

fn for_sqlite<'q>(text: &Wording, values: &'q [Value<'_>]) -> Query<'q, Sqlite, SqliteArguments> {
    bound!(text.sqlite(), values)
}

fn for_postgres<'q>(text: &Wording, values: &'q [Value<'_>]) -> Query<'q, Postgres, PgArguments> {
    bound!(text.postgres(), values)
}

impl Connection {
    /// Makes everything that was written in it durable.
    pub(in crate::adapters::store) async fn commit(self) -> Result<(), Error> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx, patience) => patience.wait(tx.commit()).await,
        }
    }

    /// Undoes everything that was written in it.
    pub(in crate::adapters::store) async fn rollback(self) -> Result<(), Error> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await,
            Self::Postgres(tx, patience) => patience.wait(tx.rollback()).await,
        }
    }

    /// Keeps other instances from writing to a table until this transaction ends; they still read. On
    /// SQLite nobody else writes at the same time.
    pub(in crate::adapters::store) async fn alone_on(&mut self, table: Table) -> Result<(), Error> {
        if let Self::Postgres(..) = self {
            self.execute(&table.lock().into(), &[]).await?;
        }
        Ok(())
    }

    /// Keeps other instances that ask for the same name waiting until this transaction ends.
    pub(in crate::adapters::store) async fn alone_with(
        &mut self,
        name: &[u8; 32],
    ) -> Result<(), Error> {
        const LOCK: &str = "/* name.lock */ SELECT pg_advisory_xact_lock($1)";
        if let Self::Postgres(..) = self {
            // The beginning of a keyed hash: two names that share it wait for each other, no more.
            let number = name
                .first_chunk()
                .map_or(0, |begin| i64::from_be_bytes(*begin));
            self.execute(&LOCK.into(), &[Value::from(number)]).await?;
        }
        Ok(())
    }

    pub(super) async fn execute(
        &mut self,
        text: &Wording,
        values: &[Value<'_>],
    ) -> Result<u64, Error> {
        Ok(match self {
            Self::Sqlite(tx) => for_sqlite(text, values)
                .execute(&mut **tx)
                .await?
                .rows_affected(),
            Self::Postgres(tx, patience) => patience
                .wait(for_postgres(text, values).execute(&mut **tx))
                .await?
                .rows_affected(),
        })
    }

    pub(super) async fn first_row(
        &mut self,
        text: &Wording,
        values: &[Value<'_>],
    ) -> Result<Option<Row>, Error> {
        Ok(match self {
            Self::Sqlite(tx) => for_sqlite(text, values)
                .fetch_optional(&mut **tx)
                .await?
                .map(Row::Sqlite),
            Self::Postgres(tx, patience) => patience
                .wait(for_postgres(text, values).fetch_optional(&mut **tx))
                .await?
                .map(Row::Postgres),
        })
    }

    pub(super) async fn all_rows(
        &mut self,
        text: &Wording,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, Error> {
        Ok(match self {
            Self::Sqlite(tx) => {
                let rows = for_sqlite(text, values).fetch_all(&mut **tx).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(tx, patience) => {
                let rows = patience
                    .wait(for_postgres(text, values).fetch_all(&mut **tx))
                    .await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }
}
