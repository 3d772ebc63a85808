//! What every source of mail has in common: its thread, how it waits, how it is woken and stopped.
//!
//! A source runs on a thread of its own, because the IMAP library blocks. It calls the application
//! through the runtime's handle and knows nothing of tasks.

use crate::app::ports::arrival::Epoch;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// Where a mailbox that was never read starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// With mail that arrives from now on.
    New,
    /// With everything that lies there.
    All,
}

/// Wakes a source that waits, for example when a message was settled and can be moved. Cheap to
/// clone; a kick that comes while the source works is kept for its next wait.
#[derive(Debug, Clone, Default)]
pub struct Kick {
    raised: Arc<AtomicBool>,
    notify: Arc<Notify>,
}

impl Kick {
    /// Wakes the source.
    pub fn now(&self) {
        self.raised.store(true, Ordering::Release);
        self.notify.notify_one();
    }

    fn take(&self) -> bool {
        self.raised.swap(false, Ordering::AcqRel)
    }
}

/// Whose turn it is to read a mailbox: several instances take turns. Cheap to clone; somebody else renews it.
#[derive(Debug, Clone)]
pub struct Turn(Arc<AtomicI64>);

impl Turn {
    /// No epoch: those begin with 1.
    const NOBODY: i64 = 0;

    /// Not ours yet.
    pub fn of_others() -> Self {
        Self(Arc::new(AtomicI64::new(Self::NOBODY)))
    }

    /// Ours for good, where nobody else reads.
    pub fn ours_alone() -> Self {
        Self(Arc::new(AtomicI64::new(1)))
    }

    /// Notes whose turn it is. Says whether that is news.
    pub fn note(&self, epoch: Option<Epoch>) -> Change {
        let number = epoch.map_or(Self::NOBODY, Epoch::number);
        match (self.0.swap(number, Ordering::AcqRel), number) {
            (before, after) if before == after => Change::None,
            (_, Self::NOBODY) => Change::Lost,
            _ => Change::Won,
        }
    }

    /// The epoch of our turn, while it is ours.
    pub fn epoch(&self) -> Option<Epoch> {
        let number = self.0.load(Ordering::Acquire);
        (number != Self::NOBODY).then(|| Epoch::from_stored(number))
    }
}

/// What a look at the turn found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is as it was.
    None,
    /// It is ours now.
    Won,
    /// It is another's now.
    Lost,
}

/// What ties a source's thread to the program.
#[derive(Debug, Clone)]
pub struct Tether {
    handle: Handle,
    stop: CancellationToken,
    kick: Kick,
    turn: Turn,
}

/// Why a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// The time is over, or somebody kicked: look again.
    ToWork,
    /// The program stops.
    ToStop,
}

impl Tether {
    /// Ties a thread to a runtime, a signal to stop, a kick, and its turn.
    pub fn new(handle: Handle, stop: CancellationToken, kick: Kick, turn: Turn) -> Self {
        Self {
            handle,
            stop,
            kick,
            turn,
        }
    }

    /// The epoch of our turn to read, while it is ours.
    pub fn turn(&self) -> Option<Epoch> {
        self.turn.epoch()
    }

    /// Runs a call into the application.
    pub fn call<T>(&self, future: impl Future<Output = T>) -> T {
        self.handle.block_on(future)
    }

    /// Is the program stopping?
    pub fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Was it kicked or stopped since it last waited? Asked in the middle of a wait on a socket.
    pub fn is_wanted(&self) -> bool {
        self.is_stopping() || self.kick.raised.load(Ordering::Acquire)
    }

    /// Takes the kick back, because what it asked for is about to be done.
    pub fn attend(&self) {
        self.kick.take();
    }

    /// Waits, at most this long, for a kick or a stop.
    pub fn wait(&self, longest: Duration) -> Woken {
        if !self.is_wanted() {
            let wanted = async {
                tokio::select! {
                    () = self.stop.cancelled() => {}
                    () = self.kick.notify.notified() => {}
                }
            };
            // A time-out is an answer like the others: look again.
            let _ = self
                .handle
                .block_on(async { timeout(longest, wanted).await });
        }
        self.attend();
        if self.is_stopping() {
            Woken::ToStop
        } else {
            Woken::ToWork
        }
    }

    /// Waits before the next try, whatever kicks come; only a stop ends it early.
    pub fn rest(&self, pause: Duration) -> Woken {
        let _ = self
            .handle
            .block_on(async { timeout(pause, self.stop.cancelled()).await });
        if self.is_stopping() {
            Woken::ToStop
        } else {
            Woken::ToWork
        }
    }
}

/// Pauses that double with every failure in a row, from 1 second to 5 minutes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Counts one failure and says how long to pause.
    pub fn next_pause(&mut self) -> Duration {
        let seconds = 1_u64 << self.failures.min(16);
        self.failures = self.failures.saturating_add(1);
        Duration::from_secs(seconds).min(LONGEST_PAUSE)
    }

    /// Failures in a row.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// It worked: the next failure starts over.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

/// Leaves something out for more and more rounds while it fails, so that it slows nothing else.
#[derive(Debug, Clone, Copy)]
pub struct LessOften {
    failures: u32,
    left_out: u32,
    longest: u32,
}

impl LessOften {
    /// Leaves out at most so many rounds.
    pub fn at_most(longest: u32) -> Self {
        Self {
            failures: 0,
            left_out: 0,
            longest,
        }
    }

    /// Is it left out in this round?
    pub fn is_left_out(&mut self) -> bool {
        let left_out = self.left_out > 0;
        self.left_out = self.left_out.saturating_sub(1);
        left_out
    }

    /// It worked.
    pub fn worked(&mut self) {
        self.failures = 0;
    }

    /// It failed; how often in a row.
    pub fn failed(&mut self) -> u32 {
        self.failures = self.failures.saturating_add(1);
        self.left_out = (1 << self.failures.min(16)).min(self.longest);
        self.failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_five_minutes() {
        let mut backoff = Backoff::default();
        let pauses: Vec<u64> = (0..11).map(|_| backoff.next_pause().as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        backoff.reset();
        assert_eq!(backoff.next_pause().as_secs(), 1);
    }

    #[test]
    fn a_turn_says_what_is_new_about_it() {
        let turn = Turn::of_others();
        assert_eq!(turn.epoch(), None);
        let third = Epoch::from_stored(3);
        assert_eq!(turn.note(Some(third)), Change::Won);
        assert_eq!(turn.note(Some(third)), Change::None);
        assert_eq!(turn.clone().epoch(), Some(third));
        assert_eq!(turn.note(None), Change::Lost);
        assert_eq!(turn.note(None), Change::None);
    }

    #[test]
    fn what_fails_is_left_out_for_longer_and_longer() {
        let mut less = LessOften::at_most(5);
        let mut left_out = Vec::new();
        for _ in 0..4 {
            less.failed();
            left_out.push((0..20).filter(|_| less.is_left_out()).count());
        }
        assert_eq!(left_out, [2, 4, 5, 5]);
        less.worked();
        assert_eq!(less.failed(), 1);
    }

    #[test]
    fn a_kick_and_a_stop_end_a_wait() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_time()
            .build()
            .unwrap();
        let (stop, kick) = (CancellationToken::new(), Kick::default());
        let tether = Tether::new(
            runtime.handle().clone(),
            stop.clone(),
            kick.clone(),
            Turn::ours_alone(),
        );
        assert_eq!(tether.wait(Duration::from_millis(1)), Woken::ToWork);
        kick.now();
        assert!(tether.is_wanted());
        assert_eq!(tether.wait(Duration::from_mins(10)), Woken::ToWork);
        assert!(!tether.is_wanted());
        stop.cancel();
        assert_eq!(tether.wait(Duration::from_mins(10)), Woken::ToStop);
        assert_eq!(tether.rest(Duration::from_mins(10)), Woken::ToStop);
    }
}
