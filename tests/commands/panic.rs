//! A panic tells where it happened and in which task, never its words: they may be a reporter's.

use crate::commands::{Desk, REPORT, SOON};
use eerstelijn::app::faults::CrashPoint;

#[test]
fn a_panic_says_its_place_and_nothing_of_a_report() {
    let desk = Desk::new();
    desk.deliver("1.a.b", REPORT);
    for (point, task) in [
        (CrashPoint::BeforeStore, "task maildir"),
        (CrashPoint::Decided, "task decide"),
    ] {
        let mut service = desk.start(&[("EERSTELIJN_PANIC_AT", point.as_str())]);
        let ended = service.wait_exit(SOON);
        let log = service.log();
        assert_eq!(ended.code(), Some(1), "{log}");
        assert!(!log.contains("CANARY") && !log.contains("laptop"), "{log}");
        for said in ["src/runtime/faults.rs:", task, "ended by itself"] {
            assert!(log.contains(said), "{said}: {log}");
        }
    }
}
