//! The first look: the sections that the index ranks best, each with how well it covers what is asked.

use crate::adapters::knowledge::search::cover::Cover;
use crate::adapters::knowledge::search::index::SearchIndex;
use crate::adapters::knowledge::search::variants::{Tier, Variant};
use crate::app::ports::knowledge::KnowledgeError;

/// Sections that are looked at closely.
const CANDIDATES: usize = 60;
/// Room for so many places of terms is made at once, at most.
const ROOM_FOR_STANDS: usize = 1 << 16;
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

/// A term stands in a document.
struct Stands<'a> {
    document: u32,
    times: u32,
    variant: &'a Variant,
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
        let (of_headings, of_rest): (Vec<_>, Vec<_>) = variants
            .iter()
            .partition(|variant| variant.tier == Tier::Heading);
        let frequencies = variants.iter().map(|variant| variant.term.frequency());
        let most = usize::try_from(frequencies.sum::<u32>()).unwrap_or_default();
        let mut stands: Vec<Stands<'_>> = Vec::with_capacity(most.min(ROOM_FOR_STANDS));
        let mut add = |variants, scores: &mut [f32]| self.add_scores(variants, scores, &mut stands);
        let mut headings = vec![0.0_f32; self.entries.len()];
        add(of_headings, &mut headings)?;
        let mut scores = headings.clone();
        add(of_rest, &mut scores)?;
        // Lists are read once: reading them again for the few documents that are left costs as much as the first time.
        let mut places: Vec<Option<usize>> = vec![None; self.entries.len()];
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
        for (at, candidate) in candidates.iter().enumerate() {
            if let Some(place) = places.get_mut(candidate.document) {
                *place = Some(at);
            }
        }
        for one in stands {
            let place = places.get(one.document as usize).copied().flatten();
            if let Some(candidate) = place.and_then(|at| candidates.get_mut(at)) {
                candidate.cover.note(one.variant, one.times);
            }
        }
        Ok(candidates)
    }

    /// Adds to each document what these terms say about it, and notes where they stand.
    fn add_scores<'a>(
        &self,
        variants: Vec<&'a Variant>,
        scores: &mut [f32],
        stands: &mut Vec<Stands<'a>>,
    ) -> Result<(), KnowledgeError> {
        for variant in variants {
            let note = |document: u32, times, says| {
                if let Some(score) = scores.get_mut(document as usize) {
                    *score += says;
                }
                stands.push(Stands {
                    document,
                    times,
                    variant,
                });
            };
            self.lists
                .each_document(&variant.term, variant.boost, note)?;
        }
        Ok(())
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
