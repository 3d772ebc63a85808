//! Checking one chain, row by row: what was changed, removed, reordered or added. Pure; the rows
//! come from `verify`.

use crate::adapters::store::chain::{Link, START};
use crate::adapters::store::sql::{FromRow, Row};
use crate::adapters::store::vault::Vault;
use std::collections::BTreeSet;

/// Most rows of a chain that are kept to tell "reordered" from "changed", and most missing rows
/// that are named one by one.
const MOST_KEPT: usize = 64;

/// A row of a chain as it stands in the table.
#[derive(Clone)]
pub(super) struct ChainRow {
    pub(super) ticket_id: String,
    pub(super) seq: i64,
    pub(super) at: i64,
    pub(super) actor_role: String,
    pub(super) kind: String,
    pub(super) sealed: Vec<u8>,
    pub(super) prev_hash: Vec<u8>,
    pub(super) hash: Vec<u8>,
}

impl FromRow for ChainRow {
    fn from_row(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            ticket_id: row.get("ticket_id")?,
            seq: row.get("seq")?,
            at: row.get("at")?,
            actor_role: row.get("actor_role")?,
            kind: row.get("kind")?,
            sealed: row.get("sealed")?,
            prev_hash: row.get("prev_hash")?,
            hash: row.get("hash")?,
        })
    }
}

/// What is wrong with a place in a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Flaw {
    /// Its row was changed.
    Changed,
    /// Its row is gone.
    Removed,
    /// Its row stood at another place.
    Reordered {
        /// Where it was written.
        from: i64,
    },
    /// Its row was written by us, but not after the row that stands before it now.
    Replaced,
    /// Its row stands behind the end of the chain.
    Added,
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Changed => f.write_str("changed"),
            Self::Removed => f.write_str("removed"),
            Self::Reordered { from } => write!(f, "reordered, it was number {from}"),
            Self::Replaced => f.write_str("replaced, it does not follow the one before it"),
            Self::Added => f.write_str("added behind the end"),
        }
    }
}

/// A walk along one chain.
pub(super) struct ChainCheck<'a> {
    vault: &'a Vault,
    chain: &'static str,
    rows: u64,
    next_seq: i64,
    previous: Previous,
    wrong: Vec<ChainRow>,
    missing: BTreeSet<i64>,
    flaws: Vec<(i64, Flaw)>,
}

/// The row before the one that is looked at.
enum Previous {
    Hash(Vec<u8>),
    /// Something is wrong with it already: nothing can be said about what follows it.
    Doubtful,
}

impl<'a> ChainCheck<'a> {
    /// Begins before the first row.
    pub(super) fn new(vault: &'a Vault, chain: &'static str) -> Self {
        Self {
            vault,
            chain,
            rows: 0,
            next_seq: 1,
            previous: Previous::Hash(START.to_vec()),
            wrong: Vec::new(),
            missing: BTreeSet::new(),
            flaws: Vec::new(),
        }
    }

    /// Takes the next row, in the order of their seq.
    pub(super) fn take(&mut self, row: &ChainRow) {
        self.rows += 1;
        self.miss_up_to(row.seq);
        self.next_seq = row.seq.saturating_add(1);
        if !self.is_genuine(row, row.seq) {
            self.previous = Previous::Doubtful;
            if self.wrong.len() < MOST_KEPT {
                self.wrong.push(row.clone());
            } else {
                self.flaws.push((row.seq, Flaw::Changed));
            }
            return;
        }
        if let Previous::Hash(hash) = &self.previous
            && *hash != row.prev_hash
        {
            self.flaws.push((row.seq, Flaw::Replaced));
        }
        self.previous = Previous::Hash(row.hash.clone());
    }

    /// Ends the walk where the chain should end: how many rows there were, and what is wrong.
    pub(super) fn finish(mut self, last_seq: i64, head_hash: &[u8]) -> (u64, Vec<(i64, Flaw)>) {
        self.miss_up_to(last_seq.saturating_add(1));
        let end = self.next_seq.saturating_sub(1);
        if end > last_seq {
            self.flaws.push((end, Flaw::Added));
        } else if let Previous::Hash(hash) = &self.previous
            && hash != head_hash
        {
            self.flaws.push((end, Flaw::Replaced));
        }
        let candidates: BTreeSet<i64> = self
            .wrong
            .iter()
            .map(|row| row.seq)
            .chain(self.missing.iter().copied())
            .collect();
        for row in &self.wrong {
            let from = candidates
                .iter()
                .copied()
                .find(|seq| self.is_genuine(row, *seq));
            let flaw = from.map_or(Flaw::Changed, |from| Flaw::Reordered { from });
            self.flaws.push((row.seq, flaw));
        }
        self.flaws.sort_unstable();
        self.flaws.dedup();
        (self.rows, self.flaws)
    }

    fn miss_up_to(&mut self, seq: i64) {
        if self.next_seq < seq {
            self.previous = Previous::Doubtful;
        }
        while self.next_seq < seq {
            if self.missing.len() >= MOST_KEPT {
                self.next_seq = seq;
                return;
            }
            self.missing.insert(self.next_seq);
            self.flaws.push((self.next_seq, Flaw::Removed));
            self.next_seq += 1;
        }
    }

    fn is_genuine(&self, row: &ChainRow, seq: i64) -> bool {
        let hash = self.vault.link_hash(&Link {
            chain: self.chain,
            ticket: &row.ticket_id,
            seq,
            at: row.at,
            role: &row.actor_role,
            kind: &row.kind,
            sealed: &row.sealed,
            previous: &row.prev_hash,
        });
        row.hash == hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::store::vault::MasterKey;

    fn vault() -> Vault {
        Vault::new(&MasterKey::generate([3; 32]))
    }

    fn chain(length: i64) -> Vec<ChainRow> {
        let mut previous = START.to_vec();
        (1..=length)
            .map(|seq| {
                let mut row = ChainRow {
                    ticket_id: "t".into(),
                    seq,
                    at: seq * 10,
                    actor_role: "bot".into(),
                    kind: "opened".into(),
                    sealed: vec![7; 9],
                    prev_hash: previous.clone(),
                    hash: Vec::new(),
                };
                row.hash = vault()
                    .link_hash(&Link {
                        chain: "event",
                        ticket: &row.ticket_id,
                        seq,
                        at: row.at,
                        role: &row.actor_role,
                        kind: &row.kind,
                        sealed: &row.sealed,
                        previous: &row.prev_hash,
                    })
                    .to_vec();
                previous.clone_from(&row.hash);
                row
            })
            .collect()
    }

    fn check(rows: &[ChainRow], last_seq: i64, head: &[u8]) -> Vec<(i64, Flaw)> {
        let vault = vault();
        let mut check = ChainCheck::new(&vault, "event");
        for row in rows {
            check.take(row);
        }
        check.finish(last_seq, head).1
    }

    #[test]
    fn a_whole_chain_has_no_flaw_and_an_empty_one_neither() {
        let rows = chain(5);
        assert_eq!(check(&rows, 5, &rows[4].hash), []);
        assert_eq!(check(&[], 0, &START), []);
    }

    #[test]
    fn every_changed_column_shows_at_its_row() {
        let changes: [fn(&mut ChainRow); 7] = [
            |row| row.ticket_id.push('x'),
            |row| row.at += 1,
            |row| row.actor_role.push('x'),
            |row| row.kind.push('x'),
            |row| row.sealed[0] ^= 1,
            |row| row.prev_hash[0] ^= 1,
            |row| row.hash[0] ^= 1,
        ];
        for change in changes {
            let mut rows = chain(5);
            let head = rows[4].hash.clone();
            change(&mut rows[2]);
            assert_eq!(check(&rows, 5, &head), [(3, Flaw::Changed)]);
        }
    }

    #[test]
    fn removed_rows_show_wherever_they_stood() {
        for gone in 1..=5 {
            let mut rows = chain(5);
            let head = rows[4].hash.clone();
            rows.retain(|row| row.seq != gone);
            assert_eq!(check(&rows, 5, &head), [(gone, Flaw::Removed)]);
        }
        let rows = chain(5);
        assert_eq!(check(&[], 2, &rows[1].hash).len(), 2);
    }

    #[test]
    fn reordered_rows_say_where_they_stood() {
        let mut rows = chain(5);
        let head = rows[4].hash.clone();
        rows[1].seq = 3;
        rows[2].seq = 2;
        rows.swap(1, 2);
        assert_eq!(
            check(&rows, 5, &head),
            [
                (2, Flaw::Reordered { from: 3 }),
                (3, Flaw::Reordered { from: 2 })
            ]
        );
    }

    #[test]
    fn a_row_of_an_older_copy_and_one_behind_the_end_show() {
        let rows = chain(3);
        let mut other = chain(3);
        other[1].at = 7;
        let first = other[0].hash.clone();
        other[1].hash = vault()
            .link_hash(&Link {
                chain: "event",
                ticket: "t",
                seq: 2,
                at: 7,
                role: "bot",
                kind: "opened",
                sealed: &other[1].sealed,
                previous: &first,
            })
            .to_vec();
        let mixed = [rows[0].clone(), other[1].clone(), rows[2].clone()];
        assert_eq!(check(&mixed, 3, &rows[2].hash), [(3, Flaw::Replaced)]);
        assert_eq!(check(&rows, 2, &rows[1].hash), [(3, Flaw::Added)]);
    }

    #[test]
    fn an_end_that_somebody_put_very_far_takes_no_time() {
        let rows = chain(1);
        assert_eq!(check(&rows, i64::MAX, &START).len(), MOST_KEPT);
    }
}
