//! Waiting for something to become true: ask again until a deadline, never sleep and hope.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(10);

/// Asks until there is an answer, or `None` when the time is over. Asks at least once, and once
/// more at the very end, so that a slow machine isn't taken for a failure.
#[expect(
    clippy::disallowed_methods,
    reason = "a deadline against real servers runs on real time"
)]
pub(crate) fn poll<T>(within: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + within;
    loop {
        let last = Instant::now() >= end;
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if last {
            return None;
        }
        sleep(PAUSE);
    }
}
