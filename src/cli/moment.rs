//! Times as a person reads them: in the time zone of the organisation, to the second. In JSON they are
//! RFC 3339 in UTC.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// `2026-11-20 03:41:00 CET`.
pub(crate) fn shown(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone())
        .strftime("%Y-%m-%d %H:%M:%S %Z")
        .to_string()
}

/// A day as somebody writes it at the command line.
///
/// # Errors
/// Where it is none, with the way to write one.
pub(crate) fn day(text: &str) -> Result<Date, String> {
    text.parse()
        .map_err(|_| "a day is written as 2026-11-23 (year, month, day)".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_writes_no_day_is_told_how() {
        assert_eq!(day("2026-11-23").unwrap().to_string(), "2026-11-23");
        for text in ["gisteren", "23/11/2026", "2026-13-01", ""] {
            assert!(day(text).unwrap_err().contains("2026-11-23"), "{text}");
        }
    }

    #[test]
    fn the_zone_is_that_of_the_organisation_in_summer_and_winter() {
        let brussels = TimeZone::get("Europe/Brussels").unwrap();
        for (at, zone, expected) in [
            (
                "2026-11-20T02:41:07.9Z",
                &brussels,
                "2026-11-20 03:41:07 CET",
            ),
            (
                "2026-07-01T22:30:00Z",
                &brussels,
                "2026-07-02 00:30:00 CEST",
            ),
            (
                "2026-07-01T22:30:00Z",
                &TimeZone::UTC,
                "2026-07-01 22:30:00 UTC",
            ),
        ] {
            assert_eq!(shown(at.parse().unwrap(), zone), expected);
        }
    }
}
