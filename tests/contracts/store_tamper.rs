//! Somebody with the database file but without the key: what he changes is found, what he moves
//! doesn't open.

use crate::contracts::store_samples::*;
use crate::support::databases::TestDatabase;
use eerstelijn::adapters::store::SqlStore;
use eerstelijn::app::ports::*;
use eerstelijn::domain::ticket::words::Release;

struct Scene {
    database: TestDatabase,
    store: SqlStore,
}

impl Scene {
    /// Three tickets of four events each, and three reads.
    async fn on(database: TestDatabase) -> Self {
        let store = database.open(instance(1)).await;
        for n in 1..=3 {
            report(&store, n, Release::AtOnce).await;
            let read = ReadRecord {
                ticket: ticket(n),
                reader: "kanarielezer".into(),
                through: "tickets show".into(),
                reason: None,
                at: at(i64::from(n)),
            };
            store.record_read(read).await.unwrap();
        }
        Self { database, store }
    }

    async fn tamper(&self, statements: &str) {
        let statements = format!(
            "CREATE TEMP VIEW t AS SELECT ticket_id AS id, serial AS n FROM tickets; {statements}"
        );
        self.database.tamper(&statements).await;
    }

    async fn findings(&self) -> Vec<String> {
        self.store.verify().await.unwrap().findings
    }
}

/// Makes two tests of a story: on a file and on a server.
macro_rules! on_both {
    ($(async fn $story:ident($scene:ident: Scene) $body:block)+) => {$(
        mod $story {
            use super::*;

            async fn story($scene: Scene) $body

            #[tokio::test]
            async fn on_sqlite() {
                story(Scene::on(TestDatabase::file()).await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                if let Some(database) = TestDatabase::on_postgres().await {
                    story(Scene::on(database).await).await;
                }
            }
        }
    )+};
}

/// What somebody does, and what the audit says of it.
const DEEDS: &[(&str, &[&str])] = &[
    (
        "UPDATE ticket_events SET sealed = x'00' WHERE seq = 3
                AND ticket_id = (SELECT id FROM t WHERE n = 2)",
        &["CRT-2026-0002, event 3: changed"],
    ),
    (
        "UPDATE ticket_events SET at = at + 1 WHERE seq = 1
                AND ticket_id = (SELECT id FROM t WHERE n = 3)",
        &["CRT-2026-0003, event 1: changed"],
    ),
    (
        "DELETE FROM ticket_events WHERE seq = 2
                AND ticket_id = (SELECT id FROM t WHERE n = 1)",
        &["CRT-2026-0001, event 2: removed"],
    ),
    (
        "DELETE FROM ticket_events WHERE seq >= 3
                AND ticket_id = (SELECT id FROM t WHERE n = 1)",
        &[
            "CRT-2026-0001, event 3: removed",
            "CRT-2026-0001, event 4: removed",
        ],
    ),
    (
        "UPDATE ticket_events SET seq = 90 + seq WHERE seq IN (2, 3)
                AND ticket_id = (SELECT id FROM t WHERE n = 1);
             UPDATE ticket_events SET seq = 95 - seq WHERE seq > 90",
        &[
            "CRT-2026-0001, event 2: reordered, it was number 3",
            "CRT-2026-0001, event 3: reordered, it was number 2",
        ],
    ),
    (
        "UPDATE tickets SET severity = 'low' WHERE serial = 2",
        &["CRT-2026-0002: its entry in the list was changed"],
    ),
    (
        "UPDATE data_keys SET wrapped = x'01' WHERE key_id =
                (SELECT 'ticket/' || id FROM t WHERE n = 2)",
        &["CRT-2026-0002: its key is missing or was changed"],
    ),
    (
        "DELETE FROM ticket_reads WHERE seq = 3",
        &["the log of reads, entry 3: removed"],
    ),
    (
        "UPDATE ticket_reads SET ticket_id = 'x' WHERE seq = 1",
        &["the log of reads, entry 1: changed"],
    ),
    (
        "UPDATE data_keys SET wrapped = x'01' WHERE key_id = 'reads'",
        &["the log of reads: its key is missing or was changed"],
    ),
    (
        "UPDATE ticket_reads SET sealed = x'00' WHERE seq = 2",
        &["the log of reads, entry 2: changed"],
    ),
    (
        "UPDATE ticket_numbers SET last = 2",
        &["CRT-2026: the counter was changed"],
    ),
    (
        "DELETE FROM ticket_numbers",
        &["CRT-2026: the counter was removed"],
    ),
];

#[tokio::test]
async fn the_audit_names_what_was_done_to_which_row() {
    for (statements, expected) in DEEDS {
        it_is_found(TestDatabase::file(), statements, expected).await;
        if let Some(database) = TestDatabase::on_postgres().await {
            it_is_found(database, statements, expected).await;
        }
    }
}

async fn it_is_found(database: TestDatabase, statements: &str, expected: &[&str]) {
    let scene = Scene::on(database).await;
    assert_eq!(scene.findings().await, [""; 0]);
    scene.tamper(statements).await;
    assert_eq!(scene.findings().await, expected, "{statements}");
}

on_both! {
async fn a_removed_ticket_is_missed_by_its_number_and_by_what_points_at_it(scene: Scene) {
    scene
        .tamper(
            "DELETE FROM ticket_events WHERE ticket_id = (SELECT id FROM t WHERE n = 2);
             DELETE FROM tickets WHERE serial = 2",
        )
        .await;
    assert_eq!(
        scene.findings().await,
        [
            format!("ticket {}: removed", ticket(2)),
            "CRT-2026-0002: removed".to_owned()
        ]
    );
}

async fn a_tail_that_was_cut_off_with_its_entry_stays_a_finding_when_the_ticket_goes_on(scene: Scene) {
    scene
        .tamper(
            "DELETE FROM ticket_events WHERE seq = 4 AND ticket_id = (SELECT id FROM t WHERE n = 1);
             UPDATE tickets SET last_seq = 3, head_hash = (
                SELECT hash FROM ticket_events e WHERE e.ticket_id = tickets.ticket_id AND seq = 3)
             WHERE serial = 1",
        )
        .await;
    let expected = ["CRT-2026-0001: its entry in the list was changed"];
    assert_eq!(scene.findings().await, expected);
    let change = Change {
        tickets: vec![one_more(&scene.store, 1, received(9), at(9)).await],
        ..Change::default()
    };
    let done = scene.store.commit(change, at(9)).await.unwrap();
    assert_eq!(done, Committed::Done, "work goes on");
    assert_eq!(scene.findings().await, expected, "and it stays visible");
}

async fn reads_cut_off_with_their_head_stay_a_finding_when_reading_goes_on(scene: Scene) {
    scene
        .tamper("DELETE FROM ticket_reads WHERE seq > 1; DELETE FROM chain_heads")
        .await;
    let read = ReadRecord {
        ticket: ticket(1),
        reader: "kanarielezer".into(),
        through: "tickets show".into(),
            reason: None,
        at: at(9),
    };
    scene.store.record_read(read).await.unwrap();
    let findings = scene.findings().await;
    let head = "the end of the log of reads was changed".to_owned();
    assert!(findings.contains(&head), "{findings:?}");
}

async fn a_decision_that_was_changed_moved_or_removed_is_named_by_its_message(scene: Scene) {
    scene
        .tamper(
            "UPDATE inbox SET sealed_decision = (
                SELECT i.sealed_decision FROM inbox i WHERE i.ordinal = 3) WHERE ordinal = 2;
             UPDATE inbox SET sealed_decision = x'00' WHERE ordinal = 1;
             UPDATE inbox SET sealed_decision = NULL WHERE ordinal = 3",
        )
        .await;
    let mut expected = [
        format!("message {}: its decision does not open", inbox(1)),
        format!("message {}: its decision does not open", inbox(2)),
        format!("message {}: its decision was removed", inbox(3)),
    ];
    expected.sort();
    assert_eq!(scene.findings().await, expected);
    let page = scene.store.decisions_since(at(0), 0).await.unwrap();
    assert_eq!(page.unreadable, 2, "those are the ones that aren't counted");
}

async fn a_sealed_value_that_was_moved_does_not_open(scene: Scene) {
    scene
        .tamper(
            "UPDATE ticket_events SET sealed = (
                SELECT sealed FROM ticket_events e
                WHERE e.ticket_id = ticket_events.ticket_id AND e.seq = 2)
             WHERE seq = 3 AND ticket_id = (SELECT id FROM t WHERE n = 1);
             UPDATE ticket_events SET sealed = (
                SELECT sealed FROM ticket_events e, t WHERE e.ticket_id = t.id AND t.n = 3 AND e.seq = 2)
             WHERE seq = 2 AND ticket_id = (SELECT id FROM t WHERE n = 2);
             UPDATE inbox_raw SET sealed = (SELECT r.sealed FROM inbox_raw r JOIN inbox i
                USING (inbox_id) WHERE i.ordinal = 2)
             WHERE inbox_id = (SELECT inbox_id FROM inbox WHERE ordinal = 1)",
        )
        .await;
    let store = &scene.store;
    for error in [
        store.history(&ticket(1)).await.err(),
        store.history(&ticket(2)).await.err(),
        store.original(&inbox(1)).await.err(),
    ] {
        assert!(matches!(error, Some(StoreError::Inconsistent { .. })));
    }
    assert_eq!(store.history(&ticket(3)).await.unwrap().len(), 4);
    assert_eq!(store.original(&inbox(2)).await.unwrap(), Some(raw(2)));
}

async fn a_mail_that_does_not_open_stops_no_other(scene: Scene) {
    scene
        .tamper(
            "UPDATE outbox_body SET sealed = x'01'
            WHERE outbox_id = (SELECT outbox_id FROM outbox WHERE ordinal = 1)",
        )
        .await;
    let store = &scene.store;
    // It is claimed all the same, so that it can be given up and a human is told.
    let claimed = store.claim_outgoing(Route::Mail, at(9), lease(9)).await;
    let claimed = claimed.unwrap().unwrap();
    assert_eq!(claimed.id, outbox(1));
    assert!(claimed.dispatch.is_none());
    assert_eq!(next_to_send(store, 9).await, Some(outbox(2)));
    assert_eq!(next_to_send(store, 9).await, Some(outbox(3)));
}
}
