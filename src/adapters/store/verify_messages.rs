//! Checking the messages: every one that a ticket's events name still lies in the inbox, and the key
//! of every message is there and opens.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::keys::KeyOf;
use crate::adapters::store::sql::{Connection, query};
use crate::adapters::store::vault::{DataKey, Place, Vault};
use crate::adapters::store::verify_chain::ChainRow;
use crate::app::ports::StoreError;
use crate::domain::ids::InboxId;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Rows that are held in memory at a time.
const PAGE: i64 = 500;

const MESSAGE: &str = "/* verify.message */
    SELECT k.wrapped FROM inbox i LEFT JOIN data_keys k ON k.key_id = 'inbox/' || i.inbox_id
    WHERE i.inbox_id = $1";
// Those on a ticket are looked at with their ticket.
const KEYS: &str = "/* verify.message_keys */
    SELECT i.inbox_id, k.wrapped FROM inbox i
    LEFT JOIN data_keys k ON k.key_id = 'inbox/' || i.inbox_id
    WHERE i.ticket_id IS NULL AND i.inbox_id > $1 ORDER BY i.inbox_id LIMIT $2";
// A reply without a ticket: the outbox alone knows that there was a message.
const ANSWERED: &str = "/* verify.answered */
    SELECT o.cause FROM outbox o
    WHERE o.ticket_id IS NULL AND o.cause IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.inbox_id = o.cause)
    ORDER BY o.cause LIMIT $1";

/// The messages that the events of one ticket name, each with the event that names it first.
#[derive(Default)]
pub(super) struct Named(BTreeMap<String, i64>);

/// What is read of an event's payload, whatever its kind.
#[derive(Deserialize)]
struct Payload {
    event: Naming,
}

#[derive(Deserialize)]
struct Naming {
    #[serde(default)]
    inbox: Option<InboxId>,
}

impl Named {
    /// Notes the message that an event names. `false` where the event doesn't open.
    pub(super) fn note(&mut self, key: &DataKey, row: &ChainRow) -> bool {
        let place_row = format!("{}/{}", row.ticket_id, row.seq);
        let place = Place {
            table: "ticket_events",
            column: "sealed",
            row: &place_row,
        };
        let Ok(plain) = key.open(place, &row.sealed) else {
            return false;
        };
        let Ok(payload) = serde_json::from_slice::<Payload>(&plain) else {
            return false;
        };
        if let Some(inbox) = payload.event.inbox {
            self.0.entry(inbox.as_str().to_owned()).or_insert(row.seq);
        }
        true
    }

    /// What is wrong with these messages.
    pub(super) async fn check(
        &self,
        conn: &mut Connection,
        vault: &Vault,
        ticket: &str,
    ) -> Result<Vec<String>, StoreError> {
        let mut findings = Vec::new();
        for (inbox, seq) in &self.0 {
            let there: Option<Option<Vec<u8>>> = query(MESSAGE)
                .bind(inbox)
                .fetch_optional(&mut *conn)
                .await?;
            let what = match there {
                None => "its message was removed",
                Some(wrapped) if opens(vault, inbox, wrapped.as_deref()) => continue,
                Some(_) => "the key of its message is missing or was changed",
            };
            findings.push(format!("{ticket}, event {seq}: {what}"));
        }
        Ok(findings)
    }
}

/// What is wrong with the messages that are on no ticket.
pub(super) async fn check_others(
    store: &SqlStore,
    conn: &mut Connection,
    most: usize,
) -> Result<Vec<String>, StoreError> {
    let mut findings = Vec::new();
    let mut after = String::new();
    while findings.len() < most {
        let page: Vec<(String, Option<Vec<u8>>)> = query(KEYS)
            .bind(&after)
            .bind(PAGE)
            .fetch_all(&mut *conn)
            .await?;
        let Some((last, _)) = page.last() else { break };
        after.clone_from(last);
        let locked_out = page
            .iter()
            .filter(|(inbox, wrapped)| !opens(&store.vault, inbox, wrapped.as_deref()));
        findings.extend(
            locked_out
                .map(|(inbox, _)| format!("message {inbox}: its key is missing or was changed")),
        );
    }
    let answered: Vec<String> = query(ANSWERED).bind(PAGE).fetch_all(conn).await?;
    findings.extend(
        answered
            .iter()
            .map(|inbox| format!("message {inbox}: removed")),
    );
    Ok(findings)
}

fn opens(vault: &Vault, inbox: &str, wrapped: Option<&[u8]>) -> bool {
    let id = InboxId::from_stored(inbox);
    let name = KeyOf::Inbox(&id).id();
    wrapped.is_some_and(|wrapped| vault.unwrap_data_key(&name, wrapped).is_ok())
}
