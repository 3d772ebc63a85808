//! Calls to people about the bot as a whole: one for each alarm and span of time, whichever instance is first.

use crate::adapters::store::fault::Refusal;
use crate::adapters::store::outbox;
use crate::adapters::store::rows::millis;
use crate::adapters::store::sql::{Connection, query};
use crate::adapters::store::vault::Vault;
use crate::app::ports::RaisedAlarm;
use jiff::Timestamp;

// Whoever comes second waits here until the first has written, and then finds that it was raised.
const RAISE: &str = "/* alarms.raise */
    INSERT INTO alarms (alarm, raised_at) VALUES ($1, $2)
    ON CONFLICT (alarm) DO UPDATE SET raised_at = excluded.raised_at WHERE alarms.raised_at <= $3
    RETURNING alarm";

/// Writes the calls of an alarm, unless it was raised lately.
pub(super) async fn raise(
    conn: &mut Connection,
    vault: &Vault,
    alarm: &RaisedAlarm,
    now: Timestamp,
) -> Result<(), Refusal> {
    let rested = now.checked_sub(alarm.rests).map_or(i64::MIN, millis);
    let raised: Option<String> = query(RAISE)
        .bind(alarm.what.as_str())
        .bind(millis(now))
        .bind(rested)
        .fetch_optional(&mut *conn)
        .await?;
    if raised.is_some() {
        for call in &alarm.calls {
            outbox::insert(&mut *conn, vault, call, now).await?;
        }
    }
    Ok(())
}
