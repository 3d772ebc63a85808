//! One step of a worker, and how long work is held and retried.
//!
//! Workers repeat steps; a step does one row and says whether there was one. All waiting is a due
//! time in a row, so a step never sleeps.

use crate::app::ports::{KnowledgeError, StoreError};
use jiff::{SignedDuration, Timestamp};

/// Was there anything to do?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// One row was done; there may be more.
    Worked,
    /// Nothing is due.
    Idle,
}

/// A step that could not be finished. The row it held is due again when its lease runs out.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The knowledge failed.
    #[error(transparent)]
    Knowledge(#[from] KnowledgeError),
    /// A row points at a ticket that isn't there.
    #[error("a row points at a ticket that isn't there")]
    NoTicket,
    /// Somebody else kept winning the race.
    #[error("the ticket changed faster than it could be decided")]
    Contended,
}

/// How long a row is held. A step is far shorter; a crashed holder's row is due again after it.
pub const LEASE: SignedDuration = SignedDuration::from_secs(120);

/// How often a decision is repeated when another writer was first.
pub const RACES: usize = 16;

/// How often deciding on a message is tried before it is set aside for a human.
pub const MOST_ATTEMPTS: u32 = 5;

/// When to try again after the `attempt`th try failed: 30 s, doubled each time, at most an hour.
pub fn retry_at(now: Timestamp, attempt: u32) -> Timestamp {
    let doubled = attempt.saturating_sub(1).min(7);
    let seconds = 30_i64.saturating_mul(1_i64 << doubled).min(3600);
    now.saturating_add(SignedDuration::from_secs(seconds))
        .unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_come_slower_and_never_stop_coming() {
        let now = Timestamp::UNIX_EPOCH;
        let after = |attempt| retry_at(now, attempt).as_second();
        assert_eq!(
            [after(1), after(2), after(3), after(7), after(99)],
            [30, 60, 120, 1920, 3600]
        );
    }
}
