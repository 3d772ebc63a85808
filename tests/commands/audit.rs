//! `audit verify` misses what somebody removed or changed with a tool of his own: a message of a ticket, a key, a decision.

use crate::commands::{Desk, SOON};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::path::Path;

const QUESTION: &str = "From: Jan <jan@hackegem.example>\nTo: crt@crt.example\nSubject: Back-ups\n\
    Message-ID: <vraag@hackegem.example>\n\n\
    Goeiemorgen, hoe organiseren wij het best onze back-ups, en hoe vaak moeten we een hersteltest doen?\n";

/// What somebody does, and what the audit says of it.
const DEEDS: [(&str, &str); 6] = [
    (
        "DELETE FROM inbox WHERE ticket_id IS NOT NULL",
        "-0001, event 2: its message was removed",
    ),
    (
        "DELETE FROM data_keys WHERE key_id IN (
            SELECT 'inbox/' || inbox_id FROM inbox WHERE ticket_id IS NOT NULL)",
        "-0001, event 2: the key of its message is missing or was changed",
    ),
    (
        "UPDATE data_keys SET wrapped = x'01' WHERE key_id IN (
            SELECT 'inbox/' || inbox_id FROM inbox WHERE ticket_id IS NULL)",
        ": its key is missing or was changed",
    ),
    ("DELETE FROM inbox WHERE ticket_id IS NULL", ": removed"),
    (
        "UPDATE inbox SET sealed_decision = x'00' WHERE ticket_id IS NOT NULL",
        ": its decision does not open",
    ),
    (
        "UPDATE inbox SET sealed_decision = NULL WHERE ticket_id IS NULL",
        ": its decision was removed",
    ),
];

#[test]
fn a_removed_message_key_or_decision_is_a_finding() {
    let desk = Desk::with_a_ticket();
    // A memo's answer that may leave needs no ticket.
    desk.write_config(|text| text.replace("[[mailbox]]", "mode = \"answer\"\n[[mailbox]]"));
    desk.deliver("2.a.b", QUESTION);
    let mut service = desk.start(&[]);
    service.wait_until(|_| answered(&desk) == 2, SOON);
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
    let intact = desk.run(&["audit", "verify"]);
    assert!(
        intact.stdout.starts_with("intact: 1 tickets, "),
        "{intact:?}"
    );
    on_database(&desk, "PRAGMA wal_checkpoint(TRUNCATE)");
    let database = desk.path("data/eerstelijn.db");
    let untouched = std::fs::read(&database).unwrap();
    for (deed, said) in DEEDS {
        std::fs::write(&database, &untouched).unwrap();
        for side in ["data/eerstelijn.db-wal", "data/eerstelijn.db-shm"] {
            // There is none where nobody wrote.
            let _ = std::fs::remove_file(desk.path(side));
        }
        on_database(&desk, deed);
        let found = desk.run(&["audit", "verify"]);
        assert_eq!(found.code, 1, "{deed}: {found:?}");
        let told: Vec<&str> = found.stdout.lines().collect();
        assert!(
            told.len() == 1 && told[0].ends_with(said),
            "{deed}: {found:?}"
        );
    }
}

/// How many messages were decided.
fn answered(desk: &Desk) -> i64 {
    run(async {
        let mut conn = open(&desk.path("data/eerstelijn.db")).await;
        let count = sqlx::query_scalar("SELECT count(*) FROM inbox WHERE state = 'decided'")
            .fetch_one(&mut conn)
            .await
            .unwrap();
        conn.close().await.unwrap();
        count
    })
}

fn on_database(desk: &Desk, statement: &'static str) {
    on_file(&desk.path("data/eerstelijn.db"), statement);
}

/// Runs a statement on a database file, which is made where it is missing.
pub(super) fn on_file(file: &Path, statement: &'static str) {
    run(async {
        let mut conn = open(file).await;
        sqlx::raw_sql(statement).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    });
}

async fn open(file: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .foreign_keys(false);
    SqliteConnection::connect_with(&options).await.unwrap()
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
