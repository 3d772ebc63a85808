//! How long a mail waited before it was read, and what that changes.

use jiff::{SignedDuration, Timestamp};

/// From here on the reply says how old the mail is.
const LATE_AFTER: SignedDuration = SignedDuration::from_hours(1);
/// From here on a human decides what still helps.
const STALE_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// How old a mail is when it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Read within the hour.
    Fresh,
    /// Read later, within the day; whole hours.
    Late(u32),
    /// Read after more than a day: no automatic guidance.
    Stale,
}

/// The age of a mail that our server received at `received_at`. A time in the future counts as now.
pub fn age_of(received_at: Timestamp, now: Timestamp) -> Age {
    let waited = now.duration_since(received_at);
    if waited >= STALE_AFTER {
        Age::Stale
    } else if waited >= LATE_AFTER {
        Age::Late(u32::try_from(waited.as_hours()).unwrap_or(u32::MAX))
    } else {
        Age::Fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_late_and_a_day_is_stale() {
        let now: Timestamp = "2026-11-23T21:40:00Z".parse().unwrap();
        for (received_at, expected) in [
            ("2026-11-23T21:39:00Z", Age::Fresh),
            ("2026-11-23T23:00:00Z", Age::Fresh),
            ("2026-11-23T20:40:00Z", Age::Late(1)),
            ("2026-11-23T00:00:00Z", Age::Late(21)),
            ("2026-11-22T21:40:00Z", Age::Stale),
        ] {
            assert_eq!(
                age_of(received_at.parse().unwrap(), now),
                expected,
                "{received_at}"
            );
        }
    }
}
