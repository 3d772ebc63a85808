//! The stories on SQLite, and what only files have: rights, a key, a crash, words left in the clear.

use crate::contracts::store_samples::*;
use crate::contracts::stories::stories;
use crate::support::databases::TestDatabase;
use eerstelijn::adapters::store::{OpenError, SqlStore};
use eerstelijn::app::ports::*;
use eerstelijn::domain::ticket::words::Release;
use eerstelijn::domain::triage::category::{Category, Kind, Severity};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

stories!(std::future::ready(Some(TestDatabase::file())));

#[tokio::test]
async fn after_a_crash_everything_committed_is_there_and_stale_leases_are_freed() {
    let database = TestDatabase::file();
    let before = database.open(instance(1)).await;
    report(&before, 1, Release::AtOnce).await;
    assert_eq!(next_to_send(&before, 2).await, Some(outbox(1)));
    admit_and_claim(&before, 2).await;
    before
        .claim_timer(at(9_000), lease(9_000))
        .await
        .unwrap()
        .unwrap();
    // Never closed: the files stay as a crash leaves them.
    std::mem::forget(before);
    let after = database.open(instance(2)).await;
    assert_eq!(next_to_send(&after, 3).await, None);
    assert_eq!(after.release_stale_leases().await.unwrap(), 3);
    assert_eq!(next_to_send(&after, 3).await, Some(outbox(1)));
    let claimed = after.claim_arrival(at(3), lease(3)).await.unwrap().unwrap();
    assert_eq!((claimed.id, claimed.attempt), (inbox(2), 2));
    let timer = after.claim_timer(at(9_000), lease(9_000)).await.unwrap();
    assert!(timer.is_some());
    assert_eq!(after.history(&ticket(1)).await.unwrap().len(), 4);
    assert_eq!(after.verify().await.unwrap().findings, [""; 0]);
    assert_eq!(
        after.release_stale_leases().await.unwrap(),
        0,
        "own leases stay"
    );
}

#[tokio::test]
async fn another_master_key_is_refused_and_leaves_everything_as_it_was() {
    let database = TestDatabase::file();
    report(&database.open(instance(1)).await, 1, Release::AtOnce).await;
    let refused = database.try_open(2, instance(1)).await;
    assert!(matches!(refused, Err(OpenError::WrongKey(_))));
    let right = database.open(instance(1)).await;
    assert_eq!(right.history(&ticket(1)).await.unwrap().len(), 4);
}

#[tokio::test]
async fn only_the_owner_can_read_the_files() {
    let database = TestDatabase::file();
    let store = database.open(instance(1)).await;
    report(&store, 1, Release::AtOnce).await;
    let files = database.files().await;
    assert!(files.len() > 2, "database, log, index: {files:?}");
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    for file in &files {
        assert_eq!(mode(file), 0o600, "{}", file.display());
    }
    assert_eq!(mode(files[0].parent().unwrap()), 0o700);
}

#[tokio::test]
async fn a_second_service_on_the_same_folder_is_refused() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("new/data");
    let held = SqlStore::lock(&data).unwrap();
    assert!(SqlStore::lock(&data).is_err());
    drop(held);
    SqlStore::lock(&data).unwrap();
}

/// The schema names the words of closed lists; a word that is added there must be added here.
#[test]
fn the_schema_knows_every_word_of_the_closed_lists() {
    let schemas = [
        concat!(
            include_str!("../../migrations/sqlite/0002_tickets.sql"),
            include_str!("../../migrations/sqlite/0003_inbox.sql"),
        ),
        concat!(
            include_str!("../../migrations/postgres/0002_tickets.sql"),
            include_str!("../../migrations/postgres/0003_inbox.sql"),
        ),
    ];
    let words = Category::ALL
        .iter()
        .map(|word| word.as_str())
        .chain(Kind::ALL.iter().map(|word| word.as_str()))
        .chain(Severity::ALL.iter().map(|word| word.as_str()))
        .chain(Outcome::ALL.iter().map(|word| word.as_str()))
        .chain(
            eerstelijn::domain::ticket::state::TicketState::ALL
                .iter()
                .map(|word| word.as_str()),
        );
    for word in words {
        for schema in schemas {
            assert!(schema.contains(&format!("'{word}'")), "{word}");
        }
    }
}
