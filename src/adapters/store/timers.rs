//! Timers: due and not done. A ticket's timers are replaced whenever it changes, in the same transaction.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::rows::{millis, time, word};
use crate::adapters::store::sql::{Connection, Text, query};
use crate::app::ports::{DueTimer, StoreError};
use crate::domain::ids::TicketId;
use crate::domain::ticket::due::Timers;
use jiff::Timestamp;

const CLEAR: &str = "/* timers.clear */ DELETE FROM timers WHERE ticket_id = $1";
const INSERT: &str = "/* timers.insert */
    INSERT INTO timers (ticket_id, kind, due_at) VALUES ($1, $2, $3)";
macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "/* timers.claim */
    UPDATE timers SET lease_owner = $1, lease_until = $2
    WHERE (ticket_id, kind) = (
        SELECT ticket_id, kind FROM timers
        WHERE due_at <= $3 AND (lease_until IS NULL OR lease_until <= $3)
        ORDER BY due_at, ticket_id, kind LIMIT 1",
            $lock,
            ")
    RETURNING ticket_id, kind, due_at"
        )
    };
}
const CLAIM: Text = Text {
    sqlite: claim!(""),
    postgres: claim!(" FOR UPDATE SKIP LOCKED"),
};
const FREE: &str = "/* timers.free */
    UPDATE timers SET lease_owner = NULL, lease_until = NULL
    WHERE lease_owner <> $1 AND lease_owner LIKE $2";

/// Replaces the timers of a ticket. Whoever holds one of them loses it: the ticket has changed, so what
/// he decides is refused.
pub(super) async fn replace(
    conn: &mut Connection,
    ticket: &TicketId,
    timers: &Timers,
) -> Result<(), StoreError> {
    query(CLEAR)
        .bind(ticket.as_str())
        .execute(&mut *conn)
        .await?;
    for (kind, due_at) in timers {
        query(INSERT)
            .bind(ticket.as_str())
            .bind(kind.as_str())
            .bind(millis(*due_at))
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// Frees what other runs held that are known to be over: `whose` is a pattern of SQL.
pub(super) async fn free(conn: &mut Connection, me: &str, whose: &str) -> Result<u64, StoreError> {
    Ok(query(FREE).bind(me).bind(whose).execute(conn).await?)
}

impl SqlStore {
    pub(super) async fn take_timer(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<DueTimer>, StoreError> {
        let mut tx = self.begin_write().await?;
        let row: Option<(String, String, i64)> = query(CLAIM)
            .bind(self.instance.as_str())
            .bind(millis(lease_until))
            .bind(millis(now))
            .fetch_optional(&mut tx)
            .await?;
        let Some((ticket, kind, due_at)) = row else {
            return Ok(None);
        };
        tx.commit().await?;
        Ok(Some(DueTimer {
            ticket: TicketId::from_stored(ticket),
            kind: word("timers", &kind)?,
            due_at: time("timers", due_at)?,
        }))
    }
}
