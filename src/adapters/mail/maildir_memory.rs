//! What the reader of a Maildir remembers between two looks: what changed, what is known, what is left out
//! for now because it fails.

use crate::adapters::mail::maildir::Found;
use crate::adapters::mail::source::LessOften;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// Looks at all files after a folder changed, and how often they are looked at anyway.
const LOOKS_AFTER_CHANGE: u32 = 5;
const LOOK_ANYWAY: u32 = 60;
/// Looks that a file which can't be read is left out, doubling up to the second number.
const SKIP_FIRST: u32 = 1;
const SKIP_LONGEST: u32 = 300;

/// What is remembered between two looks.
pub(crate) struct Memory {
    /// When `new` and `cur` last changed, and for how many looks they were so.
    pub(crate) changed: [Option<SystemTime>; 2],
    unchanged_looks: u32,
    /// Files of `cur` that are stored, by their key.
    pub(crate) known: HashSet<String>,
    /// Files that could not be read: looks to leave out, and how many next time.
    pub(crate) skipping: HashMap<String, (u32, u32)>,
    /// Moving, while it fails.
    pub(crate) moving: LessOften,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            changed: [None; 2],
            unchanged_looks: 0,
            known: HashSet::new(),
            skipping: HashMap::new(),
            moving: LessOften::at_most(SKIP_LONGEST),
        }
    }
}

impl Memory {
    /// Did nothing come or go for some looks? Listing a large folder every second is dear. File
    /// systems tell time coarsely, so a change is trusted to be the last one only after a while.
    pub(crate) fn is_unchanged(&mut self, path: &Path) -> bool {
        let now = ["new", "cur"].map(|folder| {
            let metadata = fs::metadata(path.join(folder)).ok()?;
            metadata.modified().ok()
        });
        let same = now == self.changed && now.iter().all(Option::is_some);
        self.unchanged_looks = if same {
            self.unchanged_looks.saturating_add(1)
        } else {
            0
        };
        self.changed = now;
        self.unchanged_looks > LOOKS_AFTER_CHANGE
            && self.skipping.is_empty()
            && !self.unchanged_looks.is_multiple_of(LOOK_ANYWAY)
    }

    pub(crate) fn is_skipped(&mut self, key: &str) -> bool {
        let Some((left, _)) = self.skipping.get_mut(key) else {
            return false;
        };
        *left = left.saturating_sub(1);
        *left > 0
    }

    pub(crate) fn skip(&mut self, key: &str) {
        let next = self.skipping.get(key).map_or(SKIP_FIRST, |(_, next)| *next);
        let after = (next * 2).min(SKIP_LONGEST);
        self.skipping.insert(key.to_owned(), (next + 1, after));
    }

    pub(crate) fn forget_gone(&mut self, found: &BTreeMap<String, Found>) {
        self.known.retain(|key| found.contains_key(key));
        self.skipping.retain(|key, _| found.contains_key(key));
    }
}
