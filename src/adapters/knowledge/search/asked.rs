//! What people ask, beside the entries that answer it: `search/memos/*.toml`, `search/playbooks.toml` and
//! `search/lists.toml`; and what nothing here answers: `search/elsewhere.toml`.
//!
//! An editor writes there how people ask, in three languages, because nobody asks in the words of the answer. Never
//! shown.

use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::front_matter;
use crate::adapters::knowledge::keywords::Keywords;
use crate::adapters::knowledge::trouble::{Trouble, sift};
use crate::domain::guidance::handbook::{Passage, PassageKind};
use std::collections::BTreeMap;

/// The folder of what is asked of memos: a file per memo, a table per heading.
pub const MEMOS: &str = "search/memos/";
/// What is asked of playbooks: a table per category.
pub const PLAYBOOKS: &str = "search/playbooks.toml";
/// What is asked of duties, obligations and contracts: a table per id.
pub const LISTS: &str = "search/lists.toml";

/// What people ask that nothing here answers: a table per theme. A question that is nearer to one of these than to
/// any answer gets none, and the words of all of them make doubt.
pub const ELSEWHERE: &str = "search/elsewhere.toml";

/// Questions by what answers them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Of memos: by their id, then by heading.
    pub memos: BTreeMap<String, BTreeMap<String, Keywords>>,
    /// Of playbooks and of entries of a list, by their id.
    pub entries: BTreeMap<String, Keywords>,
    /// What nothing here answers, by theme.
    pub elsewhere: BTreeMap<String, Keywords>,
}

impl Asked {
    /// Reads the files; none of them needs to be there.
    pub fn read(files: &Files, troubles: &mut Vec<Trouble>) -> Self {
        let memos = files.iter().filter_map(|(path, text)| {
            let memo = path.strip_prefix(MEMOS)?.strip_suffix(".toml")?;
            let read = front_matter::read(path, text, 1);
            Some(
                read.map(|questions| (memo.to_owned(), questions))
                    .map_err(Vec::from),
            )
        });
        let memos = sift(memos, troubles).into_iter().collect();
        let mut table = |path: &str| {
            let text = files.get(path).map(String::as_str).unwrap_or_default();
            front_matter::read(path, text, 1).unwrap_or_else(|trouble| {
                troubles.push(trouble);
                BTreeMap::new()
            })
        };
        let mut entries: BTreeMap<String, Keywords> = table(PLAYBOOKS);
        entries.extend(table(LISTS));
        Self {
            memos,
            entries,
            elsewhere: table(ELSEWHERE),
        }
    }

    /// What is asked that this passage answers.
    pub fn of(&self, passage: &Passage) -> Option<&Keywords> {
        match passage.kind {
            PassageKind::Memo => self.memos.get(&passage.id)?.get(&passage.section),
            _ => self.entries.get(&passage.id),
        }
    }
}
