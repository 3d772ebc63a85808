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
    SELECT count(*) FROM answered_by_hand WHERE hash = $1";

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

/// Refuses where somebody of the team answered one of these messages since it was asked for.
pub(super) async fn must_be_unanswered(
    conn: &mut Connection,
    vault: &Vault,
    messages: &[MessageId],
) -> Result<(), Refusal> {
    for message in messages {
        let answers: i64 = query(COUNT)
            .bind(hash(vault, message).as_slice())
            .fetch_one(&mut *conn)
            .await?;
        if answers > 0 {
            return Err(Refusal::Conflict);
        }
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
