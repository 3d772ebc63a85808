//! Timers: due and not done.

use crate::adapters::store::database::SqliteStore;
use crate::adapters::store::fault::{Refusal, exactly_one};
use crate::adapters::store::rows::{Connection, millis, time, word};
use crate::app::ports::{StoreError, Timer};
use crate::domain::ids::{InstanceId, TicketId, TimerId};
use jiff::Timestamp;

const INSERT: &str = "/* timers.insert */
    INSERT INTO timers (timer_id, kind, ticket_id, due_at) VALUES ($1, $2, $3, $4)";
const CLAIM: &str = "/* timers.claim */
    UPDATE timers SET lease_owner = $1, lease_until = $2
    WHERE timer_id = (
        SELECT timer_id FROM timers
        WHERE done_at IS NULL AND due_at <= $3 AND (lease_until IS NULL OR lease_until <= $3)
        ORDER BY due_at, timer_id LIMIT 1)
    RETURNING timer_id, kind, ticket_id, due_at";
const DONE: &str = "/* timers.done */
    UPDATE timers SET done_at = $3, lease_owner = NULL, lease_until = NULL
    WHERE timer_id = $1 AND done_at IS NULL AND (lease_owner IS NULL OR lease_owner = $2)";
const FREE: &str = "/* timers.free */
    UPDATE timers SET lease_owner = NULL, lease_until = NULL
    WHERE done_at IS NULL AND lease_owner <> $1";

/// Sets a timer.
pub(super) async fn insert(conn: &mut Connection, timer: &Timer) -> Result<(), StoreError> {
    sqlx::query(INSERT)
        .bind(timer.id.as_str())
        .bind(timer.kind.as_str())
        .bind(timer.ticket.as_str())
        .bind(millis(timer.due_at))
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends a timer. One that another instance holds, or that is done, is a conflict.
pub(super) async fn finish(
    conn: &mut Connection,
    instance: &InstanceId,
    id: &TimerId,
    now: Timestamp,
) -> Result<(), Refusal> {
    let done = sqlx::query(DONE)
        .bind(id.as_str())
        .bind(instance.as_str())
        .bind(millis(now))
        .execute(conn)
        .await?;
    exactly_one(done.rows_affected())
}

/// Frees what other instances hold. Only for a service that knows it is alone.
pub(super) async fn free(conn: &mut Connection, instance: &str) -> Result<u64, StoreError> {
    let done = sqlx::query(FREE).bind(instance).execute(conn).await?;
    Ok(done.rows_affected())
}

impl SqliteStore {
    pub(super) async fn take_timer(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<Timer>, StoreError> {
        let mut tx = self.begin_write().await?;
        let row: Option<(String, String, String, i64)> = sqlx::query_as(CLAIM)
            .bind(self.instance.as_str())
            .bind(millis(lease_until))
            .bind(millis(now))
            .fetch_optional(&mut *tx)
            .await?;
        let Some((id, kind, ticket, due_at)) = row else {
            return Ok(None);
        };
        tx.commit().await?;
        Ok(Some(Timer {
            id: TimerId::from_stored(id),
            kind: word("timers", &kind)?,
            ticket: TicketId::from_stored(ticket),
            due_at: time("timers", due_at)?,
        }))
    }
}
