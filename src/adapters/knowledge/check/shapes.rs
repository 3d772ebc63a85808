//! Telephone numbers and addresses by their shape, wherever they stand.

use regex::Regex;
use std::sync::LazyLock;

/// What looks like a number and is none: dates, and numbers of organisations.
const NO_NUMBERS: &str =
    r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b|\b0\d{3}\.\d{3}\.\d{3}\b";
/// A number from abroad or from here. How many digits it has is counted apart.
const NUMBER: &str = r"(?:\+|\b00)\d{2}[ ./-]?(?:\(0\)[ ./-]?)?\d{1,3}(?:[ ./-]?\d{2,3}){2,3}\b|\(?\b0\d{1,3}\)?(?:[ ./-]?\d{2,3}){2,4}\b";
/// A short number that somebody is told to call.
const CALL: &str = r"(?i)\b(?:bel|appelez|call|dial)(?: [\w']+){0,2} (\d{3,4})\b";
/// Digits of a whole number.
const DIGITS: std::ops::RangeInclusive<usize> = 9..=13;

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    Some(Patterns {
        none: Regex::new(NO_NUMBERS).ok()?,
        number: Regex::new(NUMBER).ok()?,
        call: Regex::new(CALL).ok()?,
        mail: Regex::new(r"[\w.+-]+@[\w-]+\.\w+").ok()?,
        web: Regex::new(
            r"(?i)\b(?:https?://|www\.)[^\s)]+|\b[a-z0-9-]+\.(?:be|eu|com|org|net|nl|fr|de|gov|uk|brussels|gent|vlaanderen)\b",
        )
        .ok()?,
    })
});

struct Patterns {
    none: Regex,
    number: Regex,
    call: Regex,
    mail: Regex,
    web: Regex,
}

/// What kinds of number or address a text holds, and each of them.
pub(super) fn shapes_in(text: &str) -> Vec<(&'static str, String)> {
    let Some(patterns) = PATTERNS.as_ref() else {
        return Vec::new();
    };
    let text = without_links(text);
    let mut found = Vec::new();
    let plain = patterns.none.replace_all(&text, " ");
    for number in patterns.number.find_iter(&plain) {
        let digits = number.as_str().chars().filter(char::is_ascii_digit).count();
        if DIGITS.contains(&digits) {
            found.push(("telephone number", number.as_str().trim().to_owned()));
        }
    }
    let short = patterns.call.captures_iter(&plain);
    for number in short.filter_map(|call| call.get(1)) {
        let is_a_year =
            number.len() == 4 && ["19", "20"].iter().any(|c| number.as_str().starts_with(c));
        if !is_a_year {
            found.push(("telephone number", number.as_str().to_owned()));
        }
    }
    for mail in patterns.mail.find_iter(&text) {
        found.push(("mail address", mail.as_str().to_owned()));
    }
    let without_mail = patterns.mail.replace_all(&text, " ");
    for web in patterns.web.find_iter(&without_mail) {
        found.push(("web address", web.as_str().to_owned()));
    }
    found
}

/// A link to another page is an address of its own kind; what is left is text.
fn without_links(text: &str) -> String {
    let mut left = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("](") {
        left.push_str(before);
        rest = behind.split_once(')').map_or("", |(_, after)| after);
    }
    left.push_str(rest);
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_dates_laws_and_amounts() {
        for number in [
            "02 501 05 60",
            "0470 12 34 56",
            "0032 2 501 05 60",
            "+32 2 501 05 60",
            "+32 (0)2 501 05 60",
            "(02) 501 05 60",
            "078 170 170",
            "02/501.05.60",
            "Bel ons op 1700",
            "Bel 101",
        ] {
            let found = shapes_in(&format!("{number} voor hulp"));
            assert_eq!(found.len(), 1, "{number}: {found:?}");
            assert_eq!(found[0].0, "telephone number");
        }
        for none in [
            "01/01/2019",
            "07-10-2024",
            "17/02/2002",
            "2026-11-26",
            "2020/HFB/MPMO/63249",
            "0207.437.468",
            "1 000 000 euro",
            "ISO 27001",
            "artikel 33, lid 1",
            "80 % in 2024",
            "bel in 2024",
            "3-2-1-1-0",
            "24/7",
            "1.1.1.1",
        ] {
            assert_eq!(shapes_in(none), [], "{none}");
        }
    }

    #[test]
    fn addresses_are_found_and_links_are_not() {
        let found = shapes_in("Mail a@b.example, of zie www.x.be en dnsbelgium.be [hier](mfa)");
        let names: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["mail address", "web address", "web address"]);
    }
}
