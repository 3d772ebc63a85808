//! What every store does when several instances write at the same time: nothing is lost, nothing stands
//! twice, and whoever comes second hears it and decides again.

use crate::contracts::store_samples::*;
use eerstelijn::app::ports::*;
use eerstelijn::domain::ids::MailboxName;
use eerstelijn::domain::intake::limits::SentCounts;
use eerstelijn::domain::ticket::words::Release;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Two instances on one database.
pub(crate) type Two = [Arc<dyn Store>; 2];

/// Messages in each race: enough that two meet.
const MANY: u32 = 40;

pub(crate) async fn numbers_have_no_gap_and_no_twin(stores: Two) {
    let mut racers = JoinSet::new();
    for n in 1..=MANY {
        let store = Arc::clone(&stores[n as usize % 2]);
        racers.spawn(async move {
            store.admit(arrival(n), at(1)).await.unwrap();
            loop {
                let next = store.next_number("CRT", 2026).await.unwrap();
                let mut ticket = new_ticket(n, at(1));
                ticket.events = opening(n, &next);
                ticket.summary = summary(&ticket.id, &recorded(0, &ticket.events, at(1)));
                ticket.takes_number = Some(next.clone());
                let change = Change {
                    tickets: vec![ticket],
                    ..Change::default()
                };
                match store.commit(change, at(1)).await.unwrap() {
                    Committed::Done => return next,
                    Committed::Conflict => {}
                    other => panic!("{other:?}"),
                }
            }
        });
    }
    let given: BTreeSet<_> = racers.join_all().await.into_iter().collect();
    let expected: BTreeSet<_> = (1..=MANY).map(number).collect();
    assert_eq!(given, expected);
    assert_eq!(stores[0].verify().await.unwrap().findings, [""; 0]);
}

pub(crate) async fn a_ticket_that_many_write_to_keeps_every_event(stores: Two) {
    report(stores[0].as_ref(), 1, Release::AtOnce).await;
    let mut racers = JoinSet::new();
    for n in 0..MANY {
        let store = Arc::clone(&stores[n as usize % 2]);
        racers.spawn(async move {
            loop {
                let more = one_more(store.as_ref(), 1, received(1), at(9)).await;
                let change = Change {
                    tickets: vec![more],
                    ..Change::default()
                };
                match store.commit(change, at(9)).await.unwrap() {
                    Committed::Done => return,
                    Committed::Conflict => {}
                    other => panic!("{other:?}"),
                }
            }
        });
    }
    racers.join_all().await;
    let history = stores[1].history(&ticket(1)).await.unwrap();
    let seqs: Vec<u64> = history.iter().map(|event| event.seq).collect();
    let expected: Vec<u64> = (1..=4 + u64::from(MANY)).collect();
    assert_eq!(seqs, expected);
    assert_eq!(stores[0].verify().await.unwrap().findings, [""; 0]);
}

pub(crate) async fn copies_of_one_message_are_decided_once(stores: Two) {
    for n in 1..=MANY {
        stores[0].admit(arrival(n), at(100)).await.unwrap();
    }
    let mut racers = JoinSet::new();
    for store in stores.iter().cycle().take(4) {
        let store = Arc::clone(store);
        racers.spawn(async move {
            let mut decided_here = 0;
            while let Some(claimed) = store.claim_arrival(at(100), lease(100)).await.unwrap() {
                let done = ArrivalDone {
                    id: claimed.id,
                    fingerprint: Some("kanarietekst".into()),
                    ..decided(1, Outcome::NoTicket)
                };
                let change = Change {
                    arrival: Some(done),
                    ..Change::default()
                };
                match store.commit(change, at(100)).await.unwrap() {
                    Committed::Done => decided_here += 1,
                    Committed::Duplicate => {}
                    other => panic!("{other:?}"),
                }
            }
            decided_here
        });
    }
    let decided: u32 = racers.join_all().await.into_iter().sum();
    assert_eq!(decided, 1);
}

pub(crate) async fn reads_and_knowledge_that_come_together_stand_in_one_chain(stores: Two) {
    report(stores[0].as_ref(), 1, Release::AtOnce).await;
    let mut racers = JoinSet::new();
    for n in 0..MANY {
        let store = Arc::clone(&stores[n as usize % 2]);
        racers.spawn(async move {
            let read = ReadRecord {
                ticket: ticket(1),
                reader: "kanarielezer".into(),
                through: "tickets show".into(),
                reason: None,
                at: at(1),
            };
            store.record_read(read).await.unwrap();
            let archive = format!("kanariekennis {n}");
            store
                .keep_knowledge("v1", archive.as_bytes(), at(1))
                .await
                .unwrap();
        });
    }
    racers.join_all().await;
    let report = stores[1].verify().await.unwrap();
    assert_eq!((report.reads, report.findings), (u64::from(MANY), vec![]));
    assert!(stores[0].kept_knowledge("v1").await.unwrap().is_some());
}

pub(crate) async fn work_changes_hands_and_its_former_holder_writes_nothing(stores: Two) {
    let [one, other] = stores;
    let mailbox = mailbox();
    let work = mailbox.work();
    let hold = async |store: &Arc<dyn Store>, seconds| {
        let held = store.hold(&work, at(seconds), lease(seconds)).await;
        held.unwrap().map(Epoch::number)
    };
    assert_eq!(hold(&one, 0).await, Some(1));
    assert_eq!(hold(&other, 29).await, None);
    assert_eq!(hold(&one, 29).await, Some(1), "kept, not taken anew");
    assert_eq!(hold(&other, 58).await, None);
    assert_eq!(hold(&other, 59).await, Some(2), "it ran out");
    assert_eq!(hold(&one, 60).await, None);
    let elsewhere = MailboxName::new("imap:crt@mx.example/Andere");
    let another = one.hold(&elsewhere.work(), at(60), lease(60)).await;
    assert_eq!(another.unwrap().map(Epoch::number), Some(1));
    // What it wrote before, and what it would write now.
    let start = Progress {
        uid_validity: 7,
        last_uid: 9,
        started_at: at(0),
    };
    one.start_mailbox(&mailbox, start).await.unwrap();
    let renumber = async |store: &Arc<dyn Store>, epoch, last_uid| {
        let turn = ReadingTurn {
            of: &mailbox,
            epoch: Epoch::from_stored(epoch),
        };
        let written = store.renumber_mailbox(&mailbox, 8, last_uid, turn).await;
        written.unwrap()
    };
    assert_eq!(renumber(&one, 1, 3).await, Committed::NotOurs);
    assert_eq!(renumber(&other, 1, 3).await, Committed::NotOurs);
    assert_eq!(renumber(&other, 2, 4).await, Committed::Done);
    let progress = one.progress(&mailbox).await.unwrap().unwrap();
    assert_eq!((progress.uid_validity, progress.last_uid), (8, 4));
    assert_eq!(progress.started_at, at(0), "the first start stays");
    // Given back, nobody waits.
    one.let_go(&work).await.unwrap();
    assert_eq!(hold(&one, 61).await, None, "it was not his to give");
    other.let_go(&work).await.unwrap();
    assert_eq!(hold(&one, 61).await, Some(3));
}

pub(crate) async fn who_was_stopped_knows_that_another_sends(stores: Two) {
    let [one, other] = stores;
    report(one.as_ref(), 1, Release::AtOnce).await;
    assert_eq!(next_to_send(one.as_ref(), 2).await, Some(outbox(1)));
    let holds = async |store: &Arc<dyn Store>, attempt, seconds| {
        let (now, until) = (at(seconds), lease(seconds));
        let held = store.holds_outgoing(&outbox(1), attempt, now, until).await;
        held.unwrap()
    };
    assert!(holds(&one, 1, 3).await);
    assert!(!holds(&other, 1, 3).await);
    assert!(!holds(&one, 2, 3).await, "another try is another's");
    assert_eq!(next_to_send(other.as_ref(), 60).await, Some(outbox(1)));
    assert!(!holds(&one, 1, 61).await);
    // Whoever asks late holds it for the handing over all the same.
    assert!(holds(&other, 2, 85).await);
    assert_eq!(next_to_send(one.as_ref(), 95).await, None, "it was renewed");
    assert_eq!(next_to_send(one.as_ref(), 115).await, Some(outbox(1)));
    assert!(!holds(&other, 2, 116).await);
}

/// Two copies of one message, or two messages of one person, at the same moment: the second decision was made
/// without knowing the first.
pub(crate) async fn a_ticket_that_is_begun_on_old_news_is_decided_again(stores: Two) {
    let [one, other] = stores;
    let begun = |n: u32, as_of| Change {
        tickets: vec![TicketChange {
            takes_number: None,
            ..new_ticket(n, at(1))
        }],
        as_of: Some(as_of),
        ..Change::default()
    };
    let first = Change {
        tickets: vec![new_ticket(1, at(1))],
        as_of: Some(number(1)),
        ..Change::default()
    };
    assert_eq!(one.commit(first, at(1)).await.unwrap(), Committed::Done);
    let late = other.commit(begun(2, number(1)), at(1)).await.unwrap();
    assert_eq!(late, Committed::Conflict);
    let again = other.commit(begun(2, number(2)), at(1)).await.unwrap();
    assert_eq!(again, Committed::Done);
    let more = Change {
        tickets: vec![one_more(one.as_ref(), 1, received(1), at(2)).await],
        as_of: Some(number(1)),
        ..Change::default()
    };
    let more = one.commit(more, at(2)).await.unwrap();
    assert_eq!(more, Committed::Done, "it begins none");
}

pub(crate) async fn what_another_wrote_to_somebody_counts(stores: Two) {
    let mut racers = JoinSet::new();
    for n in 1..=MANY {
        stores[0].admit(arrival(n), at(100)).await.unwrap();
    }
    for n in 1..=MANY {
        let store = Arc::clone(&stores[n as usize % 2]);
        racers.spawn(async move {
            let mut mail = reply(n, None, Release::AtOnce);
            let counted = mail.counted.as_mut().unwrap();
            // The limits were asked when nobody had written to him.
            counted.seen = SentCounts::default();
            let change = Change {
                outgoing: vec![mail],
                ..Change::default()
            };
            store.commit(change, at(100)).await.unwrap()
        });
    }
    let written = racers.join_all().await;
    let through = written.iter().filter(|done| **done == Committed::Done);
    assert_eq!(through.count(), 1, "{written:?}");
}

pub(crate) async fn an_alarm_that_many_meet_calls_once(stores: Two) {
    for n in 1..=MANY {
        stores[0].admit(arrival(n), at(1)).await.unwrap();
    }
    let mut racers = JoinSet::new();
    for n in 1..=MANY {
        let store = Arc::clone(&stores[n as usize % 2]);
        racers.spawn(async move {
            loop {
                let change = Change {
                    alarm: Some(alarm(n)),
                    ..Change::default()
                };
                match store.commit(change, at(1)).await.unwrap() {
                    Committed::Done => return,
                    Committed::Conflict => {}
                    other => panic!("{other:?}"),
                }
            }
        });
    }
    racers.join_all().await;
    assert_eq!(stores[1].backlog().await.unwrap().unsent, 1);
}
