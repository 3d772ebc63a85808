//! What became of messages that go out: sent, to be tried again, given up, approved.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::fault::{Refusal, exactly_one, taken_by_another};
use crate::adapters::store::rows::millis;
use crate::adapters::store::sql::{Connection, query};
use crate::app::ports::{DeliveryDone, DeliveryRecord, StoreError};
use crate::domain::ids::{InstanceId, OutboxId};
use jiff::Timestamp;

const END: &str = "/* outbox.end */
    UPDATE outbox SET state = $4, lease_owner = NULL, lease_until = NULL, ended_at = $5
    WHERE outbox_id = $1 AND state = 'sending' AND lease_owner = $2 AND attempts = $3";
const RETRY: &str = "/* outbox.retry */
    UPDATE outbox SET state = 'ready', lease_owner = NULL, lease_until = NULL, due_at = $4
    WHERE outbox_id = $1 AND state = 'sending' AND lease_owner = $2 AND attempts = $3";
/// A lease of which more than this part (a tenth) is over is renewed.
const MOST_SPENT: i64 = 10;

const HOLDS: &str = "/* outbox.holds */
    SELECT lease_until FROM outbox
    WHERE outbox_id = $1 AND state = 'sending' AND lease_owner = $2 AND attempts = $3";
const RENEW: &str = "/* outbox.renew */
    UPDATE outbox SET lease_until = $4
    WHERE outbox_id = $1 AND state = 'sending' AND lease_owner = $2 AND attempts = $3";
// Two that bring the same card up to date say the same: the later one goes on alone.
const MERGE: &str = "/* outbox.merge */
    UPDATE outbox SET state = 'withdrawn', ended_at = $2
    WHERE state = 'ready' AND lane = 4
        AND ticket_id = (SELECT t.ticket_id FROM outbox t WHERE t.outbox_id = $1 AND t.lane = 4)";
const APPROVE: &str = "/* outbox.approve */
    UPDATE outbox SET state = 'ready', due_at = $2 WHERE outbox_id = $1 AND state = 'held'";
const FREE_EDITS: &str = "/* outbox.free_edits */
    UPDATE outbox SET state = 'withdrawn', lease_owner = NULL, lease_until = NULL
    WHERE state = 'sending' AND lane = 4 AND lease_owner <> $1 AND lease_owner LIKE $2
        AND ticket_id IN (SELECT e.ticket_id FROM outbox e WHERE e.state = 'ready' AND e.lane = 4)";
const FREE: &str = "/* outbox.free */
    UPDATE outbox SET state = 'ready', lease_owner = NULL, lease_until = NULL
    WHERE state IN ('ready', 'sending') AND lease_owner <> $1 AND lease_owner LIKE $2
        AND NOT (lane = 4 AND EXISTS (
            SELECT 1 FROM outbox e
            WHERE e.ticket_id = outbox.ticket_id AND e.state = 'ready' AND e.lane = 4))";

/// Records a try to send. Whoever lost the lease records nothing.
pub(super) async fn record(
    conn: &mut Connection,
    instance: &InstanceId,
    done: &DeliveryDone,
    now: Timestamp,
) -> Result<(), Refusal> {
    let end = |state: &'static str| {
        query(END)
            .bind(done.id.as_str())
            .bind(instance.as_str())
            .bind(i64::from(done.attempt))
            .bind(state)
            .bind(millis(now))
    };
    if matches!(done.record, DeliveryRecord::RetryAt(_)) {
        query(MERGE)
            .bind(done.id.as_str())
            .bind(millis(now))
            .execute(&mut *conn)
            .await?;
    }
    let query = match done.record {
        DeliveryRecord::Done => end("done"),
        DeliveryRecord::GivenUp => end("given-up"),
        DeliveryRecord::Withdrawn => end("withdrawn"),
        DeliveryRecord::RetryAt(at) => query(RETRY)
            .bind(done.id.as_str())
            .bind(instance.as_str())
            .bind(i64::from(done.attempt))
            .bind(millis(at)),
    };
    // A card of which another instance wrote meanwhile: the next try goes on with that one alone.
    let written = query.execute(conn).await;
    let written = written.map_err(|error| taken_by_another(error, Refusal::Conflict))?;
    (written == 1).then_some(()).ok_or(Refusal::NotOurs)
}

impl SqlStore {
    /// Renews the lease where a good part of it is over, so that it outlasts the handing over.
    pub(super) async fn still_holds(
        &self,
        id: &OutboxId,
        attempt: u32,
        (now, until): (Timestamp, Timestamp),
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin_read().await?;
        let held: Option<i64> = query(HOLDS)
            .bind(id.as_str())
            .bind(self.instance.as_str())
            .bind(i64::from(attempt))
            .fetch_optional(&mut tx)
            .await?;
        tx.rollback().await?;
        let Some(held_until) = held else {
            return Ok(false);
        };
        let spent = millis(until).saturating_sub(held_until);
        let lease = millis(until).saturating_sub(millis(now));
        if spent <= lease / MOST_SPENT {
            return Ok(true);
        }
        let mut tx = self.begin_write().await?;
        let renewed = query(RENEW)
            .bind(id.as_str())
            .bind(self.instance.as_str())
            .bind(i64::from(attempt))
            .bind(millis(until))
            .execute(&mut tx)
            .await?;
        tx.commit().await?;
        Ok(renewed == 1)
    }
}

/// Lets a held message go. One that isn't held any more is a conflict.
pub(super) async fn approve(
    conn: &mut Connection,
    id: &OutboxId,
    now: Timestamp,
) -> Result<(), Refusal> {
    let done = query(APPROVE)
        .bind(id.as_str())
        .bind(millis(now))
        .execute(conn)
        .await?;
    exactly_one(done)
}

/// Frees what other runs held that are known to be over: `whose` is a pattern of SQL.
pub(super) async fn free(conn: &mut Connection, me: &str, whose: &str) -> Result<u64, StoreError> {
    query(FREE_EDITS)
        .bind(me)
        .bind(whose)
        .execute(&mut *conn)
        .await?;
    Ok(query(FREE).bind(me).bind(whose).execute(conn).await?)
}
