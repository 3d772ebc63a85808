//! The closer look: how well each section that the index found covers what was asked, and in which order they come.

use crate::adapters::knowledge::search::cover::Cover;
use crate::adapters::knowledge::search::everyday::Class;
use crate::adapters::knowledge::search::index::{Entry, Role, SearchIndex};
use crate::adapters::knowledge::search::question::{Question, Unit};
use crate::adapters::knowledge::search::variants::{Tier, Variant};
use crate::adapters::knowledge::search::wish::Wish;
use crate::app::ports::knowledge::{KnowledgeError, Sought};
use crate::domain::guidance::handbook::{Passage, PassageKind};
use crate::domain::guidance::playbook::Block;
use std::collections::HashMap;

/// Sections that are looked at closely.
const CANDIDATES: usize = 60;
/// Things asked beyond the heaviest few don't count against a section.
const COUNTED_UNITS: usize = 5;
/// How much the covered share says about whether a section is about what was asked.
const BY_SHARE: f64 = 3.0;
/// How much it says that a section matches well for so much that is asked.
const BY_MATCH: f64 = 0.8;
/// How much it says that an answer is nearer than what nothing here answers.
const AGAINST_ELSEWHERE: f64 = 2.4;
/// How much of what a heading says counts for whether a section is about what was asked at all.
const HEADING_CERTAIN: f64 = 0.8;
/// Matches as faint as this say nothing.
const FAINT: f64 = 0.3;
/// The least that counts as asked.
const LEAST_ASKED: f64 = 0.3;
/// From here on a section is about what was asked. Measured: `tests/corpora/questions.rs`.
const LEAST_CERTAIN: f64 = 5.3;
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
/// The share that is covered where nothing else than the occasion of an obligation is named.
const NOTHING_ELSE: f64 = 0.8;

/// How much of its rank a further section of an entry keeps: another entry may say what this one doesn't.
const AGAIN: f64 = 0.75;
/// So much more than the least is beyond doubt.
const BEYOND_DOUBT: f64 = 6.0;

/// A section that is looked at closely.
pub(super) struct Candidate {
    document: usize,
    /// What its lists say, but for the heading.
    score: f64,
    /// What its heading says.
    heading: f64,
    cover: Cover,
}

/// A section with what places it.
struct Found<'a> {
    document: usize,
    rank: f64,
    placed: f64,
    certainty: f64,
    passage: &'a Passage,
}

impl SearchIndex {
    /// The sections that the index ranks best, and how well each covers what is asked.
    pub(super) fn candidates(
        &self,
        variants: &[Variant],
        units: usize,
    ) -> Result<Vec<Candidate>, KnowledgeError> {
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

    /// How much each thing asked says, from 0 to 1: what stands everywhere says little.
    #[expect(clippy::cast_precision_loss, reason = "counts of sections are small")]
    fn weights(&self, units: &[Unit], variants: &[Variant]) -> Vec<f64> {
        let all = self.entries.len().max(1) as f64;
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

    pub(super) fn best(
        &self,
        candidates: &[Candidate],
        question: &Question,
        variants: &[Variant],
        sought: &Sought<'_>,
    ) -> Vec<Passage> {
        let language = sought.language.for_reply();
        let is_for_him = |entry: &Entry| {
            entry.audience.is_none_or(|audience| audience == language)
                && entry.until.is_none_or(|until| until >= sought.on)
                && sought.only.is_none_or(|only| only == entry.passage.kind)
        };
        let weights = self.weights(&question.units, variants);
        let mut heaviest = weights.clone();
        heaviest.sort_by(|a, b| b.total_cmp(a));
        let asked: f64 = heaviest.iter().take(COUNTED_UNITS).sum();
        // A word of daily life stands in examples: it is covered there, and yet nothing is about it.
        let as_subjects: Vec<f64> = question
            .units
            .iter()
            .zip(&weights)
            .map(|(unit, weight)| match unit.class {
                Class::Town => weight * TOWN,
                _ => *weight,
            })
            .collect();
        let mut elsewhere = 0.0_f64;
        let mut found: Vec<Found<'_>> = Vec::new();
        for candidate in candidates {
            let Candidate {
                score,
                heading,
                cover,
                ..
            } = candidate;
            let Some(entry) = self.entries.get(candidate.document) else {
                continue;
            };
            let share = match entry.role {
                Role::Answer => cover.share(&as_subjects, asked),
                Role::Elsewhere => cover.share(&weights, asked),
            };
            let about = score + HEADING_CERTAIN * heading;
            let placed = about * share;
            if entry.role == Role::Elsewhere {
                elsewhere = elsewhere.max(placed);
            } else if is_for_him(entry) && is_asked_for(entry, share, question.wish) {
                found.push(Found {
                    document: candidate.document,
                    rank: (score + heading) * share * question.wish.weight_of(entry.passage.kind),
                    placed,
                    certainty: certainty(share, about / asked.max(LEAST_ASKED)),
                    passage: &entry.passage,
                });
            }
        }
        for found in &mut found {
            found.certainty += AGAINST_ELSEWHERE * nearer(found.placed, elsewhere);
        }
        found.retain(|found| found.certainty >= LEAST_CERTAIN);
        let nearest = found.iter().map(|found| found.placed).fold(0.0, f64::max);
        self.in_order(found, question.wish.block())
            .into_iter()
            .take(sought.limit)
            .map(|found| Passage {
                score: found.rank,
                sureness: sureness(found.certainty) * beside(found.placed, nearest),
                ..found.passage.clone()
            })
            .collect()
    }

    /// By rank, where each further section of an entry counts less than the one before it. Of a playbook the block that
    /// is asked for leads, whichever matched best: steps are followed in order.
    fn in_order<'a>(&'a self, mut found: Vec<Found<'a>>, block: Block) -> Vec<Found<'a>> {
        found.sort_by(|a, b| b.rank.total_cmp(&a.rank));
        let mut seen: HashMap<(PassageKind, &str), i32> = HashMap::new();
        let mut matched: Vec<Found<'a>> = Vec::new();
        for at in 0..found.len() {
            let Some((best, behind)) = found.get_mut(at..).and_then(<[_]>::split_first_mut) else {
                break;
            };
            let times = seen
                .entry((best.passage.kind, best.passage.id.as_str()))
                .or_insert(0);
            *times += 1;
            if *times > 1 {
                best.rank *= AGAIN.powi(*times - 1);
                continue;
            }
            let leads = self.block_beside(best.document, block);
            let Some(leads) = leads.filter(|leads| !is_same(best.passage, leads)) else {
                continue;
            };
            let replaced = std::mem::replace(&mut best.passage, leads);
            match behind
                .iter_mut()
                .find(|other| is_same(other.passage, leads))
            {
                Some(other) => other.passage = replaced,
                None => matched.push(Found {
                    passage: replaced,
                    rank: best.rank * AGAIN,
                    ..*best
                }),
            }
        }
        found.extend(matched);
        found.sort_by(|a, b| b.rank.total_cmp(&a.rank));
        found
    }

    /// A block of the playbook of which this document is one: they stand beside each other, in each language.
    fn block_beside(&self, document: usize, block: Block) -> Option<&Passage> {
        let of = self.entries.get(document)?;
        if of.passage.kind != PassageKind::Playbook {
            return None;
        }
        let heading = block.heading(of.audience?);
        let from = document.saturating_sub(Block::ALL.len() - 1);
        let near = self
            .entries
            .iter()
            .skip(from)
            .take(2 * Block::ALL.len() - 1);
        near.filter(|entry| entry.audience == of.audience)
            .map(|entry| &entry.passage)
            .find(|passage| passage.id == of.passage.id && passage.section == heading)
    }
}

/// Are these the same section of the same entry?
fn is_same(one: &Passage, other: &Passage) -> bool {
    one.id == other.id && one.section == other.section
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

/// How sure it is that a section is about what was asked: by the share of it that is covered, and by how well it
/// matches for so much that is asked.
fn certainty(share: f64, per_asked: f64) -> f64 {
    BY_SHARE * share + BY_MATCH * per_asked.ln_1p()
}

/// The certainty as people read it: from 0, just enough, to 1.
fn sureness(certainty: f64) -> f64 {
    ((certainty - LEAST_CERTAIN) / BEYOND_DOUBT).clamp(0.0, 1.0)
}

/// How near a section is beside the nearest one, from 0 to 1: what stands far behind is hardly meant.
fn beside(placed: f64, nearest: f64) -> f64 {
    if nearest <= f64::EPSILON {
        return 1.0;
    }
    (placed / nearest).clamp(0.0, 1.0)
}

/// How much nearer an answer is than the nearest of what nothing here answers; below 0 where it is farther.
fn nearer(answer: f64, elsewhere: f64) -> f64 {
    ((answer + FAINT) / (elsewhere + FAINT)).ln()
}

/// An obligation is told to who asks whom to report to, and to who names nothing else than its occasion: its words
/// are of daily life too.
fn is_asked_for(entry: &Entry, share: f64, wish: Wish) -> bool {
    entry.passage.kind != PassageKind::Obligation
        || share >= NOTHING_ELSE
        || wish.asks_whom_to_report_to()
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
    let letters = unit
        .words
        .iter()
        .map(|word| word.text.chars().count())
        .max();
    let letters = letters.unwrap_or_default();
    UNKNOWN_WEIGHTS
        .into_iter()
        .find(|(most, _)| letters <= *most)
        .map_or(1.0, |(_, weight)| weight)
}
