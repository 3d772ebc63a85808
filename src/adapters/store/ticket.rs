//! Tickets: events appended to their chain, and read back in order.

use crate::adapters::store::chain::{ChainHash, Link, START};
use crate::adapters::store::database::SqlStore;
use crate::adapters::store::fault::{Refusal, broken_seal, inconsistent, taken_by_another};
use crate::adapters::store::keys::{self, KeyOf};
use crate::adapters::store::rows::{column, count, millis, time};
use crate::adapters::store::sql::{Connection, query};
use crate::adapters::store::ticket_row::{self, TicketRow};
use crate::adapters::store::vault::{DataKey, Place, Vault};
use crate::adapters::store::{numbers, ticket_find, timers};
use crate::app::ports::{StoreError, TicketChange};
use crate::domain::ids::TicketId;
use crate::domain::ticket::event::{Actor, RecordedEvent, TicketEvent};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

const INSERT: &str = "/* ticket_events.insert */
    INSERT INTO ticket_events (ticket_id, seq, at, actor_role, kind, sealed, prev_hash, hash)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const HISTORY: &str = "/* ticket_events.history */
    SELECT seq, at, sealed FROM ticket_events WHERE ticket_id = $1 ORDER BY seq";

/// What is sealed of an event.
#[derive(Serialize)]
struct PayloadRef<'a> {
    actor: &'a Actor,
    event: &'a TicketEvent,
}

/// The same, read back.
#[derive(Deserialize)]
struct Payload {
    actor: Actor,
    event: TicketEvent,
}

/// An event ready to be written.
struct Entry {
    seq: i64,
    role: &'static str,
    kind: &'static str,
    sealed: Vec<u8>,
    previous: ChainHash,
    hash: ChainHash,
}

fn event_row(id: &TicketId, seq: i64) -> String {
    format!("{id}/{seq}")
}

fn event_place(row: &str) -> Place<'_> {
    Place {
        table: "ticket_events",
        column: "sealed",
        row,
    }
}

/// Writes new events of a ticket, its row, its number and its traces.
pub(super) async fn append(
    conn: &mut Connection,
    vault: &Vault,
    change: &TicketChange,
    now: Timestamp,
) -> Result<(), Refusal> {
    let before = ticket_row::find(&mut *conn, &change.id).await?;
    let last_seq = before.as_ref().map_or(0, |row| row.last_seq);
    if last_seq != column(change.after_seq) {
        return Err(Refusal::Conflict);
    }
    if let Some(number) = &change.takes_number {
        numbers::take(&mut *conn, vault, number).await?;
    }
    let key = match &before {
        Some(_) => keys::load(&mut *conn, vault, KeyOf::Ticket(&change.id)).await?,
        None => keys::create(&mut *conn, vault, KeyOf::Ticket(&change.id), now).await?,
    };
    let head = before.as_ref().map_or(Ok(START), head_hash)?;
    let entries = entries(vault, &key, change, head, now)?;
    let (last_seq, head) = entries
        .last()
        .map_or((last_seq, head), |entry| (entry.seq, entry.hash));
    let mut row = TicketRow::new(&change.summary, last_seq, head);
    // A row that somebody changed stays a finding: writing on doesn't make it genuine again.
    if before
        .as_ref()
        .is_none_or(|before| before.is_genuine(vault))
    {
        row.row_mac = row.mac(vault).to_vec();
    }
    ticket_row::write(&mut *conn, &row, before.as_ref()).await?;
    for entry in &entries {
        insert(&mut *conn, &change.id, entry, now).await?;
    }
    for trace in &change.traces {
        ticket_find::insert(&mut *conn, vault, &change.id, trace).await?;
    }
    Ok(timers::replace(conn, &change.id, &change.timers).await?)
}

fn head_hash(row: &TicketRow) -> Result<ChainHash, StoreError> {
    ChainHash::try_from(row.head_hash.as_slice())
        .map_err(|_| inconsistent("tickets", "a hash of the wrong length"))
}

fn entries(
    vault: &Vault,
    key: &DataKey,
    change: &TicketChange,
    head: ChainHash,
    now: Timestamp,
) -> Result<Vec<Entry>, StoreError> {
    let mut previous = head;
    let mut seq = column(change.after_seq);
    let mut entries = Vec::with_capacity(change.events.len());
    for (actor, event) in &change.events {
        seq = seq.saturating_add(1);
        let plain = serde_json::to_vec(&PayloadRef { actor, event })
            .map_err(|_| inconsistent("ticket_events", "an event that can't be written down"))?;
        let sealed = key
            .seal(event_place(&event_row(&change.id, seq)), &plain)
            .map_err(broken_seal("ticket_events"))?;
        let (role, kind) = (actor.role(), event.kind());
        let hash = vault.link_hash(&Link {
            chain: "event",
            ticket: change.id.as_str(),
            seq,
            at: millis(now),
            role,
            kind,
            sealed: &sealed,
            previous: &previous,
        });
        entries.push(Entry {
            seq,
            role,
            kind,
            sealed,
            previous,
            hash,
        });
        previous = hash;
    }
    Ok(entries)
}

async fn insert(
    conn: &mut Connection,
    id: &TicketId,
    entry: &Entry,
    now: Timestamp,
) -> Result<(), Refusal> {
    query(INSERT)
        .bind(id.as_str())
        .bind(entry.seq)
        .bind(millis(now))
        .bind(entry.role)
        .bind(entry.kind)
        .bind(&entry.sealed)
        .bind(entry.previous.as_slice())
        .bind(entry.hash.as_slice())
        .execute(conn)
        .await
        .map_err(|error| taken_by_another(error, Refusal::Conflict))?;
    Ok(())
}

impl SqlStore {
    pub(super) async fn events_of(&self, id: &TicketId) -> Result<Vec<RecordedEvent>, StoreError> {
        let mut tx = self.begin_read().await?;
        let rows: Vec<(i64, i64, Vec<u8>)> =
            query(HISTORY).bind(id.as_str()).fetch_all(&mut tx).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let key = keys::load(&mut tx, &self.vault, KeyOf::Ticket(id)).await?;
        rows.into_iter()
            .map(|(seq, at, sealed)| {
                let plain = key
                    .open(event_place(&event_row(id, seq)), &sealed)
                    .map_err(broken_seal("ticket_events"))?;
                let payload: Payload = serde_json::from_slice(&plain)
                    .map_err(|_| inconsistent("ticket_events", "an event that can't be read"))?;
                Ok(RecordedEvent {
                    seq: count("ticket_events", seq)?,
                    at: time("ticket_events", at)?,
                    actor: payload.actor,
                    event: payload.event,
                })
            })
            .collect()
    }
}
