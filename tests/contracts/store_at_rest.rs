//! What somebody sees who has the files of a database: no word of a report.

use crate::contracts::store_outgoing;
use crate::contracts::store_samples::*;
use crate::support::databases::TestDatabase;
use eerstelijn::app::ports::*;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

#[tokio::test]
async fn no_word_of_a_report_stands_in_any_file() {
    no_word_stands_in(TestDatabase::file()).await;
}

#[tokio::test]
async fn no_word_of_a_report_stands_in_any_file_of_a_server() {
    if let Some(database) = TestDatabase::on_postgres().await {
        no_word_stands_in(database).await;
    }
}

async fn no_word_stands_in(database: TestDatabase) {
    let store = database.open(instance(1)).await;
    store_outgoing::what_waits_is_counted(&store).await;
    store
        .keep_knowledge("v1", b"kanariekennis", at(1))
        .await
        .unwrap();
    let read = ReadRecord {
        ticket: ticket(1),
        reader: "kanarielezer".into(),
        through: "tickets show".into(),
        reason: None,
        at: at(1),
    };
    store.record_read(read).await.unwrap();
    let person = one_more(&store, 1, received(1), at(60)).await;
    let change = Change {
        tickets: vec![person],
        ..Change::default()
    };
    assert_eq!(store.commit(change, at(60)).await.unwrap(), Committed::Done);
    let while_open = database.files().await;
    assert!(
        stands_in(&while_open, mailbox().as_str()),
        "the search sees"
    );
    no_canary_in(&while_open);
    store.close().await;
    no_canary_in(&database.files().await);
}

fn no_canary_in(files: &[PathBuf]) {
    for word in CANARIES {
        assert!(!stands_in(files, word), "{word} stands in the clear");
    }
}

fn stands_in(files: &[PathBuf], word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    files.iter().any(|file| {
        let bytes = bytes_of(file).to_ascii_lowercase();
        bytes
            .windows(word.len())
            .any(|window| window == word.as_bytes())
    })
}

/// A running server writes caches beside the tables under a passing name (`pg_internal.init.4711`) and renames
/// them: what is gone by now holds nothing any more.
fn bytes_of(file: &Path) -> Vec<u8> {
    match std::fs::read(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        read => read.unwrap(),
    }
}
