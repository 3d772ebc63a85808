//! What every store does with messages that come in, and with tickets. Each story wants
//! an empty store; those with two stores want two instances on the same one.

use crate::contracts::store_samples::*;
use eerstelijn::app::ports::*;
use eerstelijn::domain::address::MessageId;
use eerstelijn::domain::chat::ids::{EventId, RoomId};
use eerstelijn::domain::ids::{MailboxName, TicketNumber};
use eerstelijn::domain::ticket::due::{TimerKind, Timers};
use eerstelijn::domain::ticket::event::{Actor, TicketEvent};
use eerstelijn::domain::ticket::state::TicketState;
use eerstelijn::domain::ticket::words::{Release, Silence};
use eerstelijn::domain::triage::category::{Category, Severity};

pub(crate) async fn a_message_is_stored_once_and_progress_never_goes_back(store: &dyn Store) {
    let start = Progress {
        uid_validity: 7,
        last_uid: 2,
        started_at: at(0),
    };
    assert_eq!(store.progress(&mailbox()).await.unwrap(), None);
    store.start_mailbox(&mailbox(), start).await.unwrap();
    assert_eq!(store.progress(&mailbox()).await.unwrap(), Some(start));
    for (uid, expected, last_uid) in [
        (5, Admission::Stored, 5),
        (4, Admission::Stored, 5),
        (5, Admission::AlreadyKnown, 5),
    ] {
        let mut arrival = arrival(uid);
        arrival.id = inbox(
            uid + if expected == Admission::Stored {
                0
            } else {
                100
            },
        );
        assert_eq!(store.admit(arrival, at(9)).await.unwrap(), expected);
        let progress = store.progress(&mailbox()).await.unwrap().unwrap();
        assert_eq!(progress.last_uid, last_uid);
    }
    assert_eq!(store.original(&inbox(5)).await.unwrap(), Some(raw(5)));
    assert_eq!(store.original(&inbox(105)).await.unwrap(), None);
    let renumbered = Progress {
        uid_validity: 8,
        last_uid: 0,
        ..start
    };
    store.start_mailbox(&mailbox(), renumbered).await.unwrap();
    let progress = store.progress(&mailbox()).await.unwrap().unwrap();
    assert_eq!(progress.uid_validity, 7, "the first start stays");
    let work = mailbox().work();
    let epoch = store.hold(&work, at(9), lease(9)).await.unwrap().unwrap();
    let of = &mailbox();
    let turn = ReadingTurn { of, epoch };
    let done = store.renumber_mailbox(&mailbox(), 8, 0, turn).await;
    assert_eq!(done.unwrap(), Committed::Done);
    store.admit(arrival(6), at(9)).await.unwrap();
    assert_eq!(
        store.progress(&mailbox()).await.unwrap(),
        Some(renumbered),
        "a message of the former numbering moves nothing"
    );
}

pub(crate) async fn a_message_that_was_known_still_moves_the_progress(store: &dyn Store) {
    store.admit(arrival(9), at(9)).await.unwrap();
    let work = mailbox().work();
    let epoch = store.hold(&work, at(9), lease(9)).await.unwrap().unwrap();
    let of = &mailbox();
    let turn = ReadingTurn { of, epoch };
    let behind = store.renumber_mailbox(&mailbox(), 7, 3, turn).await;
    assert_eq!(behind.unwrap(), Committed::Done);
    let again = store.admit(arrival(9), at(10)).await.unwrap();
    assert_eq!(again, Admission::AlreadyKnown);
    let progress = store.progress(&mailbox()).await.unwrap().unwrap();
    assert_eq!((progress.uid_validity, progress.last_uid), (7, 9));
}

pub(crate) async fn a_maildir_has_positions_of_its_own(store: &dyn Store) {
    let name = MailboxName::new("maildir:/var/mail/crt");
    let there = Position::Maildir {
        name: "1700.M1P2.host".into(),
    };
    let message = || Arrival {
        mailbox: name.clone(),
        position: there.clone(),
        extent: Extent::Beginning,
        ..arrival(1)
    };
    assert_eq!(
        store.admit(message(), at(1)).await.unwrap(),
        Admission::Stored
    );
    assert_eq!(
        store.admit(message(), at(1)).await.unwrap(),
        Admission::AlreadyKnown
    );
    let progress = store.progress(&name).await.unwrap().unwrap();
    assert_eq!((progress.uid_validity, progress.last_uid), (0, 0));
    let claimed = store.claim_arrival(at(1), lease(1)).await.unwrap().unwrap();
    let arrival = claimed.arrival.unwrap();
    assert_eq!(arrival.position, there);
    assert_eq!(arrival.mailbox, name);
    assert_eq!(arrival.extent, Extent::Beginning);
}

pub(crate) async fn a_locked_message_is_decided_again_when_its_key_comes(store: &dyn Store) {
    let account = MailboxName::new("matrix:@crt:crt.example");
    let place = Position::Matrix {
        room: RoomId::parse("!lobby").unwrap(),
        event: EventId::parse("$one").unwrap(),
    };
    let locked = Arrival {
        mailbox: account.clone(),
        position: place.clone(),
        extent: Extent::Locked,
        due_at: at(121),
        ..arrival(1)
    };
    assert!(!store.knows(&account, &place).await.unwrap());
    store.admit(locked, at(1)).await.unwrap();
    assert!(store.knows(&account, &place).await.unwrap());
    let other = MailboxName::new("matrix:@other:crt.example");
    assert!(!store.knows(&other, &place).await.unwrap());
    assert!(
        store
            .claim_arrival(at(120), lease(120))
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(
        store.locked(&account, 9).await.unwrap(),
        std::slice::from_ref(&place)
    );
    // Two minutes are over: it is decided as what it is.
    let claimed = store
        .claim_arrival(at(121), lease(121))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(claimed.arrival.unwrap().extent, Extent::Locked);
    let decided = Change {
        arrival: Some(decided(1, Outcome::NoTicket)),
        ..Change::default()
    };
    assert_eq!(
        store.commit(decided, at(122)).await.unwrap(),
        Committed::Done
    );
    assert_eq!(
        store.locked(&account, 9).await.unwrap(),
        std::slice::from_ref(&place)
    );
    // The key comes.
    assert!(
        store
            .unlock_arrival(&account, &place, b"words", at(200))
            .await
            .unwrap()
    );
    assert!(
        !store
            .unlock_arrival(&account, &place, b"other", at(200))
            .await
            .unwrap()
    );
    assert!(store.locked(&account, 9).await.unwrap().is_empty());
    let claimed = store
        .claim_arrival(at(200), lease(200))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(claimed.attempt, 1, "it begins anew");
    let arrival = claimed.arrival.unwrap();
    assert_eq!(arrival.extent, Extent::Whole);
    assert_eq!(arrival.raw, b"words");
}

pub(crate) async fn the_oldest_due_message_comes_first(store: &dyn Store) {
    for n in [3, 1, 2] {
        store.admit(arrival(n), at(9)).await.unwrap();
    }
    for n in [1, 2, 3] {
        let claimed = store.claim_arrival(at(9), lease(9)).await.unwrap().unwrap();
        assert_eq!((claimed.id, claimed.attempt), (inbox(n), 1));
        let arrival = claimed.arrival.unwrap();
        assert_eq!(arrival.raw, raw(n));
        assert_eq!(arrival.received_at, at(i64::from(n)));
    }
    assert!(
        store
            .claim_arrival(at(9), lease(9))
            .await
            .unwrap()
            .is_none()
    );
    store.defer_arrival(&inbox(1), 1, at(60)).await.unwrap();
    store.defer_arrival(&inbox(2), 1, at(20)).await.unwrap();
    store.defer_arrival(&inbox(3), 9, at(20)).await.unwrap();
    assert!(
        store
            .claim_arrival(at(19), lease(19))
            .await
            .unwrap()
            .is_none()
    );
    let claimed = store
        .claim_arrival(at(20), lease(20))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((claimed.id, claimed.attempt), (inbox(2), 2));
    let claimed = store
        .claim_arrival(at(39), lease(39))
        .await
        .unwrap()
        .unwrap();
    let ran_out = (inbox(3), 2);
    assert_eq!((claimed.id, claimed.attempt), ran_out, "a lease ran out");
}

pub(crate) async fn a_decision_is_written_whole_and_read_back(store: &dyn Store) {
    report(store, 1, Release::AtOnce).await;
    let mut events = opening(1, &number(1));
    events.push((Actor::Bot, written(1, Release::AtOnce)));
    let expected = recorded(0, &events, at(1));
    assert_eq!(store.history(&ticket(1)).await.unwrap(), expected);
    assert_eq!(store.decision(&inbox(1)).await.unwrap(), Some(decision()));
    assert_eq!(store.original(&inbox(1)).await.unwrap(), Some(raw(1)));
    let listed = store.list(10).await.unwrap();
    assert_eq!(listed, [summary(&ticket(1), &expected)]);
    assert_eq!(listed[0].category, Some(Category::Ransomware));
    assert_eq!(listed[0].severity, Severity::Critical);
    assert!(listed[0].page);
    let claimed = store
        .claim_outgoing(Route::Mail, at(2), lease(2))
        .await
        .unwrap()
        .unwrap();
    assert!(claimed.dispatch == Some(Dispatch::Mail(mail(1))));
    assert_eq!((claimed.id, claimed.ticket), (outbox(1), Some(ticket(1))));
    assert_eq!((claimed.attempt, claimed.voice), (1, Voice::Bot));
    let again = store.claim_arrival(at(999), lease(999)).await.unwrap();
    assert!(again.is_none(), "it is decided");
    assert_eq!(store.history(&ticket(2)).await.unwrap(), []);
    assert_eq!(store.decision(&inbox(2)).await.unwrap(), None);
}

pub(crate) async fn a_ticket_in_the_pen_gets_its_number_later(store: &dyn Store) {
    let held = vec![(
        Actor::Bot,
        TicketEvent::Held {
            possibly: number(42),
            until: at(900),
            constituent: None,
        },
    )];
    let first = TicketChange {
        id: ticket(1),
        after_seq: 0,
        summary: summary(&ticket(1), &recorded(0, &held, at(1))),
        events: held,
        traces: Vec::new(),
        takes_number: None,
        timers: Timers::new(),
    };
    commit_ticket(store, first, 1).await;
    let listed = store.list(9).await.unwrap();
    assert_eq!(listed[0].state, TicketState::Held);
    assert_eq!(listed[0].possibly, Some(number(42)));
    assert_eq!(listed[0].number, None);
    let released = TicketEvent::Released { number: number(1) };
    let mut second = one_more(store, 1, released, at(900)).await;
    second.takes_number = Some(number(1));
    commit_ticket(store, second, 900).await;
    let listed = store.list(9).await.unwrap();
    assert_eq!(listed[0].number, Some(number(1)));
    let found = store.find_by_number(&number(1)).await.unwrap();
    assert_eq!(found, Some(ticket(1)));
    assert_eq!(store.verify().await.unwrap().findings, [""; 0]);
}

pub(crate) async fn commit_ticket(store: &dyn Store, ticket: TicketChange, seconds: i64) {
    let change = Change {
        tickets: vec![ticket],
        ..Change::default()
    };
    let done = store.commit(change, at(seconds)).await.unwrap();
    assert_eq!(done, Committed::Done);
}

pub(crate) async fn tickets_are_found_by_traces_and_number_and_listed_by_change(store: &dyn Store) {
    for n in 1..=3 {
        commit_ticket(store, new_ticket(n, at(i64::from(n))), i64::from(n)).await;
    }
    let withheld = TicketEvent::ReplyWithheld {
        inbox: inbox(1),
        reason: Silence::TicketLimit,
    };
    let mut change = one_more(store, 1, withheld, at(50)).await;
    let token = Trace::Token("a1b2c3".into());
    change.traces = vec![token.clone(), Trace::MessageId(message_id(2))];
    commit_ticket(store, change, 50).await;
    let listed: Vec<_> = store.list(2).await.unwrap();
    let ids: Vec<_> = listed.into_iter().map(|summary| summary.id).collect();
    assert_eq!(ids, [ticket(1), ticket(3)]);
    let unknown = Trace::MessageId(MessageId::parse("nobody@nowhere").unwrap());
    let same_text = Trace::Token(message_id(3).as_str().to_owned());
    for (traces, expected) in [
        (vec![], vec![]),
        (vec![unknown.clone(), same_text], vec![]),
        (vec![token.clone(), unknown], vec![ticket(1)]),
        (
            vec![Trace::MessageId(message_id(2)), token],
            vec![ticket(1), ticket(2)],
        ),
    ] {
        assert_eq!(store.find_by_traces(&traces, 9).await.unwrap(), expected);
    }
    let found = store.find_by_number(&number(2)).await.unwrap();
    assert_eq!(found, Some(ticket(2)));
    assert_eq!(store.find_by_number(&number(4)).await.unwrap(), None);
}

pub(crate) async fn the_slower_of_two_writers_writes_nothing(one: &dyn Store, other: &dyn Store) {
    commit_ticket(one, new_ticket(1, at(1)), 1).await;
    let seen_by_one = one_more(one, 1, received(2), at(2)).await;
    let mut seen_by_other = one_more(other, 1, received(3), at(2)).await;
    seen_by_other.traces = vec![Trace::MessageId(message_id(3))];
    seen_by_other.takes_number = Some(number(2));
    seen_by_other.timers = Timers::from([(TimerKind::ReleaseFromPen, at(2))]);
    commit_ticket(one, seen_by_one, 2).await;
    let slower = Change {
        tickets: vec![seen_by_other],
        ..Change::default()
    };
    let done = other.commit(slower, at(2)).await.unwrap();
    assert_eq!(done, Committed::Conflict);
    assert_eq!(other.history(&ticket(1)).await.unwrap().len(), 4);
    let traces = [Trace::MessageId(message_id(3))];
    assert_eq!(other.find_by_traces(&traces, 9).await.unwrap(), []);
    assert_eq!(other.next_number("CRT", 2026).await.unwrap(), number(2));
    assert_eq!(other.claim_timer(at(9), lease(9)).await.unwrap(), None);
    let twice = Change {
        tickets: vec![new_ticket(1, at(3))],
        ..Change::default()
    };
    assert_eq!(one.commit(twice, at(3)).await.unwrap(), Committed::Conflict);
}

pub(crate) async fn numbers_count_by_prefix_and_year_and_are_taken_once(store: &dyn Store) {
    assert_eq!(store.next_number("CRT", 2026).await.unwrap(), number(1));
    for n in 1..=2 {
        commit_ticket(store, new_ticket(n, at(1)), 1).await;
    }
    assert_eq!(store.next_number("CRT", 2026).await.unwrap(), number(3));
    assert_eq!(
        store.next_number("CRT", 2027).await.unwrap(),
        TicketNumber::new("CRT", 2027, 1)
    );
    assert_eq!(
        store.next_number("VO-CRT", 2026).await.unwrap(),
        TicketNumber::new("VO-CRT", 2026, 1)
    );
    for taken in [1, 2, 4] {
        let mut change = new_ticket(3, at(3));
        change.takes_number = Some(number(taken));
        let change = Change {
            tickets: vec![change],
            ..Change::default()
        };
        let done = store.commit(change, at(3)).await.unwrap();
        assert_eq!(done, Committed::Conflict, "{taken}");
    }
    assert_eq!(store.history(&ticket(3)).await.unwrap(), []);
}

pub(crate) async fn a_second_delivery_of_a_message_is_a_duplicate(store: &dyn Store) {
    let decide = |n: u32, outcome, fingerprint: Option<&str>| Change {
        arrival: Some(ArrivalDone {
            fingerprint: fingerprint.map(str::to_owned),
            ..decided(n, outcome)
        }),
        ..Change::default()
    };
    admit_and_claim(store, 1).await;
    let first = decide(1, Outcome::NoTicket, Some("same"));
    assert_eq!(store.commit(first, at(1)).await.unwrap(), Committed::Done);
    admit_and_claim(store, 2).await;
    let mut second = decide(2, Outcome::OnTicket, Some("same"));
    second.tickets = vec![new_ticket(1, at(2))];
    second.outgoing = vec![reply(2, None, Release::AtOnce)];
    assert_eq!(
        store.commit(second, at(2)).await.unwrap(),
        Committed::Duplicate
    );
    assert_eq!(store.history(&ticket(1)).await.unwrap(), []);
    assert_eq!(store.decision(&inbox(2)).await.unwrap(), None);
    assert_eq!(next_to_send(store, 3).await, None);
    let second = decide(2, Outcome::Duplicate, None);
    assert_eq!(store.commit(second, at(3)).await.unwrap(), Committed::Done);
    let again = decide(2, Outcome::Duplicate, None);
    assert_eq!(
        store.commit(again, at(3)).await.unwrap(),
        Committed::NotOurs
    );
}

pub(crate) async fn whoever_lost_the_lease_of_a_message_decides_nothing(
    one: &dyn Store,
    other: &dyn Store,
) {
    admit_and_claim(one, 1).await;
    assert!(
        other
            .claim_arrival(at(5), lease(5))
            .await
            .unwrap()
            .is_none()
    );
    let taken_over = other.claim_arrival(at(60), lease(60)).await.unwrap();
    assert_eq!(taken_over.unwrap().id, inbox(1));
    one.defer_arrival(&inbox(1), 1, at(61)).await.unwrap();
    let late = Change {
        tickets: vec![new_ticket(1, at(61))],
        arrival: Some(decided(1, Outcome::OnTicket)),
        ..Change::default()
    };
    assert_eq!(one.commit(late, at(61)).await.unwrap(), Committed::NotOurs);
    assert_eq!(one.history(&ticket(1)).await.unwrap(), []);
    for (attempt, expected) in [(1, Committed::NotOurs), (2, Committed::Done)] {
        let change = Change {
            arrival: Some(ArrivalDone {
                attempt,
                ..decided(1, Outcome::NoTicket)
            }),
            ..Change::default()
        };
        assert_eq!(other.commit(change, at(62)).await.unwrap(), expected);
    }
}
