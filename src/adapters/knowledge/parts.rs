//! The files of the knowledge folder as values, with every mistake that keeps one from being used.
//!
//! What is asked here is asked of every start of the service, so it is no more than what the service needs; the
//! rules of the house are in `check`, and what only the search needs in `search`. Knowledge that was kept for replay
//! comes through here too: what didn't exist then may be missing.

use crate::adapters::knowledge::contracts::Contract;
use crate::adapters::knowledge::duties::Duties;
use crate::adapters::knowledge::entries::Listed;
use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::inventory::Obligation;
use crate::adapters::knowledge::lexicon::load_lexicon;
use crate::adapters::knowledge::memo::Memo;
use crate::adapters::knowledge::organisation::OrganisationWords;
use crate::adapters::knowledge::trouble::{TAKE_OVER, Trouble, line_of, sift};
use crate::adapters::knowledge::{contacts, contracts, duties, inventory, memo, playbook, weights};
use crate::domain::guidance::contacts::Contacts;
use crate::domain::guidance::playbook::Playbook;
use crate::domain::triage::category::Category;
use crate::domain::triage::lexicon::Lexicon;
use crate::domain::triage::trained::model::Model;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The folder of the playbooks.
pub const PLAYBOOKS: &str = "playbooks/";
/// The folder of the memos.
pub const MEMOS: &str = "memos/";
/// The folder of the words of triage.
const LEXICON: &str = "lexicon/";

/// The files as values.
#[derive(Default)]
pub struct Parts {
    /// Telephone numbers and addresses.
    pub contacts: Contacts,
    /// Legal duties.
    pub duties: Duties,
    /// A playbook for each category.
    pub playbooks: BTreeMap<Category, Playbook>,
    /// Memos, by id.
    pub memos: Vec<Memo>,
    /// Reporting obligations, in the order of the sheet.
    pub inventory: Vec<Obligation>,
    /// Framework contracts.
    pub contracts: Vec<Contract>,
    /// The words of triage.
    pub lexicon: Lexicon,
    /// What was learned from labelled reports; older knowledge has none.
    pub trained: Option<Arc<Model>>,
}

impl Parts {
    /// Reads the files; what is wrong in one doesn't hide what is wrong in another.
    pub fn read(
        files: &Files,
        organisation: &OrganisationWords,
        troubles: &mut Vec<Trouble>,
    ) -> Self {
        let parts = Self {
            contacts: one(files, contacts::PATH, troubles, |text| {
                contacts::load(text, organisation)
            }),
            duties: one(files, duties::PATH, troubles, duties::load),
            playbooks: playbooks(files, troubles),
            memos: sift(
                markdown(files, MEMOS).map(|(path, name, text)| memo::load(path, name, text)),
                troubles,
            ),
            inventory: if_there(files, inventory::PATH, troubles, inventory::load),
            contracts: if_there(files, contracts::PATH, troubles, contracts::load),
            lexicon: lexicon(files, troubles),
            trained: if_there(files, weights::PATH, troubles, weights::load),
        };
        // Where a list can't be read, every name of it would be missing: that says nothing new.
        let is_read = |path: &str| troubles.iter().all(|trouble| trouble.path != path);
        let (contacts, duties) = (is_read(contacts::PATH), is_read(duties::PATH));
        if contacts {
            parts.check_contacts(files, troubles);
        }
        if duties {
            parts.check_duties(files, troubles);
        }
        parts
    }

    /// What becomes an answer by a template.
    pub fn listed(&self) -> Listed<'_> {
        Listed {
            duties: &self.duties,
            inventory: &self.inventory,
            contracts: &self.contracts,
            contacts: &self.contacts,
        }
    }

    /// Every contact named anywhere exists.
    fn check_contacts(&self, files: &Files, troubles: &mut Vec<Trouble>) {
        let named = markdown(files, PLAYBOOKS)
            .chain(markdown(files, MEMOS))
            .map(|(path, _, text)| (path, text));
        let lists = [duties::PATH, inventory::PATH, contracts::PATH];
        let lists = lists
            .into_iter()
            .filter_map(|path| Some((path, files.get(path)?.as_str())));
        for (path, text) in named.chain(lists) {
            troubles.extend(contacts::check(path, text, 1, &self.contacts));
        }
    }

    /// Every duty named in a playbook exists.
    fn check_duties(&self, files: &Files, troubles: &mut Vec<Trouble>) {
        for (category, playbook) in &self.playbooks {
            let unknown = playbook
                .duties
                .iter()
                .filter(|trigger| !self.duties.by_id.contains_key(&trigger.id));
            for trigger in unknown {
                let id = &trigger.id;
                let path = format!("{PLAYBOOKS}{category}.md");
                let line = line_of(files, &path, &format!("\"{id}\""));
                troubles.push(Trouble::at(
                    &path,
                    line,
                    format!(
                        "there is no duty {id}; add it to {} or correct the id",
                        duties::PATH
                    ),
                ));
            }
        }
    }
}

/// Reads a file that must be there.
fn one<T: Default>(
    files: &Files,
    path: &str,
    troubles: &mut Vec<Trouble>,
    load: impl FnOnce(&str) -> Result<T, Trouble>,
) -> T {
    let text = files
        .get(path)
        .ok_or_else(|| Trouble::of_file(path, format!("the file is missing; {TAKE_OVER}")));
    text.and_then(|text| load(text)).unwrap_or_else(|trouble| {
        troubles.push(trouble);
        T::default()
    })
}

/// Reads a file that may be missing.
fn if_there<T: Default>(
    files: &Files,
    path: &str,
    troubles: &mut Vec<Trouble>,
    load: impl FnOnce(&str) -> Result<T, Vec<Trouble>>,
) -> T {
    let Some(text) = files.get(path) else {
        return T::default();
    };
    load(text).unwrap_or_else(|found| {
        troubles.extend(found);
        T::default()
    })
}

/// The Markdown files of a folder: path, name without ending, text.
pub fn markdown<'a>(
    files: &'a Files,
    folder: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str, &'a str)> {
    files.iter().filter_map(move |(path, text)| {
        let name = path.strip_prefix(folder)?.strip_suffix(".md")?;
        (!name.contains('/') && name != "README").then_some((path.as_str(), name, text.as_str()))
    })
}

fn playbooks(files: &Files, troubles: &mut Vec<Trouble>) -> BTreeMap<Category, Playbook> {
    let results = markdown(files, PLAYBOOKS).map(|(path, name, text)| {
        let category = name.parse::<Category>().map_err(|_| {
            let what = format!("\"{name}\" is no category; name the file after one of the 17");
            Trouble::of_file(path, what)
        })?;
        Ok::<_, Vec<Trouble>>((category, playbook::load(path, category, text)?))
    });
    let playbooks: BTreeMap<Category, Playbook> = sift(results, troubles).into_iter().collect();
    for category in Category::ALL {
        let path = format!("{PLAYBOOKS}{category}.md");
        if !files.contains_key(&path) {
            troubles.push(Trouble::of_file(
                &path,
                format!("the playbook is missing, and every category needs one; {TAKE_OVER}"),
            ));
        }
    }
    playbooks
}

fn lexicon(files: &Files, troubles: &mut Vec<Trouble>) -> Lexicon {
    let words: Vec<(String, String)> = files
        .iter()
        .filter(|(path, _)| path.starts_with(LEXICON))
        .map(|(path, text)| (path.clone(), text.clone()))
        .collect();
    if words.is_empty() {
        let lost = "no report is understood";
        troubles.push(Trouble::of_missing_folder(LEXICON, lost));
    }
    load_lexicon(&words).unwrap_or_else(|error| {
        troubles.push(Trouble::of_file(error.file(), error.to_string()));
        Lexicon::default()
    })
}
