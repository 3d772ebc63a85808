//! The single words of the lexicon, found again in a text despite plurals, compounds and typing errors.
//!
//! Works on folded words only. Phrases of several words are `triage::matching`.

use crate::domain::text::distance::distance;
use foldhash::fast::FixedState;
use std::collections::{HashMap, HashSet};

/// A map by what the lexicon holds, which each word of a report is looked up in many times: its hash is the quicker one.
/// Never by what a report holds: whoever writes it could aim at one place.
pub(crate) type ByKnown<K, V> = HashMap<K, V, FixedState>;
/// Things of the lexicon.
type Known<K> = HashSet<K, FixedState>;

/// The number of a word in the vocabulary.
pub(crate) type WordId = u32;

/// Fewer letters than this are never taken for a mistyped word.
const SHORTEST_TYPO: usize = 6;
/// From this many letters on, two errors are forgiven.
const TWO_ERRORS_FROM: usize = 9;
/// Longer words are compounds, paths or noise; comparing them letter by letter would only cost time.
const LONGEST_TYPO: usize = 24;
/// A compound has at least this many letters beside the noun.
const COMPOUND_REST: usize = 3;
/// No Dutch word that means something here is longer; each end of it is looked up.
const LONGEST_COMPOUND: usize = 48;
/// The shortest noun that may be part of a compound.
const SHORTEST_NOUN: usize = 5;
/// The shortest beginning that stands for all words that begin so: "pirat*".
const SHORTEST_BEGINNING: usize = 3;

/// What a word of the text may be, surest first.
pub(crate) type Readings = [Option<Reading>; 4];

/// A word of the text as a word of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reading {
    /// Which word.
    pub(crate) word: WordId,
    /// How surely: 1 as written, less for a compound or a typing error.
    pub(crate) quality: f64,
}

/// The part of a compound that a noun may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// At either end: "ransomwareaanval", "spearphishing".
    EitherEnd,
    /// Only at the end, where Dutch puts what the thing is: "dienstlaptop".
    End,
}

/// A known word: which letters it has, letter by letter, its number.
type Spelling = (u32, Vec<char>, WordId);

/// All words of the lexicon by their stem.
#[derive(Debug, Clone, Default)]
pub(crate) struct Vocabulary {
    ids: ByKnown<String, WordId>,
    nouns: ByKnown<String, (WordId, Place)>,
    typos: ByKnown<(char, usize), Vec<Spelling>>,
    forgiven: Known<WordId>,
    beginnings: ByKnown<String, WordId>,
    not_typos: Known<String>,
}

impl Vocabulary {
    /// The number of a word, new or known.
    pub(crate) fn add(&mut self, word: &str) -> WordId {
        let next = WordId::try_from(self.ids.len()).unwrap_or(WordId::MAX);
        *self.ids.entry(stem(word).to_owned()).or_insert(next)
    }

    /// The number of all words that begin so: "chiffr*" is "chiffré", "chiffrement", "chiffrent".
    pub(crate) fn add_beginning(&mut self, letters: &str) -> WordId {
        let id = self.add(&format!("{letters}*"));
        if letters.len() >= SHORTEST_BEGINNING {
            self.beginnings.insert(letters.to_owned(), id);
        }
        id
    }

    /// Lets a word be recognised when it is mistyped, if it is long enough.
    pub(crate) fn forgive_typos(&mut self, word: &str) {
        let id = self.add(word);
        let letters: Vec<char> = stem(word).chars().collect();
        let fits = (SHORTEST_TYPO..=LONGEST_TYPO).contains(&letters.len());
        let first = letters.first().copied().unwrap_or(' ');
        if fits && letters.iter().all(|c| c.is_alphabetic()) && self.forgiven.insert(id) {
            let key = (first, letters.len());
            let known = (letters_in(&letters), letters, id);
            self.typos.entry(key).or_default().push(known);
        }
    }

    /// Lets a noun be recognised inside a compound, if it is long enough.
    pub(crate) fn allow_compounds(&mut self, noun: &str, place: Place) {
        if noun.len() >= SHORTEST_NOUN {
            let id = self.add(noun);
            self.nouns.entry(noun.to_owned()).or_insert((id, place));
        }
    }

    /// A word that exists, and must not be taken for a mistyped one.
    pub(crate) fn is_no_typo(&mut self, word: &str) {
        self.not_typos.insert(stem(word).to_owned());
    }

    /// What a word of the text may be: as written, as a compound, by its beginning, and only then as
    /// a typing error.
    pub(crate) fn read(&self, word: &str) -> Readings {
        if word.is_empty() {
            return [None; 4];
        }
        let stem = stem(word);
        let written = self.ids.get(stem).map(|id| Reading {
            word: *id,
            quality: 1.0,
        });
        let compound = self
            .compound(word)
            .filter(|noun| Some(noun.word) != written.map(|known| known.word));
        let [long, short] = self.beginnings_of(word);
        if written.is_some() || compound.is_some() || long.is_some() {
            return [written, compound, long, short];
        }
        [self.typo(stem), None, None, None]
    }

    /// The two longest known beginnings of a word.
    fn beginnings_of(&self, word: &str) -> [Option<Reading>; 2] {
        let longest = word.len().min(LONGEST_COMPOUND);
        let mut found = (SHORTEST_BEGINNING..=longest)
            .rev()
            .filter_map(|size| self.beginnings.get(word.get(..size)?))
            .map(|word| Reading {
                word: *word,
                quality: 1.0,
            });
        [found.next(), found.next()]
    }

    fn compound(&self, word: &str) -> Option<Reading> {
        let length = word.len();
        if length > LONGEST_COMPOUND {
            return None;
        }
        let found = (SHORTEST_NOUN..=length.checked_sub(COMPOUND_REST)?)
            .rev()
            .find_map(|size| {
                let tail = self.noun(word.get(length - size..)?);
                let head = || self.noun(word.get(..size)?);
                tail.or_else(|| head().filter(|(_, place)| *place == Place::EitherEnd))
            });
        found.map(|(word, _)| Reading { word, quality: 0.9 })
    }

    fn noun(&self, part: &str) -> Option<(WordId, Place)> {
        let plural = || self.nouns.get(stem(part));
        self.nouns.get(part).or_else(plural).copied()
    }

    fn typo(&self, stem: &str) -> Option<Reading> {
        if stem.len() > LONGEST_TYPO * 2 || self.not_typos.contains(stem) {
            return None;
        }
        let letters: Vec<char> = stem.chars().collect();
        if !(SHORTEST_TYPO - 1..=LONGEST_TYPO).contains(&letters.len()) {
            return None;
        }
        let first = *letters.first()?;
        let used = letters_in(&letters);
        let nearest = (letters.len().saturating_sub(2)..=letters.len() + 2)
            .filter_map(|length| self.typos.get(&(first, length)))
            .flatten()
            .filter_map(|(has, known, id)| {
                let allowed = 1 + u8::from(known.len() >= TWO_ERRORS_FROM);
                // An error changes at most two letters of the set: cheaper than counting errors.
                if (has ^ used).count_ones() > 2 * u32::from(allowed) {
                    return None;
                }
                let allowed = usize::from(allowed);
                let errors = distance(known, &letters, allowed)?;
                if is_other_form(known, &letters) {
                    return None;
                }
                Some((errors, *id))
            })
            .min()?;
        Some(Reading {
            word: nearest.1,
            quality: 0.8,
        })
    }
}

/// A word without the endings of a plural, a diminutive or an inflection; at least four letters stay.
/// Crude on purpose: it only has to do the same to the lexicon and to the text.
pub(crate) fn stem(word: &str) -> &str {
    let mut rest = word;
    for _ in 0..2 {
        let shorter = ["tjes", "jes", "tje", "je", "en", "es", "s", "e"]
            .iter()
            .filter_map(|ending| rest.strip_suffix(ending))
            .find(|short| short.len() >= 4);
        let Some(short) = shorter else { break };
        rest = short;
    }
    rest
}

/// Is it another form of the same verb, which states nothing? "doorgeven" is no mistyped
/// "doorgegeven", "bevestigen" none of "bevestigd", "confirmer" none of "confirmé".
fn is_other_form(known: &[char], written: &[char]) -> bool {
    let added = known.strip_prefix(written);
    let more = written.strip_prefix(known);
    let infix = || {
        known.windows(2).enumerate().any(|(at, pair)| {
            let before = known.get(..at).unwrap_or_default();
            let after = known.get(at + 2..).unwrap_or_default();
            pair == ['g', 'e'] && written == [before, after].concat().as_slice()
        })
    };
    matches!(added, Some(['d' | 't'])) || matches!(more, Some(['r'] | ['e', 'r'])) || infix()
}

/// The set of letters of a word, a bit each; what is no plain letter shares one.
fn letters_in(letters: &[char]) -> u32 {
    letters.iter().fold(0, |set, letter| {
        let place = u32::from(*letter).wrapping_sub(u32::from('a'));
        set | 1 << place.min(26)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let mut words = Vocabulary::default();
        for word in [
            "ransomware",
            "phishing",
            "wachtwoord",
            "geklikt",
            "doorgegeven",
        ] {
            words.forgive_typos(word);
            words.allow_compounds(word, Place::EitherEnd);
        }
        words.allow_compounds("laptop", Place::End);
        words.add("bom");
        words.is_no_typo("gelikt");
        words
    }

    #[test]
    fn words_are_found_in_plurals_compounds_and_with_errors() {
        let mut words = vocabulary();
        for (written, means) in [
            ("wachtwoorden", "wachtwoord"),
            ("wachtwoordje", "wachtwoord"),
            ("ransomwareaanval", "ransomware"),
            ("spearphishing", "phishing"),
            ("dienstlaptops", "laptop"),
            ("phising", "phishing"),
            ("ransomeware", "ransomware"),
            ("wactwoord", "wachtwoord"),
            ("wahctwoord", "wachtwoord"),
            ("gekilkt", "geklikt"),
        ] {
            let id = words.add(means);
            let found = words.read(written).into_iter().flatten();
            assert!(
                found.into_iter().any(|reading| reading.word == id),
                "{written}"
            );
        }
    }

    #[test]
    fn other_words_are_left_alone() {
        let words = vocabulary();
        for other in [
            "laptoptas",
            "gelikt",
            "bon",
            "boom",
            "fishing",
            "geplukt",
            "woord",
            "",
        ] {
            assert_eq!(words.read(other), [None; 4], "{other}");
        }
    }

    #[test]
    fn a_beginning_stands_for_all_words_that_begin_so() {
        let mut words = vocabulary();
        let id = words.add_beginning("chiffr");
        for written in ["chiffre", "chiffrement", "chiffrees"] {
            let found = words.read(written).into_iter().flatten();
            assert!(found.into_iter().any(|found| found.word == id), "{written}");
        }
        assert_eq!(words.read("dechiffre"), [None; 4]);
    }
}
