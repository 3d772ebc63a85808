//! The ten legal holidays of Belgium (royal decree of 18 April 1974), computed for any year.
//!
//! No holiday that only some employers give, and no day in place of one that falls in a weekend: those are
//! `closed_on` in the settings.

use jiff::Span;
use jiff::civil::Date;

/// The holidays on a fixed day, as month and day: New Year, Labour Day, the national holiday, the
/// Assumption, All Saints, the Armistice, Christmas.
const FIXED: [(i8, i8); 7] = [
    (1, 1),
    (5, 1),
    (7, 21),
    (8, 15),
    (11, 1),
    (11, 11),
    (12, 25),
];

/// The holidays that move with Easter, in days after Easter Sunday: Easter Monday, the Ascension,
/// Whit Monday.
const AFTER_EASTER: [i32; 3] = [1, 39, 50];

/// Is this a legal holiday in Belgium?
pub fn is_belgian_holiday(date: Date) -> bool {
    let fixed = FIXED.contains(&(date.month(), date.day()));
    let after_easter = easter_sunday(date.year())
        .and_then(|easter| easter.until(date).ok())
        .is_some_and(|span: Span| AFTER_EASTER.contains(&span.get_days()));
    fixed || after_easter
}

/// Easter Sunday of a year in the Gregorian calendar (the anonymous algorithm of 1876). Nothing before the
/// year 1, where the arithmetic has no meaning.
pub fn easter_sunday(year: i16) -> Option<Date> {
    let y = i32::from(year);
    if y < 1 {
        return None;
    }
    let golden = y % 19;
    let (century, of_century) = (y / 100, y % 100);
    let skipped = (century + 8) / 25;
    let moon_off = (century - skipped + 1) / 3;
    let moon = (19 * golden + century - century / 4 - moon_off + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - moon - of_century % 4) % 7;
    let late = (golden + 11 * moon + 22 * weekday) / 451;
    let days = moon + weekday - 7 * late + 114;
    let (month, day) = (days / 31, days % 31 + 1);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn easter_of_known_years() {
        for (year, month, day) in [
            (1818, 3, 22),
            (1943, 4, 25),
            (2000, 4, 23),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2027, 3, 28),
            (2038, 4, 25),
            (2285, 3, 22),
        ] {
            assert_eq!(easter_sunday(year), Some(date(year, month, day)));
        }
        assert_eq!(easter_sunday(0), None);
        assert_eq!(easter_sunday(-1), None);
        assert!((1..=9999).all(|year| easter_sunday(year).is_some()));
    }

    #[test]
    fn a_year_has_ten_holidays() {
        let days = date(2026, 1, 1).series(Span::new().days(1)).take(365);
        let found: Vec<String> = days
            .filter(|day| is_belgian_holiday(*day))
            .map(|day| day.to_string())
            .collect();
        assert_eq!(
            found,
            [
                "2026-01-01",
                "2026-04-06",
                "2026-05-01",
                "2026-05-14",
                "2026-05-25",
                "2026-07-21",
                "2026-08-15",
                "2026-11-01",
                "2026-11-11",
                "2026-12-25",
            ]
        );
    }
}
