//! The weights, and what they make of a report.

use crate::domain::text::fold::{Folded, fold};
use crate::domain::triage::language::is_function_word;
use crate::domain::triage::trained::features::{Feature, Ruling, Signals, Sort, each};
use crate::domain::triage::trained::outcome::{Head, OUTCOMES, Row};
use crate::domain::triage::trained::table::{Table, Weights};

/// The words of a report that decided, at most.
const MOST_WORDS: usize = 3;
/// A word that adds less than this to an outcome decided nothing.
const DECIDES: f64 = 0.15;

/// Shorter words say nothing to who reads why.
const SHORTEST: usize = 4;
/// Longer ones are none.
const LONGEST: usize = 40;

/// The weights of one training.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// What one step of a weight is worth, in natural log-odds.
    pub step: f64,
    /// A name for the examples that it was made from.
    pub made_from: String,
    /// From how many corrected tickets it learned beside them.
    pub tickets: u32,
    /// The weights.
    pub weights: Table,
}

/// Places in the table, a bit each.
struct Places(Vec<u64>);

impl Places {
    fn of(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    /// Notes a place; false where it was noted before.
    fn insert(&mut self, place: u32) -> bool {
        let bit = 1 << (place % 64);
        let bits = self.0.get_mut(place as usize / 64);
        bits.is_some_and(|bits| {
            let is_new = *bits & bit == 0;
            *bits |= bit;
            is_new
        })
    }
}

/// A feature of a report that the model knows.
struct Known<'a> {
    weights: &'a Weights,
    sort: Sort,
    strength: f64,
    word: Option<usize>,
}

impl Model {
    /// What a report adds up to.
    pub(crate) fn read(&self, text: &Folded<'_>, signals: &Signals<'_>) -> Reading<'_> {
        // In the order of the text: what speaks of one word stands side by side.
        let mut known: Vec<Known<'_>> = Vec::new();
        let mut seen = Places::of(self.weights.len());
        let mut words = 0.0;
        let mut parts = 0.0;
        each(text, signals, &mut |feature: Feature<'_>| {
            let Some(place) = self.weights.place(feature.name) else {
                return;
            };
            let Some(weights) = self.weights.at(place).filter(|_| seen.insert(place)) else {
                return;
            };
            match feature.sort {
                Sort::Word => words += 1.0,
                Sort::Part => parts += 1.0,
                Sort::Signal | Sort::Ruling => {}
            }
            known.push(Known {
                weights,
                sort: feature.sort,
                strength: feature.strength,
                word: feature.word,
            });
        });
        Reading {
            step: self.step,
            words: share(words),
            parts: share(parts),
            known,
        }
    }

    /// Adds what the rules of the category say to the points of the urgency.
    pub(crate) fn rule(&self, ruling: Ruling<'_>, points: &mut Row) {
        ruling.each(&mut |feature| {
            let place = self.weights.place(feature.name);
            let weights = place.and_then(|place| self.weights.at(place));
            for (sum, weight) in points.iter_mut().zip(weights.into_iter().flatten()) {
                *sum += self.step * feature.strength * f64::from(*weight);
            }
        });
    }
}

/// How much one of so many features of a sort counts.
pub(crate) fn share(count: f64) -> f64 {
    1.0 / count.max(1.0).sqrt()
}

/// A report, as far as the model knows what stands in it.
pub(crate) struct Reading<'a> {
    step: f64,
    words: f64,
    parts: f64,
    /// In the order of the text: features of one word stand side by side.
    known: Vec<Known<'a>>,
}

impl Reading<'_> {
    /// The points of every outcome.
    pub(crate) fn points(&self) -> Row {
        // Words and parts of words are all as strong: hundreds of steps are counted, and weighed once.
        let [mut words, mut parts] = [[0_i32; OUTCOMES]; 2];
        let mut points = [0.0; OUTCOMES];
        for one in &self.known {
            let steps = match one.sort {
                Sort::Word => &mut words,
                Sort::Part => &mut parts,
                Sort::Signal | Sort::Ruling => {
                    for (sum, weight) in points.iter_mut().zip(one.weights) {
                        *sum += self.strength(one) * f64::from(*weight);
                    }
                    continue;
                }
            };
            for (sum, weight) in steps.iter_mut().zip(one.weights) {
                *sum += i32::from(*weight);
            }
        }
        for (sum, (words, parts)) in points.iter_mut().zip(words.iter().zip(&parts)) {
            *sum += self.step * (self.words * f64::from(*words) + self.parts * f64::from(*parts));
        }
        points
    }

    /// How many of its words the model knows.
    pub(crate) fn words(&self) -> usize {
        let words = self.known.iter().filter(|one| one.sort == Sort::Word);
        let mut places: Vec<Option<usize>> = words.map(|one| one.word).collect();
        places.dedup();
        places.len()
    }

    /// The places of the words that spoke most for one outcome of a question, best first.
    fn words_for(&self, head: Head, outcome: usize) -> Vec<usize> {
        let mut words: Vec<(usize, f64)> = Vec::new();
        for one in &self.known {
            let Some(word) = one.word else { continue };
            let mine = one.weights.get(head.range()).unwrap_or_default();
            let sum: f64 = mine.iter().map(|weight| f64::from(*weight)).sum();
            let mean = sum / f64::from(u8::try_from(mine.len()).unwrap_or(u8::MAX)).max(1.0);
            let weight = mine.get(outcome).copied().map_or(0.0, f64::from);
            let points = self.strength(one) * (weight - mean);
            match words.last_mut() {
                Some((last, sum)) if *last == word => *sum += points,
                _ => words.push((word, points)),
            }
        }
        words.retain(|(_, points)| *points >= DECIDES);
        words.sort_by(|one, other| other.1.total_cmp(&one.1));
        words.truncate(MOST_WORDS);
        words.into_iter().map(|(word, _)| word).collect()
    }

    /// The words that spoke most for one outcome, as they stand in the text; without those that say nothing to who reads why.
    pub(crate) fn telling_words<'t>(
        &self,
        head: Head,
        outcome: usize,
        text: &'t Folded<'_>,
    ) -> Vec<&'t str> {
        let words = self.words_for(head, outcome).into_iter();
        let quotes = words.map(|word| text.quote(word, word));
        let tells = |quote: &&str| {
            // With digits it may be a password.
            let is_code = quote.chars().any(|letter| letter.is_ascii_digit());
            (SHORTEST..=LONGEST).contains(&quote.chars().count())
                && !is_code
                && !is_function_word(&fold(quote))
        };
        quotes.filter(tells).collect()
    }

    fn strength(&self, one: &Known<'_>) -> f64 {
        let share = match one.sort {
            Sort::Word => self.words,
            Sort::Part => self.parts,
            Sort::Signal | Sort::Ruling => 1.0,
        };
        self.step * share * one.strength
    }
}
