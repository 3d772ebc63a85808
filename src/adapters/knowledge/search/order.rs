//! In which order found sections are shown: by rank, where an entry doesn't take all places, and of a playbook what is
//! asked for first.

use crate::adapters::knowledge::search::index::SearchIndex;
use crate::adapters::knowledge::search::rank::Found;
use crate::domain::guidance::handbook::{Passage, PassageKind};
use crate::domain::guidance::playbook::Block;
use std::collections::HashMap;

/// How much of its rank a further section of an entry keeps: another entry may say what this one doesn't.
const AGAIN: f64 = 0.75;

impl SearchIndex {
    /// By rank, where each further section of an entry counts less than the one before it. Of a playbook the block that
    /// is asked for leads, whichever matched best: steps are followed in order.
    pub(super) fn in_order<'a>(
        &'a self,
        mut found: Vec<Found<'a>>,
        block: Block,
    ) -> Vec<Found<'a>> {
        found.sort_by(|a, b| b.order.total_cmp(&a.order));
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
                best.order *= AGAIN.powi(*times - 1);
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
                    order: best.rank * AGAIN,
                    is_literal: false,
                    ..*best
                }),
            }
        }
        found.extend(matched);
        found.sort_by(|a, b| b.order.total_cmp(&a.order));
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
