//! How well sections cover what was asked.

use crate::adapters::knowledge::search::variants::{Place, Tier, Variant};

/// Parts of a compound or of a term that are looked at.
const MOST_PARTS: usize = 6;
/// The whole of a thing, and its parts.
const PLACES: usize = 1 + MOST_PARTS;
/// How much of a word is covered where only the text has it, once; twice; more often.
const BODY_WORTHS: [f64; 3] = [0.5, 0.65, 0.8];

/// How well one section covers what was asked: the best worth of each thing asked, as a whole and of each part of it.
pub(super) struct Cover(Vec<[f64; PLACES]>);

impl Cover {
    /// Nothing of so many things is covered yet.
    pub(super) fn of_none(units: usize) -> Self {
        Self(vec![[0.0; PLACES]; units])
    }

    /// A variant stands in the section so many times.
    pub(super) fn note(&mut self, variant: &Variant, times: u32) {
        let at = usize::try_from(times)
            .unwrap_or(usize::MAX)
            .clamp(1, BODY_WORTHS.len())
            - 1;
        let factor = match variant.tier {
            Tier::Body => BODY_WORTHS.get(at).copied().unwrap_or(1.0),
            Tier::Asked | Tier::Heading | Tier::Strong => 1.0,
        };
        let Place { unit, part } = variant.place;
        let worth = self.0.get_mut(unit).and_then(|parts| parts.get_mut(part));
        if let Some(worth) = worth {
            *worth = worth.max(variant.worth * factor);
        }
    }

    /// The share of what was asked that is covered, from 0 to 1, by these weights.
    pub(super) fn share(&self, weights: &[f64], asked: f64) -> f64 {
        if asked <= f64::EPSILON {
            return 0.0;
        }
        let covered: f64 = weights
            .iter()
            .zip(&self.0)
            .map(|(weight, [whole, parts @ ..])| {
                // As a whole, or by its parts together.
                weight * whole.max(parts.iter().sum())
            })
            .sum();
        (covered / asked).min(1.0)
    }
}
