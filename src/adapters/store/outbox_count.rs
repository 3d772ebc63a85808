//! Counting automatic mail, for the limits, and everything that waits, for lists and health.
//!
//! A draft never leaves and a message that was given up did not arrive: neither counts. What waits
//! for approval does, or approving a heap of them at once would break every limit.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::dead_addresses;
use crate::adapters::store::fault::Refusal;
use crate::adapters::store::rows::{count, millis};
use crate::adapters::store::sql::{Connection, query};
use crate::adapters::store::vault::Vault;
use crate::app::ports::{Backlog, NewOutgoing, SentQuery, StoreError};
use crate::domain::ids::TicketId;
use crate::domain::intake::limits::SentCounts;
use jiff::{SignedDuration, Timestamp};

/// Counting ends here, so that a storm doesn't make each count slower. A limit above this is never
/// reached: settings must stay below it.
const MOST_COUNTED: i64 = 2_000;

const DAY: SignedDuration = SignedDuration::from_hours(24);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

const TO_ADDRESS: &str = "/* outbox.to_address */
    SELECT count(*) FROM (SELECT 1 FROM outbox
        WHERE recipient_hash = $1 AND created_at > $2 AND share IS NOT NULL AND share <> 'dialogue'
            AND state IN ('held', 'ready', 'sending', 'done') LIMIT $3) AS counted";
const ON_TICKET: &str = "/* outbox.on_ticket */
    SELECT count(*) FROM (SELECT 1 FROM outbox
        WHERE ticket_id = $1 AND created_at > $2 AND share IS NOT NULL
            AND state IN ('held', 'ready', 'sending', 'done') LIMIT $3) AS counted";
const TO_DOMAIN: &str = "/* outbox.to_domain */
    SELECT count(*) FROM (SELECT 1 FROM outbox
        WHERE domain_hash = $1 AND created_at > $2 AND share IS NOT NULL
            AND state IN ('held', 'ready', 'sending', 'done') LIMIT $3) AS counted";
const IN_ALL: &str = "/* outbox.in_all */
    SELECT count(*) FROM (SELECT 1 FROM outbox
        WHERE created_at > $1 AND share IS NOT NULL
            AND state IN ('held', 'ready', 'sending', 'done') LIMIT $2) AS counted";
const SAME_TEXT: &str = "/* outbox.same_text */
    SELECT count(*) FROM (SELECT 1 FROM outbox
        WHERE recipient_hash = $1 AND created_at > $2 AND text_hash = $3 AND share IS NOT NULL
            AND state IN ('held', 'ready', 'sending', 'done') LIMIT $4) AS counted";
const WAITING: &str = "/* outbox.waiting */
    SELECT state, count(*) FROM outbox
    WHERE state IN ('held', 'ready', 'sending', 'given-up') GROUP BY state";
const UNDECIDED: &str = "/* inbox.undecided */
    SELECT count(*) FROM inbox WHERE state = 'undecided'";
const SET_ASIDE: &str = "/* inbox.set_aside */
    SELECT count(*) FROM inbox WHERE outcome = 'set-aside'";

/// Refuses automatic mail where more was sent to its recipient since the limits were asked. Whoever writes to
/// the same recipient at the same time waits.
pub(super) async fn check(
    conn: &mut Connection,
    vault: &Vault,
    new: &[NewOutgoing],
    now: Timestamp,
) -> Result<(), Refusal> {
    let since = now.checked_sub(DAY).map_or(i64::MIN, millis);
    for counted in new.iter().filter_map(|new| new.counted.as_ref()) {
        let recipient = vault.recipient_hash(&counted.to);
        conn.alone_with(&recipient).await?;
        let to_address: i64 = query(TO_ADDRESS)
            .bind(recipient.as_slice())
            .bind(since)
            .bind(MOST_COUNTED)
            .fetch_one(&mut *conn)
            .await?;
        let same_text: i64 = query(SAME_TEXT)
            .bind(recipient.as_slice())
            .bind(since)
            .bind(vault.text_hash(&counted.text).as_slice())
            .bind(MOST_COUNTED)
            .fetch_one(&mut *conn)
            .await?;
        let seen = &counted.seen;
        if to_address > i64::from(seen.to_address_day) || same_text > i64::from(seen.same_text) {
            return Err(Refusal::Conflict);
        }
    }
    Ok(())
}

impl SqlStore {
    pub(super) async fn count_sent(&self, asked: &SentQuery) -> Result<SentCounts, StoreError> {
        let mut tx = self.begin_read().await?;
        let since = |span| asked.now.checked_sub(span).map_or(i64::MIN, millis);
        let recipient = self.vault.recipient_hash(&asked.to);
        let to_address: i64 = query(TO_ADDRESS)
            .bind(recipient.as_slice())
            .bind(since(DAY))
            .bind(MOST_COUNTED)
            .fetch_one(&mut tx)
            .await?;
        let on_ticket: i64 = query(ON_TICKET)
            .bind(asked.ticket.as_ref().map(TicketId::as_str))
            .bind(since(DAY))
            .bind(MOST_COUNTED)
            .fetch_one(&mut tx)
            .await?;
        let to_domain: i64 = query(TO_DOMAIN)
            .bind(self.vault.domain_hash(&asked.to).as_slice())
            .bind(since(HOUR))
            .bind(MOST_COUNTED)
            .fetch_one(&mut tx)
            .await?;
        let in_all: i64 = query(IN_ALL)
            .bind(since(HOUR))
            .bind(MOST_COUNTED)
            .fetch_one(&mut tx)
            .await?;
        let same_text: i64 = query(SAME_TEXT)
            .bind(recipient.as_slice())
            .bind(since(DAY))
            .bind(self.vault.text_hash(&asked.text).as_slice())
            .bind(MOST_COUNTED)
            .fetch_one(&mut tx)
            .await?;
        let dead_since = dead_addresses::since(&mut tx, &self.vault, &asked.to).await?;
        Ok(SentCounts {
            dead_since,
            to_address_day: count("outbox", to_address)?,
            on_ticket_day: count("outbox", on_ticket)?,
            to_domain_hour: count("outbox", to_domain)?,
            in_all_hour: count("outbox", in_all)?,
            same_text: count("outbox", same_text)?,
        })
    }

    pub(super) async fn count_waiting(&self) -> Result<Backlog, StoreError> {
        let mut tx = self.begin_read().await?;
        let undecided: i64 = query(UNDECIDED).fetch_one(&mut tx).await?;
        let set_aside: i64 = query(SET_ASIDE).fetch_one(&mut tx).await?;
        let states: Vec<(String, i64)> = query(WAITING).fetch_all(&mut tx).await?;
        let in_state = |wanted: &str| -> Result<u64, StoreError> {
            let found = states.iter().find(|(state, _)| state == wanted);
            count("outbox", found.map_or(0, |(_, number)| *number))
        };
        Ok(Backlog {
            undecided: count("inbox", undecided)?,
            set_aside: count("inbox", set_aside)?,
            awaiting_approval: in_state("held")?,
            unsent: in_state("ready")?.saturating_add(in_state("sending")?),
            given_up: in_state("given-up")?,
        })
    }
}
