//! The first look: the sections that the index ranks best, each with how well it covers what is asked.

use crate::adapters::knowledge::search::cover::Cover;
use crate::adapters::knowledge::search::index::SearchIndex;
use crate::adapters::knowledge::search::variants::{Tier, Variant};
use crate::app::ports::knowledge::KnowledgeError;

/// Sections that are looked at closely.
const CANDIDATES: usize = 60;
/// How much of what a heading says counts for whether a section is about what was asked at all.
const HEADING_CERTAIN: f64 = 0.8;

/// A section that is looked at closely.
pub(super) struct Candidate {
    /// Its place among the entries.
    pub(super) document: usize,
    /// What its lists say, but for the heading.
    pub(super) score: f64,
    /// What its heading says.
    pub(super) heading: f64,
    /// What it covers.
    pub(super) cover: Cover,
}

impl Candidate {
    /// How well it fits, for whether it is about what was asked at all.
    pub(super) fn about(&self) -> f64 {
        self.score + HEADING_CERTAIN * self.heading
    }
}

impl SearchIndex {
    /// The sections that the index ranks best, and how well each covers what is asked.
    pub(super) fn candidates(
        &self,
        variants: &[Variant],
        units: usize,
    ) -> Result<Vec<Candidate>, KnowledgeError> {
        if variants.is_empty() {
            return Ok(Vec::new());
        }
        let mut headings = vec![0.0_f32; self.entries.len()];
        let (of_headings, of_rest): (Vec<_>, Vec<_>) = variants
            .iter()
            .partition(|variant| variant.tier == Tier::Heading);
        for variant in of_headings {
            self.lists
                .add_scores(&variant.term, variant.boost, &mut headings)?;
        }
        let mut scores = headings.clone();
        for variant in of_rest {
            self.lists
                .add_scores(&variant.term, variant.boost, &mut scores)?;
        }
        let mut candidates: Vec<Candidate> = highest(&scores)
            .into_iter()
            .map(|(document, score)| {
                let heading = headings.get(document).copied().unwrap_or_default();
                Candidate {
                    document,
                    score: f64::from(score - heading),
                    heading: f64::from(heading),
                    cover: Cover::of_none(units),
                }
            })
            .collect();
        candidates.sort_by_key(|candidate| candidate.document);
        for variant in variants {
            let documents = candidates.iter_mut();
            self.lists.each_of(
                &variant.term,
                documents.map(|candidate| (candidate.document, &mut candidate.cover)),
                |cover, times| cover.note(variant, times),
            )?;
        }
        Ok(candidates)
    }
}

/// The documents with the highest scores, best first; those without any score are none of them.
fn highest(scores: &[f32]) -> Vec<(usize, f32)> {
    let higher = |a: &(usize, f32), b: &(usize, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    let mut best: Vec<(usize, f32)> = Vec::with_capacity(2 * CANDIDATES);
    let mut least = 0.0;
    for (document, score) in scores.iter().enumerate() {
        if *score <= least {
            continue;
        }
        best.push((document, *score));
        if best.len() == 2 * CANDIDATES {
            best.select_nth_unstable_by(CANDIDATES - 1, higher);
            best.truncate(CANDIDATES);
            least = best.last().map_or(0.0, |(_, score)| *score);
        }
    }
    best.sort_unstable_by(higher);
    best.truncate(CANDIDATES);
    best
}
