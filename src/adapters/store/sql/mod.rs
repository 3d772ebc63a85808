//! Statements that both databases understand: text with `$1` placeholders, values of three kinds, rows
//! read by name or by place.
//!
//! The driver's own types are generic over one database; these are not, so that every other file of the
//! store is written once. What is *not* here: any statement. Where the databases don't speak alike, a
//! statement has two texts, side by side in [`Text`].

mod connection;
mod row;
mod value;

pub(super) use connection::{Connection, Table};
pub(super) use row::{FromRow, Row};
pub(super) use value::Value;

use sqlx::Error;

/// The text of a statement, for each of the databases.
#[derive(Clone, Copy)]
pub(super) struct Text {
    /// For SQLite.
    pub(super) sqlite: &'static str,
    /// For PostgreSQL.
    pub(super) postgres: &'static str,
}

impl From<&'static str> for Text {
    fn from(text: &'static str) -> Self {
        Self {
            sqlite: text,
            postgres: text,
        }
    }
}

/// A statement with its values.
pub(super) struct Statement<'q> {
    text: Text,
    values: Vec<Value<'q>>,
}

/// A statement, still without values.
pub(super) fn query<'q>(text: impl Into<Text>) -> Statement<'q> {
    Statement {
        text: text.into(),
        values: Vec::new(),
    }
}

impl<'q> Statement<'q> {
    /// Gives the next placeholder its value.
    pub(super) fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Runs it. Returns how many rows it changed.
    pub(super) async fn execute(self, conn: &mut Connection) -> Result<u64, Error> {
        conn.execute(self.text, &self.values).await
    }

    /// The one row there must be.
    pub(super) async fn fetch_one<T: FromRow>(self, conn: &mut Connection) -> Result<T, Error> {
        self.fetch_optional(conn).await?.ok_or(Error::RowNotFound)
    }

    /// The first row, where there is one.
    pub(super) async fn fetch_optional<T: FromRow>(
        self,
        conn: &mut Connection,
    ) -> Result<Option<T>, Error> {
        let row = conn.first_row(self.text, &self.values).await?;
        row.as_ref().map(T::from_row).transpose()
    }

    /// All rows.
    pub(super) async fn fetch_all<T: FromRow>(
        self,
        conn: &mut Connection,
    ) -> Result<Vec<T>, Error> {
        let rows = conn.all_rows(self.text, &self.values).await?;
        rows.iter().map(T::from_row).collect()
    }
}
