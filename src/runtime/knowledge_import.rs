//! Pages of a wiki brought into a knowledge folder: read, compared, written.

use crate::adapters::knowledge::files::{from_dir, settled};
use crate::adapters::knowledge::import::{Refusal, Terms, prepare};
use crate::adapters::knowledge::{contacts, trouble::Trouble};
use crate::config::Config;
use crate::domain::system_words::in_words;
use jiff::civil::Date;
use std::fs::File;
use std::io::{ErrorKind, Write as _};
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

/// Brings the pages of a source into a knowledge folder. To read a source may take minutes: a memo that somebody writes
/// meanwhile is left as it is, and told as edited.
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
    let mut plan = prepare(wish.source, &files, &terms)?;
    let mut left = Vec::new();
    for (name, text) in &plan.texts {
        let before = files.get(name).map(String::as_str);
        if !write(&wish.folder.join(name), text, before)? {
            left.push(name.clone());
        }
    }
    for name in &left {
        plan.leave(name);
    }
    Ok(plan)
}

/// Writes beside the file and puts it in its place in one step: the service may be reading. Nothing is written, and
/// `false` told, where the file isn't any more what it was before.
fn write(path: &Path, text: &str, before: Option<&str>) -> Result<bool, ImportError> {
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
    // What an import left that was cut off may be a memo's second name: to write into it would change that memo.
    let _ = std::fs::remove_file(&beside);
    let mut file = File::create_new(&beside).map_err(told)?;
    file.write_all(text.as_bytes()).map_err(told)?;
    let put = match before {
        _ if !is_as_it_was(path, before) => Ok(false),
        None => put_new(&beside, path),
        Some(_) => std::fs::rename(&beside, path).map(|()| true),
    };
    if !matches!(put, Ok(true)) {
        // What is left of it is of no use; why it wasn't put in its place is told.
        let _ = std::fs::remove_file(&beside);
    }
    put.map_err(told)
}

/// Is the file what was read of it, or still none where there was none?
fn is_as_it_was(path: &Path, before: Option<&str>) -> bool {
    match (std::fs::read_to_string(path), before) {
        (Ok(now), Some(before)) => settled(&now) == before,
        (Err(error), None) => error.kind() == ErrorKind::NotFound,
        _ => false,
    }
}

/// Puts a new file in its place, never over another that came in the last moment.
fn put_new(beside: &Path, path: &Path) -> std::io::Result<bool> {
    match std::fs::hard_link(beside, path) {
        Ok(()) => {
            // The memo stands; its second name is hidden, and no import writes into it.
            let _ = std::fs::remove_file(beside);
            Ok(true)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        // Not every file system has a second name for a file: nearly as good is to move it.
        Err(_) => std::fs::rename(beside, path).map(|()| true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_wrote_meanwhile_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("memos/a.md");
        assert!(write(&path, "een", None).unwrap());
        std::fs::write(&path, "\u{feff}een\r\nregel").unwrap();
        assert!(write(&path, "twee", Some("een\nregel")).unwrap());
        for before in [None, Some("een\nregel")] {
            assert!(!write(&path, "drie", before).unwrap());
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "twee");
        let beside = path.with_file_name("b");
        std::fs::write(&beside, "drie").unwrap();
        assert!(!put_new(&beside, &path).unwrap());
        std::fs::remove_file(&beside).unwrap();
        // Nor does one come back that somebody took away.
        std::fs::remove_file(&path).unwrap();
        assert!(!write(&path, "drie", Some("twee")).unwrap());
        let left = std::fs::read_dir(folder.path().join("memos")).unwrap();
        assert_eq!(left.count(), 0);
    }
}
