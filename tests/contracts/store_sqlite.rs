//! The stories on SQLite, and what only files have: rights, a key, a crash, words left in the clear.

use crate::contracts::store_samples::*;
use crate::contracts::{store, store_kept, store_outgoing};
use eerstelijn::adapters::store::{MasterKey, SqliteStore, StoreSettings, Vault};
use eerstelijn::app::ports::*;
use eerstelijn::domain::ticket::words::Release;
use eerstelijn::domain::triage::category::{Category, Kind, Severity};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

pub(crate) fn database(dir: &Path) -> PathBuf {
    dir.join("data/eerstelijn.db")
}

pub(crate) async fn try_open(dir: &Path, key: u8, n: u32) -> Result<SqliteStore, StoreError> {
    let vault = Vault::new(&MasterKey::generate([key; 32]));
    let path = database(dir);
    SqliteStore::open(StoreSettings { path }, vault, instance(n)).await
}

pub(crate) async fn open(dir: &Path, n: u32) -> SqliteStore {
    try_open(dir, 1, n).await.unwrap()
}

macro_rules! on_one {
    ($($module:ident::$story:ident),+ $(,)?) => {
        $(#[tokio::test]
        async fn $story() {
            let dir = TempDir::new().unwrap();
            $module::$story(&open(dir.path(), 1).await).await;
        })+
    };
}

macro_rules! on_two {
    ($($module:ident::$story:ident),+ $(,)?) => {
        $(#[tokio::test]
        async fn $story() {
            let dir = TempDir::new().unwrap();
            let (one, other) = (open(dir.path(), 1).await, open(dir.path(), 2).await);
            $module::$story(&one, &other).await;
        })+
    };
}

on_one! {
    store::a_message_is_stored_once_and_progress_never_goes_back,
    store::a_message_that_was_known_still_moves_the_progress,
    store::a_maildir_has_positions_of_its_own,
    store::a_locked_message_is_decided_again_when_its_key_comes,
    store::the_oldest_due_message_comes_first,
    store::a_decision_is_written_whole_and_read_back,
    store::a_ticket_in_the_pen_gets_its_number_later,
    store::tickets_are_found_by_traces_and_number_and_listed_by_change,
    store::numbers_count_by_prefix_and_year_and_are_taken_once,
    store::a_second_delivery_of_a_message_is_a_duplicate,
    store_kept::reads_are_logged_and_an_untouched_store_has_no_findings,
    store_kept::knowledge_is_kept_by_version,
    store_outgoing::mail_leaves_only_when_it_may,
    store_outgoing::a_try_is_recorded_and_repeated_when_it_is_due,
    store_outgoing::one_cause_has_one_reply,
    store_outgoing::order_is_kept_within_a_ticket_and_a_bad_mail_stops_no_other_ticket,
    store_outgoing::a_reply_without_a_ticket_is_sealed_with_its_cause,
    store_outgoing::automatic_mail_is_counted_where_it_went,
    store_outgoing::a_card_that_waits_is_brought_up_to_date_once,
    store_outgoing::an_original_leaves_when_its_answer_has_left,
    store_outgoing::what_waits_is_counted,
}

on_two! {
    store::the_slower_of_two_writers_writes_nothing,
    store::whoever_lost_the_lease_of_a_message_decides_nothing,
    store_kept::timers_are_due_until_their_ticket_changes,
    store_outgoing::a_delivery_is_recorded_with_its_event_or_not_at_all,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_claimed_twice() {
    let dir = TempDir::new().unwrap();
    let (one, other) = (open(dir.path(), 1).await, open(dir.path(), 2).await);
    store_outgoing::nothing_is_claimed_twice([Arc::new(one), Arc::new(other)]).await;
}

#[tokio::test]
async fn after_a_crash_everything_committed_is_there_and_stale_leases_are_freed() {
    let dir = TempDir::new().unwrap();
    let before = open(dir.path(), 1).await;
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
    let after = open(dir.path(), 2).await;
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
    let dir = TempDir::new().unwrap();
    report(&open(dir.path(), 1).await, 1, Release::AtOnce).await;
    let error = try_open(dir.path(), 2, 1).await.err().unwrap().to_string();
    assert!(error.contains("key file is not the one"), "{error}");
    let right = open(dir.path(), 1).await;
    assert_eq!(right.history(&ticket(1)).await.unwrap().len(), 4);
}

#[tokio::test]
async fn no_word_of_a_report_stands_in_any_file() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path(), 1).await;
    store_outgoing::what_waits_is_counted(&store).await;
    store
        .keep_knowledge("v1", b"kanariekennis", at(1))
        .await
        .unwrap();
    let read = ReadRecord {
        ticket: ticket(1),
        reader: "kanarielezer".into(),
        through: "tickets show",
        at: at(1),
    };
    store.record_read(read).await.unwrap();
    let person = one_more(&store, 1, received(1), at(60)).await;
    let change = Change {
        tickets: vec![person],
        ..Change::default()
    };
    assert_eq!(store.commit(change, at(60)).await.unwrap(), Committed::Done);
    let mut scanned = scan(dir.path());
    assert!(
        stands_in_a_file(dir.path(), mailbox().as_str()),
        "the search does see"
    );
    store.close().await;
    scanned += scan(dir.path());
    assert!(
        scanned > 3,
        "{scanned} files: database, log, index, database"
    );
}

fn stands_in_a_file(dir: &Path, word: &str) -> bool {
    files(dir).iter().any(|file| {
        let bytes = std::fs::read(file).unwrap().to_ascii_lowercase();
        let word = word.to_ascii_lowercase();
        bytes
            .windows(word.len())
            .any(|window| window == word.as_bytes())
    })
}

fn files(dir: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(dir.join("data"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}

fn scan(dir: &Path) -> usize {
    for word in CANARIES {
        assert!(!stands_in_a_file(dir, word), "{word} stands in the clear");
    }
    let files = files(dir);
    for file in &files {
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.display());
    }
    let mode = dir.join("data").metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o700);
    files.len()
}

#[tokio::test]
async fn a_second_service_on_the_same_folder_is_refused() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("new/data");
    let held = SqliteStore::lock(&data).unwrap();
    assert!(SqliteStore::lock(&data).is_err());
    drop(held);
    SqliteStore::lock(&data).unwrap();
}

/// The schema names the words of closed lists; a word that is added there must be added here.
#[test]
fn the_schema_knows_every_word_of_the_closed_lists() {
    let schema = concat!(
        include_str!("../../migrations/sqlite/0002_tickets.sql"),
        include_str!("../../migrations/sqlite/0003_inbox.sql"),
    );
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
        assert!(schema.contains(&format!("'{word}'")), "{word}");
    }
}
