//! How much each thing asked says, and what share of it a section covers: what stands everywhere says little, and a word
//! of daily life makes nothing an answer.

use crate::adapters::knowledge::search::cover::Cover;
use crate::adapters::knowledge::search::everyday::Class;
use crate::adapters::knowledge::search::index::{Role, SearchIndex};
use crate::adapters::knowledge::search::question::Unit;
use crate::adapters::knowledge::search::variants::Variant;

/// Things asked beyond the heaviest few don't count against a section.
const COUNTED_UNITS: usize = 5;
/// The least that counts as asked.
const LEAST_ASKED: f64 = 0.3;
/// How much a word that stands nowhere here counts against every section, by its length in letters:
/// a long one is what the question is about, a short one is a word of speech.
const UNKNOWN_WEIGHTS: [(usize, f64); 3] = [(4, 0.4), (6, 0.7), (usize::MAX, 1.0)];
/// How much a word counts that is said of everything in this trade.
const LIGHT: f64 = 0.5;
/// How much a word of speech counts.
const SPEECH: f64 = 0.2;
/// How much of a word of daily life in a town hall is covered by an answer in which it stands.
const TOWN: f64 = 0.3;
/// A word in fewer than this share of all sections says as much as a rare one.
const RARE_SHARE: f64 = 0.05;

/// The share of what is asked that is all but a little of it.
const ALL_BUT_A_LITTLE: f64 = 0.9;
/// How much is asked where it is more than one thing.
const MORE_THAN_ONE: f64 = 1.5;

/// How much of what is asked an entry has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// All but a little of more than one thing.
    Whole,
    /// Less, or of one thing.
    Part,
}

/// What is asked, weighed.
pub(super) struct Weighed {
    /// How much each thing says, from 0 to 1.
    weights: Vec<f64>,
    /// The same for answers, in which a word of daily life counts less.
    as_subjects: Vec<f64>,
    /// How much the heaviest few say together.
    asked: f64,
}

impl Weighed {
    /// Weighs these things; `variants` tell where they stand in the index.
    pub(super) fn of(index: &SearchIndex, units: &[Unit], variants: &[Variant]) -> Self {
        let weights = weights(index.entries.len(), units, variants);
        let mut heaviest = weights.clone();
        heaviest.sort_by(|a, b| b.total_cmp(a));
        let asked = heaviest.iter().take(COUNTED_UNITS).sum();
        // A word of daily life stands in examples: it is covered there, and yet nothing is about it.
        let as_subjects = units
            .iter()
            .zip(&weights)
            .map(|(unit, weight)| match unit.class {
                Class::Town => weight * TOWN,
                _ => *weight,
            })
            .collect();
        Self {
            weights,
            as_subjects,
            asked,
        }
    }

    /// How much is asked.
    pub(super) fn weight(&self) -> f64 {
        self.asked.max(LEAST_ASKED)
    }

    /// What a share of it, from 0 to 1, amounts to.
    pub(super) fn fit(&self, share: f64) -> Fit {
        if share >= ALL_BUT_A_LITTLE && self.asked >= MORE_THAN_ONE {
            Fit::Whole
        } else {
            Fit::Part
        }
    }

    /// The share of it that a document covers, from 0 to 1; what the document is for decides what counts.
    pub(super) fn share(&self, role: Role, cover: &Cover) -> f64 {
        match role {
            Role::Answer => cover.share(&self.as_subjects, self.asked),
            Role::Elsewhere => cover.share(&self.weights, self.asked),
        }
    }
}

/// How much each thing asked says, from 0 to 1: what stands everywhere says little.
#[expect(clippy::cast_precision_loss, reason = "counts of sections are small")]
fn weights(documents: usize, units: &[Unit], variants: &[Variant]) -> Vec<f64> {
    let all = documents.max(1) as f64;
    let weight = |(place, unit): (usize, &Unit)| {
        if unit.is_small() {
            return 0.0;
        }
        let own = variants
            .iter()
            .filter(|variant| variant.place.unit == place);
        let Some(frequency) = frequency(unit, own) else {
            return unknown_weight(unit) * class_weight(unit.class);
        };
        let share = (f64::from(frequency) / all).clamp(RARE_SHARE, 1.0);
        let light = class_weight(unit.class);
        light * share.ln() / RARE_SHARE.ln()
    };
    units.iter().enumerate().map(weight).collect()
}

/// In how many sections something asked stands, if in any. What stands nowhere as a whole is as rare as the rarest of
/// its parts.
fn frequency<'a>(unit: &Unit, variants: impl Iterator<Item = &'a Variant>) -> Option<u32> {
    let mut by_part = vec![None; 1 + unit.parts.len().max(unit.words.len())];
    for variant in variants {
        if let Some(known) = by_part.get_mut(variant.place.part) {
            *known = Some(variant.term.frequency()).max(*known);
        }
    }
    let (whole, parts) = by_part.split_first()?;
    let rarest = || {
        let parts = parts.iter().map(|part| part.unwrap_or_default());
        parts.min().filter(|_| by_part.iter().any(Option::is_some))
    };
    whole.or_else(rarest)
}

fn class_weight(class: Class) -> f64 {
    match class {
        Class::Subject | Class::Town => 1.0,
        Class::Trade => LIGHT,
        Class::Speech => SPEECH,
    }
}

fn unknown_weight(unit: &Unit) -> f64 {
    let letters = unit.words.iter().map(|word| word.text.chars().count());
    let letters = letters.max().unwrap_or_default();
    UNKNOWN_WEIGHTS
        .into_iter()
        .find(|(most, _)| letters <= *most)
        .map_or(1.0, |(_, weight)| weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighed(asked: f64) -> Weighed {
        Weighed {
            weights: Vec::new(),
            as_subjects: Vec::new(),
            asked,
        }
    }

    #[test]
    fn one_thing_alone_is_no_name() {
        for (asked, share, fit) in [
            (2.3, 0.95, Fit::Whole),
            (2.3, 0.85, Fit::Part),
            (1.0, 1.0, Fit::Part),
        ] {
            assert_eq!(weighed(asked).fit(share), fit, "{asked} {share}");
        }
        assert!(weighed(0.0).share(Role::Answer, &Cover::of_none(0)) <= f64::EPSILON);
        assert!(weighed(0.0).weight() >= LEAST_ASKED);
    }
}
