//! Taking turns: people in order, who hand over every so many hours, days or weeks.
//!
//! Only the turns themselves; what `overrides` changes about them comes after.
//!
//! Turns hand over at the same time on the wall all year round, those of hours too: a turn in which clocks
//! are moved is an hour shorter or longer. Where the clocks jump over that time, it is the moment right
//! after the jump; where they show it twice, the first.

use crate::domain::oncall::moment::instant;
use crate::domain::oncall::people::{PersonId, RotationId};
use crate::domain::oncall::window::Window;
use crate::domain::triage::category::closed_list;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use std::fmt;
use std::str::FromStr;

/// Longest turn, in days.
const LONGEST_TURN_DAYS: u16 = 366;
/// How far an estimate of the number of a turn can be off: a day for a skipped date, and one for the hour.
const ESTIMATE_OFF_BY: i64 = 2;

closed_list! {
    /// What turns are counted in.
    Unit {
        /// Hours on the wall.
        Hour = "h",
        /// Days on the calendar.
        Day = "d",
        /// Weeks on the calendar.
        Week = "w",
    }
}

impl Unit {
    /// The most of them in one turn: 366 days.
    pub fn most(self) -> u16 {
        match self {
            Self::Hour => LONGEST_TURN_DAYS * 24,
            Self::Day => LONGEST_TURN_DAYS,
            Self::Week => LONGEST_TURN_DAYS / 7,
        }
    }
}

/// A length that no turn can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected hours, days or weeks such as \"12h\", \"1d\" or \"1w\", at least 1 and at most 366 days"
)]
pub struct NotATurn;

/// How long a turn is: at least one hour, at most 366 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Every {
    count: u16,
    unit: Unit,
}

impl Every {
    /// So many of a unit: at least 1, at most [`Unit::most`].
    pub fn new(count: u16, unit: Unit) -> Result<Self, NotATurn> {
        (1..=unit.most())
            .contains(&count)
            .then_some(Self { count, unit })
            .ok_or(NotATurn)
    }
}

impl FromStr for Every {
    type Err = NotATurn;

    /// Reads `12h`, `1d` or `1w`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = text.strip_prefix(digits).unwrap_or_default();
        let all_digits = digits.chars().all(|c| c.is_ascii_digit());
        let count = digits.parse().ok().filter(|_| all_digits);
        Self::new(count.ok_or(NotATurn)?, unit.parse().map_err(|_| NotATurn)?)
    }
}

impl fmt::Display for Every {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit)
    }
}

/// A rotation that can't turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RotationFault {
    /// There is nobody to take turns.
    #[error("name at least one person")]
    NoPeople,
    /// Its start can't be counted.
    #[error("the start lies beyond the years that can be counted")]
    Start,
}

/// People who take turns. Before its start nobody is on call; after it somebody always is, for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    id: RotationId,
    people: Vec<PersonId>,
    start: DateTime,
    started: Timestamp,
    zone: TimeZone,
    every: Every,
}

/// One turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn<'a> {
    /// Whose it is.
    pub person: &'a PersonId,
    /// From when until when. The last turn that can be counted ends with the years.
    pub window: Window,
}

impl Rotation {
    /// A rotation whose first turn begins when the wall in `zone` shows `start`. A person may stand in it
    /// more than once.
    pub fn new(
        id: RotationId,
        people: Vec<PersonId>,
        start: DateTime,
        zone: TimeZone,
        every: Every,
    ) -> Result<Self, RotationFault> {
        if people.is_empty() {
            return Err(RotationFault::NoPeople);
        }
        let started = instant(start, &zone).ok_or(RotationFault::Start)?;
        Ok(Self {
            id,
            people,
            start,
            started,
            zone,
            every,
        })
    }

    /// Its name.
    pub fn id(&self) -> &RotationId {
        &self.id
    }

    /// Who take turns, in order.
    pub fn people(&self) -> &[PersonId] {
        &self.people
    }

    /// Where the wall is whose time it keeps.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// When the first turn begins.
    pub fn started(&self) -> Timestamp {
        self.started
    }

    /// Whose turn it is, from when until when; nothing before the start.
    pub fn turn_at(&self, at: Timestamp) -> Option<Turn<'_>> {
        let number = self.number_at(at)?;
        let from = self.hand_over(number)?;
        let until = self.hand_over(number + 1).unwrap_or(Timestamp::MAX);
        let place = usize::try_from(number).ok()? % self.people.len();
        Some(Turn {
            person: self.people.get(place)?,
            window: Window::new(from, until.max(at)).ok()?,
        })
    }

    /// The hand-overs after a moment, the start among them, until the end of the years.
    pub fn hand_overs_after(&self, at: Timestamp) -> impl Iterator<Item = Timestamp> + '_ {
        let first = self.number_at(at).map_or(0, |number| number + 1);
        (first..).map_while(|number| self.hand_over(number))
    }

    /// The beginning of the turn with this number, counted from 0; nothing where it can't be counted.
    fn hand_over(&self, number: i64) -> Option<Timestamp> {
        let units = number.checked_mul(i64::from(self.every.count))?;
        let span = match self.every.unit {
            Unit::Hour => Span::new().try_hours(units).ok()?,
            Unit::Day => Span::new().try_days(units).ok()?,
            Unit::Week => Span::new().try_weeks(units).ok()?,
        };
        instant(self.start.checked_add(span).ok()?, &self.zone)
    }

    /// The number of the turn at a moment: the last whose beginning is not after it.
    fn number_at(&self, at: Timestamp) -> Option<i64> {
        if at < self.started {
            return None;
        }
        let passed = match self.every.unit {
            Unit::Hour => {
                let wall = self.zone.to_datetime(at);
                wall.duration_since(self.start).as_hours()
            }
            Unit::Day | Unit::Week => {
                let today = self.zone.to_datetime(at).date();
                today.duration_since(self.start.date()).as_hours() / 24
            }
        };
        let length =
            i64::from(self.every.count) * if self.every.unit == Unit::Week { 7 } else { 1 };
        let estimate = passed / length;
        let near = (estimate - ESTIMATE_OFF_BY).max(0)..=estimate.max(0) + ESTIMATE_OFF_BY;
        near.rev()
            .find(|number| self.hand_over(*number).is_some_and(|begun| begun <= at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn rotation(start: DateTime, every: &str) -> Rotation {
        let people = ["anna", "bob", "carl"].map(|id| id.parse().unwrap());
        let zone = TimeZone::get("Europe/Brussels").unwrap();
        let id = "first".parse().unwrap();
        Rotation::new(id, people.to_vec(), start, zone, every.parse().unwrap()).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn hand_overs(rotation: &Rotation, after: &str, count: usize) -> Vec<String> {
        rotation
            .hand_overs_after(at(after))
            .take(count)
            .map(|at| {
                at.display_with_offset(rotation.zone().to_offset(at))
                    .to_string()
            })
            .collect()
    }

    #[test]
    fn lengths_of_turns() {
        for (text, good) in [
            ("12h", true),
            ("1d", true),
            ("52w", true),
            ("8784h", true),
            ("0h", false),
            ("-1d", false),
            ("+1d", false),
            ("53w", false),
            ("367d", false),
            ("99999999999999999999h", false),
            ("1m", false),
            ("1", false),
            ("h", false),
            ("", false),
            ("1.5d", false),
        ] {
            assert_eq!(text.parse::<Every>().is_ok(), good, "{text}");
        }
        assert_eq!("12h".parse::<Every>().unwrap().to_string(), "12h");
    }

    #[test]
    fn people_take_turns_from_the_start_on() {
        let weekly = rotation(date(2026, 11, 23).at(9, 0, 0, 0), "1w");
        for (moment, expected) in [
            ("2026-11-23T07:59:59Z", None),
            ("2026-11-23T08:00:00Z", Some("anna")),
            ("2026-11-30T07:59:59Z", Some("anna")),
            ("2026-11-30T08:00:00Z", Some("bob")),
            ("2026-12-07T08:00:00Z", Some("carl")),
            ("2026-12-14T08:00:00Z", Some("anna")),
            ("9999-12-30T21:00:00Z", Some("anna")),
        ] {
            let turn = weekly.turn_at(at(moment));
            assert_eq!(turn.map(|turn| turn.person.as_str()), expected, "{moment}");
        }
    }

    #[test]
    fn weeks_hand_over_at_the_same_time_on_the_wall() {
        let weekly = rotation(date(2026, 3, 23).at(9, 0, 0, 0), "1w");
        assert_eq!(
            hand_overs(&weekly, "2026-03-01T00:00:00Z", 3),
            [
                "2026-03-23T09:00:00+01:00",
                "2026-03-30T09:00:00+02:00",
                "2026-04-06T09:00:00+02:00",
            ]
        );
        assert_eq!(
            hand_overs(&weekly, "2026-10-19T07:00:00Z", 1),
            ["2026-10-26T09:00:00+01:00"]
        );
    }

    #[test]
    fn days_hand_over_once_where_clocks_are_moved() {
        let daily = rotation(date(2026, 3, 27).at(2, 30, 0, 0), "1d");
        assert_eq!(
            hand_overs(&daily, "2026-03-28T12:00:00Z", 2),
            ["2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"]
        );
        assert_eq!(
            hand_overs(&daily, "2026-10-24T12:00:00Z", 2),
            ["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"]
        );
    }

    #[test]
    fn hours_keep_to_the_wall_too() {
        let shifts = rotation(date(2026, 3, 28).at(8, 0, 0, 0), "12h");
        assert_eq!(
            hand_overs(&shifts, "2026-03-28T12:00:00Z", 2),
            ["2026-03-28T20:00:00+01:00", "2026-03-29T08:00:00+02:00"]
        );
    }

    #[test]
    fn nobody_to_take_turns_is_refused() {
        let zone = TimeZone::UTC;
        let (id, every) = ("a".parse().unwrap(), "1d".parse().unwrap());
        let fault = Rotation::new(id, vec![], DateTime::ZERO, zone.clone(), every).unwrap_err();
        assert_eq!(fault, RotationFault::NoPeople);
        let people = vec!["anna".parse().unwrap()];
        let id = "a".parse().unwrap();
        let fault = Rotation::new(id, people, DateTime::MAX, zone, every).unwrap_err();
        assert_eq!(fault, RotationFault::Start);
    }

    proptest::proptest! {
        /// Whatever the moment, zone and length: the turn that is in force holds the moment, and is the
        /// one that the hand-overs tell of.
        #[test]
        fn a_turn_holds_its_moment(
            second in 0_i64..4_000_000_000,
            start in 0_i64..2_000_000_000,
            count in 1_u16..60,
            unit in 0_usize..3,
            zone in 0_usize..5,
        ) {
            let zones = ["Europe/Brussels", "America/Chicago", "Australia/Lord_Howe", "Pacific/Apia", "UTC"];
            let zone = TimeZone::get(zones[zone]).unwrap();
            let unit = Unit::ALL[unit];
            let every = Every::new(count.min(unit.most()), unit).unwrap();
            let start = zone.to_datetime(Timestamp::from_second(start).unwrap());
            let people = vec!["anna".parse().unwrap(), "bob".parse().unwrap()];
            let rotation = Rotation::new("a".parse().unwrap(), people, start, zone, every).unwrap();
            let at = Timestamp::from_second(second).unwrap();
            match rotation.turn_at(at) {
                None => proptest::prop_assert!(at < rotation.started()),
                Some(turn) => {
                    proptest::prop_assert!(turn.window.contains(at));
                    let next = rotation.hand_overs_after(at).next().unwrap();
                    proptest::prop_assert_eq!(turn.window.until(), next);
                }
            }
        }
    }
}
