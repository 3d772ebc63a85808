//! How well a section covers what was asked, and whether that makes it about it.

use crate::adapters::knowledge::index::Entry;
use crate::adapters::knowledge::wish::Wish;
use crate::domain::guidance::handbook::PassageKind;
use std::collections::{HashMap, HashSet};
use tantivy::Term;

/// Parts of a compound that are looked at.
const MOST_PARTS: usize = 6;
/// The share of the asked words that must be covered.
const LEAST_COVERED: f64 = 0.40;
/// As many words must be there where none is in title or keywords.
const WORDS_IN_PASSING: usize = 4;
/// A duty is an answer to so many words of the question, or to this share of its title: one word of many doesn't
/// ask for it.
const WORDS_OF_A_LIST: usize = 2;
/// The same for a short title: one word of it is enough where it is half of it.
const SHARE_OF_A_TITLE: f64 = 0.5;
/// Duties and obligations are told to who asks whom to report to, and to who names nothing else than its occasion.
const NOTHING_ELSE: f64 = 0.8;

/// A place in the question: a word, and which part of a compound, 0 for the whole word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) word: usize,
    pub(super) part: usize,
}

/// One way in which an asked word may stand in a section.
pub(super) struct Variant {
    pub(super) place: Place,
    pub(super) term: Term,
    pub(super) boost: f32,
    pub(super) worth: f64,
    pub(super) frequency: u64,
    pub(super) strong: bool,
}

/// How well a section covers what was asked.
#[derive(Default, Clone)]
pub(super) struct Cover {
    /// The best worth per word, and per part of a word.
    places: HashMap<Place, f64>,
    /// Words found in title, heading or keywords.
    strong: HashSet<usize>,
}

impl Cover {
    pub(super) fn note(&mut self, variant: &Variant) {
        let worth = self.places.entry(variant.place).or_insert(0.0);
        *worth = worth.max(variant.worth);
        if variant.strong {
            self.strong.insert(variant.place.word);
        }
    }

    /// The share of the asked words that is covered, from 0 to 1.
    pub(super) fn share(&self, weights: &[f64], asked: f64) -> f64 {
        let covered: f64 = weights
            .iter()
            .enumerate()
            .map(|(word, weight)| weight * self.worth(word))
            .sum();
        if asked <= f64::EPSILON {
            return 0.0;
        }
        (covered / asked).min(1.0)
    }

    /// How much of one word is covered: as a whole, or by its parts together.
    fn worth(&self, word: usize) -> f64 {
        let whole = self.places.get(&whole(word)).copied().unwrap_or(0.0);
        let parts: f64 = (1..=MOST_PARTS)
            .filter_map(|part| self.places.get(&Place { word, part }))
            .sum();
        whole.max(parts)
    }

    /// Is the section about what was asked? A word in passing is not enough, nor one of daily life: `topical`
    /// tells which of the asked words can be a subject.
    pub(super) fn is_about(&self, share: f64, topical: &[bool]) -> bool {
        let words: HashSet<usize> = self.places.keys().map(|place| place.word).collect();
        let is_topical = |word: &usize| topical.get(*word).is_some_and(|topical| *topical);
        share >= LEAST_COVERED
            && (self.strong.iter().any(is_topical) || words.len() >= WORDS_IN_PASSING)
    }

    /// Is an entry of a list what was asked for?
    #[expect(clippy::cast_precision_loss, reason = "a title has few words")]
    pub(super) fn asks_for(&self, entry: &Entry, share: f64, wish: Wish) -> bool {
        let strong = self.strong.len();
        match entry.passage.kind {
            PassageKind::Duty | PassageKind::Obligation => {
                let title = entry.title_words.max(1) as f64;
                let named = strong >= WORDS_OF_A_LIST || strong as f64 / title >= SHARE_OF_A_TITLE;
                let is_duty = entry.passage.kind == PassageKind::Duty;
                let is_asked = share >= NOTHING_ELSE || wish.asks_whom_to_report_to();
                is_asked || named && is_duty
            }
            PassageKind::Memo | PassageKind::Playbook | PassageKind::Contract => true,
        }
    }
}

pub(super) fn whole(word: usize) -> Place {
    Place { word, part: 0 }
}
