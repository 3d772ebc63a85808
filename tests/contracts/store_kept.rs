//! What every store does with timers, with the log of reads and with kept knowledge.

use crate::contracts::store_samples::*;
use eerstelijn::app::ports::*;
use eerstelijn::domain::ticket::event::Release;

pub(crate) async fn timers_are_due_until_they_are_done(one: &dyn Store, other: &dyn Store) {
    report(one, 1, Release::AtOnce).await;
    let due = 1 + 15 * 60;
    assert_eq!(
        one.claim_timer(at(due - 1), lease(due)).await.unwrap(),
        None
    );
    let timer_one = Timer {
        id: timer(1),
        kind: TimerKind::ReleaseFromPen,
        ticket: ticket(1),
        due_at: at(due),
    };
    let much_later = due + 9_999;
    let claimed = one.claim_timer(at(much_later), lease(much_later)).await;
    assert_eq!(claimed.unwrap(), Some(timer_one.clone()));
    let taken = other.claim_timer(at(much_later), lease(much_later)).await;
    assert_eq!(taken.unwrap(), None);
    let done = || Change {
        timers_done: vec![timer(1)],
        ..Change::default()
    };
    let not_mine = other.commit(done(), at(much_later)).await.unwrap();
    assert_eq!(not_mine, Committed::Conflict);
    let later = much_later + 60;
    let taken_over = other.claim_timer(at(later), lease(later)).await.unwrap();
    assert_eq!(taken_over, Some(timer_one), "the lease ran out");
    let late = one.commit(done(), at(later)).await.unwrap();
    assert_eq!(late, Committed::Conflict);
    let mine = other.commit(done(), at(later)).await.unwrap();
    assert_eq!(mine, Committed::Done);
    let never = other.claim_timer(at(later + 999), lease(later + 999)).await;
    assert_eq!(never.unwrap(), None);
}

pub(crate) async fn reads_are_logged_and_an_untouched_store_has_no_findings(store: &dyn Store) {
    report(store, 1, Release::AtOnce).await;
    report(store, 2, Release::OnApproval).await;
    for n in 1..=3 {
        let read = ReadRecord {
            ticket: ticket(1),
            reader: "kanarielezer".into(),
            through: "tickets show",
            at: at(n),
        };
        store.record_read(read).await.unwrap();
    }
    let expected = AuditReport {
        tickets: 2,
        events: 8,
        reads: 3,
        findings: Vec::new(),
    };
    assert_eq!(store.verify().await.unwrap(), expected);
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
