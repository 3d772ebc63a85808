//! Making a back-up, while the service runs: one read of one moment, written away page by page, so that
//! memory doesn't grow with the database. Takes no lock. Where the file lies is not known here.

use crate::adapters::store::backup::new_file::NewFile;
use crate::adapters::store::backup::records::{Counts, Header, RecordWriter, TableHead};
use crate::adapters::store::backup::tables::{TABLES, Table};
use crate::adapters::store::backup::{BackupError, BackupKey, BackupReport, Fault};
use crate::adapters::store::database::SqlStore;
use crate::adapters::store::sql::{Connection, Row, Value, Wording, query};
use crate::adapters::store::{postgres, sqlite};
use crate::app::ports::StoreError;
use jiff::Timestamp;
use sqlx::migrate::Migrator;
use std::io::Write;
use std::path::Path;

/// Rows that are held in memory at a time.
const PAGE: i64 = 500;
/// And of tables with long rows, about so many bytes.
const MOST_BYTES: i64 = 4 * 1024 * 1024;

const SCHEMA: &str = "/* backup.schema */ SELECT max(version) FROM _sqlx_migrations";

impl SqlStore {
    /// Writes everything of one moment into a new file. `made_at` must be before the call: what came in
    /// later may be missing, what came in earlier isn't.
    pub async fn back_up(
        &self,
        file: &Path,
        key: &BackupKey,
        made_at: Timestamp,
    ) -> Result<BackupReport, BackupError> {
        let new = NewFile::begin(file)?;
        let mut tx = self.begin_long_read().await?;
        if let Connection::Postgres(..) = tx {
            // Before the moment is fixed: a step of the schema that rewrote a table would show it empty.
            query(still())
                .execute(&mut tx)
                .await
                .map_err(StoreError::from)?;
        }
        let header = Header {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            schema: schema_of(&mut tx).await?,
            made_at,
            from: tx.kind().to_owned(),
        };
        let fault = |fault: Fault| fault.of(file);
        let mut out = RecordWriter::begin(new, key, &header).map_err(fault)?;
        for table in TABLES {
            out.table(&head_of(table)).map_err(fault)?;
            write_rows(&mut tx, table, &mut out, file).await?;
        }
        let (new, counts) = out.end().map_err(fault)?;
        new.end()?;
        Ok(report(header, &counts))
    }
}

/// Keeps everybody from changing the tables themselves; rows go on being written.
fn still() -> Wording {
    let names: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
    Wording::built(format!(
        "/* backup.still */ LOCK TABLE {} IN ACCESS SHARE MODE",
        names.join(", ")
    ))
}

/// What a back-up with these counts holds.
pub(super) fn report(header: Header, counts: &Counts) -> BackupReport {
    let rows = |table: &str| counts.get(table).copied().unwrap_or_default();
    BackupReport {
        made_at: header.made_at,
        program: header.program,
        tickets: rows("tickets"),
        messages: rows("inbox"),
    }
}

/// The last step of the schema, which must be one that we know: of a later one we know not all tables.
async fn schema_of(conn: &mut Connection) -> Result<i64, BackupError> {
    let schema: Option<i64> = query(SCHEMA)
        .fetch_one(conn)
        .await
        .map_err(StoreError::from)?;
    match schema {
        Some(schema) if schema <= newest(conn.steps()) => Ok(schema),
        _ => Err(BackupError::DatabaseNewer),
    }
}

/// The last step that this program knows.
pub(super) fn newest(known: &Migrator) -> i64 {
    known.iter().map(|step| step.version).max().unwrap_or(0)
}

impl Connection {
    /// The kind of database, in a word.
    fn kind(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(..) => "postgres",
        }
    }

    /// The steps of its schema.
    pub(super) fn steps(&self) -> &'static Migrator {
        match self {
            Self::Sqlite(_) => &sqlite::MIGRATIONS,
            Self::Postgres(..) => &postgres::MIGRATIONS,
        }
    }
}

fn head_of(table: &Table) -> TableHead {
    let columns = table.columns.iter();
    TableHead {
        name: table.name.to_owned(),
        columns: columns
            .map(|(name, kind)| ((*name).to_owned(), *kind))
            .collect(),
    }
}

async fn write_rows<W: Write>(
    conn: &mut Connection,
    table: &Table,
    out: &mut RecordWriter<W>,
    file: &Path,
) -> Result<(), BackupError> {
    let statement = table.rows();
    let mut after = table.beginning();
    loop {
        let limit = fitting(conn, table, &after).await?;
        let rows = query(statement.clone())
            .bind_all(after.iter().cloned())
            .bind(limit)
            .fetch_rows(conn)
            .await
            .map_err(StoreError::from)?;
        for row in &rows {
            let cells = cells_of(table, row).map_err(StoreError::from)?;
            out.row(&cells).map_err(|fault| fault.of(file))?;
            after = cells;
        }
        if rows.is_empty() {
            return Ok(());
        }
        after.truncate(table.key);
    }
}

fn cells_of(table: &Table, row: &Row) -> Result<Vec<Value<'static>>, sqlx::Error> {
    let columns = table.columns.iter().enumerate();
    columns
        .map(|(place, (_, kind))| kind.read(row, place))
        .collect()
}

/// How many of the next rows fit into memory; at least one.
async fn fitting(
    conn: &mut Connection,
    table: &Table,
    after: &[Value<'static>],
) -> Result<i64, StoreError> {
    let Some(lengths) = table.lengths() else {
        return Ok(PAGE);
    };
    let lengths: Vec<Option<i64>> = query(lengths)
        .bind_all(after.iter().cloned())
        .bind(PAGE)
        .fetch_all(conn)
        .await?;
    let (mut bytes, mut rows) = (0_i64, 0_i64);
    for length in lengths {
        bytes = bytes.saturating_add(length.unwrap_or(0));
        if bytes > MOST_BYTES {
            break;
        }
        rows = rows.saturating_add(1);
    }
    Ok(rows.max(1))
}
