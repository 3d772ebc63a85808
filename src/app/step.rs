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

/// When to try again after `attempts` failures: 30 s, doubled each time, at most an hour.
pub fn retry_at(now: Timestamp, attempts: u32) -> Timestamp {
    let seconds = 30_i64.saturating_mul(1_i64 << attempts.min(7)).min(3600);
    now.saturating_add(SignedDuration::from_secs(seconds))
        .unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_come_slower_and_never_stop_coming() {
        let now = Timestamp::UNIX_EPOCH;
        let after = |attempts| retry_at(now, attempts).as_second();
        assert_eq!(
            [after(0), after(1), after(2), after(6), after(99)],
            [30, 60, 120, 1920, 3600]
        );
    }
}
