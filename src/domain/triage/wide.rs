//! Phrases whose parts stand in several sentences: the part of `triage::matching` for `~~`.

use crate::domain::triage::matching::{Hit, Index};
use crate::domain::triage::near::{Finds, Found, Span, nearest};
use crate::domain::triage::vocabulary::ByKnown;
use std::collections::VecDeque;

/// So many sentences may the parts of a phrase with `~~` be spread over.
const SENTENCES: usize = 3;
/// Finds of the same part in one of them beyond these say nothing new.
const PER_SENTENCE: usize = 4;

/// The places of each group.
type Groups = ByKnown<u32, Vec<Found>>;

/// What was found in the last sentences.
#[derive(Debug, Default)]
pub(super) struct Window(VecDeque<Groups>);

impl Window {
    /// Takes in the next sentence and lets the oldest go.
    fn moves_on(&mut self, here: Groups) {
        self.0.push_back(here);
        if self.0.len() > SENTENCES {
            self.0.pop_front();
        }
    }

    /// Does the newest sentence hold a part of this group?
    fn newest_holds(&self, group: u32) -> bool {
        self.0.back().is_some_and(|here| here.contains_key(&group))
    }

    fn all(&self) -> Groups {
        let mut all = Groups::default();
        for (id, spans) in self.0.iter().flatten() {
            all.entry(*id).or_default().extend(spans);
        }
        all
    }
}

impl Index {
    /// Phrases whose last part stands in this sentence and the others in it or in the two before.
    pub(super) fn join_wide(
        &self,
        window: &mut Window,
        finds: Finds,
        (number, sentence): (usize, Span),
        hits: &mut Vec<Hit>,
    ) {
        let group = |id: u32| usize::try_from(id).ok().and_then(|at| self.groups.get(at));
        let wide = |id: &u32| group(*id).is_some_and(|group| group.wide);
        let here = finds.groups.into_iter().filter(|(id, _)| wide(id));
        let here: Groups = here
            .map(|(id, mut spans)| {
                spans.truncate(PER_SENTENCE);
                (id, spans)
            })
            .collect();
        let nothing_new = here.is_empty();
        window.moves_on(here);
        if nothing_new {
            return;
        }
        let all = window.all();
        for (id, spans) in &all {
            for (phrase, others) in group(*id).into_iter().flat_map(|group| &group.begins_wide) {
                let new = |id: &u32| window.newest_holds(*id);
                if !new(id) && !others.iter().any(new) {
                    continue;
                }
                let Some((parts, quality)) = nearest(spans, others, &all, true) else {
                    continue;
                };
                let ends_here = parts
                    .last()
                    .is_some_and(|last| last.first >= sentence.first);
                let entry = usize::try_from(*phrase)
                    .ok()
                    .and_then(|at| self.entries.get(at));
                if let Some(entry) = entry.filter(|_| ends_here) {
                    hits.push(Hit {
                        phrase: *phrase,
                        entry: *entry,
                        parts,
                        sentence: number,
                        quality,
                    });
                }
            }
        }
    }
}
