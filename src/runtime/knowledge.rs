//! The knowledge: loaded for the service, and checked, listed and exported for the people who keep it.

use crate::adapters::knowledge::check::{Due, Findings, check_folder, due_on};
use crate::adapters::knowledge::export::{Page, pages};
use crate::adapters::knowledge::files::{Folder, embedded, embedded_examples};
use crate::adapters::knowledge::overview::{Item, overview};
use crate::adapters::knowledge::parts::Parts;
use crate::adapters::knowledge::trouble::{Trouble, as_error};
use crate::adapters::knowledge::{KnowledgeBase, LiveKnowledge, OrganisationWords};
use crate::app::ports::{Knowledge, KnowledgeError};
use crate::config::{Config, sections};
use crate::domain::guidance::playbook::Wording;
use crate::runtime::wire::WireError;
use jiff::civil::Date;
use std::path::Path;
use std::sync::Arc;

pub use crate::adapters::knowledge::copy::copy_shipped;

/// A knowledge folder, or the one inside the program, with the words of the team.
pub struct Shelf {
    folder: Folder,
    words: OrganisationWords,
    parts: Parts,
    refused: Vec<Trouble>,
}

impl Shelf {
    /// The named folder; else that of the settings; else the one inside the program.
    ///
    /// # Errors
    /// Where the folder isn't there or can't be read.
    pub fn open(named: Option<&Path>, config: Option<&Config>) -> Result<Self, WireError> {
        let set = || config.map(folder_of).transpose().map(Option::flatten);
        let folder = match named.map_or_else(set, |named| Ok(Some(named)))? {
            Some(folder) => Folder::read(folder).map_err(|found| as_error(&found))?,
            None => Folder {
                files: embedded(),
                examples: embedded_examples(),
                ..Folder::default()
            },
        };
        let words = config.map_or_else(nameless_team, words_of);
        let mut refused = Vec::new();
        let parts = Parts::read(&folder.files, &words, &mut refused);
        Ok(Self {
            refused: folder.refused(refused),
            folder,
            words,
            parts,
        })
    }

    /// What could not be read: without it a list or a page would lack something and not say so.
    pub fn refused(&self) -> &[Trouble] {
        &self.refused
    }

    /// Everything that is wrong.
    pub fn check(&self) -> Findings {
        check_folder(&self.folder, &self.words)
    }

    /// Everything that is due for review on this day.
    pub fn due(&self, today: Date) -> Vec<Due> {
        due_on(&self.parts, today)
    }

    /// Everything there is.
    pub fn overview(&self, today: Date) -> Vec<Item> {
        overview(&self.parts, today)
    }

    /// The pages of an export.
    ///
    /// # Errors
    /// What could not be read, and what is wrong in the templates of pages.
    pub fn pages(&self, today: Date) -> Result<Vec<Page>, Vec<Trouble>> {
        if !self.refused.is_empty() {
            return Err(self.refused.clone());
        }
        pages(&self.folder.files, &self.parts, &self.words, today)
    }
}

/// The knowledge of the settings, or the embedded one with a nameless team.
pub fn knowledge_for(config: Option<&Config>) -> Result<Arc<dyn Knowledge>, WireError> {
    let Some(config) = config else {
        return Ok(Arc::new(KnowledgeBase::embedded(nameless_team())?));
    };
    let words = words_of(config);
    Ok(Arc::new(match folder_of(config)? {
        Some(folder) => KnowledgeBase::from_dir(folder, words)?,
        None => KnowledgeBase::embedded(words)?,
    }))
}

/// The knowledge of the folder that the settings name, to be watched while the service runs.
///
/// # Errors
/// Where there is no such folder, or a mistake in it.
pub fn live_knowledge(config: &Config) -> Result<Option<Arc<LiveKnowledge>>, WireError> {
    let Some(folder) = folder_of(config)? else {
        return Ok(None);
    };
    Ok(Some(Arc::new(LiveKnowledge::open(
        folder,
        words_of(config),
    )?)))
}

/// The folder that the settings name.
fn folder_of(config: &Config) -> Result<Option<&Path>, WireError> {
    match config.file.knowledge.dir.as_deref() {
        Some(folder) if !folder.is_dir() => Err(WireError::Setting {
            key: "knowledge.dir".to_owned(),
            what: format!(
                "there is no folder {}; name one, make one (eerstelijn knowledge copy --to FOLDER), or leave the key out for the knowledge inside the program",
                folder.display()
            ),
        }),
        folder => Ok(folder),
    }
}

/// The knowledge of this folder, with the team of these settings.
///
/// # Errors
/// Every mistake in its files.
pub fn knowledge_in(
    folder: &Path,
    config: Option<&Config>,
) -> Result<Arc<dyn Knowledge>, WireError> {
    let words = config.map_or_else(nameless_team, words_of);
    Ok(Arc::new(KnowledgeBase::from_dir(folder, words)?))
}

/// The words of a team that no settings name.
pub(super) fn nameless_team() -> OrganisationWords {
    organisation_words("Cyber Response Team", "", None, None)
}

/// Knowledge that was kept, with the team of these settings.
///
/// # Errors
/// Where it is no archive, or holds what this program can't read.
pub fn knowledge_kept(
    config: &Config,
    archive: &[u8],
) -> Result<Arc<dyn Knowledge>, KnowledgeError> {
    let knowledge = KnowledgeBase::from_archive(archive, words_of(config))?;
    Ok(Arc::new(knowledge))
}

pub(super) fn words_of(config: &Config) -> OrganisationWords {
    let organisation = &config.file.organisation;
    organisation_words(
        &organisation.name,
        &organisation.address,
        organisation.phone.as_deref(),
        Some(&organisation.office_hours),
    )
}

/// What the templates say about the team.
pub fn organisation_words(
    name: &str,
    address: &str,
    phone: Option<&str>,
    hours: Option<&sections::OfficeHours>,
) -> OrganisationWords {
    let hours = hours.cloned().unwrap_or_default();
    OrganisationWords {
        team: Wording {
            nl: format!("het {name}"),
            fr: format!("l’équipe {name}"),
            en: format!("the {name}"),
        },
        address: address.to_owned(),
        phone: phone.unwrap_or_default().to_owned(),
        chat: String::new(),
        office_hours: Wording {
            nl: hours.nl,
            fr: hours.fr,
            en: hours.en,
        },
    }
}
