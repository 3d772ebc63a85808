//! The points at which a crash must lose nothing and double nothing.
//!
//! The table below is what the crash tests loop over. In service nothing happens at these points; a
//! debug build can be told to halt at one, so that a test can kill it there.

use crate::domain::triage::category::closed_list;

closed_list! {
    /// Every point between two durable steps, in the order in which a report passes them.
    CrashPoint {
        /// Read from the mailbox, not yet stored.
        BeforeStore = "before-store",
        /// Stored; the mailbox's mark has not moved.
        Stored = "stored",
        /// Taken for deciding; nothing decided.
        Claimed = "claimed",
        /// Decided; nothing written.
        Decided = "decided",
        /// Ticket, reply and timers are written; nothing sent.
        Committed = "committed",
        /// Taken for sending; the server knows nothing.
        BeforeSend = "before-send",
        /// The server took the mail; that is not yet written.
        Accepted = "accepted",
        /// Written as sent; the original is not yet moved away.
        Recorded = "recorded",
    }
}

/// Is told when a point is reached.
pub trait Faults: Send + Sync {
    /// The work has come to this point.
    fn reach(&self, point: CrashPoint);
}

/// In service: nothing happens.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFaults;

impl Faults for NoFaults {
    fn reach(&self, _point: CrashPoint) {}
}
