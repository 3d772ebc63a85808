//! Monday morning: when the team is told what can wait for the week to begin.

use crate::domain::oncall::moment::instant;
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

/// The hour, in the team's time zone.
const HOUR: i8 = 8;

/// A Monday whose morning has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Monday {
    /// The day.
    pub date: Date,
    /// 08:00 on it.
    pub morning: Timestamp,
}

/// The Monday that it is in this zone, from 08:00 on.
///
/// Nothing on another day: what wasn't said on Monday waits for the next one, so that whoever reads it knows
/// that it comes on Mondays, and nothing that begins to hold on a Thursday is told on that Thursday.
pub fn monday_morning(now: Timestamp, zone: &TimeZone) -> Option<Monday> {
    let date = now.to_zoned_datetime(zone.clone()).date();
    if date.weekday() != Weekday::Monday {
        return None;
    }
    let morning = instant(date.at(HOUR, 0, 0, 0), zone)?;
    (morning <= now).then_some(Monday { date, morning })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_come_from_eight_on_and_is_over_at_midnight() {
        let brussels = TimeZone::get("Europe/Brussels").unwrap();
        for (now, morning) in [
            // Winter: an hour ahead of UTC. The 23rd of November 2026 is a Monday.
            ("2026-11-22T23:30:00Z", None),
            ("2026-11-23T06:59:59Z", None),
            ("2026-11-23T07:00:00Z", Some("2026-11-23T07:00:00Z")),
            ("2026-11-23T22:59:59Z", Some("2026-11-23T07:00:00Z")),
            ("2026-11-23T23:00:00Z", None),
            ("2026-11-24T07:00:00Z", None),
            ("2026-11-29T07:00:00Z", None),
            // Summer began the night before, and ended the night before.
            ("2026-03-30T05:59:59Z", None),
            ("2026-03-30T06:00:00Z", Some("2026-03-30T06:00:00Z")),
            ("2026-10-26T06:30:00Z", None),
            ("2026-10-26T07:00:00Z", Some("2026-10-26T07:00:00Z")),
        ] {
            let found = monday_morning(now.parse().unwrap(), &brussels);
            let expected = morning.map(|at| at.parse::<Timestamp>().unwrap());
            assert_eq!(found.map(|monday| monday.morning), expected, "{now}");
        }
    }

    #[test]
    fn the_day_is_that_of_the_zone() {
        let auckland = TimeZone::get("Pacific/Auckland").unwrap();
        // Sunday evening in UTC.
        let monday = monday_morning("2026-11-22T19:00:00Z".parse().unwrap(), &auckland).unwrap();
        assert_eq!(monday.date.to_string(), "2026-11-23");
    }
}
