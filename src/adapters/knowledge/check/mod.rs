//! The rules of the house for knowledge files: what makes a text one that the team would sign.
//!
//! They keep no service from starting: what does is found by `Parts::read`. Both are told together, with file,
//! line and remedy, so that an author mends all of it in one go.

mod alike;
mod asked;
mod damaged;
mod due;
mod hidden;
mod links;
mod lists;
mod memos;
mod playbooks;
mod readable;
mod rules;
mod shapes;
mod trained;
mod wording;

pub use due::{Due, due_on};

use crate::adapters::knowledge::base::{KnowledgeBase, Loaded};
use crate::adapters::knowledge::export::pages;
use crate::adapters::knowledge::files::{Files, Folder};
use crate::adapters::knowledge::organisation::OrganisationWords;
use crate::adapters::knowledge::search::search_words::SearchWords;
use crate::adapters::knowledge::templates::shipped_words_stand_in;
use crate::adapters::knowledge::trouble::Trouble;
use jiff::civil::Date;
use std::cmp::Ordering;

/// What is wrong in a knowledge folder.
#[derive(Debug, Default)]
pub struct Findings {
    /// What keeps the service from using it.
    pub refused: Vec<Trouble>,
    /// What the house doesn't want to say or to keep so.
    pub unwanted: Vec<Trouble>,
}

/// The folders of a whole knowledge, and what is lost without each. The lexicon is looked for when it is read: without
/// it the service runs and wakes nobody, so it doesn't start.
const FOLDERS: [(&str, &str); 6] = [
    (
        "entries/",
        "no duty, obligation or contract answers a question",
    ),
    ("memos/", "no memo answers a question"),
    ("pages/", "no site can be made"),
    ("playbooks/", "nobody gets first help"),
    ("replies/", "nobody can be answered"),
    (
        "search/",
        "questions in other words than the texts find nothing",
    ),
];

/// Folders that aren't there: it is said once what that means, beside what is said of their files.
fn folders(files: &Files) -> impl Iterator<Item = Trouble> {
    let is_there = |folder: &str| files.keys().any(|path| path.starts_with(folder));
    FOLDERS
        .into_iter()
        .filter(move |(folder, _)| !is_there(folder))
        .map(|(folder, lost)| Trouble::of_missing_folder(folder, lost))
}

/// Checks a folder: a file that can't be read hides no mistake of another. What can be used is searched too.
pub fn check_folder(folder: &Folder, organisation: &OrganisationWords) -> Findings {
    let mut found = check(&folder.files, organisation);
    match KnowledgeBase::of_folder(folder, organisation.clone()) {
        Ok(base) => {
            let hidden = hidden::check(&base);
            let hidden =
                hidden.unwrap_or_else(|error| vec![Trouble::of_file("search/", error.to_string())]);
            found.unwanted.extend(hidden);
            found.unwanted.extend(trained::check(folder, &base));
            found.unwanted.sort_by(in_order);
        }
        // What keeps it from being used is told, also where no file was to blame.
        Err(troubles) if found.refused.is_empty() => found.refused = folder.readable(troubles),
        Err(_) => {}
    }
    Findings {
        refused: folder.refused(found.refused),
        unwanted: folder.readable(found.unwanted),
    }
}

/// Checks all files.
pub fn check(files: &Files, organisation: &OrganisationWords) -> Findings {
    let mut refused = Vec::new();
    // What could be read is looked at closely, even where the rest could not.
    let Loaded { parts, .. } = Loaded::read(files, organisation.clone(), &mut refused);
    let search = SearchWords::read(files, &mut refused);
    let mut unwanted = Vec::new();
    unwanted.extend(memos::check(files, &parts));
    unwanted.extend(alike::check(files, &parts));
    unwanted.extend(playbooks::check(files, &parts));
    unwanted.extend(rules::check(files));
    unwanted.extend(damaged::check(files));
    unwanted.extend(links::check(files, &parts));
    unwanted.extend(lists::check(files, &parts));
    unwanted.extend(wording::check(files, &parts));
    unwanted.extend(shipped_words_stand_in(files));
    unwanted.extend(folders(files));
    if refused.is_empty() {
        // Of what can't be read every name would be missing: that says nothing new.
        unwanted.extend(asked::check(files, &parts, &search.asked));
        // Any day will do: what is asked is whether they can be made.
        unwanted.extend(
            pages(files, &parts, organisation, Date::MIN)
                .err()
                .unwrap_or_default(),
        );
    }
    for found in [&mut refused, &mut unwanted] {
        found.sort_by(in_order);
        found.dedup();
    }
    Findings { refused, unwanted }
}

fn in_order(a: &Trouble, b: &Trouble) -> Ordering {
    (&a.path, a.line).cmp(&(&b.path, b.line))
}
