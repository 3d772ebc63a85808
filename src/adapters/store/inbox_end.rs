//! What became of a message that came in: the decision, its original, whether it can be moved.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::fault::{Refusal, broken_seal, inconsistent, taken_by_another};
use crate::adapters::store::inbox::raw_place;
use crate::adapters::store::keys::{self, KeyOf};
use crate::adapters::store::rows::{millis, position};
use crate::adapters::store::sql::{Connection, query};
use crate::adapters::store::vault::{Place, Vault};
use crate::app::ports::{ArrivalDone, DecisionRecord, Position, StoreError};
use crate::domain::ids::{InboxId, InstanceId, MailboxName, TicketId};
use jiff::Timestamp;

const HOLDS: &str = "/* inbox.holds */
    SELECT ordinal FROM inbox
    WHERE inbox_id = $1 AND state = 'undecided' AND lease_owner = $2 AND attempts = $3";
const SEEN: &str = "/* inbox.seen */
    SELECT ordinal FROM inbox WHERE fingerprint_hash = $1";
const DECIDE: &str = "/* inbox.decide */
    UPDATE inbox SET state = 'decided', lease_owner = NULL, lease_until = NULL,
        outcome = $3, kind = $4, sealed_decision = $5, decided_at = $6,
        fingerprint_hash = $7, ticket_id = $8, leaves = $9
    WHERE inbox_id = $1 AND state = 'undecided' AND lease_owner = $2 AND attempts = $10";
const SETTLED: &str = "/* inbox.settled */
    SELECT i.inbox_id, i.position_kind, i.position FROM inbox i
    WHERE i.mailbox = $1 AND i.state = 'decided' AND i.extent = 'whole' AND i.moved_at IS NULL
        AND i.leaves <> 'never'
        AND (i.leaves = 'at-once' OR i.leaves = 'with-reply' AND EXISTS (
            SELECT 1 FROM outbox o
            WHERE o.cause = i.inbox_id AND o.share IS NOT NULL AND o.state = 'done'))
    ORDER BY i.ordinal LIMIT $2";
const MOVED: &str = "/* inbox.moved */
    UPDATE inbox SET moved_at = $2 WHERE inbox_id = $1 AND moved_at IS NULL";
const ORIGINAL: &str = "/* inbox.original */
    SELECT sealed FROM inbox_raw WHERE inbox_id = $1";
const DECISION: &str = "/* inbox.decision */
    SELECT sealed_decision FROM inbox WHERE inbox_id = $1";

/// Where a decision is sealed.
pub(super) fn decision_place(id: &InboxId) -> Place<'_> {
    Place {
        table: "inbox",
        column: "sealed_decision",
        row: id.as_str(),
    }
}

/// Does this instance still hold the message, and was none like it decided before?
pub(super) async fn check(
    conn: &mut Connection,
    vault: &Vault,
    instance: &InstanceId,
    done: &ArrivalDone,
) -> Result<(), Refusal> {
    let holds: Option<i64> = query(HOLDS)
        .bind(done.id.as_str())
        .bind(instance.as_str())
        .bind(i64::from(done.attempt))
        .fetch_optional(&mut *conn)
        .await?;
    holds.ok_or(Refusal::NotOurs)?;
    let Some(fingerprint) = &done.fingerprint else {
        return Ok(());
    };
    let seen: Option<i64> = query(SEEN)
        .bind(vault.fingerprint_hash(fingerprint).as_slice())
        .fetch_optional(conn)
        .await?;
    seen.map_or(Ok(()), |_| Err(Refusal::Duplicate))
}

/// Writes what became of a message.
pub(super) async fn decide(
    conn: &mut Connection,
    vault: &Vault,
    instance: &InstanceId,
    done: &ArrivalDone,
    ticket: Option<&TicketId>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let sealed = match &done.record {
        Some(record) => Some(seal_record(&mut *conn, vault, &done.id, record).await?),
        None => None,
    };
    let fingerprint = done
        .fingerprint
        .as_deref()
        .map(|text| vault.fingerprint_hash(text));
    let written = query(DECIDE)
        .bind(done.id.as_str())
        .bind(instance.as_str())
        .bind(done.outcome.as_str())
        .bind(done.kind.as_str())
        .bind(sealed)
        .bind(millis(now))
        .bind(fingerprint.as_ref().map(<[u8; 32]>::as_slice))
        .bind(ticket.map(TicketId::as_str))
        .bind(done.leaves.as_str())
        .bind(i64::from(done.attempt))
        .execute(conn)
        .await
        // Another instance decided on the same message, delivered twice, at the same time.
        .map_err(|error| taken_by_another(error, Refusal::Duplicate))?;
    (written == 1).then_some(()).ok_or(Refusal::NotOurs)
}

async fn seal_record(
    conn: &mut Connection,
    vault: &Vault,
    id: &InboxId,
    record: &DecisionRecord,
) -> Result<Vec<u8>, StoreError> {
    let key = keys::load(conn, vault, KeyOf::Inbox(id)).await?;
    let record = serde_json::to_vec(record)
        .map_err(|_| inconsistent("inbox", "a decision that can't be written down"))?;
    key.seal(decision_place(id), &record)
        .map_err(broken_seal("inbox"))
}

impl SqlStore {
    pub(super) async fn settled_in(
        &self,
        mailbox: &MailboxName,
        limit: u32,
    ) -> Result<Vec<(InboxId, Position)>, StoreError> {
        let mut tx = self.begin_read().await?;
        let rows: Vec<(String, String, String)> = query(SETTLED)
            .bind(mailbox.as_str())
            .bind(i64::from(limit))
            .fetch_all(&mut tx)
            .await?;
        rows.into_iter()
            .map(|(id, kind, key)| Ok((InboxId::from_stored(id), position(&kind, key)?)))
            .collect()
    }

    pub(super) async fn note_moved(&self, id: &InboxId, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        query(MOVED)
            .bind(id.as_str())
            .bind(millis(now))
            .execute(&mut tx)
            .await?;
        Ok(tx.commit().await?)
    }

    pub(super) async fn original_bytes(&self, id: &InboxId) -> Result<Option<Vec<u8>>, StoreError> {
        self.open_sealed(id, ORIGINAL, raw_place(id)).await
    }

    pub(super) async fn decision_on(
        &self,
        id: &InboxId,
    ) -> Result<Option<DecisionRecord>, StoreError> {
        let Some(plain) = self.open_sealed(id, DECISION, decision_place(id)).await? else {
            return Ok(None);
        };
        serde_json::from_slice(&plain)
            .map(Some)
            .map_err(|_| inconsistent("inbox", "a decision that can't be read"))
    }

    async fn open_sealed(
        &self,
        id: &InboxId,
        statement: &'static str,
        place: Place<'_>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let mut tx = self.begin_read().await?;
        let sealed: Option<Option<Vec<u8>>> = query(statement)
            .bind(id.as_str())
            .fetch_optional(&mut tx)
            .await?;
        let Some(sealed) = sealed.flatten() else {
            return Ok(None);
        };
        // A message whose key was destroyed is gone, on purpose.
        let Some(key) = keys::find(&mut tx, &self.vault, KeyOf::Inbox(id)).await? else {
            return Ok(None);
        };
        key.open(place, &sealed)
            .map(Some)
            .map_err(broken_seal("inbox"))
    }
}
