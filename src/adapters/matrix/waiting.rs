//! How the loops of this adapter wait: for a stop, or for a time that grows with every failure.

use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Longest pause between two tries: a page in the night must not wait longer for a server that is back.
const LONGEST: Duration = Duration::from_secs(30);

/// Pauses that double with every failure in a row, from half a second to half a minute.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Counts one failure and says how long to pause.
    pub(super) fn next_pause(&mut self) -> Duration {
        let pause = Duration::from_millis(500 << self.failures.min(10));
        self.failures = self.failures.saturating_add(1);
        pause.min(LONGEST)
    }

    /// Failures in a row.
    pub(super) fn failures(self) -> u32 {
        self.failures
    }

    /// It worked: the next failure starts over.
    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }
}

/// Why a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waited {
    /// The time is over.
    Through,
    /// The program stops.
    Stopped,
}

/// Waits; only a stop ends it early.
pub(super) async fn rest(pause: Duration, stop: &CancellationToken) -> Waited {
    match tokio::time::timeout(pause, stop.cancelled()).await {
        Ok(()) => Waited::Stopped,
        Err(_) => Waited::Through,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_half_a_minute() {
        let mut backoff = Backoff::default();
        let pauses: Vec<u128> = (0..8).map(|_| backoff.next_pause().as_millis()).collect();
        assert_eq!(
            pauses,
            [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]
        );
        backoff.reset();
        assert_eq!(backoff.next_pause().as_millis(), 500);
    }
}
