//! Statements that both databases understand: text with `$1` placeholders, values of three kinds, rows
//! read by name or by place.
//!
//! The driver's own types are generic over one database; these are not, so that every other file of the
//! store is written once. What is *not* here: any statement. Where the databases don't speak alike, a
//! statement has two texts, side by side in [`Text`]. Only back-ups build a text, of names that are checked
//! ([`Wording::built`]).

mod connection;
mod row;
mod value;

pub(super) use connection::{Connection, Table};
pub(super) use row::{FromRow, Row};
pub(super) use value::Value;

use sqlx::{AssertSqlSafe, Error, SqlSafeStr, SqlStr};
use std::sync::Arc;

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

/// The words of a statement: fixed, or built of the names of tables and columns.
#[derive(Clone)]
pub(super) enum Wording {
    /// Written by us.
    Fixed(Text),
    /// Built: for both databases.
    Built(Arc<str>),
}

impl Wording {
    /// A text that was built. Its names must be checked: nothing here can tell a name from a deed.
    pub(super) fn built(text: String) -> Self {
        Self::Built(text.into())
    }

    fn sqlite(&self) -> SqlStr {
        match self {
            Self::Fixed(text) => text.sqlite.into_sql_str(),
            Self::Built(text) => AssertSqlSafe(Arc::clone(text)).into_sql_str(),
        }
    }

    fn postgres(&self) -> SqlStr {
        match self {
            Self::Fixed(text) => text.postgres.into_sql_str(),
            Self::Built(text) => AssertSqlSafe(Arc::clone(text)).into_sql_str(),
        }
    }
}

impl From<Text> for Wording {
    fn from(text: Text) -> Self {
        Self::Fixed(text)
    }
}

impl From<&'static str> for Wording {
    fn from(text: &'static str) -> Self {
        Self::Fixed(text.into())
    }
}

/// A statement with its values.
pub(super) struct Statement<'q> {
    text: Wording,
    values: Vec<Value<'q>>,
}

/// A statement, still without values.
pub(super) fn query<'q>(text: impl Into<Wording>) -> Statement<'q> {
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

    /// Gives the next placeholders their values.
    pub(super) fn bind_all(mut self, values: impl IntoIterator<Item = Value<'q>>) -> Self {
        self.values.extend(values);
        self
    }

    /// Runs it. Returns how many rows it changed.
    pub(super) async fn execute(self, conn: &mut Connection) -> Result<u64, Error> {
        conn.execute(&self.text, &self.values).await
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
        let row = conn.first_row(&self.text, &self.values).await?;
        row.as_ref().map(T::from_row).transpose()
    }

    /// All rows.
    pub(super) async fn fetch_all<T: FromRow>(
        self,
        conn: &mut Connection,
    ) -> Result<Vec<T>, Error> {
        let rows = conn.all_rows(&self.text, &self.values).await?;
        rows.iter().map(T::from_row).collect()
    }

    /// All rows, for whoever knows their columns only now.
    pub(super) async fn fetch_rows(self, conn: &mut Connection) -> Result<Vec<Row>, Error> {
        conn.all_rows(&self.text, &self.values).await
    }
}
