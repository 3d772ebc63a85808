//! Misspelt words: the known words that are a slip of the finger away.
//!
//! Asked only for words that are found nowhere; compared only with words of titles, headings and
//! keywords that begin with the same letter.

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
            .map(|known| (slips(&letters, &known.letters), &known.letters))
            .filter(|(count, _)| *count <= most_slips)
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

/// Letters added, left out, changed, or two neighbours swapped.
fn slips(left: &[char], right: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let mut previous_left = None;
    for (row, a) in left.iter().enumerate() {
        let mut next = vec![row + 1];
        let mut previous_right = None;
        for (column, b) in right.iter().enumerate() {
            let at =
                |line: &[usize], place: usize| line.get(place).copied().unwrap_or(usize::MAX / 2);
            let mut cost = (at(&last, column) + usize::from(a != b))
                .min(at(&last, column + 1) + 1)
                .min(at(&next, column) + 1);
            if column > 0 && previous_left == Some(b) && previous_right == Some(a) {
                cost = cost.min(at(&before_last, column - 1) + 1);
            }
            next.push(cost);
            previous_right = Some(b);
        }
        before_last = std::mem::replace(&mut last, next);
        previous_left = Some(a);
    }
    last.last().copied().unwrap_or(usize::MAX)
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
