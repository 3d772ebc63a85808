//! What an import would do to a knowledge folder: which memos are new, which change, and which are left alone.
//!
//! A memo that nobody brought in is never touched; one that somebody edited since isn't either.

use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::import::known::{ByPage, Known};
use crate::adapters::knowledge::import::limits::{LARGEST_MEMO, Refusal};
use crate::adapters::knowledge::import::links::resolved;
use crate::adapters::knowledge::import::memo_text::{Kept, fingerprint, write};
use crate::adapters::knowledge::import::page::{Page, Pages};
use crate::adapters::knowledge::import::{slug, tidy};
use crate::adapters::knowledge::memo;
use crate::adapters::knowledge::parts::{MEMOS, markdown};
use crate::adapters::knowledge::trouble::LOST_LETTER;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Longest title, in characters.
const LONGEST_TITLE: usize = 300;

/// What somebody says of an import.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Who answers for new memos.
    pub owner: String,
    /// The address of the wiki, where the export doesn't name it.
    pub base_url: Option<String>,
    /// The day.
    pub today: Date,
}

/// One memo and its page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The file in the knowledge folder; empty where there is none.
    pub file: String,
    /// The title of the page.
    pub title: String,
    /// What the page is known by.
    pub from: String,
}

/// A memo that somebody edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edited {
    /// The memo.
    #[serde(flatten)]
    pub line: Line,
    /// Did its page change too?
    pub page_changed: bool,
}

/// A page that can't be brought in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failed {
    /// What people call it.
    pub page: String,
    /// What it is known by.
    pub from: String,
    /// Why, and what to do.
    pub reason: String,
}

/// What an import does.
#[derive(Debug, Default, Serialize)]
pub struct Plan {
    /// Memos that are made.
    pub new: Vec<Line>,
    /// Memos whose page changed.
    pub changed: Vec<Line>,
    /// Memos whose page is as it was.
    pub unchanged: Vec<Line>,
    /// Memos that somebody edited: left as they are.
    pub edited: Vec<Edited>,
    /// Memos whose page isn't in the source any more: left as they are.
    pub gone: Vec<Line>,
    /// Memos that lack letters, because those of their page can't be read: they come in all the same.
    pub damaged: Vec<Line>,
    /// Pages without any text: they become no memo.
    pub empty: Vec<Line>,
    /// Pages that can't be brought in.
    pub failed: Vec<Failed>,
    /// What is written: file and text.
    #[serde(skip)]
    pub texts: Vec<(String, String)>,
}

/// Compares pages with what stands in the folder.
pub(super) fn plan(mut pages: Pages, files: &Files, terms: &Terms) -> Plan {
    let known: Vec<Known> = markdown(files, MEMOS)
        .map(|(path, id, text)| Known::read(path, id, text))
        .collect();
    let by_page = ByPage::new(&known);
    let spaces: Vec<String> = pages
        .spaces
        .iter()
        .map(|space| tidy::words(space))
        .collect();
    let mut plan = Plan::default();
    // In the order of their numbers, so that names are given alike each time.
    pages.read.sort_by(|a, b| {
        let key = |page: &Page| (number(&page.from), page.from.clone());
        key(a).cmp(&key(b))
    });
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    let mut kept = Vec::new();
    for page in pages.read.into_iter().map(settled) {
        if !seen.insert((page.space.clone(), page.from.clone())) {
            let why = Refusal::because("the source holds this page twice; the first one was taken");
            plan.fail(&page.title, &page.from, &why);
        } else if page.text.trim().is_empty() {
            plan.empty.push(line(&page, ""));
        } else {
            kept.push(page);
        }
    }
    let names = names(&kept, &by_page, &known);
    let mut memos: BTreeMap<String, String> = BTreeMap::new();
    let taken_over = pages.unread.iter().filter_map(|page| {
        let from = tidy::words(&page.from);
        let known = spaces.iter().find_map(|space| by_page.of(space, &from))?;
        Some((&page.keys, known.id.clone()))
    });
    for (keys, name) in kept
        .iter()
        .map(|page| &page.keys)
        .zip(names.clone())
        .chain(taken_over)
    {
        for key in keys {
            memos.entry(key.clone()).or_insert_with(|| name.clone());
        }
    }
    for (page, name) in kept.iter().zip(&names) {
        let known = by_page.of(&page.space, &page.from);
        plan.add(page, name, known, &memos, terms);
    }
    // Nobody knows of which space they would be: they are there in each.
    let mut unread: BTreeSet<String> = BTreeSet::new();
    for page in pages.unread {
        plan.fail(&page.shown, &page.from, &page.why);
        unread.insert(tidy::words(&page.from));
        // A file is known by its path, unless it proves to be of Confluence.
        unread.extend(page.keys);
    }
    plan.gone = known
        .iter()
        .filter(|memo| {
            let of_here = spaces
                .iter()
                .any(|space| !space.is_empty() && *space == memo.space);
            of_here
                && memo.from.as_ref().is_some_and(|from| {
                    !unread.contains(from) && !seen.contains(&(memo.space.clone(), from.clone()))
                })
        })
        .map(Known::line)
        .collect();
    plan
}

impl Plan {
    /// Somebody else wrote the file of this memo since the folder was read: it stays, and is told as edited.
    pub fn leave(&mut self, file: &str) {
        self.texts.retain(|(other, _)| other != file);
        for lines in [&mut self.new, &mut self.changed] {
            let left = lines.extract_if(.., |line| line.file == file);
            self.edited.extend(left.map(|line| Edited {
                line,
                page_changed: true,
            }));
        }
        self.damaged.retain(|line| line.file != file);
    }

    fn fail(&mut self, page: &str, from: &str, why: &Refusal) {
        self.failed.push(Failed {
            page: tidy::one_line(page),
            from: from.to_owned(),
            reason: why.to_string(),
        });
    }

    /// Somebody must know of it: nobody reads all pages after an import.
    fn note_damage(&mut self, line: &Line, body: &str) {
        if line.title.contains(LOST_LETTER) || body.contains(LOST_LETTER) {
            self.damaged.push(line.clone());
        }
    }

    /// Decides about one page.
    fn add(
        &mut self,
        page: &Page,
        name: &str,
        known: Option<&Known>,
        memos: &BTreeMap<String, String>,
        terms: &Terms,
    ) {
        let path = format!("{MEMOS}{name}.md");
        let line = line(page, &path);
        let body = tidy::without_contacts(&resolved(&page.text, memos));
        let now = fingerprint(&page.title, &body);
        let kept = match known {
            None => Kept::of_new(page, &terms.owner, terms.today),
            Some(known) => {
                let page_changed = known.page_was != now;
                match &known.memo {
                    Some(memo) if !known.is_edited => {
                        if page_changed {
                            Kept::of_changed(memo, page, terms.today)
                        } else if memo.url.is_none() && page.url.is_some() {
                            Kept::of_same(memo, page)
                        } else {
                            self.note_damage(&line, &body);
                            self.unchanged.push(line);
                            return;
                        }
                    }
                    _ => {
                        self.edited.push(Edited { line, page_changed });
                        return;
                    }
                }
            }
        };
        let text = write(page, &body, &kept);
        let refused = if text.len() > LARGEST_MEMO {
            Some(Refusal::because(
                "it would become a memo of more than 1 MB; split the page",
            ))
        } else {
            let loaded = memo::load(&path, name, &text);
            loaded.err().map(|trouble| Refusal::because(trouble.what))
        };
        if let Some(why) = refused {
            self.fail(&page.title, &page.from, &why);
            return;
        }
        self.note_damage(&line, &body);
        match known {
            None => self.new.push(line),
            Some(_) => self.changed.push(line),
        }
        self.texts.push((path, text));
    }
}

fn line(page: &Page, path: &str) -> Line {
    Line {
        file: path.to_owned(),
        title: page.title.clone(),
        from: page.from.clone(),
    }
}

/// A page whose words may all stand in a front matter: a contact's name would be looked up there too.
fn settled(page: Page) -> Page {
    let labels = page.labels.iter().map(|label| tidy::words(label));
    Page {
        title: title_of(&page.title),
        from: tidy::words(&page.from),
        space: tidy::words(&page.space),
        labels: labels.collect(),
        version: page.version.as_deref().map(tidy::words),
        ..page
    }
}

fn title_of(title: &str) -> String {
    let title: String = tidy::words(title.trim())
        .chars()
        .take(LONGEST_TITLE)
        .collect();
    match title.trim() {
        "" => "Zonder titel".to_owned(),
        title => title.to_owned(),
    }
}

/// Pages of Confluence by their number; others behind them.
fn number(from: &str) -> u64 {
    let number = from.strip_prefix("confluence:");
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or(u64::MAX)
}

/// The names of the memos: as they were, else by the title and not one that is taken.
fn names(pages: &[Page], by_page: &ByPage<'_>, known: &[Known]) -> Vec<String> {
    let taken = known.iter().map(|memo| memo.id.to_lowercase());
    let mut names = slug::Names::new(taken.collect());
    pages
        .iter()
        .map(|page| match by_page.of(&page.space, &page.from) {
            Some(known) => known.id.clone(),
            None => names.take(&slug::of_title(&page.title)),
        })
        .collect()
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
