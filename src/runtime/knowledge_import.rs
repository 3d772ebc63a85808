//! Pages of a wiki brought into a knowledge folder: read, compared, written.

use crate::adapters::knowledge::files::from_dir;
use crate::adapters::knowledge::import::{Refusal, Terms, prepare};
use crate::adapters::knowledge::{contacts, trouble::Trouble};
use crate::config::Config;
use crate::domain::system_words::in_words;
use jiff::civil::Date;
use std::path::Path;

pub use crate::adapters::knowledge::import::{Plan, is_an_address};
pub use crate::adapters::knowledge::trouble::LOST_LETTER;

/// Who answers for memos where nobody says who.
const OWNER: &str = "Cyber Response Team";

/// What somebody asks for.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// What to read.
    pub source: &'a Path,
    /// The knowledge folder.
    pub folder: &'a Path,
    /// Who answers for new memos.
    pub owner: Option<&'a str>,
    /// The address of the wiki.
    pub base_url: Option<&'a str>,
}

/// Why nothing, or not all, was brought in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The source.
    #[error("{0}")]
    Source(#[from] Refusal),
    /// The folder is none of knowledge.
    #[error(
        "{0} is no knowledge folder (there is no contacts.toml in it); begin with a copy of the shipped one: eerstelijn knowledge copy --to FOLDER"
    )]
    NoKnowledge(String),
    /// Files of the folder can't be read.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Folder(Vec<Trouble>),
    /// A memo can't be written.
    #[error("can't write {path}: {cause}; make room or mend the permissions, and import again")]
    Write {
        /// The file.
        path: String,
        /// Why.
        cause: &'static str,
    },
}

/// Brings the pages of a source into a knowledge folder.
///
/// # Errors
/// Where source or folder can't be read, or a memo can't be written; what was written by then stays, and the next
/// import goes on from there.
pub fn import(wish: &Wish<'_>, config: Option<&Config>, today: Date) -> Result<Plan, ImportError> {
    if !wish.folder.join(contacts::PATH).is_file() {
        return Err(ImportError::NoKnowledge(wish.folder.display().to_string()));
    }
    let files = from_dir(wish.folder).map_err(ImportError::Folder)?;
    let team = config.map(|config| config.file.organisation.name.as_str());
    let terms = Terms {
        owner: wish.owner.or(team).unwrap_or(OWNER).to_owned(),
        base_url: wish.base_url.map(str::to_owned),
        today,
    };
    let plan = prepare(wish.source, &files, &terms)?;
    for (name, text) in &plan.texts {
        write(&wish.folder.join(name), text)?;
    }
    Ok(plan)
}

/// Writes beside the file and puts it in its place in one step: the service may be reading.
fn write(path: &Path, text: &str) -> Result<(), ImportError> {
    let told = |error: std::io::Error| ImportError::Write {
        path: path.display().to_string(),
        cause: in_words(error.kind()),
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // A hidden file is no knowledge.
    let beside = path.with_file_name(format!(".{name}.new"));
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(told)?;
    }
    std::fs::write(&beside, text).map_err(told)?;
    std::fs::rename(&beside, path).map_err(|error| {
        // What is left of it is of no use; the failure itself is told.
        let _ = std::fs::remove_file(&beside);
        told(error)
    })
}
