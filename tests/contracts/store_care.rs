//! What every store does for the care of the knowledge: calls that are made once, decisions that are counted.

use crate::contracts::store_samples::*;
use eerstelijn::app::ports::*;

pub(crate) async fn every_alarm_calls_for_itself(store: &dyn Store) {
    for (n, what) in (1..).zip(Alarm::ALL) {
        // Because of no message: nothing needs to have come in.
        let mut alarm = alarm_of(*what, n);
        for call in &mut alarm.calls {
            call.cause = None;
        }
        let change = Change {
            alarm: Some(alarm),
            ..Change::default()
        };
        let committed = store.commit(change, at(10)).await.unwrap();
        assert_eq!(committed, Committed::Done, "{what}");
        assert_eq!(next_to_send(store, 10).await, Some(outbox(n)), "{what}");
        record_delivery(store, (n, 1), DeliveryRecord::Done, 10).await;
    }
    assert!(store.verify().await.unwrap().findings.is_empty());
}

pub(crate) async fn decisions_are_read_again_since_a_moment(store: &dyn Store) {
    for n in 1..=4 {
        admit_and_claim(store, n).await;
    }
    for (n, outcome, seconds) in [
        (1, Outcome::OnTicket, 10),
        (2, Outcome::NoTicket, 20),
        (3, Outcome::NoTicket, 30),
    ] {
        let on_ticket = (outcome == Outcome::OnTicket).then(|| new_ticket(n, at(seconds)));
        let change = Change {
            arrival: Some(decided(n, outcome)),
            tickets: on_ticket.into_iter().collect(),
            ..Change::default()
        };
        let committed = store.commit(change, at(seconds)).await.unwrap();
        assert_eq!(committed, Committed::Done);
    }
    let read = async |seconds, after| store.decisions_since(at(seconds), after).await.unwrap();
    let all = read(0, 0).await;
    let told: Vec<_> = all
        .decisions
        .iter()
        .map(|kept| (kept.inbox.clone(), kept.ticket.clone()))
        .collect();
    assert_eq!(
        told,
        [
            (inbox(1), Some(ticket(1))),
            (inbox(2), None),
            (inbox(3), None)
        ],
        "what isn't decided isn't there"
    );
    assert!(all.decisions.iter().all(|kept| kept.record == decision()));
    let end = read(0, all.next.unwrap()).await;
    assert!(end.decisions.is_empty() && end.next.is_none());
    let later: Vec<_> = read(20, 0).await.decisions;
    assert_eq!(later.len(), 2, "the moment itself counts");
}
