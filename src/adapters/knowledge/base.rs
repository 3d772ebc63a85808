//! The knowledge in one version: loaded, checked, indexed, and offered as the port asks for it.
//!
//! It never changes: other knowledge is another value. What is in order is decided here, once, so that
//! a mistake in a file is found when it is loaded and not while somebody waits for help.

use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::index::SearchIndex;
use crate::adapters::knowledge::lexicon::load_lexicon;
use crate::adapters::knowledge::memo::Memo;
use crate::adapters::knowledge::organisation::OrganisationWords;
use crate::adapters::knowledge::sources::sources;
use crate::adapters::knowledge::templates::Templates;
use crate::adapters::knowledge::trouble::{Trouble, as_error, sift};
use crate::adapters::knowledge::{archive, contacts, duties, files, memo, playbook};
use crate::app::ports::knowledge::{Knowledge, KnowledgeError};
use crate::domain::duty::{Duty, DutyId};
use crate::domain::guidance::contacts::Contacts;
use crate::domain::guidance::handbook::{Handbook, Passage};
use crate::domain::guidance::playbook::Playbook;
use crate::domain::guidance::reply::{RenderedMail, ReplyPlan};
use crate::domain::triage::category::Category;
use crate::domain::triage::language::Language;
use crate::domain::triage::lexicon::{Lexicon, TriageRules};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The folder of the playbooks.
const PLAYBOOKS: &str = "playbooks/";
/// The folder of the memos.
const MEMOS: &str = "memos/";
/// The folder of the words of triage.
const LEXICON: &str = "lexicon/";

/// The knowledge in one version.
pub struct KnowledgeBase {
    handbook: Arc<Handbook>,
    memos: Vec<Memo>,
    index: SearchIndex,
    templates: Templates,
    archive: Vec<u8>,
}

impl KnowledgeBase {
    /// The knowledge in the binary.
    ///
    /// # Errors
    /// Where a file isn't in order; a test sees to it that the shipped ones are.
    pub fn embedded(organisation: OrganisationWords) -> Result<Self, KnowledgeError> {
        Self::from_files(&files::embedded(), organisation)
    }

    /// The knowledge of a folder, which replaces the one in the binary as a whole.
    ///
    /// # Errors
    /// Every mistake in its files, a line each: file, line, what to do.
    pub fn from_dir(
        folder: &Path,
        organisation: OrganisationWords,
    ) -> Result<Self, KnowledgeError> {
        let files = files::from_dir(folder).map_err(|troubles| as_error(&troubles))?;
        Self::from_files(&files, organisation)
    }

    /// The knowledge of an archive that an earlier version made, for replay.
    ///
    /// # Errors
    /// Where it is no archive, or holds what this program can't read.
    pub fn from_archive(
        bytes: &[u8],
        organisation: OrganisationWords,
    ) -> Result<Self, KnowledgeError> {
        let files = archive::unpack(bytes)
            .map_err(|error| KnowledgeError::BadFile(format!("not an archive: {error}")))?;
        Self::from_files(&files, organisation)
    }

    /// The knowledge of these texts.
    ///
    /// # Errors
    /// Every mistake in them, a line each: file, line, what to do.
    pub fn from_files(
        files: &Files,
        organisation: OrganisationWords,
    ) -> Result<Self, KnowledgeError> {
        let mut troubles = Vec::new();
        let contacts = one(files, contacts::PATH, &mut troubles, |text| {
            contacts::load(text, &organisation)
        });
        let duties = one(files, duties::PATH, &mut troubles, duties::load);
        let playbooks = playbooks(files, &mut troubles);
        let memos = memos(files, &mut troubles);
        let lexicon = lexicon(files, &mut troubles);
        check_names(files, &contacts, &mut troubles);
        check_duties(&playbooks, &duties, &mut troubles);
        let organisation = named(organisation, &contacts);
        let templates = Templates::load(files, &contacts, organisation)
            .map_err(|found| troubles.extend(found))
            .ok()
            .filter(|_| troubles.is_empty())
            .ok_or_else(|| as_error(&troubles))?;
        let index = SearchIndex::build(sources(&playbooks, &memos, &contacts))?;
        let archive = archive::pack(files)
            .map_err(|error| KnowledgeError::BadFile(format!("can't be archived: {error}")))?;
        let severity = playbooks
            .iter()
            .map(|(category, playbook)| (*category, playbook.severity.clone()))
            .collect();
        let handbook = Arc::new(Handbook {
            version: archive::version_of_all(files),
            playbooks,
            contacts,
            duties,
            triage: TriageRules { lexicon, severity },
        });
        Ok(Self {
            handbook,
            memos,
            index,
            templates,
            archive,
        })
    }

    /// All memos, by id.
    pub fn memos(&self) -> &[Memo] {
        &self.memos
    }
}

impl Knowledge for KnowledgeBase {
    fn handbook(&self) -> Arc<Handbook> {
        Arc::clone(&self.handbook)
    }

    fn search(
        &self,
        words: &str,
        language: Language,
        limit: usize,
    ) -> Result<Vec<Passage>, KnowledgeError> {
        self.index.search(words, language, limit)
    }

    fn render(&self, plan: &ReplyPlan) -> Result<RenderedMail, KnowledgeError> {
        self.templates.render(plan)
    }

    fn archive(&self) -> Vec<u8> {
        self.archive.clone()
    }
}

/// Reads a file that must be there.
fn one<T: Default>(
    files: &Files,
    path: &str,
    troubles: &mut Vec<Trouble>,
    load: impl FnOnce(&str) -> Result<T, Trouble>,
) -> T {
    let text = files.get(path).ok_or_else(|| {
        Trouble::of_file(
            path,
            "the file is missing; take it over from the shipped knowledge",
        )
    });
    match text.and_then(|text| load(text)) {
        Ok(value) => value,
        Err(trouble) => {
            troubles.push(trouble);
            T::default()
        }
    }
}

/// The Markdown files of a folder: path, name without ending, text.
fn markdown<'a>(
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
                "the playbook is missing; every category needs one",
            ));
        }
    }
    playbooks
}

fn memos(files: &Files, troubles: &mut Vec<Trouble>) -> Vec<Memo> {
    let results = markdown(files, MEMOS).map(|(path, name, text)| memo::load(path, name, text));
    sift(results, troubles)
}

fn lexicon(files: &Files, troubles: &mut Vec<Trouble>) -> Lexicon {
    let words: Vec<(String, String)> = files
        .iter()
        .filter(|(path, _)| path.starts_with(LEXICON))
        .map(|(path, text)| (path.clone(), text.clone()))
        .collect();
    load_lexicon(&words).unwrap_or_else(|error| {
        troubles.push(Trouble::of_file(LEXICON, error.to_string()));
        Lexicon::default()
    })
}

/// Every contact named anywhere in a Markdown file exists.
fn check_names(files: &Files, contacts: &Contacts, troubles: &mut Vec<Trouble>) {
    for folder in [PLAYBOOKS, MEMOS] {
        for (path, _, text) in markdown(files, folder) {
            troubles.extend(contacts::check(path, text, 1, contacts));
        }
    }
    if let Some(text) = files.get(duties::PATH) {
        troubles.extend(contacts::check(duties::PATH, text, 1, contacts));
    }
}

fn check_duties(
    playbooks: &BTreeMap<Category, Playbook>,
    duties: &BTreeMap<DutyId, Duty>,
    troubles: &mut Vec<Trouble>,
) {
    for (category, playbook) in playbooks {
        let unknown = playbook
            .duties
            .iter()
            .filter(|trigger| !duties.contains_key(&trigger.id));
        for trigger in unknown {
            let id = &trigger.id;
            troubles.push(Trouble::of_file(
                &format!("{PLAYBOOKS}{category}.md"),
                format!(
                    "there is no duty {id}; add it to {} or correct the id",
                    duties::PATH
                ),
            ));
        }
    }
}

/// The organisation with its name, where it was given none: that of the contact `crt`.
fn named(mut organisation: OrganisationWords, contacts: &Contacts) -> OrganisationWords {
    if organisation.team.nl.is_empty()
        && let Some(team) = contacts.0.get("crt")
    {
        organisation.team = team.text.clone();
    }
    organisation
}
