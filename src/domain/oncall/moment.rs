//! Moments as people write them, and what a time on the wall means where clocks are moved.
//!
//! Reads text; knows neither settings nor the command line.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;
use jiff::tz::{AmbiguousOffset, TimeZone};

/// Longest text that is read as a moment, in bytes.
const LONGEST: usize = 100;

/// A text that is no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAMoment {
    /// It is not written as a date with a time.
    #[error("expected a date with a time, such as 2026-11-23T09:00:00[Europe/Brussels]")]
    Form,
    /// The zone in brackets is not known.
    #[error("the time zone in brackets is unknown; write for example [Europe/Brussels]")]
    Zone,
    /// The zone had another offset at that time.
    #[error("the offset is not the one that the time zone in brackets has at that time")]
    Offset,
    /// It lies beyond the years that can be counted.
    #[error("lies beyond the years that can be counted")]
    Range,
}

/// A moment as it was written: the date and time on the wall, and what was said of where that wall is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The date and time that were written.
    pub civil: DateTime,
    /// The time zone in brackets (RFC 9557).
    pub zone: Option<TimeZone>,
    /// The moment itself, where an offset or a zone says which it is.
    pub instant: Option<Timestamp>,
}

impl Written {
    /// Reads `2026-11-23T09:00:00[Europe/Brussels]` (RFC 9557), `2026-11-23T09:00:00+01:00` (RFC 3339),
    /// both in one, or a plain `2026-11-23T09:00:00` whose wall the caller knows. A date alone is refused.
    pub fn parse(text: &str) -> Result<Self, NotAMoment> {
        if text.len() > LONGEST {
            return Err(NotAMoment::Form);
        }
        let pieces = Pieces::parse(text.trim()).map_err(|_| NotAMoment::Form)?;
        let civil = pieces
            .date()
            .to_datetime(pieces.time().ok_or(NotAMoment::Form)?);
        let zone = pieces.to_time_zone().map_err(|_| NotAMoment::Zone)?;
        let instant = match (pieces.offset(), &zone) {
            (Some(offset), _) => {
                let offset = offset.to_numeric_offset();
                Some(offset.to_timestamp(civil).map_err(|_| NotAMoment::Range)?)
            }
            (None, Some(zone)) => Some(instant(civil, zone).ok_or(NotAMoment::Range)?),
            (None, None) => None,
        };
        // `Z` says nothing of the wall; a number does, and must fit the zone beside it.
        let numeric = pieces.to_numeric_offset().filter(|_| {
            !matches!(
                pieces.offset(),
                Some(jiff::fmt::temporal::PiecesOffset::Zulu)
            )
        });
        if let (Some(offset), Some(zone), Some(at)) = (numeric, &zone, instant)
            && zone.to_offset(at) != offset
        {
            return Err(NotAMoment::Offset);
        }
        Ok(Self {
            civil,
            zone,
            instant,
        })
    }

    /// The moment, where a text that names neither zone nor offset is meant in `zone`.
    pub fn in_zone(&self, zone: &TimeZone) -> Result<Timestamp, NotAMoment> {
        self.instant
            .or_else(|| instant(self.civil, zone))
            .ok_or(NotAMoment::Range)
    }

    /// What the wall in `zone` shows: what was written, unless an offset or another zone says that it was
    /// meant elsewhere.
    pub fn on_wall(&self, zone: &TimeZone) -> DateTime {
        match self.instant {
            Some(at) if instant(self.civil, zone) != Some(at) => zone.to_datetime(at),
            _ => self.civil,
        }
    }
}

/// The moment at which the wall shows this date and time. Where clocks jump over it, the moment right
/// after the jump; where they show it twice, the first. Nothing where it can't be counted.
pub fn instant(civil: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    match zone.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(civil).ok(),
        AmbiguousOffset::Fold { before, .. } => before.to_timestamp(civil).ok(),
        AmbiguousOffset::Gap { before, after } => {
            // The later offset gives a moment before the jump, the earlier one a moment after it.
            let ahead = after.to_timestamp(civil).ok()?;
            let behind = before.to_timestamp(civil).ok()?;
            let jump = zone.following(ahead).next().map(|jump| jump.timestamp());
            Some(jump.filter(|jump| *jump <= behind).unwrap_or(behind))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn brussels() -> TimeZone {
        TimeZone::get("Europe/Brussels").unwrap()
    }

    #[test]
    fn moments_are_read_in_each_form() {
        for (text, expected) in [
            (
                "2026-11-23T09:00:00[Europe/Brussels]",
                "2026-11-23T08:00:00Z",
            ),
            (
                "2026-11-23T09:00:00+01:00[Europe/Brussels]",
                "2026-11-23T08:00:00Z",
            ),
            (
                "2026-11-23T08:00:00Z[Europe/Brussels]",
                "2026-11-23T08:00:00Z",
            ),
            ("2026-11-23T09:00:00+01:00", "2026-11-23T08:00:00Z"),
            ("2026-11-23 09:00", "2026-11-23T08:00:00Z"),
            ("2026-07-23T09:00", "2026-07-23T07:00:00Z"),
        ] {
            let written = Written::parse(text).unwrap();
            let at = written.in_zone(&brussels()).unwrap();
            assert_eq!(at.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn what_was_written_is_what_the_wall_shows() {
        for (text, expected) in [
            ("2026-11-23T09:00", "2026-11-23T09:00:00"),
            ("2026-03-29T02:30[Europe/Brussels]", "2026-03-29T02:30:00"),
            ("2026-11-23T08:00Z", "2026-11-23T09:00:00"),
            ("2026-11-23T08:00Z[Europe/Brussels]", "2026-11-23T09:00:00"),
            ("2026-11-23T03:00[America/New_York]", "2026-11-23T09:00:00"),
        ] {
            let wall = Written::parse(text).unwrap().on_wall(&brussels());
            assert_eq!(wall.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for (text, expected) in [
            ("", NotAMoment::Form),
            ("gisteren", NotAMoment::Form),
            ("2026-11-23", NotAMoment::Form),
            ("2026-13-23T09:00", NotAMoment::Form),
            ("2026-11-23T09:00[Europe/Brussel]", NotAMoment::Zone),
            (
                "2026-11-23T09:00+02:00[Europe/Brussels]",
                NotAMoment::Offset,
            ),
            ("-009999-01-01T00:00+23:59", NotAMoment::Range),
        ] {
            assert_eq!(Written::parse(text), Err(expected), "{text}");
        }
        assert_eq!(Written::parse(&"2".repeat(1000)), Err(NotAMoment::Form));
    }

    #[test]
    fn a_time_that_the_clocks_jump_over_or_show_twice() {
        for (civil, expected) in [
            // In the gap 02:00-03:00 of 29 March 2026: right after it, whatever the minute.
            (date(2026, 3, 29).at(2, 0, 0, 0), "2026-03-29T01:00:00Z"),
            (date(2026, 3, 29).at(2, 59, 0, 0), "2026-03-29T01:00:00Z"),
            (date(2026, 3, 29).at(3, 0, 0, 0), "2026-03-29T01:00:00Z"),
            // In the fold 02:00-03:00 of 25 October 2026: the first, still summer time.
            (date(2026, 10, 25).at(2, 30, 0, 0), "2026-10-25T00:30:00Z"),
            (date(2026, 10, 25).at(3, 0, 0, 0), "2026-10-25T02:00:00Z"),
        ] {
            let at = instant(civil, &brussels()).unwrap();
            assert_eq!(at.to_string(), expected, "{civil}");
        }
        let apia = TimeZone::get("Pacific/Apia").unwrap();
        let skipped = instant(date(2011, 12, 30).at(9, 0, 0, 0), &apia).unwrap();
        assert_eq!(
            apia.to_datetime(skipped),
            date(2011, 12, 31).at(0, 0, 0, 0),
            "a whole day that never was"
        );
        assert_eq!(instant(DateTime::MAX, &TimeZone::UTC), None);
    }
}
