//! A full store is backed up and restored, from either database into either; what is there afterwards is
//! what was there. A file that isn't whole, authentic and ours changes nothing.

use crate::contracts::store::commit_ticket;
use crate::contracts::store_outgoing;
use crate::contracts::store_samples::*;
use crate::support::databases::TestDatabase;
use eerstelijn::adapters::store::{BackupError, BackupKey, MasterKey, SqlStore, Vault};
use eerstelijn::app::ports::*;
use eerstelijn::domain::chat::ids::{EventId, RoomId};
use eerstelijn::domain::ids::{MailboxName, OutboxId};
use eerstelijn::domain::ticket::due::Timers;
use eerstelijn::domain::ticket::event::{Actor, TicketEvent};
use eerstelijn::domain::ticket::words::Release;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// More rows than are read at a time.
const MANY: u32 = 600;
/// Messages so large that a few fill the memory for them.
const LARGE: u32 = 3;

fn master(n: u8) -> MasterKey {
    MasterKey::generate([n; 32])
}

fn chat() -> MailboxName {
    MailboxName::new("matrix:@crt:crt.example")
}

/// A back-up in a folder of its own.
pub(crate) struct Made {
    dir: TempDir,
    report: eerstelijn::adapters::store::BackupReport,
}

impl Made {
    pub(crate) async fn of(store: &SqlStore) -> Self {
        let dir = TempDir::new().unwrap();
        let key = BackupKey::new(&master(1));
        let made = store.back_up(&dir.path().join("a"), &key, at(7)).await;
        let report = made.unwrap();
        Self { dir, report }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.dir.path().join("a")
    }
}

/// Restores it as the command does.
pub(crate) async fn restore(
    target: &TestDatabase,
    file: &Path,
    key: u8,
) -> Result<(), BackupError> {
    let key = master(key);
    let settings = target.settings();
    // What the lock of the service does: make the folder.
    if let TestDatabase::File(dir) = target {
        std::fs::create_dir_all(dir.path().join("data")).unwrap();
    }
    let (vault, sealed_with) = (Vault::new(&key), BackupKey::new(&key));
    let done = SqlStore::restore(&settings, &vault, file, &sealed_with);
    done.await.map(|_| ())
}

/// Everything that a store can hold, also while work is going on.
async fn fill(store: &SqlStore) {
    store_outgoing::what_waits_is_counted(store).await;
    in_the_pen(store, 20).await;
    cards(store).await;
    for n in 0..LARGE {
        let mut large = arrival(30 + n);
        large.raw = vec![b'x'; 1_500_000];
        store.admit(large, at(1)).await.unwrap();
    }
    let locked = Arrival {
        mailbox: chat(),
        position: Position::Matrix {
            room: RoomId::parse("!lobby").unwrap(),
            event: EventId::parse("$one").unwrap(),
        },
        extent: Extent::Locked,
        due_at: at(99_999),
        ..arrival(40)
    };
    store.admit(locked, at(1)).await.unwrap();
    for n in 0..3 {
        let read = ReadRecord {
            ticket: ticket(1),
            reader: "kanarielezer".into(),
            through: "tickets show".into(),
            reason: None,
            at: at(n),
        };
        store.record_read(read).await.unwrap();
        let version = format!("v{n}");
        let kept = store.keep_knowledge(&version, b"kanariekennis", at(n));
        kept.await.unwrap();
    }
    // Held by somebody at this moment: a message, a reply, a timer.
    assert_eq!(next_to_send(store, 10).await, Some(outbox(3)));
    let timer = store.claim_timer(at(9_000), lease(9_000)).await.unwrap();
    assert!(timer.is_some());
}

async fn in_the_pen(store: &SqlStore, n: u32) {
    let held = TicketEvent::Held {
        possibly: number(1),
        until: at(900),
        constituent: None,
    };
    let events = vec![(Actor::Bot, held)];
    let change = TicketChange {
        id: ticket(n),
        after_seq: 0,
        summary: summary(&ticket(n), &recorded(0, &events, at(1))),
        events,
        traces: vec![Trace::Token(format!("token {n}"))],
        takes_number: None,
        timers: Timers::new(),
    };
    commit_ticket(store, change, 1).await;
}

/// One edit of a card is being done, another one waits.
async fn cards(store: &SqlStore) {
    for n in [21, 22] {
        let edit = NewOutgoing {
            id: outbox(n),
            ticket: Some(ticket(1)),
            cause: None,
            dispatch: Dispatch::Chat(ChatErrand::Card),
            voice: Voice::Inside,
            lane: Lane::Edit,
            release: Release::AtOnce,
            counted: None,
        };
        let change = Change {
            outgoing: vec![edit],
            ..Change::default()
        };
        store.commit(change, at(2)).await.unwrap();
        let claimed = store.claim_outgoing(Route::Chat, at(3), lease(9_999));
        let claimed = claimed.await.unwrap().map(|claimed| claimed.id);
        assert_eq!(claimed, (n == 21).then(|| outbox(21)));
    }
}

/// All that can be asked of a store, in words.
async fn picture(store: &SqlStore) -> Vec<String> {
    let mut seen = Vec::new();
    for summary in store.list(100).await.unwrap() {
        let history = store.history(&summary.id).await.unwrap();
        seen.push(format!("{summary:?} {history:?}"));
    }
    for n in 1..50 {
        let original = store.original(&inbox(n)).await.unwrap();
        // Large ones are long: how long, and what they begin with.
        let original = original.map(|raw| (raw.len(), raw[..16].to_vec()));
        let decision = store.decision(&inbox(n)).await.unwrap();
        seen.push(format!("{n} {original:?} {decision:?}"));
        let traces = [
            Trace::MessageId(message_id(n)),
            Trace::Token(format!("token {n}")),
        ];
        let found = store.find_by_traces(&traces, 9).await.unwrap();
        let known = store.knows(&mailbox(), &position(n)).await.unwrap();
        let numbered = store.find_by_number(&number(n)).await.unwrap();
        seen.push(format!("{found:?} {known} {numbered:?}"));
    }
    for mailbox in [mailbox(), chat()] {
        let progress = store.progress(&mailbox).await.unwrap();
        let locked = store.locked(&mailbox, 9).await.unwrap();
        let settled = store.settled(&mailbox, 9).await.unwrap();
        seen.push(format!("{progress:?} {locked:?} {settled:?}"));
    }
    let kept = store.kept_knowledge("v1").await.unwrap();
    let audit = store.verify().await.unwrap();
    assert_eq!(audit.findings, [""; 0]);
    seen.push(format!("{kept:?} {audit:?}"));
    seen
}

/// What goes on in a restored store: nobody holds anything, what is new comes after what is old.
async fn goes_on(store: &SqlStore) {
    assert_eq!(
        store.release_stale_leases().await.unwrap(),
        0,
        "all is free"
    );
    let mut due = Vec::new();
    while let Some(claimed) = store.claim_arrival(at(60), lease(60)).await.unwrap() {
        due.push(claimed.id);
    }
    due.sort();
    let mut expected = vec![inbox(6), inbox(7), inbox(30), inbox(31), inbox(32)];
    expected.sort();
    assert_eq!(due, expected);
    let timer = store.claim_timer(at(9_000), lease(9_000)).await.unwrap();
    assert!(timer.is_some());
    let replies: Vec<OutboxId> = next_to_send(store, 60).await.into_iter().collect();
    assert_eq!(replies, [outbox(3)], "what was being sent is sent again");
    let card = store.claim_outgoing(Route::Chat, at(60), lease(60)).await;
    assert_eq!(
        card.unwrap().unwrap().id,
        outbox(22),
        "the later edit goes for both"
    );
    assert_eq!(store.next_number("CRT", 2026).await.unwrap(), number(6));
    admit_and_claim(store, 60).await;
    let events = opening(60, &number(6));
    let change = Change {
        tickets: vec![TicketChange {
            summary: summary(&ticket(60), &recorded(0, &events, at(60))),
            events,
            takes_number: Some(number(6)),
            ..new_ticket(60, at(60))
        }],
        arrival: Some(decided(60, Outcome::OnTicket)),
        outgoing: vec![reply(60, Some(ticket(60)), Release::AtOnce)],
        ..Change::default()
    };
    let done = store.commit(change, at(60)).await.unwrap();
    assert_eq!(done, Committed::Done);
    assert_eq!(store.verify().await.unwrap().findings, [""; 0]);
}

async fn from_one_to_the_other(source: TestDatabase, target: TestDatabase) {
    let store = source.open(instance(1)).await;
    fill(&store).await;
    let (before, waiting_before) = (picture(&store).await, store.backlog().await.unwrap());
    let made = Made::of(&store).await;
    assert_eq!((made.report.tickets, made.report.messages), (6, 12));
    assert_eq!(made.report.made_at, at(7));
    // What comes later is not in it.
    in_the_pen(&store, 49).await;
    restore(&target, &made.file(), 1).await.unwrap();
    let restored = target.open(instance(2)).await;
    assert_eq!(picture(&restored).await, before);
    // Two edits of one card are one where nobody does the first any more.
    let mut waiting = waiting_before;
    waiting.unsent -= 1;
    assert_eq!(restored.backlog().await.unwrap(), waiting);
    goes_on(&restored).await;
    let bytes = std::fs::read(made.file()).unwrap();
    let words = [&CANARIES[..], &["tickets", "sealed", "crt.example"]].concat();
    let words = regex::bytes::Regex::new(&format!("(?i){}", words.join("|"))).unwrap();
    assert!(!words.is_match(&bytes), "a word stands in the clear");
    restored.close().await;
    let again = restore(&target, &made.file(), 1).await.unwrap_err();
    assert!(
        matches!(again, BackupError::Occupied(_) | BackupError::Filled(_)),
        "{again}"
    );
    let untouched = target.open(instance(3)).await;
    assert_eq!(untouched.history(&ticket(60)).await.unwrap().len(), 3);
}

#[tokio::test]
async fn from_a_file_into_a_file() {
    from_one_to_the_other(TestDatabase::file(), TestDatabase::file()).await;
}

#[tokio::test]
async fn from_a_file_into_a_server() {
    if let Some(server) = TestDatabase::on_postgres().await {
        from_one_to_the_other(TestDatabase::file(), server).await;
    }
}

#[tokio::test]
async fn from_a_server_into_a_file() {
    if let Some(server) = TestDatabase::on_postgres().await {
        from_one_to_the_other(server, TestDatabase::file()).await;
    }
}

#[tokio::test]
async fn from_a_server_into_a_server() {
    let source = TestDatabase::on_postgres().await;
    if let (Some(source), Some(target)) = (source, TestDatabase::on_postgres().await) {
        from_one_to_the_other(source, target).await;
    }
}

#[tokio::test]
async fn more_rows_than_fit_into_a_page_are_all_there_once() {
    let source = TestDatabase::file();
    let store = source.open(instance(1)).await;
    for n in 1..=MANY {
        store.admit(arrival(n), at(1)).await.unwrap();
    }
    let made = Made::of(&store).await;
    assert_eq!(made.report.messages, u64::from(MANY));
    let target = TestDatabase::file();
    restore(&target, &made.file(), 1).await.unwrap();
    let restored = target.open(instance(1)).await;
    for n in [1, 499, 500, 501, MANY] {
        let original = restored.original(&inbox(n)).await.unwrap();
        assert_eq!(original, Some(raw(n)));
    }
    assert_eq!(restored.backlog().await.unwrap().undecided, u64::from(MANY));
}

/// Rows that come while it is made are in it whole or not at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_meanwhile_breaks_no_moment() {
    for source in [
        Some(TestDatabase::file()),
        TestDatabase::on_postgres().await,
    ] {
        let Some(source) = source else { return };
        let store = source.open(instance(1)).await;
        let beside = source.open(instance(1)).await;
        let writing = async {
            for n in 1..=40 {
                report(&beside, n, Release::AtOnce).await;
            }
        };
        let backing_up = async {
            let mut made = Vec::new();
            for _ in 0..5 {
                made.push(Made::of(&store).await);
            }
            made
        };
        let ((), made) = tokio::join!(writing, backing_up);
        for made in made {
            let target = TestDatabase::file();
            restore(&target, &made.file(), 1).await.unwrap();
            let restored = target.open(instance(1)).await;
            assert_eq!(restored.verify().await.unwrap().findings, [""; 0]);
        }
    }
}

#[tokio::test]
async fn a_file_that_is_not_whole_and_ours_changes_nothing() {
    let source = TestDatabase::file();
    let store = source.open(instance(1)).await;
    report(&store, 1, Release::AtOnce).await;
    let mut large = arrival(2);
    large.raw = vec![b'x'; 70_000];
    store.admit(large, at(1)).await.unwrap();
    let made = Made::of(&store).await;
    let whole = std::fs::read(made.file()).unwrap();
    let bad = made.dir.path().join("bad");
    for target in [
        Some(TestDatabase::file()),
        TestDatabase::on_postgres().await,
    ] {
        let Some(target) = target else { return };
        let positions = (0..whole.len()).step_by(whole.len() / 16);
        for at in positions.chain([whole.len() - 1]) {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            for content in [&flipped[..], &whole[..at]] {
                std::fs::write(&bad, content).unwrap();
                let refused = restore(&target, &bad, 1).await.unwrap_err();
                let said = refused.to_string();
                assert!(
                    !matches!(refused, BackupError::Open(_) | BackupError::Store(_)),
                    "byte {at}: {said}"
                );
            }
        }
        std::fs::write(&bad, [&whole[..], b"more"].concat()).unwrap();
        let longer = restore(&target, &bad, 1).await.unwrap_err();
        assert!(matches!(longer, BackupError::Damaged(_)), "{longer}");
        let other = restore(&target, &made.file(), 2).await.unwrap_err();
        assert!(matches!(other, BackupError::WrongKey(_)), "{other}");
        // After all this the place is as empty as before.
        restore(&target, &made.file(), 1).await.unwrap();
        assert_eq!(
            target
                .open(instance(1))
                .await
                .history(&ticket(1))
                .await
                .unwrap()
                .len(),
            4
        );
    }
}

#[tokio::test]
async fn what_another_database_left_is_in_the_way() {
    let source = TestDatabase::file();
    let store = source.open(instance(1)).await;
    let made = Made::of(&store).await;
    let TestDatabase::File(dir) = TestDatabase::file() else {
        unreachable!()
    };
    let wal = dir.path().join("data/eerstelijn.db-wal");
    std::fs::create_dir_all(dir.path().join("data")).unwrap();
    std::fs::write(&wal, b"").unwrap();
    let target = TestDatabase::File(dir);
    let refused = restore(&target, &made.file(), 1).await.unwrap_err();
    assert!(refused.to_string().contains("-wal already"), "{refused}");
    std::fs::remove_file(wal).unwrap();
    restore(&target, &made.file(), 1).await.unwrap();
    assert_eq!(target.files().await.len(), 1, "nothing is left beside");
}

#[tokio::test]
async fn a_server_with_tables_of_another_program_or_of_a_service_is_refused() {
    let (Some(foreign), Some(used)) = (
        TestDatabase::on_postgres().await,
        TestDatabase::on_postgres().await,
    ) else {
        return;
    };
    let source = TestDatabase::file();
    let made = Made::of(&source.open(instance(1)).await).await;
    foreign
        .tamper("CREATE TABLE cashbook (amount BIGINT)")
        .await;
    let refused = restore(&foreign, &made.file(), 1).await.unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("not a database of this program"),
        "{refused}"
    );
    // A service began there: nothing is stored yet, but it has a key.
    used.open(instance(1)).await.close().await;
    let refused = restore(&used, &made.file(), 1).await.unwrap_err();
    assert!(matches!(refused, BackupError::Filled(_)), "{refused}");
    // Tables of ours without a row are as good as none.
    used.tamper("DELETE FROM vault").await;
    restore(&used, &made.file(), 1).await.unwrap();
}

#[tokio::test]
async fn a_database_that_a_newer_version_brought_up_to_date_is_backed_up_by_that_version() {
    let source = TestDatabase::file();
    let store = source.open(instance(1)).await;
    source
        .tamper("INSERT INTO _sqlx_migrations VALUES (9999, 'later', 0, 1, x'00', 1)")
        .await;
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("a");
    let key = BackupKey::new(&master(1));
    let refused = store.back_up(&file, &key, at(1)).await.unwrap_err();
    assert!(matches!(refused, BackupError::DatabaseNewer), "{refused}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}
