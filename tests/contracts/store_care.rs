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
