//! Filling an empty database from a back-up, in one transaction: the steps of the schema that existed then,
//! the rows, the steps that came since, what a new place needs (no leases, numbers that go on).
//!
//! Which database it is and whether the file is whole was settled before; it is checked once more on the way.
//!
//! # Who waits for whom
//! On a server a service may start at the same moment. The order of locks is the same for both: first the one on
//! the steps of the schema, then tables. A restore holds the first until it is done, so that nobody can come
//! between two of its steps, and then the table of the seal, so that no service can seal what it fills.

use crate::adapters::store::backup::dump::newest;
use crate::adapters::store::backup::records::{Counts, Header, Record, RecordReader, TableHead};
use crate::adapters::store::backup::tables::placeholders;
use crate::adapters::store::backup::{BackupError, Fault};
use crate::adapters::store::database::forward;
use crate::adapters::store::open::schema_failed;
use crate::adapters::store::sql::{Connection, Wording, query};
use crate::adapters::store::vault::Vault;
use crate::adapters::store::{inbox, outbox_end, timers};
use crate::app::ports::StoreError;
use sqlx::migrate::Migrate;
use std::io::Read;
use std::path::Path;

const APPLIED: &str = "/* restore.applied */ SELECT max(version) FROM _sqlx_migrations";
// The homeserver knows no transaction of the new device: what may stand in a room is looked for there.
const TRIED: &str = "/* restore.tried */
    UPDATE outbox SET attempts = 1 WHERE route = 'chat' AND state = 'ready' AND attempts = 0";
// Whoever seals a database writes here.
const SEAL: &str = "/* restore.seal */ LOCK TABLE vault IN EXCLUSIVE MODE";
const CHECK: &str = "/* restore.check */ SELECT sealed FROM vault WHERE name = 'check'";
// Rows came with their ordinals, of which the sequence knows nothing.
const GO_ON: [&str; 2] = [
    "/* restore.inbox */ SELECT setval(pg_get_serial_sequence('inbox', 'ordinal'),
        (SELECT coalesce(max(ordinal), 0) + 1 FROM inbox), false)",
    "/* restore.outbox */ SELECT setval(pg_get_serial_sequence('outbox', 'ordinal'),
        (SELECT coalesce(max(ordinal), 0) + 1 FROM outbox), false)",
];

/// Where it comes from and where it goes.
pub(super) struct Filling<'a> {
    /// The back-up.
    pub(super) file: &'a Path,
    /// The database, in words.
    pub(super) place: &'a str,
    /// The keys that must open it.
    pub(super) vault: &'a Vault,
}

impl Filling<'_> {
    /// Fills it. Nothing is committed here.
    pub(super) async fn fill<R: Read>(
        &self,
        tx: &mut Connection,
        mut from: RecordReader<R>,
        header: &Header,
    ) -> Result<Counts, BackupError> {
        self.alone_on_steps(tx).await?;
        self.bring_to(tx, Some(header.schema)).await?;
        if let Connection::Postgres(..) = tx {
            query(SEAL).execute(tx).await.map_err(StoreError::from)?;
        }
        if self.applied(tx).await? != header.schema {
            return Err(BackupError::OtherSteps(self.place.to_owned()));
        }
        let counts = self.insert_all(tx, &mut from).await?;
        from.end().map_err(|fault| fault.of(self.file))?;
        self.bring_to(tx, None).await?;
        // On today's schema: these are today's statements.
        settle(tx).await?;
        self.check_key(tx).await?;
        Ok(counts)
    }

    /// Takes the lock that every run of the steps takes. It belongs to the session: each further run takes and gives
    /// it once more, and the first one ends with the connection.
    async fn alone_on_steps(&self, tx: &mut Connection) -> Result<(), BackupError> {
        let Connection::Postgres(tx, _) = tx else {
            return Ok(());
        };
        let locked = Migrate::lock(&mut **tx).await;
        Ok(locked.map_err(|error| schema_failed(self.place, error))?)
    }

    async fn bring_to(&self, tx: &mut Connection, step: Option<i64>) -> Result<(), BackupError> {
        let steps = forward(tx.steps());
        let done = match tx {
            Connection::Sqlite(tx) => steps.run_direct(step, &mut **tx, false).await,
            Connection::Postgres(tx, _) => steps.run_direct(step, &mut **tx, false).await,
        };
        Ok(done.map_err(|error| schema_failed(self.place, error))?)
    }

    async fn applied(&self, tx: &mut Connection) -> Result<i64, StoreError> {
        let applied: Option<i64> = query(APPLIED).fetch_one(tx).await?;
        Ok(applied.unwrap_or(newest(tx.steps())))
    }

    async fn insert_all<R: Read>(
        &self,
        tx: &mut Connection,
        from: &mut RecordReader<R>,
    ) -> Result<Counts, BackupError> {
        let damaged = |fault: Fault| fault.of(self.file);
        let mut insert: Option<Wording> = None;
        loop {
            match from.next().map_err(damaged)? {
                Record::Table(head) => {
                    self.must_be_empty(tx, &head).await?;
                    insert = Some(insert_into(&head));
                }
                Record::Row(cells) => {
                    let insert = insert.clone().ok_or_else(|| damaged(Fault::Damaged))?;
                    let done = query(insert).bind_all(cells).execute(tx).await;
                    done.map_err(StoreError::from)?;
                }
                Record::End(counts) => return Ok(counts),
            }
        }
    }

    async fn must_be_empty(
        &self,
        tx: &mut Connection,
        table: &TableHead,
    ) -> Result<(), BackupError> {
        let any = Wording::built(format!(
            "/* restore.any */ SELECT count(*) FROM (SELECT 1 FROM {} LIMIT 1) AS there",
            table.name
        ));
        let there: i64 = query(any).fetch_one(tx).await.map_err(StoreError::from)?;
        if there == 0 {
            return Ok(());
        }
        let place = self.place.to_owned();
        Err(match tx {
            Connection::Sqlite(_) => BackupError::Occupied(place),
            Connection::Postgres(..) => BackupError::Filled(place),
        })
    }

    async fn check_key(&self, tx: &mut Connection) -> Result<(), BackupError> {
        let sealed: Option<Vec<u8>> = query(CHECK)
            .fetch_optional(tx)
            .await
            .map_err(StoreError::from)?;
        let opens = sealed.is_some_and(|sealed| self.vault.opens_check(&sealed).is_ok());
        opens
            .then_some(())
            .ok_or_else(|| BackupError::WrongKey(self.file.to_owned()))
    }
}

fn insert_into(table: &TableHead) -> Wording {
    let names = table.columns.iter().map(|(name, _)| name.as_str());
    let names: Vec<&str> = names.collect();
    Wording::built(format!(
        "/* restore.row */ INSERT INTO {} ({}) VALUES ({})",
        table.name,
        names.join(", "),
        placeholders(names.len())
    ))
}

/// What somebody held when the back-up was made nobody holds here; new rows come after the old ones.
async fn settle(tx: &mut Connection) -> Result<(), StoreError> {
    let (nobody, everybody) = ("", "%");
    inbox::free(tx, nobody, everybody).await?;
    outbox_end::free(tx, nobody, everybody).await?;
    timers::free(tx, nobody, everybody).await?;
    query(TRIED).execute(tx).await?;
    if let Connection::Postgres(..) = tx {
        for statement in GO_ON {
            query(statement).fetch_rows(tx).await?;
        }
    }
    Ok(())
}
