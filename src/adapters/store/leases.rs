//! Work that one instance does at a time. Whoever takes it over raises its epoch, and whoever writes with an
//! older epoch writes nothing.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::fault::Refusal;
use crate::adapters::store::rows::millis;
use crate::adapters::store::sql::{Connection, Text, query};
use crate::app::ports::{Epoch, StoreError};
use jiff::Timestamp;

const TAKE: &str = "/* leases.take */
    INSERT INTO leases (name, holder, epoch, until) VALUES ($1, $2, 1, $3)
    ON CONFLICT (name) DO UPDATE SET
        holder = excluded.holder,
        until = excluded.until,
        epoch = leases.epoch + CASE WHEN leases.holder = excluded.holder THEN 0 ELSE 1 END
    WHERE leases.holder = excluded.holder OR leases.until <= $4
    RETURNING epoch";
// The row stays: its epoch must never begin anew.
const GIVE_BACK: &str = "/* leases.give_back */
    UPDATE leases SET until = 0 WHERE name = $1 AND holder = $2";
const HELD: Text = Text {
    sqlite: "/* leases.held */ SELECT epoch FROM leases WHERE name = $1 AND holder = $2 AND epoch = $3",
    postgres: "/* leases.held */
    SELECT epoch FROM leases WHERE name = $1 AND holder = $2 AND epoch = $3 FOR UPDATE",
};
const FREE: &str = "/* leases.free */
    UPDATE leases SET until = 0 WHERE until > 0 AND holder <> $1 AND holder LIKE $2";

/// Refuses a write of whoever no longer holds this work.
pub(super) async fn check(
    conn: &mut Connection,
    holder: &str,
    name: &str,
    epoch: Epoch,
) -> Result<(), Refusal> {
    let held: Option<i64> = query(HELD)
        .bind(name)
        .bind(holder)
        .bind(epoch.number())
        .fetch_optional(conn)
        .await?;
    held.map(|_| ()).ok_or(Refusal::NotOurs)
}

/// Frees what other runs held that are known to be over: `whose` is a pattern of SQL.
pub(super) async fn free(conn: &mut Connection, me: &str, whose: &str) -> Result<u64, StoreError> {
    Ok(query(FREE).bind(me).bind(whose).execute(conn).await?)
}

impl SqlStore {
    pub(super) async fn take_lease(
        &self,
        name: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Epoch>, StoreError> {
        let mut tx = self.begin_write().await?;
        let epoch: Option<i64> = query(TAKE)
            .bind(name)
            .bind(self.instance.as_str())
            .bind(millis(until))
            .bind(millis(now))
            .fetch_optional(&mut tx)
            .await?;
        tx.commit().await?;
        Ok(epoch.map(Epoch::from_stored))
    }

    pub(super) async fn give_lease_back(&self, name: &str) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        query(GIVE_BACK)
            .bind(name)
            .bind(self.instance.as_str())
            .execute(&mut tx)
            .await?;
        Ok(tx.commit().await?)
    }
}
