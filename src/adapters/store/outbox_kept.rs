//! What went out for a ticket, read back as it is kept. Nothing here claims or changes a row.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::rows::{time, word};
use crate::adapters::store::sql::{FromRow, Row, query};
use crate::app::ports::{StoreError, StoredOutgoing};
use crate::domain::ids::{InboxId, OutboxId, TicketId};

const OF_TICKET: &str = "/* outbox.of_ticket */
    SELECT outbox_id, cause, route, voice, state, created_at, ended_at
    FROM outbox WHERE ticket_id = $1 ORDER BY ordinal";

/// A row as it stands in the table.
struct KeptRow {
    outbox_id: String,
    cause: Option<String>,
    route: String,
    voice: String,
    state: String,
    created_at: i64,
    ended_at: Option<i64>,
}

impl FromRow for KeptRow {
    fn from_row(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            outbox_id: row.get("outbox_id")?,
            cause: row.get("cause")?,
            route: row.get("route")?,
            voice: row.get("voice")?,
            state: row.get("state")?,
            created_at: row.get("created_at")?,
            ended_at: row.get("ended_at")?,
        })
    }
}

impl SqlStore {
    pub(super) async fn outgoing_on(
        &self,
        ticket: &TicketId,
    ) -> Result<Vec<StoredOutgoing>, StoreError> {
        let mut tx = self.begin_read().await?;
        let rows: Vec<KeptRow> = query(OF_TICKET)
            .bind(ticket.as_str())
            .fetch_all(&mut tx)
            .await?;
        let mut kept = Vec::new();
        for row in rows {
            let id = OutboxId::from_stored(row.outbox_id);
            let cause = row.cause.map(InboxId::from_stored);
            let route = word("outbox", &row.route)?;
            let dispatch = self
                .open_if_possible(&mut tx, &id, route, Some(ticket), cause.as_ref())
                .await?;
            let ended = row.ended_at.filter(|_| row.state == "done");
            kept.push(StoredOutgoing {
                dispatch,
                voice: word("outbox", &row.voice)?,
                created_at: time("outbox", row.created_at)?,
                left_at: ended.map(|at| time("outbox", at)).transpose()?,
                id,
                cause,
            });
        }
        Ok(kept)
    }
}
