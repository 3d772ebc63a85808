//! Conversations that people of the team have from the mailbox itself, with somebody who has no ticket yet.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::fault::Refusal;
use crate::adapters::store::sql::{Connection, query};
use crate::adapters::store::vault::Vault;
use crate::app::ports::{StoreError, Trace};
use crate::domain::address::MessageId;
use crate::domain::ids::InboxId;

const INSERT: &str = "/* answered_by_hand.insert */
    INSERT INTO answered_by_hand (hash, inbox_id) VALUES ($1, $2)
    ON CONFLICT (hash, inbox_id) DO NOTHING";
const GET: &str = "/* answered_by_hand.get */
    SELECT inbox_id FROM answered_by_hand WHERE hash = $1 ORDER BY inbox_id LIMIT 16";
const COUNT: &str = "/* answered_by_hand.count */
    SELECT count(*) FROM (SELECT 1 FROM answered_by_hand WHERE hash = $1 LIMIT 16) AS counted";

/// Notes that a mail of the team is in this conversation.
pub(super) async fn insert(
    conn: &mut Connection,
    vault: &Vault,
    message: &MessageId,
    answer: &InboxId,
) -> Result<(), StoreError> {
    query(INSERT)
        .bind(hash(vault, message).as_slice())
        .bind(answer.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

/// Refuses where there are more mails of the team in a conversation than were seen.
pub(super) async fn must_be_as_seen(
    conn: &mut Connection,
    vault: &Vault,
    message: &MessageId,
    seen: usize,
) -> Result<(), Refusal> {
    let there: i64 = query(COUNT)
        .bind(hash(vault, message).as_slice())
        .fetch_one(conn)
        .await?;
    if usize::try_from(there).is_ok_and(|there| there > seen) {
        return Err(Refusal::Conflict);
    }
    Ok(())
}

fn hash(vault: &Vault, message: &MessageId) -> [u8; 32] {
    vault.trace_hash(&Trace::MessageId(message.clone()))
}

impl SqlStore {
    pub(super) async fn answered_with(
        &self,
        message: &MessageId,
    ) -> Result<Vec<InboxId>, StoreError> {
        let mut tx = self.begin_read().await?;
        let ids: Vec<String> = query(GET)
            .bind(hash(&self.vault, message).as_slice())
            .fetch_all(&mut tx)
            .await?;
        Ok(ids.into_iter().map(InboxId::from_stored).collect())
    }
}
