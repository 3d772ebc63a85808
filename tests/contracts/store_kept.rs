//! What every store does with timers, with the log of reads and with kept knowledge.

use crate::contracts::store::commit_ticket;
use crate::contracts::store_samples::*;
use eerstelijn::app::ports::*;
use eerstelijn::domain::oncall::people::PersonId;
use eerstelijn::domain::party::Party;
use eerstelijn::domain::pgp::certificate::{Certificate, Fingerprint};
use eerstelijn::domain::ticket::due::{TimerKind, Timers};
use eerstelijn::domain::ticket::event::TicketEvent;
use eerstelijn::domain::ticket::words::{Release, Silence};
use eerstelijn::domain::triage::category::{Category, Kind};

pub(crate) async fn timers_are_due_until_their_ticket_changes(one: &dyn Store, other: &dyn Store) {
    report(one, 1, Release::AtOnce).await;
    let due = 1 + 15 * 60;
    assert_eq!(
        one.claim_timer(at(due - 1), lease(due)).await.unwrap(),
        None
    );
    let due_one = DueTimer {
        ticket: ticket(1),
        kind: TimerKind::ReleaseFromPen,
        due_at: at(due),
    };
    let much_later = due + 9_999;
    let claimed = one.claim_timer(at(much_later), lease(much_later)).await;
    assert_eq!(claimed.unwrap(), Some(due_one.clone()));
    let taken = other.claim_timer(at(much_later), lease(much_later)).await;
    assert_eq!(taken.unwrap(), None, "another instance holds it");
    let later = much_later + 60;
    let taken_over = other.claim_timer(at(later), lease(later)).await.unwrap();
    assert_eq!(taken_over, Some(due_one), "the lease ran out");
    // Whatever changes the ticket says anew what it waits for.
    let event = TicketEvent::ReplyWithheld {
        inbox: inbox(1),
        reason: Silence::NothingToSay,
    };
    let mut change = one_more(one, 1, event, at(later)).await;
    change.timers = Timers::from([(TimerKind::ReleaseFromPen, at(later + 500))]);
    commit_ticket(one, change, later).await;
    let soon = other.claim_timer(at(later + 499), lease(later + 499)).await;
    assert_eq!(soon.unwrap(), None);
    let again = one.claim_timer(at(later + 500), lease(later + 500)).await;
    assert_eq!(again.unwrap().unwrap().due_at, at(later + 500));
    // A timer that turned out to be void ends without an event.
    let mut void = one_more(one, 1, received(1), at(later)).await;
    void.events.clear();
    void.summary = one.list(1).await.unwrap().remove(0);
    commit_ticket(one, void, later + 500).await;
    let never = other
        .claim_timer(at(later + 9_999), lease(later + 9_999))
        .await;
    assert_eq!(never.unwrap(), None);
    assert_eq!(one.verify().await.unwrap().findings, Vec::<String>::new());
}

pub(crate) async fn tickets_are_found_by_what_happened_on_them(store: &dyn Store) {
    report(store, 1, Release::AtOnce).await;
    report(store, 2, Release::AtOnce).await;
    report(store, 3, Release::AtOnce).await;
    let by = "els".parse::<PersonId>().unwrap();
    for (n, event) in [
        (
            1,
            TicketEvent::CategorySet {
                by: by.clone(),
                category: Category::Malware,
            },
        ),
        (
            3,
            TicketEvent::KindSet {
                by: by.clone(),
                kind: Kind::Question,
            },
        ),
    ] {
        let change = one_more(store, n, event, at(9)).await;
        commit_ticket(store, change, 9).await;
    }
    let found = store.tickets_with(&["category-set", "kind-set"]).await;
    let mut expected = vec![ticket(1), ticket(3)];
    expected.sort();
    assert_eq!(found.unwrap(), expected);
    assert_eq!(
        store.tickets_with(&["kind-set"]).await.unwrap(),
        [ticket(3)]
    );
    assert_eq!(store.tickets_with(&["closed"]).await.unwrap(), []);
    assert_eq!(store.tickets_with(&[]).await.unwrap(), []);
}

pub(crate) async fn reads_are_logged_and_an_untouched_store_has_no_findings(store: &dyn Store) {
    report(store, 1, Release::AtOnce).await;
    report(store, 2, Release::OnApproval).await;
    let read = |n, through: &'static str, reason: Option<&str>| ReadRecord {
        ticket: ticket(1),
        reader: "kanarielezer".into(),
        through: through.into(),
        reason: reason.map(str::to_owned),
        at: at(n),
    };
    let reads = [
        read(1, "tickets show", None),
        read(2, "tickets export", Some("kanariewoord: aan de politie")),
        read(3, "replay", None),
    ];
    for read in &reads {
        store.record_read(read.clone()).await.unwrap();
    }
    assert_eq!(store.reads_of(&ticket(1)).await.unwrap(), reads);
    assert_eq!(store.reads_of(&ticket(2)).await.unwrap(), []);
    let expected = AuditReport {
        tickets: 2,
        events: 8,
        reads: 3,
        findings: Vec::new(),
    };
    assert_eq!(store.verify().await.unwrap(), expected);
}

pub(crate) async fn a_message_is_found_again_as_it_came(store: &dyn Store) {
    report(store, 1, Release::AtOnce).await;
    let came = arrival(1);
    let found = store.arrival(&inbox(1)).await.unwrap().unwrap();
    assert_eq!(found.id, came.id);
    assert_eq!(found.mailbox, came.mailbox);
    assert_eq!(found.position, came.position);
    assert_eq!(found.raw, came.raw);
    assert_eq!(found.extent, came.extent);
    assert_eq!(found.received_at, came.received_at);
    assert!(store.arrival(&inbox(2)).await.unwrap().is_none());
}

pub(crate) async fn an_answer_by_hand_is_found_by_what_it_answers(store: &dyn Store) {
    store.admit(arrival(1), at(1)).await.unwrap();
    store.claim_arrival(at(1), lease(1)).await.unwrap();
    let answered = message_id(1);
    assert_eq!(store.answers_by_hand(&answered).await.unwrap(), []);
    let change = Change {
        arrival: Some(decided(1, Outcome::NoTicket)),
        answered_by_hand: vec![answered.clone(), answered.clone()],
        ..Change::default()
    };
    assert_eq!(store.commit(change, at(2)).await.unwrap(), Committed::Done);
    let answers = store.answers_by_hand(&answered).await.unwrap();
    assert_eq!(answers, [inbox(1)]);
    let other = message_id(2);
    assert_eq!(store.answers_by_hand(&other).await.unwrap(), []);
    // Who decided before that answer came decides again.
    for (message, seen, expected) in [
        (&answered, 0, Committed::Conflict),
        (&answered, 1, Committed::Done),
        (&other, 0, Committed::Done),
    ] {
        let change = Change {
            by_hand_so_far: Some((message.clone(), seen)),
            ..Change::default()
        };
        assert_eq!(store.commit(change, at(3)).await.unwrap(), expected);
    }
}

pub(crate) async fn who_cannot_be_reached_is_known_by_the_latest_word(store: &dyn Store) {
    let dead = Party::Mail(reporter());
    let asked = |now| SentQuery {
        to: dead.clone(),
        ticket: None,
        text: "kanarietekst".into(),
        now,
    };
    let before = store.sent_counts(&asked(at(1))).await.unwrap();
    assert_eq!(before.dead_since, None);
    for seconds in [2, 90] {
        let change = Change {
            dead: vec![dead.clone()],
            ..Change::default()
        };
        let written = store.commit(change, at(seconds)).await.unwrap();
        assert_eq!(written, Committed::Done);
    }
    let after = store.sent_counts(&asked(at(99))).await.unwrap();
    assert_eq!(after.dead_since, Some(at(90)));
}

pub(crate) async fn a_pinned_key_gives_way_to_a_person_only(store: &dyn Store) {
    let party = Party::Mail(reporter());
    let key = |digits: &str, form: u8| Certificate {
        fingerprint: Fingerprint::from_digits(digits),
        addresses: vec!["kanarie@hackegem.example".to_owned()],
        bytes: vec![form],
    };
    assert_eq!(store.pinned_key(&party).await.unwrap(), None);
    for (certificate, by, expected, there) in [
        (key("A", 1), PinnedBy::Proof, Committed::Done, key("A", 1)),
        // A newer form of the same.
        (key("A", 2), PinnedBy::Proof, Committed::Done, key("A", 2)),
        (
            key("B", 1),
            PinnedBy::Proof,
            Committed::Conflict,
            key("A", 2),
        ),
        (key("B", 1), PinnedBy::Person, Committed::Done, key("B", 1)),
        (
            key("A", 2),
            PinnedBy::Proof,
            Committed::Conflict,
            key("B", 1),
        ),
    ] {
        let change = Change {
            pin: Some(KeyPin {
                party: party.clone(),
                certificate,
                by,
            }),
            ..Change::default()
        };
        assert_eq!(store.commit(change, at(1)).await.unwrap(), expected);
        assert_eq!(store.pinned_key(&party).await.unwrap(), Some(there));
    }
}

pub(crate) async fn knowledge_is_kept_by_version(store: &dyn Store) {
    assert_eq!(store.kept_knowledge("v1").await.unwrap(), None);
    for (version, archive) in [("v1", "kanariekennis"), ("v2", "b"), ("v1", "c")] {
        store
            .keep_knowledge(version, archive.as_bytes(), at(1))
            .await
            .unwrap();
    }
    let kept = store.kept_knowledge("v1").await.unwrap();
    assert_eq!(kept, Some(b"kanariekennis".to_vec()), "the first stays");
    let kept = store.kept_knowledge("v2").await.unwrap();
    assert_eq!(kept, Some(b"b".to_vec()));
}
