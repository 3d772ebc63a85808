//! `[oncall.office]`: when the office is open, by the organisation's wall.

use crate::config::oncall::roster::Mistake;
use crate::config::oncall::sections::{self, When};
use crate::domain::oncall::office::{ClosingDay, Office};
use jiff::civil::Time;
use jiff::tz::TimeZone;

/// The most closing days in the settings.
const MOST_CLOSING_DAYS: usize = 1_000;

/// The office.
pub(super) fn office(written: &sections::Office, zone: &TimeZone) -> Result<Office, Mistake> {
    let opens = time(
        "office.from",
        written.from.as_ref(),
        Time::constant(9, 0, 0, 0),
    )?;
    let closes = time(
        "office.to",
        written.to.as_ref(),
        Time::constant(17, 0, 0, 0),
    )?;
    let mut office = Office::usual(zone.clone())
        .with_hours(opens, closes)
        .map_err(|fault| Mistake::new("office.to", fault))?;
    if let Some(days) = &written.days {
        office = office
            .with_days(days.clone())
            .map_err(|fault| Mistake::new("office.days", fault))?;
    }
    if written.closed_on.len() > MOST_CLOSING_DAYS {
        let most = format_args!("at most {MOST_CLOSING_DAYS}; take out what is past");
        return Err(Mistake::new("office.closed_on", most));
    }
    let closed_on = written.closed_on.iter().enumerate().map(|(n, day)| {
        let day = day.to_string().parse::<ClosingDay>();
        day.map_err(|error| Mistake::new(format_args!("office.closed_on[{n}]"), error))
    });
    Ok(office.closed_on(closed_on.collect::<Result<_, _>>()?))
}

fn time(key: &str, written: Option<&When>, usual: Time) -> Result<Time, Mistake> {
    let Some(written) = written.map(ToString::to_string) else {
        return Ok(usual);
    };
    // Nothing but a time: of a date with a time the date would be lost without a word.
    let plain = written.chars().all(|c| c.is_ascii_digit() || c == ':');
    let time = written
        .parse()
        .ok()
        .filter(|_| plain && written.contains(':'));
    time.ok_or_else(|| Mistake::new(key, "expected a time such as \"09:00\""))
}
