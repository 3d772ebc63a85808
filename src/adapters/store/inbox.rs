//! Messages that came in: stored once, claimed for deciding, given back. What became of them stands
//! in `inbox_end`.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::fault::broken_seal;
use crate::adapters::store::hints::{Hint, tell};
use crate::adapters::store::keys::{self, KeyOf};
use crate::adapters::store::mailbox;
use crate::adapters::store::rows::{
    count, extent, extent_word, millis, position, position_columns, time,
};
use crate::adapters::store::sql::{Connection, FromRow, Row, Text, query};
use crate::adapters::store::vault::Place;
use crate::app::ports::{Admission, Arrival, ClaimedArrival, Position, StoreError};
use crate::domain::ids::{InboxId, MailboxName};
use jiff::Timestamp;

const INSERT: &str = "/* inbox.insert */
    INSERT INTO inbox (inbox_id, mailbox, position_kind, position, extent, received_at, stored_at,
                       state, next_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'undecided', $8)
    ON CONFLICT (mailbox, position) DO NOTHING";
const KNOWS: &str = "/* inbox.knows */
    SELECT EXISTS (SELECT 1 FROM inbox WHERE mailbox = $1 AND position = $2)";
const INSERT_RAW: &str = "/* inbox_raw.insert */
    INSERT INTO inbox_raw (inbox_id, sealed) VALUES ($1, $2)";
/// The statement, with what keeps two instances from waiting for the same row.
macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "/* inbox.claim */
    UPDATE inbox SET lease_owner = $1, lease_until = $2, attempts = attempts + 1
    WHERE ordinal = (
        SELECT ordinal FROM inbox
        WHERE state = 'undecided' AND next_at <= $3 AND (lease_until IS NULL OR lease_until <= $3)
        ORDER BY next_at, ordinal LIMIT 1",
            $lock,
            ")
    RETURNING inbox_id, mailbox, position_kind, position, extent, received_at, next_at, attempts"
        )
    };
}
const CLAIM: Text = Text {
    sqlite: claim!(""),
    postgres: claim!(" FOR UPDATE SKIP LOCKED"),
};
const GET: &str = "/* inbox.get */
    SELECT inbox_id, mailbox, position_kind, position, extent, received_at, next_at, attempts
    FROM inbox WHERE inbox_id = $1";
const DEFER: &str = "/* inbox.defer */
    UPDATE inbox SET lease_owner = NULL, lease_until = NULL, next_at = $4
    WHERE inbox_id = $1 AND state = 'undecided' AND lease_owner = $2 AND attempts = $3";
const FREE: &str = "/* inbox.free */
    UPDATE inbox SET lease_owner = NULL, lease_until = NULL
    WHERE state = 'undecided' AND lease_owner <> $1 AND lease_owner LIKE $2";

/// A row as it stands in the table.
struct ClaimedRow {
    inbox_id: String,
    mailbox: String,
    position_kind: String,
    position: String,
    extent: String,
    received_at: i64,
    next_at: i64,
    attempts: i64,
}

impl FromRow for ClaimedRow {
    fn from_row(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            inbox_id: row.get("inbox_id")?,
            mailbox: row.get("mailbox")?,
            position_kind: row.get("position_kind")?,
            position: row.get("position")?,
            extent: row.get("extent")?,
            received_at: row.get("received_at")?,
            next_at: row.get("next_at")?,
            attempts: row.get("attempts")?,
        })
    }
}

/// Where the bytes of a message are sealed.
pub(super) fn raw_place(id: &InboxId) -> Place<'_> {
    Place {
        table: "inbox_raw",
        column: "sealed",
        row: id.as_str(),
    }
}

impl SqlStore {
    pub(super) async fn admit_arrival(
        &self,
        arrival: &Arrival,
        now: Timestamp,
    ) -> Result<Admission, StoreError> {
        // Sealed before the transaction begins: a large message must not keep others from writing.
        let key_id = KeyOf::Inbox(&arrival.id).id();
        let (key, wrapped) = self
            .vault
            .new_data_key(&key_id)
            .map_err(broken_seal("inbox"))?;
        let sealed = key
            .seal(raw_place(&arrival.id), &arrival.raw)
            .map_err(broken_seal("inbox"))?;
        let mut tx = self.begin_write().await?;
        let new = insert(&mut tx, arrival, &sealed, now).await?;
        if new {
            keys::insert(&mut tx, &key_id, &wrapped, now).await?;
            tell(&mut tx, Hint::Arrivals).await?;
        }
        mailbox::advance(&mut tx, &arrival.mailbox, &arrival.position, now).await?;
        tx.commit().await?;
        Ok(if new {
            Admission::Stored
        } else {
            Admission::AlreadyKnown
        })
    }

    pub(super) async fn is_stored(
        &self,
        mailbox: &MailboxName,
        place: &Position,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin_read().await?;
        let stored: bool = query(KNOWS)
            .bind(mailbox.as_str())
            .bind(position_columns(place).1)
            .fetch_one(&mut tx)
            .await?;
        Ok(stored)
    }

    pub(super) async fn arrival_of(&self, id: &InboxId) -> Result<Option<Arrival>, StoreError> {
        let mut tx = self.begin_read().await?;
        let row: Option<ClaimedRow> = query(GET).bind(id.as_str()).fetch_optional(&mut tx).await?;
        drop(tx);
        let (Some(row), Some(raw)) = (row, self.original_bytes(id).await?) else {
            return Ok(None);
        };
        Ok(Some(Arrival {
            raw,
            ..arrival_in(row, id)?
        }))
    }

    pub(super) async fn take_arrival(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<ClaimedArrival>, StoreError> {
        let mut tx = self.begin_write().await?;
        let row: Option<ClaimedRow> = query(CLAIM)
            .bind(self.instance.as_str())
            .bind(millis(lease_until))
            .bind(millis(now))
            .fetch_optional(&mut tx)
            .await?;
        tx.commit().await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let id = InboxId::from_stored(row.inbox_id.clone());
        let attempt = row.attempts;
        let mut arrival = arrival_in(row, &id)?;
        // One that can't be opened is claimed all the same: somebody must be told of it.
        let raw = match self.original_bytes(&id).await {
            Err(StoreError::Inconsistent { table, what }) => {
                tracing::error!(inbox = %id, "message {id} can't be opened: {table}: {what}");
                None
            }
            raw => raw?,
        };
        Ok(Some(ClaimedArrival {
            attempt: count("inbox", attempt)?,
            arrival: raw.map(|raw| {
                arrival.raw = raw;
                arrival
            }),
            id,
        }))
    }

    pub(super) async fn give_back_arrival(
        &self,
        id: &InboxId,
        attempt: u32,
        retry_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        query(DEFER)
            .bind(id.as_str())
            .bind(self.instance.as_str())
            .bind(i64::from(attempt))
            .bind(millis(retry_at))
            .execute(&mut tx)
            .await?;
        Ok(tx.commit().await?)
    }
}

/// Frees what other runs held that are known to be over: `whose` is a pattern of SQL.
pub(super) async fn free(conn: &mut Connection, me: &str, whose: &str) -> Result<u64, StoreError> {
    Ok(query(FREE).bind(me).bind(whose).execute(conn).await?)
}

async fn insert(
    conn: &mut Connection,
    arrival: &Arrival,
    sealed: &[u8],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let (kind, key) = position_columns(&arrival.position);
    let done = query(INSERT)
        .bind(arrival.id.as_str())
        .bind(arrival.mailbox.as_str())
        .bind(kind)
        .bind(key)
        .bind(extent_word(arrival.extent))
        .bind(millis(arrival.received_at))
        .bind(millis(now))
        .bind(millis(arrival.due_at))
        .execute(&mut *conn)
        .await?;
    if done == 0 {
        return Ok(false);
    }
    query(INSERT_RAW)
        .bind(arrival.id.as_str())
        .bind(sealed)
        .execute(conn)
        .await?;
    Ok(true)
}

fn arrival_in(row: ClaimedRow, id: &InboxId) -> Result<Arrival, StoreError> {
    Ok(Arrival {
        id: id.clone(),
        mailbox: MailboxName::new(row.mailbox),
        position: position(&row.position_kind, row.position)?,
        raw: Vec::new(),
        extent: extent(&row.extent)?,
        received_at: time("inbox", row.received_at)?,
        due_at: time("inbox", row.next_at)?,
    })
}
