//! What a ticket waits for. Computed from the ticket alone, so that no timer is ever forgotten or left
//! behind: whenever the ticket changes, all its timers are written anew.

use crate::domain::triage::category::closed_list;
use jiff::Timestamp;
use std::collections::BTreeMap;

closed_list! {
    /// The kinds of timer. A ticket has at most one of each.
    TimerKind {
        /// A held message becomes a ticket of its own.
        ReleaseFromPen = "release-from-pen",
        /// The next rung of a climb is reached.
        NextRung = "next-rung",
        /// The last rung has waited long enough.
        NobodyReached = "nobody-reached",
        /// It was acknowledged, and then nobody did anything.
        Silence = "silence",
        /// The reporter did not come into the direct chat.
        DirectChatMissed = "direct-chat-missed",
    }
}

/// When each is due.
pub type Timers = BTreeMap<TimerKind, Timestamp>;
