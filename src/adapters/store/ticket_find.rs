//! Finding tickets: by traces in a message, and by number.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::sql::{Connection, query};
use crate::adapters::store::vault::Vault;
use crate::app::ports::{StoreError, Trace};
use crate::domain::ids::{TicketId, TicketNumber};
use std::collections::{BTreeMap, BTreeSet};

/// Most traces that are looked up for one message: a header can hold thousands, and the first and
/// last ones of a real thread are among these.
const MOST_TRACES: usize = 256;

const INSERT: &str = "/* traces.insert */
    INSERT INTO traces (hash, ticket_id) VALUES ($1, $2) ON CONFLICT (hash, ticket_id) DO NOTHING";
const BY_TRACE: &str = "/* traces.find */
    SELECT t.ticket_id, t.updated_at FROM traces r JOIN tickets t ON t.ticket_id = r.ticket_id
    WHERE r.hash = $1 ORDER BY t.updated_at DESC, t.ticket_id LIMIT $2";
const BY_NUMBER: &str = "/* tickets.by_number */
    SELECT ticket_id FROM tickets WHERE prefix = $1 AND year = $2 AND serial = $3";

const BY_EVENT: &str = "/* tickets.by_event */
    SELECT DISTINCT ticket_id FROM ticket_events WHERE kind = $1";

/// Notes a way to find a ticket.
pub(super) async fn insert(
    conn: &mut Connection,
    vault: &Vault,
    id: &TicketId,
    trace: &Trace,
) -> Result<(), StoreError> {
    query(INSERT)
        .bind(vault.trace_hash(trace).as_slice())
        .bind(id.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

impl SqlStore {
    pub(super) async fn tickets_by_events(
        &self,
        kinds: &[&str],
    ) -> Result<Vec<TicketId>, StoreError> {
        let mut tx = self.begin_read().await?;
        let mut found = BTreeSet::new();
        for kind in kinds {
            let rows: Vec<String> = query(BY_EVENT).bind(*kind).fetch_all(&mut tx).await?;
            found.extend(rows);
        }
        Ok(found.into_iter().map(TicketId::from_stored).collect())
    }

    pub(super) async fn tickets_by_traces(
        &self,
        traces: &[Trace],
        limit: usize,
    ) -> Result<Vec<TicketId>, StoreError> {
        let mut tx = self.begin_read().await?;
        let mut changed_at: BTreeMap<String, i64> = BTreeMap::new();
        let distinct: BTreeSet<&Trace> = traces.iter().take(MOST_TRACES).collect();
        for trace in distinct {
            let rows: Vec<(String, i64)> = query(BY_TRACE)
                .bind(self.vault.trace_hash(trace).as_slice())
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(&mut tx)
                .await?;
            changed_at.extend(rows);
        }
        let mut found: Vec<(String, i64)> = changed_at.into_iter().collect();
        found.sort_by_key(|(_, at)| std::cmp::Reverse(*at));
        Ok(found
            .into_iter()
            .take(limit)
            .map(|(id, _)| TicketId::from_stored(id))
            .collect())
    }

    pub(super) async fn ticket_by_number(
        &self,
        number: &TicketNumber,
    ) -> Result<Option<TicketId>, StoreError> {
        let mut tx = self.begin_read().await?;
        let id: Option<String> = query(BY_NUMBER)
            .bind(number.prefix())
            .bind(i64::from(number.year()))
            .bind(i64::from(number.serial()))
            .fetch_optional(&mut tx)
            .await?;
        Ok(id.map(TicketId::from_stored))
    }
}
