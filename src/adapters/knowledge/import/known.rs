//! A memo that stands in the folder, as an import sees it.

use crate::adapters::knowledge::front_matter;
use crate::adapters::knowledge::import::memo_text::fingerprint;
use crate::adapters::knowledge::import::plan::Line;
use crate::adapters::knowledge::memo::{self, Memo};
use std::collections::BTreeMap;

/// A memo, readable or not.
pub(super) struct Known {
    path: String,
    /// Its name.
    pub(super) id: String,
    /// The page that it was brought in from, if it was.
    pub(super) from: Option<String>,
    /// Where that page came from.
    pub(super) space: String,
    /// What the last import wrote.
    pub(super) page_was: String,
    /// Did somebody change its title or its text since?
    pub(super) is_edited: bool,
    /// The memo, where it can be read.
    pub(super) memo: Option<Memo>,
}

impl Known {
    /// Reads a memo. One that somebody broke still says from which page it was.
    pub(super) fn read(path: &str, id: &str, text: &str) -> Self {
        let memo = memo::load(path, id, text).ok();
        let imported = memo.as_ref().and_then(|memo| memo.imported.as_ref());
        let body = front_matter::split(path, text).map_or("", |parts| parts.body);
        let is_edited = match (&memo, imported) {
            (Some(memo), Some(imported)) => fingerprint(&memo.title, body) != imported.sha256,
            _ => true,
        };
        let from = match imported {
            Some(imported) => Some(imported.from.clone()),
            None if memo.is_none() => by_its_line(text),
            None => None,
        };
        Self {
            path: path.to_owned(),
            id: id.to_owned(),
            from,
            space: imported.map(|mark| mark.space.clone()).unwrap_or_default(),
            page_was: imported.map(|mark| mark.sha256.clone()).unwrap_or_default(),
            is_edited,
            memo,
        }
    }

    /// For a report.
    pub(super) fn line(&self) -> Line {
        Line {
            file: self.path.clone(),
            title: self
                .memo
                .as_ref()
                .map(|memo| memo.title.clone())
                .unwrap_or_default(),
            from: self.from.clone().unwrap_or_default(),
        }
    }
}

/// The memos that were brought in, by the page that each came from.
pub(super) struct ByPage<'a> {
    /// By space and page: `index.md` stands in many folders, and each wiki counts its pages from the first.
    whole: BTreeMap<(&'a str, &'a str), &'a Known>,
    /// Those that can't be read don't say their space: by the page alone. They are never written over.
    broken: BTreeMap<&'a str, &'a Known>,
}

impl<'a> ByPage<'a> {
    /// Of several memos of one page the first counts.
    pub(super) fn new(known: &'a [Known]) -> Self {
        let mut by_page = Self {
            whole: BTreeMap::new(),
            broken: BTreeMap::new(),
        };
        for memo in known {
            let Some(from) = memo.from.as_deref() else {
                continue;
            };
            if memo.memo.is_some() {
                let key = (memo.space.as_str(), from);
                by_page.whole.entry(key).or_insert(memo);
            } else {
                by_page.broken.entry(from).or_insert(memo);
            }
        }
        by_page
    }

    /// The memo of this page of this space.
    pub(super) fn of(&self, space: &str, from: &str) -> Option<&'a Known> {
        let whole = self.whole.get(&(space, from));
        whole.or_else(|| self.broken.get(from)).copied()
    }
}

fn by_its_line(text: &str) -> Option<String> {
    let from = text
        .lines()
        .find_map(|line| line.strip_prefix("from = \""))?;
    Some(from.trim_end().trim_end_matches('"').to_owned())
}
