//! When the office is open: some hours on some days of the week, but not on holidays.
//!
//! This is the calendar that pages in office hours are reckoned by. The words about it that reporters read
//! are a text of the settings.

use crate::domain::oncall::holidays::is_belgian_holiday;
use crate::domain::oncall::moment::instant;
use crate::domain::oncall::window::Window;
use crate::domain::triage::category::closed_list;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::str::FromStr;

/// How many days ahead an opening is looked for. An office that stays closed longer never opens.
const LOOK_AHEAD_DAYS: usize = 5_000;

closed_list! {
    /// A day of the week.
    Day {
        /// Monday.
        Monday = "mon",
        /// Tuesday.
        Tuesday = "tue",
        /// Wednesday.
        Wednesday = "wed",
        /// Thursday.
        Thursday = "thu",
        /// Friday.
        Friday = "fri",
        /// Saturday.
        Saturday = "sat",
        /// Sunday.
        Sunday = "sun",
    }
}

impl Day {
    /// The day of the week of a date.
    pub fn of(date: Date) -> Self {
        match date.weekday() {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }
}

/// A day on which the office is closed although it is no holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClosingDay {
    /// On this date.
    Once(Date),
    /// Every year on this day.
    Yearly {
        /// The month, from 1.
        month: i8,
        /// The day of the month, from 1.
        day: i8,
    },
}

/// A text that is no closing day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a date such as 2026-12-24, or a month and day such as 07-11 for every year")]
pub struct NotAClosingDay;

impl FromStr for ClosingDay {
    type Err = NotAClosingDay;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // A leap year, so that 29 February can be meant.
        let yearly = format!("2000-{text}");
        match (text.len(), text.parse::<Date>(), yearly.parse::<Date>()) {
            (10, Ok(date), _) => Ok(Self::Once(date)),
            (5, _, Ok(date)) => Ok(Self::Yearly {
                month: date.month(),
                day: date.day(),
            }),
            _ => Err(NotAClosingDay),
        }
    }
}

/// Office hours that are never open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OfficeFault {
    /// They end before they begin.
    #[error("the office must close later than it opens, on the same day")]
    Hours,
    /// There is no day.
    #[error("name at least one day, for example \"mon\"")]
    NoDays,
}

/// When the office is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    zone: TimeZone,
    opens: Time,
    closes: Time,
    days: Vec<Day>,
    closed_on: Vec<ClosingDay>,
}

impl Office {
    /// Monday to Friday from 09:00 to 17:00 on the wall in `zone`, but not on Belgian holidays.
    pub fn usual(zone: TimeZone) -> Self {
        Self {
            zone,
            opens: Time::constant(9, 0, 0, 0),
            closes: Time::constant(17, 0, 0, 0),
            days: vec![
                Day::Monday,
                Day::Tuesday,
                Day::Wednesday,
                Day::Thursday,
                Day::Friday,
            ],
            closed_on: Vec::new(),
        }
    }

    /// The same office with other hours of the day, on the wall.
    pub fn with_hours(self, opens: Time, closes: Time) -> Result<Self, OfficeFault> {
        let office = Self {
            opens,
            closes,
            ..self
        };
        (opens < closes).then_some(office).ok_or(OfficeFault::Hours)
    }

    /// The same office on other days of the week.
    pub fn with_days(self, days: Vec<Day>) -> Result<Self, OfficeFault> {
        let some = !days.is_empty();
        some.then_some(Self { days, ..self })
            .ok_or(OfficeFault::NoDays)
    }

    /// The same office, closed on these days too.
    #[must_use]
    pub fn closed_on(self, closed_on: Vec<ClosingDay>) -> Self {
        Self { closed_on, ..self }
    }

    /// Is the office open? At closing time it no longer is.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let today = self.zone.to_datetime(at).date();
        self.hours_on(today).is_some_and(|open| open.contains(at))
    }

    /// The moment itself where the office is open, else its next opening; nothing where it never opens.
    pub fn open_from(&self, at: Timestamp) -> Option<Timestamp> {
        self.after(at, SignedDuration::ZERO)
    }

    /// The moment at which the office has been open for `delay` since `at`. It always lies in office
    /// hours: what runs out at closing time ends at the next opening. Nothing where the office does not
    /// open that often in the next 5,000 days. A delay below zero counts as none.
    pub fn after(&self, at: Timestamp, delay: SignedDuration) -> Option<Timestamp> {
        let mut left = delay.max(SignedDuration::ZERO);
        let mut date = self.zone.to_datetime(at).date();
        for _ in 0..LOOK_AHEAD_DAYS {
            if let Some(open) = self.hours_on(date)
                && at < open.until()
            {
                let from = open.from().max(at);
                let today = open.until().duration_since(from);
                if left < today {
                    return from.checked_add(left).ok();
                }
                left -= today;
            }
            date = date.tomorrow().ok()?;
        }
        None
    }

    /// From when until when the office is open on a date.
    fn hours_on(&self, date: Date) -> Option<Window> {
        let closed = self.closed_on.iter().any(|day| match day {
            ClosingDay::Once(once) => *once == date,
            ClosingDay::Yearly { month, day } => (*month, *day) == (date.month(), date.day()),
        });
        if closed || !self.days.contains(&Day::of(date)) || is_belgian_holiday(date) {
            return None;
        }
        let opens = instant(date.to_datetime(self.opens), &self.zone)?;
        let closes = instant(date.to_datetime(self.closes), &self.zone)?;
        Window::new(opens, closes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brussels() -> TimeZone {
        TimeZone::get("Europe/Brussels").unwrap()
    }

    fn office() -> Office {
        Office::usual(brussels())
    }

    fn at(text: &str) -> Timestamp {
        let civil: jiff::civil::DateTime = text.parse().unwrap();
        instant(civil, &brussels()).unwrap()
    }

    fn after(office: &Office, from: &str, minutes: i64) -> String {
        let found = office.after(at(from), SignedDuration::from_mins(minutes));
        let zone = brussels();
        found.map_or("never".to_owned(), |at| {
            zone.to_datetime(at).strftime("%F %H:%M").to_string()
        })
    }

    #[test]
    fn office_time_runs_over_evenings_weekends_and_holidays() {
        for (from, minutes, expected) in [
            ("2026-11-23T10:00", 0, "2026-11-23 10:00"),
            ("2026-11-23T10:00", 30, "2026-11-23 10:30"),
            ("2026-11-23T08:00", 30, "2026-11-23 09:30"),
            ("2026-11-23T16:50", 30, "2026-11-24 09:20"),
            ("2026-11-23T16:30", 30, "2026-11-24 09:00"),
            ("2026-11-23T17:00", 0, "2026-11-24 09:00"),
            // Friday evening to Monday.
            ("2026-11-27T18:00", 15, "2026-11-30 09:15"),
            // Good Friday 2026 is no holiday, Easter Monday is.
            ("2026-04-03T16:45", 30, "2026-04-07 09:15"),
            ("2026-04-04T12:00", 0, "2026-04-07 09:00"),
            // Christmas on a Friday, and New Year on the Friday after.
            ("2026-12-24T16:59", 2, "2026-12-28 09:01"),
            ("2026-12-31T17:30", 0, "2027-01-04 09:00"),
            // The clocks moved in the weekend between.
            ("2026-03-27T16:00", 120, "2026-03-30 10:00"),
            ("2026-10-23T16:00", 120, "2026-10-26 10:00"),
            // Two whole days of eight hours.
            ("2026-11-23T09:00", 960, "2026-11-25 09:00"),
            ("2026-11-23T09:00", -5, "2026-11-23 09:00"),
        ] {
            assert_eq!(
                after(&office(), from, minutes),
                expected,
                "{from} + {minutes}"
            );
        }
    }

    #[test]
    fn the_office_closes_on_its_own_days_too() {
        let closed = ["2026-12-24", "07-11", "02-29"].map(|day| day.parse().unwrap());
        let office = office().closed_on(closed.to_vec());
        assert!(!office.is_open(at("2026-12-24T10:00")));
        assert!(office.is_open(at("2027-12-24T10:00")));
        assert!(!office.is_open(at("2028-07-11T10:00")));
        for wrong in [
            "",
            "24-12",
            "13-01",
            "2026-02-30",
            "kerst",
            "2026-12-24T10:00",
        ] {
            assert!(wrong.parse::<ClosingDay>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn hours_and_days_can_be_others() {
        let early = Time::constant(7, 30, 0, 0);
        let late = Time::constant(19, 0, 0, 0);
        let long = office().with_hours(early, late).unwrap();
        let weekend = long.with_days(vec![Day::Saturday]).unwrap();
        assert_eq!(after(&weekend, "2026-11-23T10:00", 0), "2026-11-28 07:30");
        assert_eq!(office().with_hours(late, early), Err(OfficeFault::Hours));
        assert_eq!(office().with_hours(late, late), Err(OfficeFault::Hours));
        assert_eq!(office().with_days(vec![]), Err(OfficeFault::NoDays));
    }

    #[test]
    fn what_never_ends_is_said_to_be_never() {
        let delay = SignedDuration::MAX;
        assert_eq!(office().after(at("2026-11-23T10:00"), delay), None);
        assert_eq!(office().after(Timestamp::MAX, SignedDuration::ZERO), None);
    }
}
