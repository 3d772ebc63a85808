//! Checking the decisions: every message that was decided has one, and it opens and can be read. Only then does what is
//! counted from them hold.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::inbox_end::decision_place;
use crate::adapters::store::keys::KeyOf;
use crate::adapters::store::sql::{Connection, query};
use crate::adapters::store::vault::Vault;
use crate::app::ports::{DecisionRecord, StoreError};
use crate::domain::ids::InboxId;

/// Rows that are held in memory at a time.
const PAGE: i64 = 500;

// A message without a key is looked at elsewhere. Of one that was set aside nothing was decided.
const DECIDED: &str = "/* verify.decisions */
    SELECT i.inbox_id, i.sealed_decision, k.wrapped FROM inbox i
    JOIN data_keys k ON k.key_id = 'inbox/' || i.inbox_id
    WHERE i.state = 'decided' AND (i.sealed_decision IS NOT NULL OR i.outcome <> 'set-aside')
        AND i.inbox_id > $1
    ORDER BY i.inbox_id LIMIT $2";

/// A message, its decision, and its key.
type Row = (String, Option<Vec<u8>>, Option<Vec<u8>>);

/// What is wrong with the decisions on messages, on a ticket or not; at most about `most` findings.
pub(super) async fn check(
    store: &SqlStore,
    conn: &mut Connection,
    most: usize,
) -> Result<Vec<String>, StoreError> {
    let mut findings = Vec::new();
    let mut after = String::new();
    while findings.len() < most {
        let page: Vec<Row> = query(DECIDED)
            .bind(&after)
            .bind(PAGE)
            .fetch_all(&mut *conn)
            .await?;
        let Some((last, ..)) = page.last() else { break };
        after.clone_from(last);
        findings.extend(page.iter().filter_map(|row| {
            let flaw = flaw(&store.vault, row)?;
            Some(format!("message {}: {flaw}", row.0))
        }));
    }
    Ok(findings)
}

/// What is wrong with one of them. Nothing where its key doesn't open: that is said of the key.
fn flaw(vault: &Vault, (inbox, sealed, wrapped): &Row) -> Option<&'static str> {
    let inbox = InboxId::from_stored(inbox.clone());
    let name = KeyOf::Inbox(&inbox).id();
    let key = vault.unwrap_data_key(&name, wrapped.as_deref()?).ok()?;
    let Some(sealed) = sealed else {
        return Some("its decision was removed");
    };
    let Ok(plain) = key.open(decision_place(&inbox), sealed) else {
        return Some("its decision does not open");
    };
    serde_json::from_slice::<DecisionRecord>(&plain)
        .err()
        .map(|_| "its decision can't be read, another version of the program wrote it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::store::vault::MasterKey;
    use jiff::Timestamp;

    #[test]
    fn what_opens_and_cant_be_read_is_told_apart_from_what_does_not_open() {
        let vault = Vault::new(&MasterKey::generate([3; 32]));
        let inbox = InboxId::from_stored("eerste".to_owned());
        let (key, wrapped) = vault.new_data_key(&KeyOf::Inbox(&inbox).id()).unwrap();
        let decision = DecisionRecord::without_triage("lobby", "0", Timestamp::UNIX_EPOCH);
        let written = serde_json::to_vec(&decision).unwrap();
        let told = |of: &InboxId, plain: &[u8]| {
            let sealed = key.seal(decision_place(of), plain).unwrap();
            let row = ("eerste".to_owned(), Some(sealed), Some(wrapped.clone()));
            flaw(&vault, &row).unwrap_or_default()
        };
        assert_eq!(told(&inbox, &written), "");
        assert!(told(&inbox, br#"{"at":"later"}"#).contains("another version"));
        let other = InboxId::from_stored("tweede".to_owned());
        assert_eq!(told(&other, &written), "its decision does not open");
    }
}
