//! The day of a page's last change, as exports write it: `2026-11-03 10:00:00.000`, `Nov 03, 2026`, `3 nov. 2026`.

use jiff::civil::Date;

/// The first three letters of the months in English, Dutch and French; several may be the same month.
const MONTHS: [(&str, i8); 22] = [
    ("jan", 1),
    ("feb", 2),
    ("fév", 2),
    ("fev", 2),
    ("mar", 3),
    ("mrt", 3),
    ("maa", 3),
    ("apr", 4),
    ("avr", 4),
    ("may", 5),
    ("mei", 5),
    ("mai", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("aoû", 8),
    ("sep", 9),
    ("oct", 10),
    ("okt", 10),
    ("nov", 11),
    ("dec", 12),
    ("déc", 12),
];

/// The day at the beginning of a time.
pub(super) fn of_a_time(text: &str) -> Option<Date> {
    text.trim().get(..10)?.parse().ok()
}

/// The last day that a sentence names.
pub(super) fn last_in(sentence: &str) -> Option<Date> {
    let words: Vec<String> = sentence
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
        .map(|word| word.trim_end_matches('.').to_lowercase())
        .collect();
    let of_three = words.windows(3).rev().find_map(|three| match three {
        [one, two, year] => written(one, two, year),
        _ => None,
    });
    of_three.or_else(|| words.iter().rev().find_map(|word| of_a_time(word)))
}

fn written(one: &str, two: &str, year: &str) -> Option<Date> {
    let year = year.parse::<i16>().ok().filter(|year| *year >= 1990)?;
    let (month, day) = match (month(one), month(two)) {
        (Some(month), _) => (month, two),
        (_, Some(month)) => (month, one),
        _ => return None,
    };
    Date::new(year, month, day.parse().ok()?).ok()
}

fn month(word: &str) -> Option<i8> {
    // "juin" and "juillet" begin alike; "june" and "july" don't.
    if word.starts_with("juil") {
        return Some(7);
    }
    if word.starts_with("jui") {
        return Some(6);
    }
    let beginning: String = word.chars().take(3).collect();
    let found = MONTHS.iter().find(|(name, _)| *name == beginning);
    found.map(|(_, month)| *month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_exports_write_them() {
        for (text, day) in [
            (
                "Created by Jan May, last modified by Els on Mar 25, 2022",
                "2022-03-25",
            ),
            (
                "Aangemaakt door Jan, laatst gewijzigd op 3 okt. 2025",
                "2025-10-03",
            ),
            (
                "Créé par Jan, dernière modification le août 03, 2025",
                "2025-08-03",
            ),
            ("dernière modification le 3 juillet 2025", "2025-07-03"),
            (
                "on Jan 01, 2020, last modified on Jun 28, 2022",
                "2022-06-28",
            ),
            ("gewijzigd op 2026-11-03", "2026-11-03"),
        ] {
            assert_eq!(last_in(text).unwrap().to_string(), day, "{text}");
        }
        assert_eq!(last_in("Created by Jan 99 Feb"), None);
        assert_eq!(
            of_a_time("2013-05-10 14:36:36.000").unwrap().to_string(),
            "2013-05-10"
        );
        assert_eq!(of_a_time("één jaar gel"), None);
    }
}
