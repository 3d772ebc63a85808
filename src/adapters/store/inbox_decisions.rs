//! The decisions on record, read again one page after the other: for counting. Nothing here changes a row.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::fault::{broken_seal, inconsistent};
use crate::adapters::store::inbox_end::decision_place;
use crate::adapters::store::keys::KeyOf;
use crate::adapters::store::rows::{column, millis};
use crate::adapters::store::sql::{FromRow, Row, query};
use crate::app::ports::{DecisionPage, KeptDecision, StoreError};
use crate::domain::ids::{InboxId, TicketId};
use jiff::Timestamp;

/// Rows that are held in memory at a time.
const PAGE: i64 = 500;

const PAGE_OF: &str = "/* inbox.decisions */
    SELECT i.ordinal, i.inbox_id, i.ticket_id, i.sealed_decision, k.wrapped
    FROM inbox i LEFT JOIN data_keys k ON k.key_id = 'inbox/' || i.inbox_id
    WHERE i.state = 'decided' AND i.decided_at >= $1 AND i.ordinal > $2
    ORDER BY i.ordinal LIMIT $3";

/// A row as it stands in the table, with its key.
struct DecidedRow {
    ordinal: i64,
    inbox_id: String,
    ticket_id: Option<String>,
    sealed: Option<Vec<u8>>,
    wrapped: Option<Vec<u8>>,
}

impl FromRow for DecidedRow {
    fn from_row(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            ordinal: row.get("ordinal")?,
            inbox_id: row.get("inbox_id")?,
            ticket_id: row.get("ticket_id")?,
            sealed: row.get("sealed_decision")?,
            wrapped: row.get("wrapped")?,
        })
    }
}

impl SqlStore {
    pub(super) async fn page_of_decisions(
        &self,
        since: Timestamp,
        after: u64,
    ) -> Result<DecisionPage, StoreError> {
        let mut tx = self.begin_long_read().await?;
        let rows: Vec<DecidedRow> = query(PAGE_OF)
            .bind(millis(since))
            .bind(column(after))
            .bind(PAGE)
            .fetch_all(&mut tx)
            .await?;
        // Opening the seals takes its time: nobody waits for us meanwhile.
        drop(tx);
        let next = rows.last().and_then(|row| u64::try_from(row.ordinal).ok());
        let mut page = DecisionPage {
            decisions: Vec::new(),
            unreadable: 0,
            next,
        };
        for row in rows {
            match self.kept_decision(row) {
                Ok(kept) => page.decisions.extend(kept),
                // One row must not hide all others.
                Err(StoreError::Inconsistent { .. }) => page.unreadable += 1,
                Err(error) => return Err(error),
            }
        }
        Ok(page)
    }

    /// Nothing where none was written, or where the key was destroyed.
    fn kept_decision(&self, row: DecidedRow) -> Result<Option<KeptDecision>, StoreError> {
        let (Some(sealed), Some(wrapped)) = (row.sealed, row.wrapped) else {
            return Ok(None);
        };
        let inbox = InboxId::from_stored(row.inbox_id);
        let plain = self
            .vault
            .unwrap_data_key(&KeyOf::Inbox(&inbox).id(), &wrapped)
            .and_then(|key| key.open(decision_place(&inbox), &sealed))
            .map_err(broken_seal("inbox"))?;
        let record = serde_json::from_slice(&plain)
            .map_err(|_| inconsistent("inbox", "a decision that can't be read"))?;
        Ok(Some(KeptDecision {
            inbox,
            ticket: row.ticket_id.map(TicketId::from_stored),
            record,
        }))
    }
}
