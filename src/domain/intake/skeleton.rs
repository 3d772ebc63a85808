//! What of a domain name meets the eye: letters that look alike become one (as in Unicode UTS 39, 4).
//!
//! For comparing only; a skeleton is never shown.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest label in a domain name (RFC 1035, 2.3.4).
const LONGEST_LABEL: usize = 63;

/// Letters of other alphabets, and of our own with a twist, by the one that they look like.
const LOOKS: &[(char, &str)] = &[
    ('a', "\u{430}\u{3b1}\u{251}"),
    ('b', "\u{44c}\u{432}\u{184}"),
    ('c', "\u{441}\u{3f2}"),
    ('d', "\u{501}\u{111}"),
    ('e', "\u{435}\u{454}\u{3b5}"),
    ('g', "\u{261}\u{581}"),
    ('h', "\u{4bb}\u{43d}"),
    ('j', "\u{458}\u{3f3}"),
    ('k', "\u{43a}\u{3ba}"),
    ('l', "1i|\u{456}\u{4cf}\u{131}\u{3b9}\u{142}\u{582}"),
    ('m', "\u{43c}"),
    ('n', "\u{3b7}\u{578}"),
    ('o', "0\u{43e}\u{3bf}\u{f8}\u{585}"),
    ('p', "\u{440}\u{3c1}"),
    ('q', "\u{51b}"),
    ('r', "\u{433}"),
    ('s', "\u{455}"),
    ('t', "\u{442}\u{3c4}"),
    ('u', "\u{3c5}\u{57d}"),
    ('v', "\u{475}\u{3bd}"),
    ('w', "\u{51d}\u{3c9}\u{461}"),
    ('x', "\u{445}\u{3c7}"),
    ('y', "\u{443}\u{3b3}"),
];

/// A name with all that looks alike made the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skeleton(String);

impl Skeleton {
    /// The skeleton of a label that is readable.
    pub fn of(label: &str) -> Self {
        let letters = label
            .nfkd()
            .filter(|letter| !is_combining_mark(*letter))
            .flat_map(char::to_lowercase)
            .map(plain);
        let text: String = letters.collect();
        Self(text.replace("rn", "m").replace("vv", "w"))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its length in letters.
    pub fn letters(&self) -> usize {
        self.0.chars().count()
    }

    /// Without its hyphens.
    pub fn without_hyphens(&self) -> String {
        self.0.replace('-', "")
    }
}

fn plain(letter: char) -> char {
    let same = LOOKS.iter().find(|(_, looks)| looks.contains(letter));
    same.map_or(letter, |(plain, _)| *plain)
}

/// Is one the other with one letter more, less or other, or with two neighbours swapped? Linear.
pub fn one_slip_apart(one: &Skeleton, other: &Skeleton) -> bool {
    let one: Vec<char> = one.0.chars().collect();
    let other: Vec<char> = other.0.chars().collect();
    let same_ahead = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let left = |letters: &[char]| letters.get(same_ahead..).unwrap_or_default().to_vec();
    let (one, other) = (left(&one), left(&other));
    match (one.as_slice(), other.as_slice()) {
        ([_, rest @ ..], same) | (same, [_, rest @ ..]) if rest == same => true,
        ([_, rest @ ..], [_, same @ ..]) if rest == same => true,
        ([a, b, rest @ ..], [c, d, same @ ..]) => (a, b) == (d, c) && rest == same,
        _ => false,
    }
}

/// A label as a mail program may show it: its international form, where it has one (RFC 5890, 2.3.2.1).
pub fn readable(label: &str) -> String {
    let label = label.to_lowercase();
    let decoded = label.strip_prefix("xn--").and_then(decode);
    decoded.unwrap_or(label)
}

/// Punycode (RFC 3492, 6.2). Nothing where it is wrong.
fn decode(input: &str) -> Option<String> {
    if input.len() > LONGEST_LABEL || !input.is_ascii() {
        return None;
    }
    let (basic, rest) = input.rsplit_once('-').unwrap_or(("", input));
    let mut letters: Vec<char> = basic.chars().collect();
    let (mut code, mut place, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = rest.chars();
    while !digits.as_str().is_empty() {
        let (before, mut weight, mut k) = (place, 1_u32, 36_u32);
        loop {
            let digit = value(digits.next()?)?;
            place = place.checked_add(digit.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
            k += 36;
        }
        let count = u32::try_from(letters.len()).ok()? + 1;
        let delta = place - before;
        bias = adapt(if before == 0 { delta / 700 } else { delta / 2 }, count);
        code = code.checked_add(place / count)?;
        place %= count;
        letters.insert(usize::try_from(place).ok()?, char::from_u32(code)?);
        place += 1;
    }
    Some(letters.into_iter().collect())
}

/// The bias for the next letter (RFC 3492, 6.1), from a distance that is already damped.
fn adapt(damped: u32, count: u32) -> u32 {
    let mut delta = damped + damped / count;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

fn value(digit: char) -> Option<u32> {
    match digit {
        'a'..='z' => Some(u32::from(digit) - u32::from('a')),
        '0'..='9' => Some(u32::from(digit) - u32::from('0') + 26),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn international_names_are_read() {
        for (label, expected) in [
            ("bcher-kva", "b\u{fc}cher"),
            ("mnchen-3ya", "m\u{fc}nchen"),
            ("e1afmkfd", "\u{43f}\u{440}\u{438}\u{43c}\u{435}\u{440}"),
        ] {
            assert_eq!(readable(&format!("xn--{label}")), expected);
        }
        assert_eq!(readable("Hackegem"), "hackegem");
        assert_eq!(readable("xn--!"), "xn--!");
    }

    #[test]
    fn one_slip_is_one_slip() {
        for (one, other, expected) in [
            ("lekkegem", "lekegem", true),
            ("lekegem", "lekkegem", true),
            ("lekkegem", "lekkegen", true),
            ("lekkegem", "lekkegme", true),
            ("lekkegem", "elkkegem", true),
            ("lekkegem", "lekkegem", false),
            ("lekkegem", "lekkeg", false),
            ("lekkegem", "lakkegen", false),
            ("lekkegem", "kelkegem", false),
            ("", "a", true),
        ] {
            let apart = one_slip_apart(&Skeleton::of(one), &Skeleton::of(other));
            assert_eq!(apart, expected, "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn any_label_is_read(label in "(xn--)?[a-z0-9-]{0,70}") {
            prop_assert!(Skeleton::of(&readable(&label)).letters() <= 80);
        }
    }
}
