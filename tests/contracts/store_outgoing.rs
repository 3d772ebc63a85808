//! What every store does with messages that go out.

use crate::contracts::store_samples::*;
use eerstelijn::app::ports::*;
use eerstelijn::domain::address::EmailAddress;
use eerstelijn::domain::intake::limits::SentCounts;
use eerstelijn::domain::party::Party;
use eerstelijn::domain::ticket::event::TicketEvent;
use eerstelijn::domain::ticket::words::Release;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::task::JoinSet;

pub(crate) async fn mail_leaves_only_when_it_may(store: &dyn Store) {
    report(store, 1, Release::OnApproval).await;
    report(store, 2, Release::DraftOnly).await;
    report(store, 3, Release::AtOnce).await;
    assert_eq!(next_to_send(store, 4).await, Some(outbox(3)));
    assert_eq!(next_to_send(store, 4).await, None);
    let approval = || Change {
        approved: vec![outbox(1)],
        ..Change::default()
    };
    let approved = store.commit(approval(), at(5)).await.unwrap();
    assert_eq!(approved, Committed::Done);
    assert_eq!(next_to_send(store, 5).await, Some(outbox(1)));
    let twice = store.commit(approval(), at(6)).await.unwrap();
    assert_eq!(twice, Committed::Conflict, "it is not held any more");
    let draft = Change {
        approved: vec![outbox(2)],
        ..Change::default()
    };
    let done = store.commit(draft, at(6)).await.unwrap();
    assert_eq!(done, Committed::Conflict, "a draft never leaves");
}

pub(crate) async fn a_try_is_recorded_and_repeated_when_it_is_due(store: &dyn Store) {
    report(store, 1, Release::AtOnce).await;
    let first = store
        .claim_outgoing(Route::Mail, at(2), lease(2))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(first.attempt, 1);
    let retry = DeliveryRecord::RetryAt(at(100));
    let recorded = record_delivery(store, (1, 1), retry, 3).await;
    assert_eq!(recorded, Committed::Done);
    assert_eq!(next_to_send(store, 99).await, None);
    let second = store
        .claim_outgoing(Route::Mail, at(100), lease(100))
        .await
        .unwrap();
    let second = second.unwrap();
    assert_eq!(second.attempt, 2);
    assert!(
        second.dispatch == first.dispatch,
        "the same bytes, the same Message-ID"
    );
    let after_a_crash = store
        .claim_outgoing(Route::Mail, at(200), lease(200))
        .await
        .unwrap();
    let after_a_crash = after_a_crash.unwrap();
    assert_eq!((after_a_crash.id, after_a_crash.attempt), (outbox(1), 3));
    let stale = record_delivery(store, (1, 2), DeliveryRecord::Done, 201).await;
    assert_eq!(stale, Committed::NotOurs, "another try has begun");
    let done = record_delivery(store, (1, 3), DeliveryRecord::Done, 201).await;
    assert_eq!(done, Committed::Done);
    assert_eq!(next_to_send(store, 9_999).await, None);
    let twice = record_delivery(store, (1, 3), DeliveryRecord::GivenUp, 202).await;
    assert_eq!(twice, Committed::NotOurs);
}

pub(crate) async fn a_delivery_is_recorded_with_its_event_or_not_at_all(
    one: &dyn Store,
    other: &dyn Store,
) {
    report(one, 1, Release::AtOnce).await;
    assert_eq!(next_to_send(one, 2).await, Some(outbox(1)));
    assert_eq!(next_to_send(other, 60).await, Some(outbox(1)), "taken over");
    let sent = TicketEvent::ReplySent { outbox: outbox(1) };
    for (store, attempt, expected, events) in [
        (one, 1, Committed::NotOurs, 4),
        (other, 2, Committed::Done, 5),
    ] {
        let change = Change {
            tickets: vec![one_more(store, 1, sent.clone(), at(61)).await],
            delivery: Some(delivered(1, attempt, DeliveryRecord::Done)),
            ..Change::default()
        };
        assert_eq!(store.commit(change, at(61)).await.unwrap(), expected);
        assert_eq!(store.history(&ticket(1)).await.unwrap().len(), events);
    }
}

pub(crate) async fn what_went_out_for_a_ticket_is_kept_with_its_bytes(store: &dyn Store) {
    report(store, 1, Release::AtOnce).await;
    report(store, 2, Release::DraftOnly).await;
    assert!(store.outgoing_of(&ticket(3)).await.unwrap().is_empty());
    assert_eq!(next_to_send(store, 3).await, Some(outbox(1)));
    let kept = store.outgoing_of(&ticket(1)).await.unwrap();
    assert_eq!(kept[0].left_at, None, "nobody took it over yet");
    record_delivery(store, (1, 1), DeliveryRecord::Done, 4).await;
    let kept = store.outgoing_of(&ticket(1)).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!((&kept[0].id, &kept[0].cause), (&outbox(1), &Some(inbox(1))));
    assert!(kept[0].dispatch == Some(Dispatch::Mail(mail(1))));
    assert_eq!((kept[0].voice, kept[0].created_at), (Voice::Bot, at(1)));
    assert_eq!(kept[0].left_at, Some(at(4)));
    let draft = store.outgoing_of(&ticket(2)).await.unwrap();
    assert_eq!(draft[0].left_at, None, "a draft never left");
}

pub(crate) async fn one_cause_has_one_reply(store: &dyn Store) {
    report(store, 1, Release::AtOnce).await;
    let mut second = reply(1, Some(ticket(1)), Release::AtOnce);
    second.id = outbox(99);
    let change = Change {
        outgoing: vec![second],
        ..Change::default()
    };
    let done = store.commit(change, at(2)).await.unwrap();
    assert_eq!(done, Committed::Conflict);
    assert_eq!(next_to_send(store, 3).await, Some(outbox(1)));
    assert_eq!(next_to_send(store, 3).await, None);
}

pub(crate) async fn order_is_kept_within_a_ticket_and_a_bad_mail_stops_no_other_ticket(
    store: &dyn Store,
) {
    report(store, 1, Release::AtOnce).await;
    report(store, 2, Release::AtOnce).await;
    admit_and_claim(store, 3).await;
    let follow_up = Change {
        tickets: vec![one_more(store, 1, received(3), at(3)).await],
        arrival: Some(decided(3, Outcome::OnTicket)),
        outgoing: vec![reply(3, Some(ticket(1)), Release::AtOnce)],
        ..Change::default()
    };
    assert_eq!(
        store.commit(follow_up, at(3)).await.unwrap(),
        Committed::Done
    );
    assert_eq!(next_to_send(store, 4).await, Some(outbox(1)));
    let retry = DeliveryRecord::RetryAt(at(1_000));
    record_delivery(store, (1, 1), retry, 5).await;
    assert_eq!(next_to_send(store, 6).await, Some(outbox(2)));
    assert_eq!(next_to_send(store, 6).await, None, "3 waits for 1");
    assert_eq!(
        next_to_send(store, 1_000).await,
        Some(outbox(2)),
        "2 was not recorded"
    );
    assert_eq!(next_to_send(store, 1_000).await, Some(outbox(1)));
    record_delivery(store, (1, 2), DeliveryRecord::GivenUp, 1_001).await;
    assert_eq!(next_to_send(store, 1_002).await, Some(outbox(3)));
}

pub(crate) async fn a_reply_without_a_ticket_is_sealed_with_its_cause(store: &dyn Store) {
    let bare = || OutgoingMail {
        envelope_from: None,
        ..mail(1)
    };
    admit_and_claim(store, 1).await;
    let change = Change {
        arrival: Some(decided(1, Outcome::NoTicket)),
        outgoing: vec![NewOutgoing {
            dispatch: Dispatch::Mail(bare()),
            ..reply(1, None, Release::AtOnce)
        }],
        ..Change::default()
    };
    assert_eq!(store.commit(change, at(1)).await.unwrap(), Committed::Done);
    let claimed = store
        .claim_outgoing(Route::Mail, at(2), lease(2))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(claimed.ticket, None);
    assert!(claimed.dispatch == Some(Dispatch::Mail(bare())));
}

pub(crate) async fn automatic_mail_is_counted_where_it_went(store: &dyn Store) {
    report(store, 1, Release::AtOnce).await;
    report(store, 2, Release::OnApproval).await;
    report(store, 3, Release::DraftOnly).await;
    let day = 24 * 3600;
    let same_address =
        Party::Mail(EmailAddress::parse("KANARIEADRES@kanariedomein.example").unwrap());
    let same_domain = Party::Mail(EmailAddress::parse("iemand@kanariedomein.example").unwrap());
    let text = "kanarietekst";
    let none = SentCounts::default();
    let all = SentCounts {
        to_address_day: 2,
        on_ticket_day: 1,
        to_domain_hour: 2,
        in_all_hour: 2,
        same_text: 2,
        dead_since: None,
    };
    let to_domain = SentCounts {
        to_domain_hour: 2,
        in_all_hour: 2,
        ..none
    };
    let after_an_hour = SentCounts {
        to_domain_hour: 0,
        in_all_hour: 0,
        ..all
    };
    for (to, on, text, seconds, expected) in [
        (&same_address, Some(ticket(1)), text, 9, all),
        (&same_domain, None, text, 9, to_domain),
        (&same_address, Some(ticket(1)), text, 3_603, after_an_hour),
        (&same_address, Some(ticket(1)), text, day + 3, none),
        (&same_address, None, "iets anders", day + 3, none),
    ] {
        let query = SentQuery {
            to: to.clone(),
            ticket: on,
            text: text.into(),
            now: at(seconds),
        };
        assert_eq!(store.sent_counts(&query).await.unwrap(), expected);
    }
    next_to_send(store, 9).await;
    record_delivery(store, (1, 1), DeliveryRecord::GivenUp, 9).await;
    let query = SentQuery {
        to: same_address,
        ticket: None,
        text: text.into(),
        now: at(9),
    };
    let counts = store.sent_counts(&query).await.unwrap();
    assert_eq!((counts.to_address_day, counts.same_text), (1, 1));
}

pub(crate) async fn an_original_leaves_when_its_answer_has_left(store: &dyn Store) {
    report(store, 1, Release::AtOnce).await;
    report(store, 2, Release::OnApproval).await;
    report(store, 3, Release::DraftOnly).await;
    report(store, 4, Release::AtOnce).await;
    for (n, outcome) in [(5, Outcome::NoTicket), (6, Outcome::SetAside)] {
        admit_and_claim(store, n).await;
        let change = Change {
            arrival: Some(decided(n, outcome)),
            ..Change::default()
        };
        store.commit(change, at(9)).await.unwrap();
    }
    let mut cut = arrival(7);
    cut.extent = Extent::Beginning;
    store.admit(cut, at(7)).await.unwrap();
    store.claim_arrival(at(7), lease(7)).await.unwrap().unwrap();
    let change = Change {
        arrival: Some(decided(7, Outcome::NoTicket)),
        ..Change::default()
    };
    store.commit(change, at(9)).await.unwrap();
    store.admit(arrival(8), at(8)).await.unwrap();
    let settled = async |limit| store.settled(&mailbox(), limit).await.unwrap();
    let place = |n| (inbox(n), position(n));
    // Only 5 needs no answer: 1, 2 and 4 wait for theirs, 3 is a draft, 6 and 8 are not dealt with, and
    // of 7 only the beginning is stored.
    assert_eq!(settled(9).await, [place(5)]);
    next_to_send(store, 10).await;
    assert_eq!(settled(9).await, [place(5)], "1 is being sent");
    record_delivery(store, (1, 1), DeliveryRecord::Done, 11).await;
    assert_eq!(settled(9).await, [place(1), place(5)]);
    assert_eq!(settled(1).await, [place(1)]);
    store.mark_moved(&inbox(5), at(12)).await.unwrap();
    next_to_send(store, 20).await;
    record_delivery(store, (4, 1), DeliveryRecord::GivenUp, 21).await;
    assert_eq!(settled(9).await, [place(1)], "nobody got an answer to 4");
}

pub(crate) async fn what_waits_is_counted(store: &dyn Store) {
    assert_eq!(store.backlog().await.unwrap(), Backlog::default());
    report(store, 1, Release::AtOnce).await;
    report(store, 2, Release::AtOnce).await;
    report(store, 3, Release::AtOnce).await;
    report(store, 4, Release::OnApproval).await;
    report(store, 5, Release::DraftOnly).await;
    admit_and_claim(store, 6).await;
    store.admit(arrival(7), at(7)).await.unwrap();
    admit_aside(store, 8).await;
    for (n, record) in [(1, DeliveryRecord::Done), (2, DeliveryRecord::GivenUp)] {
        assert_eq!(next_to_send(store, 9).await, Some(outbox(n)));
        record_delivery(store, (n, 1), record, 9).await;
    }
    let expected = Backlog {
        undecided: 2,
        set_aside: 1,
        awaiting_approval: 1,
        unsent: 1,
        given_up: 1,
    };
    assert_eq!(store.backlog().await.unwrap(), expected);
}

async fn admit_aside(store: &dyn Store, n: u32) {
    store.admit(arrival(n), at(i64::from(n))).await.unwrap();
    // Message 7 comes first; it goes back.
    let now = i64::from(n);
    store.claim_arrival(at(now), lease(now)).await.unwrap();
    store.claim_arrival(at(now), lease(now)).await.unwrap();
    store.defer_arrival(&inbox(7), 1, at(7)).await.unwrap();
    let change = Change {
        arrival: Some(decided(n, Outcome::SetAside)),
        ..Change::default()
    };
    assert_eq!(store.commit(change, at(9)).await.unwrap(), Committed::Done);
}

/// 200 messages, four tasks on two instances: each message is held by exactly one.
pub(crate) async fn nothing_is_claimed_twice(stores: [Arc<dyn Store>; 2]) {
    for n in 1..=200 {
        stores[0].admit(arrival(n), at(300)).await.unwrap();
    }
    let mut tasks = JoinSet::new();
    for worker in 0..4 {
        let store = Arc::clone(&stores[worker % 2]);
        tasks.spawn(async move {
            let mut mine = Vec::new();
            while let Some(claimed) = store.claim_arrival(at(300), lease(300)).await.unwrap() {
                mine.push(claimed.id);
            }
            mine
        });
    }
    let all: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
    assert_eq!(all.len(), 200);
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), 200);
}

/// Found with a homeserver that was stopped in the middle: one edit of a card was being done when the
/// ticket changed again, and could not be put back.
pub(crate) async fn a_card_that_waits_is_brought_up_to_date_once(store: &dyn Store) {
    report(store, 1, Release::OnApproval).await;
    let edit = |n: u32| NewOutgoing {
        id: outbox(n),
        ticket: Some(ticket(1)),
        cause: None,
        dispatch: Dispatch::Chat(ChatErrand::Card),
        voice: Voice::Inside,
        lane: Lane::Edit,
        release: Release::AtOnce,
        counted: None,
    };
    let write = async |n: u32| {
        let change = Change {
            outgoing: vec![edit(n)],
            ..Change::default()
        };
        store.commit(change, at(2)).await.unwrap()
    };
    let claim = async |seconds: i64| {
        let claimed = store.claim_outgoing(Route::Chat, at(seconds), lease(seconds));
        claimed.await.unwrap().map(|claimed| claimed.id)
    };
    write(11).await;
    write(12).await;
    assert_eq!(claim(3).await, Some(outbox(11)));
    assert_eq!(
        write(13).await,
        Committed::Done,
        "what is done now may be too old"
    );
    assert_eq!(claim(4).await, None, "one after the other");
    let retry = DeliveryRecord::RetryAt(at(100));
    assert_eq!(
        record_delivery(store, (11, 1), retry, 5).await,
        Committed::Done
    );
    assert_eq!(claim(100).await, Some(outbox(11)), "it goes on for both");
    assert_eq!(
        record_delivery(store, (11, 2), DeliveryRecord::Done, 101).await,
        Committed::Done
    );
    assert_eq!(claim(200).await, None);
}

pub(crate) async fn an_alarm_that_was_raised_lately_calls_nobody(store: &dyn Store) {
    for (n, seconds, called) in [(1, 10, true), (2, 3_609, false), (3, 3_610, true)] {
        admit_and_claim(store, n).await;
        let change = Change {
            arrival: Some(decided(n, Outcome::NoTicket)),
            alarm: Some(alarm(n)),
            ..Change::default()
        };
        let committed = store.commit(change, at(seconds)).await.unwrap();
        assert_eq!(committed, Committed::Done, "the decision stands either way");
        let calls = next_to_send(store, seconds).await;
        assert_eq!(calls, called.then(|| outbox(n)), "{n}");
        if called {
            record_delivery(store, (n, 1), DeliveryRecord::Done, seconds).await;
        }
    }
}
