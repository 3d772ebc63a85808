//! Messages that were answered from the mailbox itself before they were decided on.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::sql::{Connection, query};
use crate::adapters::store::vault::Vault;
use crate::app::ports::{StoreError, Trace};
use crate::domain::address::MessageId;
use crate::domain::ids::InboxId;

const INSERT: &str = "/* answered_by_hand.insert */
    INSERT INTO answered_by_hand (hash, inbox_id) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING";
const GET: &str = "/* answered_by_hand.get */
    SELECT inbox_id FROM answered_by_hand WHERE hash = $1";

/// Notes that a message was answered; the first answer stays.
pub(super) async fn insert(
    conn: &mut Connection,
    vault: &Vault,
    answered: &MessageId,
    answer: &InboxId,
) -> Result<(), StoreError> {
    query(INSERT)
        .bind(hash(vault, answered).as_slice())
        .bind(answer.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

fn hash(vault: &Vault, message: &MessageId) -> [u8; 32] {
    vault.trace_hash(&Trace::MessageId(message.clone()))
}

impl SqlStore {
    pub(super) async fn answered_with(
        &self,
        message: &MessageId,
    ) -> Result<Option<InboxId>, StoreError> {
        let mut tx = self.begin_read().await?;
        let id: Option<String> = query(GET)
            .bind(hash(&self.vault, message).as_slice())
            .fetch_optional(&mut tx)
            .await?;
        Ok(id.map(InboxId::from_stored))
    }
}
