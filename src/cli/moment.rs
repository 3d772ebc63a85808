//! Times as a person reads them: in the time zone of the organisation, to the second. In JSON they are
//! RFC 3339 in UTC.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `2026-11-20 03:41:00 CET`.
pub(crate) fn shown(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone())
        .strftime("%Y-%m-%d %H:%M:%S %Z")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

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
