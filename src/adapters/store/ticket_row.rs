//! The row of a ticket: what lists show of it, and where its chain ends. A keyed hash covers the
//! whole row.

use crate::adapters::store::chain::ChainHash;
use crate::adapters::store::fault::{Refusal, exactly_one, inconsistent, taken_by_another};
use crate::adapters::store::rows::{column, count, millis, time, word};
use crate::adapters::store::sql::{Connection, FromRow, Row, Text, query};
use crate::adapters::store::vault::Vault;
use crate::app::ports::{StoreError, TicketChange};
use crate::domain::ids::{TicketId, TicketNumber};
use crate::domain::ticket::summary::TicketSummary;

/// The columns by name: a newer program may add others while this one works on.
macro_rules! selected {
    ($name:literal, $which:literal) => {
        concat!(
            $name,
            " SELECT ticket_id, prefix, year, serial, possibly, state, kind, category, severity,
        page, opened_at, updated_at, awaiting_approval, last_seq, head_hash, row_mac
    FROM tickets ",
            $which
        )
    };
}
pub(super) use selected;

// Whoever is about to write to a ticket keeps others waiting: they see what he wrote, and decide again.
const GET: Text = Text {
    sqlite: selected!("/* tickets.get */", "WHERE ticket_id = $1"),
    postgres: selected!("/* tickets.get */", "WHERE ticket_id = $1 FOR UPDATE"),
};
const INSERT: &str = "/* tickets.insert */
    INSERT INTO tickets (ticket_id, prefix, year, serial, possibly, state, kind, category, severity,
        page, opened_at, updated_at, awaiting_approval, last_seq, head_hash, row_mac)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    ON CONFLICT (ticket_id) DO NOTHING";
const UPDATE: &str = "/* tickets.update */
    UPDATE tickets SET prefix = $2, year = $3, serial = $4, possibly = $5, state = $6, kind = $7,
        category = $8, severity = $9, page = $10, opened_at = $11, updated_at = $12,
        awaiting_approval = $13, last_seq = $14, head_hash = $15, row_mac = $16
    WHERE ticket_id = $1 AND last_seq = $17";
const LIST: &str = selected!(
    "/* tickets.list */",
    "ORDER BY updated_at DESC, ticket_id LIMIT $1"
);

/// A row as it stands in the table.
#[derive(Clone)]
pub(super) struct TicketRow {
    pub(super) ticket_id: String,
    pub(super) prefix: Option<String>,
    pub(super) year: Option<i64>,
    pub(super) serial: Option<i64>,
    possibly: Option<String>,
    state: String,
    kind: Option<String>,
    category: Option<String>,
    severity: String,
    page: i64,
    opened_at: i64,
    updated_at: i64,
    awaiting_approval: i64,
    pub(super) last_seq: i64,
    pub(super) head_hash: Vec<u8>,
    pub(super) row_mac: Vec<u8>,
}

impl FromRow for TicketRow {
    fn from_row(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            ticket_id: row.get("ticket_id")?,
            prefix: row.get("prefix")?,
            year: row.get("year")?,
            serial: row.get("serial")?,
            possibly: row.get("possibly")?,
            state: row.get("state")?,
            kind: row.get("kind")?,
            category: row.get("category")?,
            severity: row.get("severity")?,
            page: row.get("page")?,
            opened_at: row.get("opened_at")?,
            updated_at: row.get("updated_at")?,
            awaiting_approval: row.get("awaiting_approval")?,
            last_seq: row.get("last_seq")?,
            head_hash: row.get("head_hash")?,
            row_mac: row.get("row_mac")?,
        })
    }
}

impl TicketRow {
    /// The row of a ticket as it is after an event. The keyed hash is still missing.
    pub(super) fn new(summary: &TicketSummary, last_seq: i64, head_hash: ChainHash) -> Self {
        let number = summary.number.as_ref();
        Self {
            ticket_id: summary.id.as_str().to_owned(),
            prefix: number.map(|number| number.prefix().to_owned()),
            year: number.map(|number| i64::from(number.year())),
            serial: number.map(|number| i64::from(number.serial())),
            possibly: summary.possibly.as_ref().map(ToString::to_string),
            state: summary.state.to_string(),
            kind: summary.kind.as_ref().map(ToString::to_string),
            category: summary.category.as_ref().map(ToString::to_string),
            severity: summary.severity.to_string(),
            page: i64::from(summary.page),
            opened_at: millis(summary.opened_at),
            updated_at: millis(summary.updated_at),
            awaiting_approval: column(summary.awaiting_approval as u64),
            last_seq,
            head_hash: head_hash.to_vec(),
            row_mac: Vec::new(),
        }
    }

    /// The keyed hash over everything else in the row.
    pub(super) fn mac(&self, vault: &Vault) -> ChainHash {
        let text = |text: &Option<String>| text.clone().unwrap_or_default().into_bytes();
        let number = |number: i64| number.to_be_bytes().to_vec();
        let facts = [
            self.ticket_id.clone().into_bytes(),
            text(&self.prefix),
            number(self.year.unwrap_or_default()),
            number(self.serial.unwrap_or_default()),
            text(&self.possibly),
            self.state.clone().into_bytes(),
            text(&self.kind),
            text(&self.category),
            self.severity.clone().into_bytes(),
            number(self.page),
            number(self.opened_at),
            number(self.updated_at),
            number(self.awaiting_approval),
            number(self.last_seq),
            self.head_hash.clone(),
        ];
        let facts: Vec<&[u8]> = facts.iter().map(Vec::as_slice).collect();
        vault.row_mac("tickets", &facts)
    }

    /// Was the row written by us as it is?
    pub(super) fn is_genuine(&self, vault: &Vault) -> bool {
        self.row_mac == self.mac(vault)
    }

    /// The number, where the ticket has one.
    pub(super) fn number(&self) -> Result<Option<TicketNumber>, StoreError> {
        let (Some(prefix), Some(year), Some(serial)) = (&self.prefix, self.year, self.serial)
        else {
            return Ok(None);
        };
        let (year, serial) = (count("tickets", year)?, count("tickets", serial)?);
        Ok(Some(TicketNumber::new(prefix.clone(), year, serial)))
    }

    /// What lists show.
    pub(super) fn summary(&self) -> Result<TicketSummary, StoreError> {
        let optional = |text: &Option<String>| text.clone();
        Ok(TicketSummary {
            id: TicketId::from_stored(self.ticket_id.clone()),
            number: self.number()?,
            possibly: optional(&self.possibly)
                .map(|text| word("tickets", &text))
                .transpose()?,
            state: word("tickets", &self.state)?,
            kind: optional(&self.kind)
                .map(|text| word("tickets", &text))
                .transpose()?,
            category: optional(&self.category)
                .map(|text| word("tickets", &text))
                .transpose()?,
            severity: word("tickets", &self.severity)?,
            page: self.page != 0,
            opened_at: time("tickets", self.opened_at)?,
            updated_at: time("tickets", self.updated_at)?,
            awaiting_approval: count("tickets", self.awaiting_approval)?,
        })
    }
}

/// The row of a ticket, for somebody who is about to write to it.
pub(super) async fn find(
    conn: &mut Connection,
    id: &TicketId,
) -> Result<Option<TicketRow>, sqlx::Error> {
    query(GET).bind(id.as_str()).fetch_optional(conn).await
}

/// Locks the tickets of a change, if there are several, in an order that is the same for everybody: two
/// changes over the same tickets would each wait for the other.
pub(super) async fn lock_in_order(
    conn: &mut Connection,
    tickets: &[TicketChange],
) -> Result<(), sqlx::Error> {
    let mut ids: Vec<&TicketId> = tickets.iter().map(|ticket| &ticket.id).collect();
    ids.sort_unstable();
    if ids.len() > 1 {
        for id in ids {
            find(conn, id).await?;
        }
    }
    Ok(())
}

/// The most recently changed tickets.
pub(super) async fn list(
    conn: &mut Connection,
    limit: u32,
) -> Result<Vec<TicketSummary>, StoreError> {
    let rows: Vec<TicketRow> = query(LIST).bind(i64::from(limit)).fetch_all(conn).await?;
    rows.iter().map(TicketRow::summary).collect()
}

/// Writes the row in place of `before`, or as a new one. Somebody else's row is left alone.
pub(super) async fn write(
    conn: &mut Connection,
    row: &TicketRow,
    before: Option<&TicketRow>,
) -> Result<(), Refusal> {
    if row.last_seq == 0 {
        return Err(inconsistent("tickets", "a ticket without an event").into());
    }
    let query = query(if before.is_some() { UPDATE } else { INSERT })
        .bind(&row.ticket_id)
        .bind(&row.prefix)
        .bind(row.year)
        .bind(row.serial)
        .bind(&row.possibly)
        .bind(&row.state)
        .bind(&row.kind)
        .bind(&row.category)
        .bind(&row.severity)
        .bind(row.page)
        .bind(row.opened_at)
        .bind(row.updated_at)
        .bind(row.awaiting_approval)
        .bind(row.last_seq)
        .bind(&row.head_hash)
        .bind(&row.row_mac);
    let query = match before {
        Some(before) => query.bind(before.last_seq),
        None => query,
    };
    let written = query.execute(conn).await;
    // Its number was taken by another instance at the same time.
    exactly_one(written.map_err(|error| taken_by_another(error, Refusal::Conflict))?)
}
