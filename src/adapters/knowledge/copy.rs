//! The shipped knowledge written into a folder, for people to go on from.

use crate::adapters::knowledge::files::{embedded, embedded_examples};
use crate::domain::system_words::in_words;
use std::io::{Error, ErrorKind};
use std::path::Path;

/// Why the shipped knowledge wasn't copied, or not all of it.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// Something stands in the folder already.
    #[error(
        "{0} isn't empty, and nothing in it is written over; name a folder that is empty or doesn't exist yet"
    )]
    NotEmpty(String),
    /// It is no folder.
    #[error("{0} is no folder; name a folder that is empty or doesn't exist yet")]
    NoFolder(String),
    /// A file or folder can't be used.
    #[error("can't write {path}: {cause}; mend that, take away what was written, and copy again")]
    Write {
        /// The file or folder.
        path: String,
        /// Why.
        cause: &'static str,
    },
}

/// Writes the shipped knowledge into a folder, which is made where it doesn't exist, and says how many files that are.
/// Hidden files that stand in it, such as those of git, are no knowledge and don't count.
///
/// # Errors
/// Where it is no folder or not empty, or a file can't be written.
pub fn copy_shipped(folder: &Path) -> Result<usize, CopyError> {
    let shown = || folder.display().to_string();
    match is_empty(folder) {
        Ok(true) => {}
        Ok(false) => return Err(CopyError::NotEmpty(shown())),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            return Err(CopyError::NoFolder(shown()));
        }
        Err(error) => return Err(told(folder, &error)),
    }
    let mut files = embedded();
    files.extend(embedded_examples());
    for (name, text) in &files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| told(parent, &error))?;
        }
        std::fs::write(&path, text).map_err(|error| told(&path, &error))?;
    }
    Ok(files.len())
}

fn is_empty(folder: &Path) -> Result<bool, Error> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        entries => entries?,
    };
    for entry in entries {
        if !entry?.file_name().to_string_lossy().starts_with('.') {
            return Ok(false);
        }
    }
    Ok(true)
}

fn told(path: &Path, error: &Error) -> CopyError {
    CopyError::Write {
        path: path.display().to_string(),
        cause: in_words(error.kind()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::knowledge::files::Folder;

    #[test]
    fn the_copy_is_what_is_shipped() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("ours/knowledge");
        let files = embedded().len() + embedded_examples().len();
        assert_eq!(copy_shipped(&to).unwrap(), files);
        let copied = Folder::read(&to).unwrap();
        assert_eq!(copied.files, embedded());
        assert_eq!(copied.examples, embedded_examples());
    }

    #[test]
    fn nothing_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        copy_shipped(folder.path()).unwrap();
        let memo = folder.path().join("memos/wifi.md");
        std::fs::write(&memo, "ours").unwrap();
        let again = copy_shipped(folder.path()).unwrap_err();
        assert!(again.to_string().contains("isn't empty"), "{again}");
        assert_eq!(std::fs::read_to_string(&memo).unwrap(), "ours");
        let file = copy_shipped(&memo).unwrap_err();
        assert!(
            file.to_string().contains("is no folder; name a folder"),
            "{file}"
        );
    }
}
