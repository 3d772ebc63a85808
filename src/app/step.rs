//! One step of a worker, and how long work is held and retried.
//!
//! Workers repeat steps; a step does one row and says whether there was one. All waiting is a due
//! time in a row, so a step never sleeps.

use crate::app::ports::{Committed, KnowledgeError, StoreError};
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
    #[error("others kept being first to write")]
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

/// Writes until it is written: for what hangs on no message and no ticket, so that whoever lost a race writes the same
/// again.
///
/// # Errors
/// Where the store fails, or others keep being first: then nothing is written.
pub(crate) async fn until_done<F>(mut write: impl FnMut() -> F) -> Result<(), StepError>
where
    F: Future<Output = Result<Committed, StepError>>,
{
    for _ in 0..RACES {
        match write().await? {
            Committed::Done => return Ok(()),
            Committed::Conflict | Committed::Duplicate | Committed::NotOurs => {}
        }
    }
    Err(StepError::Contended)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// How often it is written, and what comes of it, where the first so many lose a race.
    async fn written_after(lost: usize) -> (usize, Result<(), StepError>) {
        let tries = Cell::new(0);
        let done = until_done(|| {
            tries.set(tries.get() + 1);
            let committed = if tries.get() > lost {
                Committed::Done
            } else {
                Committed::Conflict
            };
            std::future::ready(Ok(committed))
        });
        let done = done.await;
        (tries.get(), done)
    }

    #[tokio::test]
    async fn only_what_is_written_counts_as_done() {
        let (tries, done) = written_after(2).await;
        assert!(tries == 3 && done.is_ok(), "{tries} {done:?}");
        let (tries, done) = written_after(usize::MAX).await;
        assert!(
            tries == RACES && matches!(done, Err(StepError::Contended)),
            "{tries} {done:?}"
        );
    }

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
