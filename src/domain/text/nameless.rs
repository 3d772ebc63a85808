//! A text without the names in it: what is learned from a report must lead back to nobody.
//!
//! A word is let through where many examples have it in small letters (everybody may read those), or where it is a plain
//! word in small letters that isn't known as a name. Everything else is blank: words with a capital, parts of addresses,
//! links, file names, names of machines, hashes. That a word goes is no harm: it is counted, not read. How many reports a
//! word must stand in before it is learned isn't decided here.

use crate::domain::text::fold::{Folded, Word, fold};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A word that stands in so many examples is no name of somebody.
const COMMON: u32 = 3;

/// Names as they are compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names(BTreeSet<String>);

impl Names {
    /// Takes every word of a name for one: "Jan De Smet" is "Jan", "De" and "Smet" too.
    pub fn add(&mut self, name: &str) {
        let parts = name.split(|letter: char| !letter.is_alphanumeric());
        self.0
            .extend(parts.map(fold).filter(|part| !part.is_empty()));
    }

    /// Takes all of these too.
    pub fn extend(&mut self, others: &Self) {
        self.0.extend(others.0.iter().cloned());
    }
}

/// Words that many write without a capital. "Jan" may stand in as many examples as it likes: it stays a name.
#[derive(Debug, Clone, Default)]
pub struct CommonWords(HashSet<String>);

impl CommonWords {
    /// The common words of these texts.
    pub fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut seen: HashMap<String, u32> = HashMap::new();
        for text in texts {
            let small: BTreeSet<String> = Folded::new(text)
                .words
                .into_iter()
                .filter(|word| !word.text.is_empty() && !has_capital(text, word))
                .map(|word| word.text)
                .collect();
            for word in small {
                *seen.entry(word).or_default() += 1;
            }
        }
        let common = seen.into_iter().filter(|(_, count)| *count >= COMMON);
        Self(common.map(|(word, _)| word).collect())
    }
}

/// What decides of a word whether it is let through.
#[derive(Debug, Clone, Copy)]
pub struct Sieve<'a> {
    /// What is known as a name.
    pub names: &'a Names,
    /// What is none, however it is written here.
    pub common: &'a CommonWords,
}

impl Sieve<'_> {
    /// The words of a text, those blank that may be names or lead to somebody. Linear in its length.
    pub fn words<'a>(&self, text: &'a str) -> Folded<'a> {
        let mut folded = Folded::new(text);
        let mut chunks = chunks(text).peekable();
        for word in &mut folded.words {
            while chunks.next_if(|chunk| chunk.end <= word.start).is_some() {}
            let is_technical = chunks.peek().is_some_and(|chunk| chunk.is_technical);
            let is_plain = !is_technical
                && !self.names.0.contains(&word.text)
                && !has_capital(text, word)
                && is_of_one_sort(&word.text);
            if !is_plain && !self.common.0.contains(&word.text) {
                word.text.clear();
            }
        }
        folded
    }
}

fn has_capital(text: &str, word: &Word) -> bool {
    let written = text.get(word.start..word.end).unwrap_or_default();
    written.chars().any(char::is_uppercase)
}

/// Only letters or only digits: "srv01" and "9f86d08" name one thing.
fn is_of_one_sort(word: &str) -> bool {
    word.chars().all(char::is_alphabetic) || word.chars().all(|one| one.is_ascii_digit())
}

/// What stands between two blanks.
struct Chunk {
    end: usize,
    is_technical: bool,
}

fn chunks(text: &str) -> impl Iterator<Item = Chunk> {
    let mut end = 0;
    text.split_inclusive(char::is_whitespace).map(move |chunk| {
        end += chunk.len();
        Chunk {
            end,
            is_technical: is_technical(chunk),
        }
    })
}

/// Is it an address, a link, the name of a file or of a machine, however it was made harmless?
fn is_technical(chunk: &str) -> bool {
    let inner = chunk.trim_matches(|letter: char| !letter.is_alphanumeric());
    let mixed = inner.contains(char::is_alphabetic) && inner.contains(char::is_numeric);
    // A hyphen joins ordinary words too; what has digits beside it is a name: "srv-dc-01".
    mixed
        || inner.contains(|letter: char| {
            matches!(
                letter,
                '.' | '@' | '_' | '\\' | '/' | ':' | '[' | ']' | '{' | '(' | '=' | '&' | '%'
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn let_through(text: &str) -> Vec<String> {
        let mut names = Names::default();
        names.add("An De Smedt");
        names.add("Gemeente Hackegem");
        let example = "dag de gemeente heeft mail van outlook en 2fa: de factuur.pdf";
        let common = CommonWords::of([example, example, example].into_iter());
        let (names, common) = (&names, &common);
        let words = Sieve { names, common }.words(text).words;
        let words = words.into_iter().map(|word| word.text);
        words.filter(|word| !word.is_empty()).collect()
    }

    #[test]
    fn only_plain_words_and_common_ones_are_let_through() {
        for (text, expected) in [
            ("Dag, de kassa van Kevin", "dag de kassa van"),
            ("an vroeg het aan smedt van HACKEGEM", "vroeg het aan van"),
            ("Gemeente en Outlook", "gemeente en outlook"),
            (
                "mail kevin@hackegem.example of https://boef.example/x",
                "mail of",
            ),
            ("van kevin[at]hackegem[.]example, boef[.]com.", "van"),
            ("zie boef.example/pad en factuur.pdf", "zie en factuur pdf"),
            ("op srv-kassa-01 en dc01.hackegem.local", "op en"),
            ("hash 9f86d081884c7d65 en 2FA", "hash en 2fa"),
            ("bel 0470 12 34 56", "bel 0470 12 34 56"),
            ("c:\\users\\kevin \\\\nas\\data", ""),
            ("iPhone van piet_jans", "van"),
        ] {
            assert_eq!(let_through(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn a_name_in_examples_is_common_only_where_many_write_it_small() {
        let text = "Kevin zag het, zei kevin";
        let examples = ["Kevin was hier", "bij Kevin", "Kevin zag", "kevin niet"];
        let common = CommonWords::of(examples.into_iter());
        let sieve = Sieve {
            names: &Names::default(),
            common: &common,
        };
        let words = sieve.words(text).words;
        assert_eq!(words[0].text, "");
        // Written small it is a word like any other here: it must stand in the tickets of several organisations.
        assert_eq!(words[4].text, "kevin");
    }

    #[test]
    fn every_text_keeps_its_places() {
        for text in [
            "",
            "   ",
            "é",
            "a\u{301}b ñ\u{200b}ñ",
            "\u{1f600} ok",
            "ﬁne",
        ] {
            let before = Folded::new(text).words;
            let sieve = Sieve {
                names: &Names::default(),
                common: &CommonWords::default(),
            };
            let after = sieve.words(text).words;
            let places = |words: Vec<Word>| -> Vec<(usize, usize)> {
                words.iter().map(|word| (word.start, word.end)).collect()
            };
            assert_eq!(places(before), places(after), "{text:?}");
        }
    }
}
