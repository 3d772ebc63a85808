//! Messages that go out: written with the decision that made them, claimed for sending.
//!
//! How one is laid down as bytes stands in `outbox_pack`, what became of a try in `outbox_end`, counting
//! in `outbox_count`.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::fault::{Refusal, broken_seal, exactly_one};
use crate::adapters::store::keys::{self, KeyOf};
use crate::adapters::store::outbox_pack::{pack, unpack};
use crate::adapters::store::rows::{count, millis, time, word};
use crate::adapters::store::sql::{Connection, FromRow, Row, Text, query};
use crate::adapters::store::vault::{Place, Vault};
use crate::app::ports::{ClaimedOutgoing, Dispatch, Lane, NewOutgoing, Route, StoreError};
use crate::domain::ids::{InboxId, OutboxId, TicketId};
use crate::domain::ticket::words::Release;
use jiff::Timestamp;

const INSERT: &str = "/* outbox.insert */
    INSERT INTO outbox (outbox_id, ticket_id, cause, route, lane, voice, state, share,
        recipient_hash, domain_hash, text_hash, answers, created_at, due_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
    ON CONFLICT DO NOTHING";
// A card that waits to be brought up to date is brought up to date once, as it is then. Until this transaction
// ends nobody begins with the one that waits: he would not see what is written here.
const INSERT_EDIT: &str = "/* outbox.insert_edit */
    INSERT INTO outbox (outbox_id, ticket_id, cause, route, lane, voice, state, share,
        recipient_hash, domain_hash, text_hash, answers, created_at, due_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
    ON CONFLICT (ticket_id) WHERE lane = 4 AND state = 'ready' DO UPDATE SET due_at = outbox.due_at
    RETURNING outbox_id";
const INSERT_BODY: &str = "/* outbox_body.insert */
    INSERT INTO outbox_body (outbox_id, sealed) VALUES ($1, $2)";
// Within a lane a later message of a ticket waits for an earlier one; another ticket's never waits, and
// neither does a mail that wakes somebody: the mailbox of the one says nothing of the other's.
macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "/* outbox.claim */
    UPDATE outbox SET state = 'sending', lease_owner = $1, lease_until = $2, attempts = attempts + 1
    WHERE ordinal = (
        SELECT o.ordinal FROM outbox o
        WHERE o.route = $4 AND o.state IN ('ready', 'sending') AND o.due_at <= $3
            AND (o.lease_until IS NULL OR o.lease_until <= $3)
            AND (o.lane = 0 AND o.route = 'mail' OR NOT EXISTS (
                SELECT 1 FROM outbox e
                WHERE e.ticket_id = o.ticket_id AND e.ordinal < o.ordinal
                    AND e.route = o.route AND e.lane = o.lane
                    AND e.state IN ('ready', 'sending')))
        ORDER BY o.lane, o.due_at, o.ordinal LIMIT 1",
            $lock,
            ")
    RETURNING outbox_id, ticket_id, cause, route, voice, created_at, attempts"
        )
    };
}
const CLAIM: Text = Text {
    sqlite: claim!(""),
    postgres: claim!(" FOR UPDATE OF o SKIP LOCKED"),
};
const BODY: &str = "/* outbox_body.get */ SELECT sealed FROM outbox_body WHERE outbox_id = $1";

/// A claimed row as it stands in the table.
struct ClaimedRow {
    outbox_id: String,
    ticket_id: Option<String>,
    cause: Option<String>,
    route: String,
    voice: String,
    created_at: i64,
    attempts: i64,
}

impl FromRow for ClaimedRow {
    fn from_row(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            outbox_id: row.get("outbox_id")?,
            ticket_id: row.get("ticket_id")?,
            cause: row.get("cause")?,
            route: row.get("route")?,
            voice: row.get("voice")?,
            created_at: row.get("created_at")?,
            attempts: row.get("attempts")?,
        })
    }
}

/// The word in the column for when a message may leave.
fn first_state(release: Release) -> &'static str {
    match release {
        Release::AtOnce => "ready",
        Release::OnApproval => "held",
        Release::DraftOnly => "draft",
    }
}

fn place(id: &OutboxId) -> Place<'_> {
    Place {
        table: "outbox_body",
        column: "sealed",
        row: id.as_str(),
    }
}

/// Whose key seals a message: the ticket's, without a ticket that of the message it answers, and the team's where the bot
/// speaks to it on its own account.
fn key_of<'a>(ticket: Option<&'a TicketId>, cause: Option<&'a InboxId>) -> KeyOf<'a> {
    match (ticket, cause) {
        (Some(ticket), _) => KeyOf::Ticket(ticket),
        (None, Some(cause)) => KeyOf::Inbox(cause),
        (None, None) => KeyOf::Team,
    }
}

/// Writes a new message. A cause that has its automatic mail already is a conflict.
pub(super) async fn insert(
    conn: &mut Connection,
    vault: &Vault,
    new: &NewOutgoing,
    now: Timestamp,
) -> Result<(), Refusal> {
    let (ticket, cause) = (new.ticket.as_ref(), new.cause.as_ref());
    let key = match key_of(ticket, cause) {
        KeyOf::Team => keys::load_or_create(&mut *conn, vault, KeyOf::Team, now).await?,
        of => keys::load(&mut *conn, vault, of).await?,
    };
    let sealed = key
        .seal(place(&new.id), &pack(&new.dispatch)?)
        .map_err(broken_seal("outbox"))?;
    let counted = new.counted.as_ref();
    let recipient = counted.map(|counted| vault.recipient_hash(&counted.to));
    let domain = counted.map(|counted| vault.domain_hash(&counted.to));
    let text = counted.map(|counted| vault.text_hash(&counted.text));
    let is_edit = new.lane == Lane::Edit;
    let insert = query(if is_edit { INSERT_EDIT } else { INSERT })
        .bind(new.id.as_str())
        .bind(ticket.map(TicketId::as_str))
        .bind(cause.map(InboxId::as_str))
        .bind(new.dispatch.route().as_str())
        .bind(new.lane.rank())
        .bind(new.voice.as_str())
        .bind(first_state(new.release))
        .bind(counted.map(|counted| counted.share.as_str()))
        .bind(recipient.as_ref().map(<[u8; 32]>::as_slice))
        .bind(domain.as_ref().map(<[u8; 32]>::as_slice))
        .bind(text.as_ref().map(<[u8; 32]>::as_slice))
        .bind(counted.and(cause).map(InboxId::as_str))
        .bind(millis(now));
    if is_edit {
        let waits: String = insert.fetch_one(&mut *conn).await?;
        if waits != new.id.as_str() {
            return Ok(());
        }
    } else {
        exactly_one(insert.execute(&mut *conn).await?)?;
    }
    query(INSERT_BODY)
        .bind(new.id.as_str())
        .bind(sealed)
        .execute(conn)
        .await?;
    Ok(())
}

impl SqlStore {
    pub(super) async fn take_outgoing(
        &self,
        route: Route,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<ClaimedOutgoing>, StoreError> {
        let mut tx = self.begin_write().await?;
        let row: Option<ClaimedRow> = query(CLAIM)
            .bind(self.instance.as_str())
            .bind(millis(lease_until))
            .bind(millis(now))
            .bind(route.as_str())
            .fetch_optional(&mut tx)
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let claimed = self.claimed(&mut tx, row).await?;
        tx.commit().await?;
        Ok(Some(claimed))
    }

    async fn claimed(
        &self,
        conn: &mut Connection,
        row: ClaimedRow,
    ) -> Result<ClaimedOutgoing, StoreError> {
        let id = OutboxId::from_stored(row.outbox_id);
        let ticket = row.ticket_id.map(TicketId::from_stored);
        let cause = row.cause.map(InboxId::from_stored);
        let route = word("outbox", &row.route)?;
        let dispatch = self
            .open_if_possible(conn, &id, route, ticket.as_ref(), cause.as_ref())
            .await?;
        Ok(ClaimedOutgoing {
            dispatch,
            voice: word("outbox", &row.voice)?,
            created_at: time("outbox", row.created_at)?,
            id,
            ticket,
            cause,
            attempt: count("outbox", row.attempts)?,
        })
    }

    /// What is handed over. One that can't be opened is nothing, and not an error: whoever asks must be told
    /// of it, and go on with the others.
    pub(super) async fn open_if_possible(
        &self,
        conn: &mut Connection,
        id: &OutboxId,
        route: Route,
        ticket: Option<&TicketId>,
        cause: Option<&InboxId>,
    ) -> Result<Option<Dispatch>, StoreError> {
        match self.open_body(conn, id, route, ticket, cause).await {
            Ok(dispatch) => Ok(Some(dispatch)),
            Err(StoreError::Inconsistent { table, what }) => {
                tracing::error!(outbox = %id, "message {id} can't be opened: {table}: {what}");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    async fn open_body(
        &self,
        conn: &mut Connection,
        id: &OutboxId,
        route: Route,
        ticket: Option<&TicketId>,
        cause: Option<&InboxId>,
    ) -> Result<Dispatch, StoreError> {
        let key = keys::load(&mut *conn, &self.vault, key_of(ticket, cause)).await?;
        let sealed: Vec<u8> = query(BODY).bind(id.as_str()).fetch_one(conn).await?;
        let packed = key
            .open(place(id), &sealed)
            .map_err(broken_seal("outbox"))?;
        unpack(route, &packed)
    }
}
