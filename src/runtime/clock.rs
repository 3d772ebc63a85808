//! The wall clock and the system's random source: the only place that asks for either.

use crate::app::ports::{Clock, Ids};
use crate::domain::ids::ID_BYTES;
use chacha20poly1305::aead::OsRng;
use chacha20poly1305::aead::rand_core::RngCore;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The wall clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one owner of the wall clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// How much our own clock may be off before a person is told.
const WORTH_TELLING: SignedDuration = SignedDuration::from_secs(2);

/// How long an answer of the server may be under way.
const MOST_UNDERWAY: SignedDuration = SignedDuration::from_secs(1);

/// Was the server's time believed?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Yes.
    InTime,
    /// No: ask again.
    TooLate,
}

/// The clock that all instances on one database go by: the server's. Ours, plus what it was off when it was
/// last compared.
#[derive(Debug, Clone, Default)]
pub struct SharedClock {
    /// Milliseconds that the server is ahead of us.
    ahead: Arc<AtomicI64>,
}

impl SharedClock {
    /// What our own clock says.
    pub fn own_time(&self) -> Timestamp {
        SystemClock.now()
    }

    /// The server told its time between these two moments of ours. Not believed when the answer was long
    /// under way: nobody knows when in that time it was told.
    pub fn heard(&self, asked: Timestamp, told: Timestamp, answered: Timestamp) -> Heard {
        let underway = answered.duration_since(asked);
        if underway > MOST_UNDERWAY {
            return Heard::TooLate;
        }
        let middle = asked.saturating_add(underway / 2).unwrap_or(asked);
        let ahead = told.duration_since(middle);
        if ahead.abs() > WORTH_TELLING {
            tracing::warn!(
                ms = ahead.as_millis(),
                "the clock of this machine and the database server's differ; keep both right (NTP)"
            );
        }
        let millis = i64::try_from(ahead.as_millis()).unwrap_or(0);
        self.ahead.store(millis, Ordering::Relaxed);
        Heard::InTime
    }
}

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_millis(self.ahead.load(Ordering::Relaxed));
        let own = self.own_time();
        own.saturating_add(ahead).unwrap_or(own)
    }
}

/// The system's random source.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    fn random(&self) -> [u8; ID_BYTES] {
        let mut bytes = [0; ID_BYTES];
        OsRng.fill_bytes(&mut bytes);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shared_clock_follows_the_servers() {
        let clock = SharedClock::default();
        let asked = clock.own_time();
        let hour = SignedDuration::from_hours(1);
        let way = SignedDuration::from_millis(40);
        let heard = clock.heard(asked, asked + hour + way / 2, asked + way);
        assert_eq!(heard, Heard::InTime);
        // Stopped in between: that answer says nothing.
        let late = asked + SignedDuration::from_mins(1);
        assert_eq!(clock.heard(asked, asked, late), Heard::TooLate);
        let off = clock.now().duration_since(clock.own_time()) - hour;
        assert!(off.abs() < SignedDuration::from_secs(1), "{off:?}");
    }
}
