//! What the model sees of a report: words, pairs of words, parts of words, and what lexicon and rules make of it.
//!
//! Parts of words bridge slips of the keyboard, dialect and compounds; numbers count by their size only. Bounded: of a
//! long text only the beginning and the end are seen.

use crate::domain::text::fold::{Folded, Word};
use crate::domain::triage::assessment::Channel;
use crate::domain::triage::category::{Category, Kind, Severity};
use crate::domain::triage::facts::{FactValue, Facts};
use std::fmt::Write;

/// So many words are seen at the beginning, and half as many at the end: what a long letter wants stands there.
const MOST_WORDS: usize = 300;
/// The shortest and longest parts of words, in letters, with the mark of an end.
const PARTS: std::ops::RangeInclusive<usize> = 3..=5;
/// Of a longer word only so much is seen.
const LONGEST_WORD: usize = 30;

/// What lexicon and rules make of a report: the model learns how far to trust them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signals<'a> {
    /// The way it came.
    pub(crate) channel: Channel,
    /// The kind that the words speak for.
    pub(crate) kind: Kind,
    /// The categories that the words speak for, with how sure they are.
    pub(crate) categories: &'a [(Category, f64)],
    /// What is known.
    pub(crate) facts: &'a Facts,
    /// How bad the rules find it.
    pub(crate) severity: Severity,
    /// Would the rules wake somebody?
    pub(crate) page: bool,
}

/// What the rules of a category make of the facts. While training it is the labelled category, later the one that was found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ruling<'a> {
    /// The facts that they see: each weighs by itself too, in general and for this category.
    pub(crate) facts: &'a Facts,
    /// The category.
    pub(crate) category: Category,
    /// How bad its rules find it.
    pub(crate) severity: Severity,
    /// Would they wake somebody?
    pub(crate) page: bool,
}

impl Ruling<'_> {
    /// Calls `see` for what speaks of the urgency.
    pub(crate) fn each(self, see: &mut impl FnMut(Feature<'_>)) {
        let mut name = String::with_capacity(64);
        let mut tell = |parts: &[&str]| {
            name.clear();
            name.push('=');
            name.extend(parts.iter().copied());
            see(Feature {
                name: &name,
                sort: Sort::Ruling,
                strength: 1.0,
                word: None,
            });
        };
        let category = self.category.as_str();
        let severity = self.severity.as_str();
        let page = if self.page { "page" } else { "no page" };
        tell(&[category, " ruled ", severity, " ", page]);
        tell(&["ruled ", severity, " ", page]);
        tell(&["found ", category]);
        for (key, fact) in self.facts.iter() {
            if let Some(size) = size(fact.value) {
                tell(&["told ", key.as_str(), " ", size]);
                tell(&[category, " told ", key.as_str(), " ", size]);
            }
        }
    }
}

/// What a fact says, numbers by their size only; none where nothing is known.
fn size(value: FactValue) -> Option<&'static str> {
    Some(match value {
        FactValue::Yes => "yes",
        FactValue::No => "no",
        FactValue::Unknown => return None,
        FactValue::Number(0) => "none",
        FactValue::Number(1..=9) => "a few",
        FactValue::Number(10..=100) => "tens",
        FactValue::Number(101..=1000) => "hundreds",
        FactValue::Number(_) => "thousands",
    })
}

/// Where a feature comes from: each sort has the same say in all, whatever the length of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// A word or a pair of words.
    Word,
    /// A part of a word.
    Part,
    /// What lexicon or rules say.
    Signal,
    /// What the rules of the category say, once it is known: speaks of the urgency only.
    Ruling,
}

/// One feature.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Feature<'a> {
    /// Its name, as the weights know it.
    pub(crate) name: &'a str,
    /// Where it comes from.
    pub(crate) sort: Sort,
    /// How strong it is, from 0 to 1.
    pub(crate) strength: f64,
    /// The word that shows it; none for a signal.
    pub(crate) word: Option<usize>,
}

/// Calls `see` for every feature of a report, repeated ones too.
pub(crate) fn each(text: &Folded<'_>, signals: &Signals<'_>, see: &mut impl FnMut(Feature<'_>)) {
    // Kept from word to word: a report has hundreds of features.
    let [mut name, mut plain, mut before, mut marked] = [(); 4].map(|()| String::with_capacity(64));
    for (at, word) in seen(&text.words) {
        make_plain(&word.text, &mut plain);
        let mut tell = |name: &str, sort| {
            see(Feature {
                name,
                sort,
                strength: 1.0,
                word: Some(at),
            });
        };
        if !plain.is_empty() {
            tell(&plain, Sort::Word);
            if !before.is_empty() {
                name.clear();
                name.extend([&before, " ", &plain]);
                tell(&name, Sort::Word);
            }
            if word.asked {
                name.clear();
                name.extend([&plain, " ?"]);
                tell(&name, Sort::Word);
                tell("?", Sort::Word);
            }
            marked.clear();
            marked.extend(["_", &plain, "_"]);
            parts(&marked, &mut name, |name| tell(name, Sort::Part));
        }
        std::mem::swap(&mut before, &mut plain);
    }
    signals.each(&mut name, see);
}

/// The words that are seen, each with its place.
fn seen(words: &[Word]) -> impl Iterator<Item = (usize, &Word)> {
    let end = words.len().saturating_sub(MOST_WORDS / 2).max(MOST_WORDS);
    let all = words.iter().enumerate();
    all.filter(move |(at, _)| *at < MOST_WORDS || *at >= end)
}

/// A word without what makes it one of a kind: numbers by their size, long words by their beginning.
fn make_plain(word: &str, plain: &mut String) {
    plain.clear();
    if word.chars().all(|one| one.is_ascii_digit()) && !word.is_empty() {
        let _ = write!(plain, "#{}", word.trim_start_matches('0').len());
        return;
    }
    let letters = word.chars().take(LONGEST_WORD);
    plain.extend(letters.map(|one| if one.is_ascii_digit() { '0' } else { one }));
}

/// The parts of a word whose ends are marked.
fn parts(marked: &str, name: &mut String, mut tell: impl FnMut(&str)) {
    // Where each letter begins, and the end.
    let mut places = [0; LONGEST_WORD + 3];
    let ends = marked.char_indices().map(|(place, _)| place);
    let ends = ends.chain([marked.len()]);
    let count = places
        .iter_mut()
        .zip(ends)
        .map(|(slot, end)| *slot = end)
        .count();
    let places = places.get(..count).unwrap_or_default();
    name.clear();
    name.push('~');
    for size in PARTS {
        for part in places.windows(size + 1) {
            let [start, .., end] = part else { continue };
            name.truncate(1);
            name.push_str(marked.get(*start..*end).unwrap_or_default());
            tell(name);
        }
    }
}

impl Signals<'_> {
    fn each(&self, name: &mut String, see: &mut impl FnMut(Feature<'_>)) {
        let mut tell = |strength: f64, parts: &[&str]| {
            name.clear();
            name.push('=');
            name.extend(parts.iter().copied());
            see(Feature {
                name,
                sort: Sort::Signal,
                strength,
                word: None,
            });
        };
        tell(1.0, &["always"]);
        if self.channel == Channel::Chat {
            tell(1.0, &["chat"]);
        }
        tell(1.0, &["kind ", self.kind.as_str()]);
        for (category, confidence) in self.categories {
            tell(*confidence, &["category ", category.as_str()]);
        }
        tell(1.0, &["severity ", self.severity.as_str()]);
        if self.page {
            tell(1.0, &["page"]);
        }
        for (key, fact) in self.facts.iter() {
            if let Some(size) = size(fact.value) {
                tell(1.0, &["fact ", key.as_str(), " ", size]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::triage::facts::FactKey;

    fn names(text: &str) -> Vec<String> {
        let mut facts = Facts::default();
        facts.state(FactKey::PeopleAffected, FactValue::Number(250), "250");
        let signals = Signals {
            channel: Channel::Chat,
            kind: Kind::Incident,
            categories: &[(Category::Phishing, 0.8)],
            facts: &facts,
            severity: Severity::High,
            page: true,
        };
        let mut names = Vec::new();
        let folded = Folded::new(text);
        each(&folded, &signals, &mut |feature| {
            names.push(feature.name.to_owned());
        });
        names
    }

    #[test]
    fn words_pairs_parts_and_signals_are_seen() {
        let names = names("Rare mail! 2026 stuks?");
        for expected in [
            "rare",
            "rare mail",
            "~_ra",
            "~rare_",
            "#4",
            "stuks ?",
            "?",
            "=always",
            "=chat",
            "=kind incident",
            "=category phishing",
            "=severity high",
            "=page",
            "=fact people_affected hundreds",
        ] {
            assert!(
                names.iter().any(|name| name == expected),
                "{expected}: {names:?}"
            );
        }
    }

    #[test]
    fn of_a_long_text_only_the_beginning_and_the_end_are_seen() {
        let text = format!("begin {} einde", "midden ".repeat(5000));
        let names = names(&text);
        assert!(names.len() < 20_000);
        assert!(names.iter().any(|name| name == "begin"));
        assert!(names.iter().any(|name| name == "einde"));
        let long = "a".repeat(100_000);
        assert!(self::names(&long).len() < 200);
    }
}
