//! The knowledge in one version: loaded, checked, indexed, and offered as the port asks for it.
//!
//! It never changes: other knowledge is another value. What is in order is decided here, once, so that
//! a mistake in a file is found when it is loaded and not while somebody waits for help.

use crate::adapters::knowledge::files::{Files, Folder};
use crate::adapters::knowledge::memo::Memo;
use crate::adapters::knowledge::organisation::OrganisationWords;
use crate::adapters::knowledge::parts::Parts;
use crate::adapters::knowledge::search::index::{SearchIndex, Source};
use crate::adapters::knowledge::search::search_words::SearchWords;
use crate::adapters::knowledge::sources::sources;
use crate::adapters::knowledge::templates::Templates;
use crate::adapters::knowledge::trouble::{Trouble, as_error};
use crate::adapters::knowledge::{archive, contacts, entries, files, overview};
use crate::app::ports::knowledge::{Knowledge, KnowledgeError, Sought};
use crate::domain::guidance::contacts::Contacts;
use crate::domain::guidance::entry::{Background, Entry, SeeAlso};
use crate::domain::guidance::handbook::{Handbook, Passage, PassageKind};
use crate::domain::guidance::reply::{RenderedMail, ReplyPlan};
use crate::domain::triage::lexicon::TriageRules;
use std::path::Path;
use std::sync::{Arc, LazyLock};

/// Builds the index when somebody first asks: most commands ask nothing.
type Building = Box<dyn FnOnce() -> Result<SearchIndex, String> + Send>;

/// The knowledge in one version.
pub struct KnowledgeBase {
    handbook: Arc<Handbook>,
    memos: Vec<Memo>,
    entries: Arc<[Entry]>,
    index: LazyLock<Result<SearchIndex, String>, Building>,
    templates: Templates,
    archive: Vec<u8>,
}

impl KnowledgeBase {
    /// The knowledge in the binary.
    ///
    /// # Errors
    /// Where a file isn't in order; a test sees to it that the shipped ones are.
    pub fn embedded(organisation: OrganisationWords) -> Result<Self, KnowledgeError> {
        let files = files::embedded();
        let search = files.clone();
        // That these are in order is known: nothing waits for it but who asks.
        let words = move || {
            let mut troubles = Vec::new();
            let words = SearchWords::read(&search, &mut troubles);
            match troubles.as_slice() {
                [] => Ok(words),
                _ => Err(as_error(&troubles).to_string()),
            }
        };
        Self::with_search(&files, organisation, words, Vec::new())
            .map_err(|troubles| as_error(&troubles))
    }

    /// The knowledge of a folder, which replaces the one in the binary as a whole.
    ///
    /// # Errors
    /// Every mistake in its files, a line each: file, line, what to do.
    pub fn from_dir(
        folder: &Path,
        organisation: OrganisationWords,
    ) -> Result<Self, KnowledgeError> {
        let base = Folder::read(folder).and_then(|folder| Self::of_folder(&folder, organisation));
        base.map_err(|troubles| as_error(&troubles))
    }

    /// The same of a folder that was read.
    ///
    /// # Errors
    /// Every mistake in its files, those that can't be read among them.
    pub(super) fn of_folder(
        folder: &Folder,
        organisation: OrganisationWords,
    ) -> Result<Self, Vec<Trouble>> {
        let base = Self::from_texts(&folder.files, organisation);
        if folder.unreadable.is_empty() {
            return base;
        }
        Err(folder.refused(base.err().unwrap_or_default()))
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
        Self::from_texts(files, organisation).map_err(|troubles| as_error(&troubles))
    }

    /// The same, with the mistakes one by one.
    ///
    /// # Errors
    /// Every mistake in the texts.
    pub(super) fn from_texts(
        files: &Files,
        organisation: OrganisationWords,
    ) -> Result<Self, Vec<Trouble>> {
        let mut troubles = Vec::new();
        let words = SearchWords::read(files, &mut troubles);
        Self::with_search(files, organisation, move || Ok(words), troubles)
    }

    /// The same, with the words of the search to be had when somebody first asks, and the mistakes in them.
    fn with_search(
        files: &Files,
        organisation: OrganisationWords,
        words: impl FnOnce() -> Result<SearchWords, String> + Send + 'static,
        mut troubles: Vec<Trouble>,
    ) -> Result<Self, Vec<Trouble>> {
        let loaded = Loaded::read(files, organisation, &mut troubles);
        let Some(templates) = loaded.templates.filter(|_| troubles.is_empty()) else {
            return Err(troubles);
        };
        let parts = loaded.parts;
        let entries = overview::entries(&parts).into();
        let mut answers = sources(&parts.playbooks, &parts.memos, &parts.contacts);
        answers.extend(loaded.listed);
        let index = LazyLock::new(Box::new(move || {
            let search = words()?;
            let sources = search.beside(answers);
            SearchIndex::build(sources, &search.synonyms, search.everyday)
                .map_err(|error| error.to_string())
        }) as Building);
        let archive = archive::pack(files)
            .map_err(|error| Trouble::of_file("", format!("can't be archived: {error}")))?;
        let severity = parts
            .playbooks
            .iter()
            .map(|(category, playbook)| (*category, playbook.severity.clone()))
            .collect();
        let handbook = Arc::new(Handbook {
            version: archive::version_of_all(files),
            playbooks: parts.playbooks,
            contacts: parts.contacts,
            duties: parts.duties.by_id,
            triage: TriageRules {
                lexicon: parts.lexicon,
                severity,
                trained: parts.trained,
            },
        });
        Ok(Self {
            handbook,
            memos: parts.memos,
            entries,
            index,
            templates,
            archive,
        })
    }

    /// What is searched.
    ///
    /// # Errors
    /// Where it can't be built.
    pub(super) fn index(&self) -> Result<&SearchIndex, KnowledgeError> {
        let built = self.index.as_ref();
        built.map_err(|error| KnowledgeError::Index(error.clone()))
    }

    /// All memos, by id.
    pub fn memos(&self) -> &[Memo] {
        &self.memos
    }
}

/// The files as values, and what answers are made with.
pub(super) struct Loaded {
    /// The files as values, as far as they could be read.
    pub(super) parts: Parts,
    templates: Option<Templates>,
    listed: Vec<Source>,
}

impl Loaded {
    /// Reads all files; every mistake that keeps one from being used goes to `troubles`.
    pub(super) fn read(
        files: &Files,
        organisation: OrganisationWords,
        troubles: &mut Vec<Trouble>,
    ) -> Self {
        let parts = Parts::read(files, &organisation, troubles);
        // Without the contacts every text that names one would be wrong: that says nothing new.
        if troubles
            .iter()
            .any(|trouble| trouble.path == contacts::PATH)
        {
            return Self {
                parts,
                templates: None,
                listed: Vec::new(),
            };
        }
        let organisation = named(organisation, &parts.contacts);
        let templates = Templates::load(files, &parts.contacts, organisation)
            .map_err(|found| troubles.extend(found))
            .ok();
        let (listed, found) = entries::sources(files, parts.listed());
        troubles.extend(found);
        Self {
            parts,
            templates,
            listed,
        }
    }
}

impl Knowledge for KnowledgeBase {
    fn handbook(&self) -> Arc<Handbook> {
        Arc::clone(&self.handbook)
    }

    fn search(&self, sought: &Sought<'_>) -> Result<Vec<Passage>, KnowledgeError> {
        self.index()?.search(sought)
    }

    fn render(&self, plan: &ReplyPlan) -> Result<RenderedMail, KnowledgeError> {
        self.templates.render(plan)
    }

    fn archive(&self) -> Vec<u8> {
        self.archive.clone()
    }

    fn entries(&self) -> Arc<[Entry]> {
        Arc::clone(&self.entries)
    }

    fn background(&self, passage: &Passage) -> Background {
        let of = |id: &str| self.memos.iter().find(|memo| memo.id == id);
        let memo = Some(passage).filter(|passage| passage.kind == PassageKind::Memo);
        let Some(memo) = memo.and_then(|passage| of(&passage.id)) else {
            return Background::default();
        };
        // What stands above the first heading goes by the title.
        let is_it = |heading: &str| {
            heading == passage.section || (heading.is_empty() && memo.title == passage.section)
        };
        let sections = memo.sections.iter();
        let links = sections
            .filter(|section| is_it(&section.heading))
            .flat_map(|section| &section.links);
        Background {
            reviewed_on: memo.reviewed_on.clone(),
            see_also: links
                .filter(|id| **id != memo.id)
                .filter_map(|id| of(id))
                .map(|memo| SeeAlso {
                    id: memo.id.clone(),
                    title: memo.title.clone(),
                })
                .collect(),
        }
    }

    fn prepare(&self) -> Result<(), KnowledgeError> {
        self.index().map(|_| ())
    }

    fn pinned(self: Arc<Self>) -> Arc<dyn Knowledge> {
        self
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
