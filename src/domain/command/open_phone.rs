//! The first telephone number in a text that was typed in a hurry. It isn't checked that the number exists;
//! it is kept as it was typed, for a human who dials it.

use crate::domain::text::fold::is_invisible;

/// Fewer digits are a time, a date, a postcode or an emergency number.
const FEWEST_DIGITS: usize = 8;
/// Longest number with everything between its digits, in characters.
const LONGEST_NUMBER: usize = 40;

/// A number and what stands around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number<'a> {
    /// The text before it.
    pub(crate) before: &'a str,
    /// The number as typed, without invisible characters.
    pub(crate) written: String,
    /// The text behind it.
    pub(crate) behind: &'a str,
}

/// Finds it. A number begins with `+`, `0` or a bracket, stays on one line and has at least 8 digits.
pub(crate) fn first_number(text: &str) -> Option<Number<'_>> {
    let mut previous = None;
    for (start, c) in text.char_indices() {
        let in_word = previous.is_some_and(|c: char| c.is_alphanumeric() || c == '+');
        previous = Some(c);
        if in_word || !matches!(c, '+' | '0' | '(') {
            continue;
        }
        let (before, from) = text.split_at_checked(start)?;
        let Some(length) = number_at_start(from) else {
            continue;
        };
        let (typed, behind) = from.split_at_checked(length)?;
        return Some(Number {
            before,
            written: tidy(typed),
            behind,
        });
    }
    None
}

/// The length of the number with which a text begins, up to its last digit.
fn number_at_start(text: &str) -> Option<usize> {
    let bare = text.strip_prefix('(').unwrap_or(text);
    if !bare.starts_with(['+', '0']) {
        return None;
    }
    let enough = digits_in_full(bare);
    let (mut digits, mut end) = (0, 0);
    for (at, c) in text.char_indices().take(LONGEST_NUMBER) {
        let leads = c == '+' && digits == 0;
        if c.is_ascii_digit() {
            digits += 1;
            end = at + 1;
        } else if c.is_whitespace() && c != '\n' {
            if digits >= enough {
                break;
            }
        } else if !leads && !stands_between_digits(c) {
            break;
        }
    }
    (digits >= FEWEST_DIGITS).then_some(end)
}

/// With so many digits a number may be complete, and what follows a blank isn't part of it: with a country
/// code 10 or more, behind `00` two more, a national one 9 (a mobile one ends its groups on 10).
fn digits_in_full(number: &str) -> usize {
    if number.starts_with('+') {
        10
    } else if number.starts_with("00") {
        12
    } else {
        9
    }
}

fn stands_between_digits(c: char) -> bool {
    matches!(c, '.' | '-' | '/' | '(' | ')' | '\u{2010}'..='\u{2015}') || is_invisible(c)
}

/// Without invisible characters, and without a bracket that was opened before the number and closes behind.
fn tidy(typed: &str) -> String {
    let seen: String = typed.chars().filter(|c| !is_invisible(*c)).collect();
    let open = seen.matches('(').count() > seen.matches(')').count();
    match seen.strip_prefix('(') {
        Some(rest) if open => rest.to_owned(),
        _ => seen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_as_people_type_them() {
        for (text, written, behind) in [
            ("0470 00 00 00", "0470 00 00 00", ""),
            ("0470/00.00.00 servers", "0470/00.00.00", " servers"),
            ("0470000000,x", "0470000000", ",x"),
            ("09 000 00 00 12 servers", "09 000 00 00", " 12 servers"),
            ("0470 00 00 00 12 servers", "0470 00 00 00", " 12 servers"),
            ("+32 470 00 00 00 nu", "+32 470 00 00 00", " nu"),
            ("0032 9 000 00 00 nu", "0032 9 000 00 00", " nu"),
            ("+32 (0)9 000 00 00", "+32 (0)9 000 00 00", ""),
            ("(09) 000 00 00.", "(09) 000 00 00", "."),
            ("(0470 00 00 00) x", "0470 00 00 00", ") x"),
            ("0470\u{a0}00\u{200b} 00 00", "0470\u{a0}00 00 00", ""),
            ("0470–00–00–00\n1", "0470–00–00–00", "\n1"),
            ("om 02:41 belde 9000 Gent: 09 000 00 00", "09 000 00 00", ""),
            ("CRT-2026-0042 van 0470 00 00 00", "0470 00 00 00", ""),
        ] {
            let number = first_number(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (number.written.as_str(), number.behind),
                (written, behind),
                "{text}"
            );
            assert!(text.starts_with(number.before));
        }
    }

    #[test]
    fn other_digits_are_no_number() {
        for text in [
            "",
            "112",
            "9000 Gent",
            "02:41",
            "0470 00",
            "0470\n00 00 00",
            "A0470000000",
            "(((((",
            "++++",
        ] {
            assert_eq!(first_number(text), None, "{text}");
        }
    }
}
