//! Sentences of a text, and parts of a phrase that stand near each other in one.
//!
//! The lower half of `triage::matching`: places and distances, no meanings.

use crate::domain::text::fold::{Folded, Gap};
use crate::domain::triage::vocabulary::ByKnown;

/// A sentence without an end is cut here, so that nothing grows with its square.
const LONGEST_SENTENCE: usize = 100;
/// The most words between two parts of a phrase with `~`.
const FARTHEST: usize = 9;
/// The most words between two parts of a phrase with `~~`.
const FARTHEST_WIDE: usize = 30;
/// Finds of the same part in one sentence beyond these say nothing new.
const PER_SENTENCE: usize = 8;

/// Words of the text, first and last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Span {
    /// The first word.
    pub(crate) first: usize,
    /// The last word.
    pub(crate) last: usize,
}

impl Span {
    /// Is this word in it?
    pub(crate) fn holds(self, word: usize) -> bool {
        (self.first..=self.last).contains(&word)
    }

    /// Does it hold the other one and more?
    pub(crate) fn is_wider_than(self, other: Self) -> bool {
        self != other && self.first <= other.first && other.last <= self.last
    }
}

/// What a finished sequence of words is part of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    /// Phrases that are complete with it.
    pub(crate) alone: Vec<u32>,
    /// Sides of a `~` or `~~` that it is one of.
    pub(crate) in_groups: Vec<u32>,
}

/// Where something was found, and how surely.
pub(crate) type Found = (Span, f64);

/// What was found in one sentence.
#[derive(Default)]
pub(crate) struct Finds {
    /// Complete phrases.
    pub(crate) alone: Vec<(u32, Span, f64)>,
    times: ByKnown<u32, usize>,
    /// The places of each side of a `~`.
    pub(crate) groups: ByKnown<u32, Vec<Found>>,
}

impl Finds {
    /// Notes a finished sequence of words.
    pub(crate) fn add(&mut self, part: &Part, span: Span, quality: f64) {
        for phrase in &part.alone {
            let times = self.times.entry(*phrase).or_default();
            if *times < PER_SENTENCE {
                *times += 1;
                self.alone.push((*phrase, span, quality));
            }
        }
        for group in &part.in_groups {
            let spans = self.groups.entry(*group).or_default();
            if spans.len() < PER_SENTENCE {
                spans.push((span, quality));
            }
        }
    }
}

/// The first set of parts, one of each group, that stand near each other without sharing a word.
pub(crate) fn nearest(
    starts: &[Found],
    others: &[u32],
    found: &ByKnown<u32, Vec<Found>>,
    wide: bool,
) -> Option<(Vec<Span>, f64)> {
    let farthest = if wide { FARTHEST_WIDE } else { FARTHEST };
    if others.iter().any(|group| !found.contains_key(group)) {
        return None;
    }
    let mut best: Option<(usize, Vec<Span>, f64)> = None;
    for (start, quality) in starts {
        let mut parts = vec![*start];
        let mut quality = *quality;
        for group in others {
            let candidates = found.get(group).map(Vec::as_slice).unwrap_or_default();
            let near = candidates
                .iter()
                .filter_map(|(span, sure)| Some((apart(&parts, *span, farthest)?, *span, *sure)))
                .min_by_key(|(words, _, _)| *words);
            let Some((_, span, sure)) = near else { break };
            parts.push(span);
            quality *= sure;
        }
        if parts.len() == others.len() + 1 {
            parts.sort_unstable();
            let first = parts.first().map_or(0, |part| part.first);
            let length = parts.last().map_or(0, |part| part.last) - first;
            if best
                .as_ref()
                .is_none_or(|(shortest, _, _)| length < *shortest)
            {
                best = Some((length, parts, quality));
            }
        }
    }
    best.map(|(_, parts, quality)| (parts, quality))
}

/// The words between a part and the nearest of the others; nothing when they overlap or are too far.
fn apart(parts: &[Span], span: Span, farthest: usize) -> Option<usize> {
    let mut least = None;
    for part in parts {
        let between = if part.last < span.first {
            span.first - part.last - 1
        } else if span.last < part.first {
            part.first - span.last - 1
        } else {
            return None;
        };
        least = Some(least.map_or(between, |known: usize| known.min(between)));
    }
    least.filter(|words| *words <= farthest)
}

/// The sentences of a text, long ones cut.
pub(crate) fn sentences(text: &Folded<'_>) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    for (at, word) in text.words.iter().enumerate() {
        match found.last_mut() {
            Some(sentence)
                if word.before < Gap::Sentence && at - sentence.first < LONGEST_SENTENCE =>
            {
                sentence.last = at;
            }
            _ => found.push(Span {
                first: at,
                last: at,
            }),
        }
    }
    found
}
