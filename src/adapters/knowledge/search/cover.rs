//! How well a section covers what was asked.

use crate::adapters::knowledge::search::variants::{Place, Tier, Variant};
use std::collections::HashMap;

/// Parts of a compound or of a term that are looked at.
const MOST_PARTS: usize = 6;
/// How much of a word is covered where only the text has it, once; twice; more often.
const BODY_WORTHS: [f64; 3] = [0.5, 0.65, 0.8];

/// How well a section covers what was asked.
#[derive(Default, Clone)]
pub(super) struct Cover {
    /// The best worth per thing asked, and per part of it.
    places: HashMap<Place, f64>,
}

impl Cover {
    /// A variant stands in the section so many times.
    pub(super) fn note(&mut self, variant: &Variant, times: u32) {
        let at = usize::try_from(times)
            .unwrap_or(usize::MAX)
            .clamp(1, BODY_WORTHS.len())
            - 1;
        let factor = match variant.tier {
            Tier::Body => BODY_WORTHS.get(at).copied().unwrap_or(1.0),
            Tier::Asked | Tier::Strong => 1.0,
        };
        let worth = self.places.entry(variant.place).or_insert(0.0);
        *worth = worth.max(variant.worth * factor);
    }

    /// The share of what was asked that is covered, from 0 to 1, by these weights.
    pub(super) fn share(&self, weights: &[f64], asked: f64) -> f64 {
        let covered: f64 = weights
            .iter()
            .enumerate()
            .map(|(unit, weight)| weight * self.worth(unit))
            .sum();
        if asked <= f64::EPSILON {
            return 0.0;
        }
        (covered / asked).min(1.0)
    }

    /// How much of one thing is covered: as a whole, or by its parts together.
    fn worth(&self, unit: usize) -> f64 {
        let at = |part| self.places.get(&Place { unit, part }).copied();
        let parts: f64 = (1..=MOST_PARTS).filter_map(at).sum();
        at(0).unwrap_or(0.0).max(parts)
    }
}
