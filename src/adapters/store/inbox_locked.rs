//! Messages of chat that were stored without their key, and what happens when the key comes.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::fault::broken_seal;
use crate::adapters::store::hints::{Hint, tell};
use crate::adapters::store::inbox::raw_place;
use crate::adapters::store::keys::{self, KeyOf};
use crate::adapters::store::rows::{millis, position, position_columns};
use crate::adapters::store::sql::query;
use crate::app::ports::{Position, StoreError};
use crate::domain::ids::{InboxId, MailboxName};
use jiff::Timestamp;

const FIND: &str = "/* inbox.find_locked */
    SELECT inbox_id FROM inbox WHERE mailbox = $1 AND position = $2 AND extent = 'locked'";
// Whoever holds it decides on what can't be read: his commit finds that he holds it no longer.
const UNLOCK: &str = "/* inbox.unlock */
    UPDATE inbox SET extent = 'whole', state = 'undecided', next_at = $2,
        attempts = 0, lease_owner = NULL, lease_until = NULL, outcome = NULL, kind = NULL,
        sealed_decision = NULL, decided_at = NULL, leaves = NULL, fingerprint_hash = NULL,
        ticket_id = NULL
    WHERE inbox_id = $1 AND extent = 'locked'";
const REPLACE: &str = "/* inbox_raw.replace */
    UPDATE inbox_raw SET sealed = $2 WHERE inbox_id = $1";
const LOCKED: &str = "/* inbox.locked */
    SELECT position_kind, position FROM inbox WHERE mailbox = $1 AND extent = 'locked'
    ORDER BY ordinal LIMIT $2";

impl SqlStore {
    pub(super) async fn unlock(
        &self,
        mailbox: &MailboxName,
        place: &Position,
        raw: &[u8],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin_write().await?;
        let found: Option<String> = query(FIND)
            .bind(mailbox.as_str())
            .bind(position_columns(place).1)
            .fetch_optional(&mut tx)
            .await?;
        let Some(id) = found.map(InboxId::from_stored) else {
            return Ok(false);
        };
        let key = keys::load(&mut tx, &self.vault, KeyOf::Inbox(&id)).await?;
        let sealed = key
            .seal(raw_place(&id), raw)
            .map_err(broken_seal("inbox"))?;
        let done = query(UNLOCK)
            .bind(id.as_str())
            .bind(millis(now))
            .execute(&mut tx)
            .await?;
        if done == 0 {
            // Another instance was first.
            return Ok(false);
        }
        query(REPLACE)
            .bind(id.as_str())
            .bind(sealed)
            .execute(&mut tx)
            .await?;
        tell(&mut tx, Hint::Arrivals).await?;
        tx.commit().await?;
        Ok(true)
    }

    pub(super) async fn locked_in(
        &self,
        mailbox: &MailboxName,
        limit: u32,
    ) -> Result<Vec<Position>, StoreError> {
        let mut tx = self.begin_read().await?;
        let rows: Vec<(String, String)> = query(LOCKED)
            .bind(mailbox.as_str())
            .bind(i64::from(limit))
            .fetch_all(&mut tx)
            .await?;
        rows.into_iter()
            .map(|(kind, key)| position(&kind, key))
            .collect()
    }
}
