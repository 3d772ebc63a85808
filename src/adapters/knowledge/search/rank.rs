//! The closer look: how well each section that the index found covers what was asked, and whether it is about it. In
//! which order they are shown is decided in `order`, how sure it is that one of them is meant in `sureness`.

use crate::adapters::knowledge::search::LookedUp;
use crate::adapters::knowledge::search::candidates::Candidate;
use crate::adapters::knowledge::search::index::{Entry, Role, SearchIndex};
use crate::adapters::knowledge::search::question::Question;
use crate::adapters::knowledge::search::sureness::Nearest;
use crate::adapters::knowledge::search::wish::Wish;
use crate::app::ports::knowledge::Sought;
use crate::domain::guidance::handbook::{Passage, PassageKind};

/// How much the covered share says about whether a section is about what was asked.
const BY_SHARE: f64 = 3.0;
/// How much it says that a section matches well for so much that is asked.
const BY_MATCH: f64 = 0.8;
/// How much it says that an answer is nearer than what nothing here answers.
const AGAINST_ELSEWHERE: f64 = 2.4;
/// How much it says against all of them that the words are those of questions that nothing here answers.
const BY_DOUBT: f64 = 1.2;
/// Matches as faint as this say nothing.
const FAINT: f64 = 0.3;
/// From here on a section is about what was asked. Measured: `tests/corpora/questions.rs`.
const LEAST_CERTAIN: f64 = 4.6;
/// The share that is covered where nothing else than the occasion of an obligation is named.
const NOTHING_ELSE: f64 = 0.8;

/// What puts a section in front that has the question among its lines: more than any rank.
const LITERALLY: f64 = 1e6;
/// How sure it is then that this is what is asked for. Somebody wrote it down for this section, but may have done so elsewhere.
const LITERALLY_SURE: f64 = 0.95;

/// A section with what places it.
pub(super) struct Found<'a> {
    /// Its place among the entries.
    pub(super) document: usize,
    /// How well it fits.
    pub(super) rank: f64,
    /// What it is ordered by: its rank, less for each section of its entry before it.
    pub(super) order: f64,
    /// How near it is, whatever kind is wished for.
    pub(super) placed: f64,
    /// How sure it is that it is about what was asked.
    pub(super) certainty: f64,
    /// Does what was asked stand among its lines, word for word?
    pub(super) is_literal: bool,
    /// What is shown.
    pub(super) passage: &'a Passage,
}

impl SearchIndex {
    /// The sections that are about what was asked, best first.
    pub(super) fn best(&self, asked: &LookedUp, sought: &Sought<'_>) -> Vec<Passage> {
        let language = sought.language.for_reply();
        let is_for_him = |entry: &Entry| {
            entry.audience.is_none_or(|audience| audience == language)
                && entry.until.is_none_or(|until| until >= sought.on)
                && sought.only.is_none_or(|only| only == entry.passage.kind)
        };
        let LookedUp {
            question, weighed, ..
        } = asked;
        let elsewhere = self.nearest(asked, Role::Elsewhere);
        let elsewhere = elsewhere.map_or(0.0, |(placed, _)| placed);
        let words = question.words.iter().map(String::as_str);
        let doubt = BY_DOUBT * self.subject.doubt(words);
        let mut nearest = Nearest::default();
        let mut found: Vec<Found<'_>> = Vec::new();
        for candidate in &asked.candidates {
            let Some(entry) = self.answer(candidate).filter(|entry| is_for_him(entry)) else {
                continue;
            };
            let share = weighed.share(entry.role, &candidate.cover);
            let about = candidate.about();
            let placed = about * share;
            nearest.note(&entry.passage, placed);
            if !is_asked_for(entry, share, question.wish) {
                continue;
            }
            let weight = question
                .wish
                .weight_of(entry.passage.kind, weighed.fit(share));
            let rank = (candidate.score + candidate.heading) * share * weight;
            let certainty = certainty(share, about / weighed.weight())
                + AGAINST_ELSEWHERE * nearer(placed, elsewhere)
                - doubt;
            if certainty >= LEAST_CERTAIN {
                found.push(Found {
                    document: candidate.document,
                    rank,
                    order: rank,
                    placed,
                    certainty,
                    is_literal: false,
                    passage: &entry.passage,
                });
            }
        }
        self.literal_first(question, &mut found, is_for_him);
        self.in_order(found, question.wish.block())
            .into_iter()
            .take(sought.limit)
            .map(|found| Passage {
                score: found.rank,
                sureness: if found.is_literal {
                    LITERALLY_SURE
                } else {
                    nearest.sureness(
                        found.passage,
                        found.placed,
                        weighed.weight(),
                        found.certainty - LEAST_CERTAIN,
                    )
                },
                ..found.passage.clone()
            })
            .collect()
    }

    /// Puts in front what has the question among its lines, word for word: one section of each entry, of a playbook the
    /// first.
    fn literal_first<'a>(
        &'a self,
        question: &Question,
        found: &mut Vec<Found<'a>>,
        is_for_him: impl Fn(&Entry) -> bool,
    ) {
        let mut seen: Vec<(PassageKind, &str)> = Vec::new();
        for document in self.literal.documents(&question.words) {
            let entry = self.entries.get(*document);
            let Some(entry) = entry.filter(|entry| is_for_him(entry)) else {
                continue;
            };
            let of = (entry.passage.kind, entry.passage.id.as_str());
            if seen.contains(&of) {
                continue;
            }
            seen.push(of);
            if let Some(found) = found.iter_mut().find(|found| found.document == *document) {
                found.order += LITERALLY;
                found.is_literal = true;
            } else {
                found.push(Found {
                    document: *document,
                    rank: 0.0,
                    order: LITERALLY,
                    placed: 0.0,
                    certainty: LEAST_CERTAIN,
                    is_literal: true,
                    passage: &entry.passage,
                });
            }
        }
    }

    /// What is nearest to what was asked among the documents for this, and how near it is.
    pub(super) fn nearest(&self, asked: &LookedUp, role: Role) -> Option<(f64, &Entry)> {
        let placed = asked.candidates.iter().filter_map(|candidate| {
            let entry = self.entries.get(candidate.document)?;
            (entry.role == role).then(|| {
                let share = asked.weighed.share(role, &candidate.cover);
                (candidate.about() * share, entry)
            })
        });
        placed.max_by(|(a, _), (b, _)| a.total_cmp(b))
    }

    fn answer(&self, candidate: &Candidate) -> Option<&Entry> {
        let entry = self.entries.get(candidate.document)?;
        (entry.role == Role::Answer).then_some(entry)
    }
}

/// How sure it is that a section is about what was asked: by the share of it that is covered, and by how well it
/// matches for so much that is asked.
fn certainty(share: f64, per_asked: f64) -> f64 {
    BY_SHARE * share + BY_MATCH * per_asked.ln_1p()
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
