//! The files of the knowledge folder as texts by path: embedded in the binary, or from a folder.
//!
//! Only text files with known endings are read; hidden files and anything else is left alone.

use crate::adapters::knowledge::trouble::Trouble;
use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The shipped knowledge.
static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/knowledge");

/// File endings that belong to the knowledge.
const ENDINGS: [&str; 6] = ["md", "toml", "j2", "csv", "jsonl", "txt"];
/// File endings that belong to it among the pages of an export only.
const ENDINGS_OF_PAGES: [&str; 2] = ["css", "js"];
/// Where those stand.
const PAGES: &str = "pages/";
/// The largest file that is read, in bytes.
const LARGEST_FILE: u64 = 4_000_000;
/// The deepest folder that is read.
const DEEPEST: usize = 8;
/// The most files that are read.
const MOST_FILES: usize = 50_000;

/// Texts by path, with `/` between folders.
pub type Files = BTreeMap<String, String>;

/// The files in the binary.
pub fn embedded() -> Files {
    let mut files = Files::new();
    let mut folders = vec![&EMBEDDED];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files() {
            let name = relative(Path::new(""), file.path());
            if let Some(text) = file.contents_utf8()
                && is_knowledge(file.path(), &name)
            {
                files.insert(name, text.to_owned());
            }
        }
    }
    files
}

/// One of the files in the binary.
pub fn embedded_text(path: &str) -> Option<&'static str> {
    EMBEDDED.get_file(path)?.contents_utf8()
}

/// The files of a folder.
///
/// # Errors
/// Where the folder or a file can't be read, isn't text, or is too large.
pub fn from_dir(root: &Path) -> Result<Files, Vec<Trouble>> {
    let mut files = Files::new();
    for path in walk(root)? {
        let name = relative(root, &path);
        let text = read(&path, &name).map_err(Vec::from)?;
        files.insert(name, text);
    }
    Ok(files)
}

/// Size and time of change of each file, by its path: who sees others knows that something was changed.
pub type Marks = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// The marks of all files of a folder.
///
/// # Errors
/// Where the folder can't be read.
pub fn marks(root: &Path) -> Result<Marks, Vec<Trouble>> {
    let marked = walk(root)?.into_iter().map(|path| {
        let data = std::fs::metadata(&path).ok();
        let size = data.as_ref().map_or(0, std::fs::Metadata::len);
        (path, (size, data.and_then(|data| data.modified().ok())))
    });
    Ok(marked.collect())
}

/// The paths of all files that belong to the knowledge.
fn walk(root: &Path) -> Result<Vec<PathBuf>, Vec<Trouble>> {
    let mut found = Vec::new();
    let mut folders = vec![(root.to_path_buf(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let shown = folder.display().to_string();
        let unreadable = |error: std::io::Error| {
            vec![Trouble::of_file(
                &shown,
                format!(
                    "the folder can't be read ({error}); check knowledge.dir and its permissions"
                ),
            )]
        };
        for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.is_dir() {
                if depth < DEEPEST && !is_hidden(&path) {
                    folders.push((path, depth + 1));
                }
                continue;
            }
            if is_knowledge(&path, &relative(root, &path)) {
                found.push(path);
            }
            if found.len() > MOST_FILES {
                return Err(vec![Trouble::of_file(
                    &shown,
                    format!(
                        "the folder holds more than {MOST_FILES} files; is it the knowledge folder?"
                    ),
                )]);
            }
        }
    }
    Ok(found)
}

fn read(path: &Path, name: &str) -> Result<String, Trouble> {
    let size = std::fs::metadata(path).map_or(0, |data| data.len());
    if size > LARGEST_FILE {
        return Err(Trouble::of_file(
            name,
            format!("the file is larger than {LARGEST_FILE} bytes; split it"),
        ));
    }
    let bytes = std::fs::read(path)
        .map_err(|error| Trouble::of_file(name, format!("the file can't be read ({error})")))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Trouble::of_file(
            name,
            "the file isn't UTF-8; save it as UTF-8 (in Excel: CSV UTF-8)",
        )
    })?;
    Ok(text.trim_start_matches('\u{feff}').replace("\r\n", "\n"))
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/")
}

fn is_hidden(path: &Path) -> bool {
    path.file_name()
        .and_then(|name| name.to_str())
        .is_none_or(is_hidden_name)
}

/// Is a file or folder of this name nobody's text? Beside a file that is open, Office puts one whose name begins with `~$`.
pub fn is_hidden_name(name: &str) -> bool {
    name.starts_with('.') || name.starts_with("~$")
}

/// Is the file at this path, which has this name in the folder, one of the knowledge?
fn is_knowledge(path: &Path, name: &str) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let is_known = |ending: &str| {
        ENDINGS.contains(&ending) || (ENDINGS_OF_PAGES.contains(&ending) && name.starts_with(PAGES))
    };
    !is_hidden(path) && ending.is_some_and(is_known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_reads_like_the_embedded_one() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge");
        assert_eq!(from_dir(&root).unwrap(), embedded());
    }

    #[test]
    fn other_and_hidden_files_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.md"), "\u{feff}a\r\nb").unwrap();
        std::fs::write(folder.path().join(".b.md"), "b").unwrap();
        std::fs::write(folder.path().join("~$a.md"), b"\xff").unwrap();
        std::fs::write(folder.path().join("c.exe"), "c").unwrap();
        std::fs::write(folder.path().join("d.js"), "d").unwrap();
        std::fs::create_dir(folder.path().join("pages")).unwrap();
        std::fs::write(folder.path().join("pages/e.js"), "e").unwrap();
        let files = from_dir(folder.path()).unwrap();
        assert_eq!(
            files.into_iter().collect::<Vec<_>>(),
            [
                ("a.md".into(), "a\nb".into()),
                ("pages/e.js".into(), "e".into())
            ]
        );
        assert!(from_dir(&folder.path().join("nowhere")).is_err());
    }
}
