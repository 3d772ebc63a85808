//! A row of either database, and what can be made of one.

use sqlx::postgres::{PgRow, Postgres};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{ColumnIndex, Decode, Error, Row as _, Type};

/// A row of either database.
pub(in crate::adapters::store) enum Row {
    /// Of SQLite.
    Sqlite(SqliteRow),
    /// Of PostgreSQL.
    Postgres(PgRow),
}

/// What can stand in a column, for both databases.
pub(in crate::adapters::store) trait Column<'r>:
    Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>
{
}

impl<'r, T> Column<'r> for T where
    T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>
{
}

/// A column by its name or its place, for both databases.
pub(in crate::adapters::store) trait Index:
    ColumnIndex<SqliteRow> + ColumnIndex<PgRow>
{
}

impl<I> Index for I where I: ColumnIndex<SqliteRow> + ColumnIndex<PgRow> {}

impl Row {
    /// The value of a column.
    pub(in crate::adapters::store) fn get<'r, T: Column<'r>>(
        &'r self,
        index: impl Index,
    ) -> Result<T, Error> {
        match self {
            Self::Sqlite(row) => row.try_get(index),
            Self::Postgres(row) => row.try_get(index),
        }
    }
}

/// What is made of a row.
pub(in crate::adapters::store) trait FromRow: Sized {
    /// Reads it.
    fn from_row(row: &Row) -> Result<Self, Error>;
}

/// One column.
macro_rules! from_one_column {
    ($($kind:ty),+) => {$(
        impl FromRow for $kind {
            fn from_row(row: &Row) -> Result<Self, Error> {
                row.get(0)
            }
        }
        impl FromRow for Option<$kind> {
            fn from_row(row: &Row) -> Result<Self, Error> {
                row.get(0)
            }
        }
    )+};
}

from_one_column!(i64, bool, String, Vec<u8>);

/// Several columns, in their order.
macro_rules! from_columns {
    ($($kind:ident $place:literal),+) => {
        impl<$($kind: for<'r> Column<'r>),+> FromRow for ($($kind,)+) {
            fn from_row(row: &Row) -> Result<Self, Error> {
                Ok(($(row.get::<$kind>($place)?,)+))
            }
        }
    };
}

from_columns!(A 0, B 1);
from_columns!(A 0, B 1, C 2);
from_columns!(A 0, B 1, C 2, D 3);
