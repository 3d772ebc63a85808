//! Misspelt words: the known words that are a slip of the finger away.
//!
//! Asked only for words that are found nowhere; compared only with words of titles, headings and
//! keywords that begin with the same letter.

use crate::domain::text::distance::distance;
use std::collections::{BTreeMap, BTreeSet};

/// The shortest word that is corrected, in letters.
const SHORTEST: usize = 5;
/// From this length on two slips are forgiven, below one.
const TWO_SLIPS_FROM: usize = 9;
/// The longest word that is corrected, in letters.
const LONGEST: usize = 30;
/// The most corrections of one word.
const MOST: usize = 3;

/// Known words by their first letter.
#[derive(Debug, Clone, Default)]
pub struct Spelling(BTreeMap<char, Vec<Known>>);

/// A known word.
#[derive(Debug, Clone)]
struct Known {
    letters: Vec<char>,
    /// Which letters it has, as bits: words with too different ones needn't be compared.
    bag: u64,
}

impl Known {
    fn of(letters: Vec<char>) -> Self {
        let bag = letters
            .iter()
            .fold(0, |bag, letter| bag | 1 << (u32::from(*letter) % 64));
        Self { letters, bag }
    }
}

impl Spelling {
    /// Knows these folded words.
    pub fn of(words: BTreeSet<String>) -> Self {
        let mut by_letter: BTreeMap<char, Vec<Known>> = BTreeMap::new();
        for word in words {
            let letters: Vec<char> = word.chars().collect();
            if let Some(first) = letters.first().filter(|_| letters.len() >= SHORTEST) {
                by_letter
                    .entry(*first)
                    .or_default()
                    .push(Known::of(letters));
            }
        }
        Self(by_letter)
    }

    /// The known words nearest to this one, at most three.
    pub fn corrections(&self, word: &str) -> Vec<String> {
        let letters: Vec<char> = word.chars().take(LONGEST + 1).collect();
        // A word with a digit is a name or a number, and no slip.
        let is_name = letters.iter().any(char::is_ascii_digit);
        if is_name || letters.len() < SHORTEST || letters.len() > LONGEST {
            return Vec::new();
        }
        let most_slips = if letters.len() >= TWO_SLIPS_FROM {
            2
        } else {
            1
        };
        let Known { letters, bag } = Known::of(letters);
        let known = letters.first().and_then(|first| self.0.get(first));
        // Each slip adds at most one letter that only one of the two has, and takes away one.
        let is_near = |known: &&Known| {
            known.letters.len().abs_diff(letters.len()) <= most_slips
                && usize::try_from((known.bag ^ bag).count_ones())
                    .is_ok_and(|n| n <= 2 * most_slips)
        };
        let mut found: Vec<(usize, &Vec<char>)> = known
            .into_iter()
            .flatten()
            .filter(is_near)
            .filter_map(|known| {
                let slips = distance(&letters, &known.letters, most_slips)?;
                Some((slips, &known.letters))
            })
            .collect();
        found.sort();
        let nearest = found.first().map_or(0, |(count, _)| *count);
        found
            .into_iter()
            .filter(|(count, _)| *count == nearest)
            .take(MOST)
            .map(|(_, known)| known.iter().collect())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_forgiven_by_length() {
        let words = ["wachtwoord", "phishing", "backup", "mfa", "ransomware"];
        let spelling = Spelling::of(words.into_iter().map(str::to_owned).collect());
        for (word, known) in [
            ("wachtword", "wachtwoord"),
            ("phising", "phishing"),
            ("phishnig", "phishing"),
            ("ransonwere", "ransomware"),
            ("bakcup", "backup"),
            ("mfb", ""),
            ("backup1", ""),
            ("containerpark", ""),
            ("xachtwoord", ""),
        ] {
            assert_eq!(spelling.corrections(word).join(" "), known, "{word}");
        }
    }
}
