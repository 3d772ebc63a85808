//! Messages that go out: written with the decision that made them, claimed for sending.
//!
//! What became of a try stands in `outbox_end`, counting in `outbox_count`.

use crate::adapters::store::database::SqliteStore;
use crate::adapters::store::fault::{Refusal, broken_seal, exactly_one, inconsistent};
use crate::adapters::store::keys::{self, KeyOf};
use crate::adapters::store::rows::{Connection, count, millis};
use crate::adapters::store::vault::{DataKey, Place, Vault};
use crate::app::ports::{ClaimedOutgoing, NewOutgoing, OutgoingMail, StoreError};
use crate::domain::address::EmailAddress;
use crate::domain::ids::{InboxId, OutboxId, TicketId};
use crate::domain::ticket::event::Release;
use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

const INSERT: &str = "/* outbox.insert */
    INSERT INTO outbox (outbox_id, ticket_id, cause, purpose, sealed_mail, state,
        recipient_hash, domain_hash, text_hash, created_at, due_at)
    VALUES ($1, $2, $3, 'reply', $4, $5, $6, $7, $8, $9, $9)
    ON CONFLICT (cause, purpose) DO NOTHING";
// Within a ticket a later message waits for an earlier one. A row of another ticket never waits.
const CLAIM: &str = "/* outbox.claim */
    UPDATE outbox SET state = 'sending', lease_owner = $1, lease_until = $2, attempts = attempts + 1
    WHERE ordinal = (
        SELECT o.ordinal FROM outbox o
        WHERE o.state IN ('ready', 'sending') AND o.due_at <= $3
            AND (o.lease_until IS NULL OR o.lease_until <= $3)
            AND NOT EXISTS (
                SELECT 1 FROM outbox e
                WHERE e.ticket_id = o.ticket_id AND e.ordinal < o.ordinal
                    AND e.state IN ('ready', 'sending'))
        ORDER BY o.due_at, o.ordinal LIMIT 1)
    RETURNING outbox_id, ticket_id, cause, sealed_mail, attempts";

/// The word in the column for when a message may leave.
fn first_state(release: Release) -> &'static str {
    match release {
        Release::AtOnce => "ready",
        Release::OnApproval => "held",
        Release::DraftOnly => "draft",
    }
}

fn mail_place(id: &OutboxId) -> Place<'_> {
    Place {
        table: "outbox",
        column: "sealed_mail",
        row: id.as_str(),
    }
}

/// The key that seals a message: the ticket's, or without a ticket that of the message it answers.
async fn key_for(
    conn: &mut Connection,
    vault: &Vault,
    ticket: Option<&TicketId>,
    cause: &InboxId,
) -> Result<DataKey, StoreError> {
    let of = ticket.map_or(KeyOf::Inbox(cause), KeyOf::Ticket);
    keys::load(conn, vault, of).await
}

/// Writes a new message. A cause that has its reply already is a conflict.
pub(super) async fn insert(
    conn: &mut Connection,
    vault: &Vault,
    new: &NewOutgoing,
    now: Timestamp,
) -> Result<(), Refusal> {
    let key = key_for(&mut *conn, vault, new.ticket.as_ref(), &new.cause).await?;
    let sealed = key
        .seal(mail_place(&new.id), &pack(&new.mail)?)
        .map_err(broken_seal("outbox"))?;
    let done = sqlx::query(INSERT)
        .bind(new.id.as_str())
        .bind(new.ticket.as_ref().map(TicketId::as_str))
        .bind(new.cause.as_str())
        .bind(sealed)
        .bind(first_state(new.release))
        .bind(vault.recipient_hash(&new.mail.to).as_slice())
        .bind(vault.domain_hash(&new.mail.to).as_slice())
        .bind(vault.text_hash(&new.text).as_slice())
        .bind(millis(now))
        .execute(conn)
        .await?;
    exactly_one(done.rows_affected())
}

/// A mail as bytes: the length of its envelope, the envelope as JSON, the mail itself.
fn pack(mail: &OutgoingMail) -> Result<Vec<u8>, StoreError> {
    let wrong = || inconsistent("outbox", "an envelope that can't be written down");
    let envelope = serde_json::to_vec(&(&mail.envelope_from, &mail.to)).map_err(|_| wrong())?;
    let length = u32::try_from(envelope.len()).map_err(|_| wrong())?;
    let mut packed = length.to_be_bytes().to_vec();
    packed.extend_from_slice(&envelope);
    packed.extend_from_slice(&mail.bytes);
    Ok(packed)
}

fn unpack(packed: &[u8]) -> Result<OutgoingMail, StoreError> {
    let wrong = || inconsistent("outbox", "a mail that can't be read");
    let (length, rest) = packed.split_first_chunk::<4>().ok_or_else(wrong)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| wrong())?;
    let (envelope, bytes) = rest.split_at_checked(length).ok_or_else(wrong)?;
    let (envelope_from, to): (Option<EmailAddress>, EmailAddress) =
        serde_json::from_slice(envelope).map_err(|_| wrong())?;
    Ok(OutgoingMail {
        envelope_from,
        to,
        bytes: bytes.to_vec(),
    })
}

impl SqliteStore {
    pub(super) async fn take_outgoing(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<ClaimedOutgoing>, StoreError> {
        let mut tx = self.begin_write().await?;
        let row = sqlx::query(CLAIM)
            .bind(self.instance.as_str())
            .bind(millis(lease_until))
            .bind(millis(now))
            .fetch_optional(&mut *tx)
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let claimed = self.claimed(&mut tx, &row).await;
        // The lease is kept even where the mail can't be opened: others come first.
        tx.commit().await?;
        claimed.map(Some)
    }

    async fn claimed(
        &self,
        conn: &mut Connection,
        row: &SqliteRow,
    ) -> Result<ClaimedOutgoing, StoreError> {
        let id = OutboxId::from_stored(row.try_get::<String, _>("outbox_id")?);
        let ticket: Option<String> = row.try_get("ticket_id")?;
        let ticket = ticket.map(TicketId::from_stored);
        let cause = InboxId::from_stored(row.try_get::<String, _>("cause")?);
        let attempts: i64 = row.try_get("attempts")?;
        let key = key_for(conn, &self.vault, ticket.as_ref(), &cause).await?;
        let packed = key
            .open(mail_place(&id), row.try_get::<&[u8], _>("sealed_mail")?)
            .map_err(broken_seal("outbox"))?;
        Ok(ClaimedOutgoing {
            mail: unpack(&packed)?,
            id,
            ticket,
            // The count in the row includes this claim.
            attempts: count("outbox", attempts.saturating_sub(1))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_unpacked_as_it_was_packed() {
        let address = |text| EmailAddress::parse(text).unwrap();
        for envelope_from in [None, Some(address("bounce+t@crt.example"))] {
            let mail = OutgoingMail {
                envelope_from,
                to: address("jan@hackegem.be"),
                bytes: b"Subject: x\r\n\r\n\xff\0".to_vec(),
            };
            assert!(unpack(&pack(&mail).unwrap()).unwrap() == mail);
        }
        for wrong in [&b""[..], b"\0\0", b"\0\0\0\x09[]", b"\xff\xff\xff\xff"] {
            assert!(unpack(wrong).is_err());
        }
    }
}
