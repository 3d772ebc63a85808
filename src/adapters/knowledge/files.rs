//! The files of the knowledge folder as texts by path: embedded in the binary, or from a folder.
//!
//! Only text files with known endings are read; hidden files and anything else is left alone. The labelled reports below
//! `examples/` are no part of what decides: they are read beside it, for training.

use crate::adapters::knowledge::trouble::Trouble;
use crate::domain::system_words::in_words;
use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;
use std::io::Read;
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
/// Where the labelled reports stand, one in a line.
const EXAMPLES: &str = "examples/";
/// How the files with them end.
const EXAMPLES_END: &str = ".jsonl";
/// The largest file that is read, in bytes.
const LARGEST_FILE: usize = 4_000_000;
/// The deepest folder that is read.
const DEEPEST: usize = 8;
/// The most files that are read.
const MOST_FILES: usize = 50_000;
/// The most files and folders that are looked at: links of folders may lead in a circle.
const MOST_ENTRIES: usize = 200_000;
/// The most that is read of all files together, in bytes.
const MOST_BYTES: usize = 500_000_000;

/// Texts by path, with `/` between folders.
pub type Files = BTreeMap<String, String>;

/// The files in the binary.
pub fn embedded() -> Files {
    texts(|path, name| is_knowledge(path, name) && !is_example(name))
}

/// The labelled reports in the binary.
pub fn embedded_examples() -> Files {
    texts(|path, name| is_knowledge(path, name) && is_example(name))
}

/// These of the files in the binary.
fn texts(wanted: impl Fn(&Path, &str) -> bool) -> Files {
    let mut files = Files::new();
    let mut folders = vec![&EMBEDDED];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files() {
            let name = relative(Path::new(""), file.path());
            if let Some(text) = file.contents_utf8()
                && wanted(file.path(), &name)
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

/// A folder as it was read.
#[derive(Debug, Default)]
pub struct Folder {
    /// The files. One that can't be read is among them as far as it could be, so that nobody thinks that it is missing.
    pub files: Files,
    /// The labelled reports, which decide nothing by themselves.
    pub examples: Files,
    /// What keeps labelled reports from being read: the service runs without them.
    pub unreadable_examples: Vec<Trouble>,
    /// What keeps files from being read.
    pub unreadable: Vec<Trouble>,
}

impl Folder {
    /// Reads a folder; a file that can't be read hides no other.
    ///
    /// # Errors
    /// Where the folder itself can't be read.
    pub fn read(root: &Path) -> Result<Self, Vec<Trouble>> {
        let mut folder = Self::default();
        let mut bytes = 0;
        for path in walk(root)? {
            let name = relative(root, &path);
            let (text, trouble) = read(&path, &name);
            bytes += text.len();
            if bytes > MOST_BYTES {
                let megabytes = MOST_BYTES / 1_000_000;
                return Err(too_much(root, &format!("{megabytes} MB of text")));
            }
            if is_example(&name) {
                folder.examples.insert(name, text);
                folder.unreadable_examples.extend(trouble);
            } else {
                folder.files.insert(name, text);
                folder.unreadable.extend(trouble);
            }
        }
        Ok(folder)
    }

    /// Of these mistakes those of files that could be read: what was made of the others proves nothing.
    pub fn readable(&self, mut found: Vec<Trouble>) -> Vec<Trouble> {
        found.retain(|one| self.unreadable.iter().all(|other| other.path != one.path));
        found
    }

    /// All that keeps the folder from being used: what can't be read, and these mistakes of the rest.
    pub fn refused(&self, found: Vec<Trouble>) -> Vec<Trouble> {
        let mut all = self.unreadable.clone();
        all.extend(self.readable(found));
        all
    }
}

/// The files of a folder.
///
/// # Errors
/// Where the folder or a file can't be read, isn't text, or is too large.
pub fn from_dir(root: &Path) -> Result<Files, Vec<Trouble>> {
    let folder = Folder::read(root)?;
    if folder.unreadable.is_empty() {
        Ok(folder.files)
    } else {
        Err(folder.unreadable)
    }
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
    let mut looked_at = 0;
    let mut folders = vec![(root.to_path_buf(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let shown = folder.display().to_string();
        let unreadable = |error: std::io::Error| {
            vec![Trouble::of_file(
                &shown,
                format!(
                    "the folder can't be read: {}; name a folder of knowledge that you may read",
                    in_words(error.kind())
                ),
            )]
        };
        for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
            looked_at += 1;
            if looked_at > MOST_ENTRIES {
                return Err(too_much(root, &format!("{MOST_ENTRIES} files and folders")));
            }
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
                return Err(too_much(root, &format!("{MOST_FILES} files")));
            }
        }
    }
    Ok(found)
}

fn too_much(root: &Path, bound: &str) -> Vec<Trouble> {
    let what = format!("the folder holds more than {bound}; is it the knowledge folder?");
    vec![Trouble::of_file(&root.display().to_string(), what)]
}

/// The text of a file as far as it can be read, and what is wrong where that isn't all of it.
fn read(path: &Path, name: &str) -> (String, Option<Trouble>) {
    let unreadable = |what: String| Some(Trouble::of_file(name, what));
    let bytes = match bounded(path) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => {
            let what = "it is no file; put a text file in its place".to_owned();
            return (String::new(), unreadable(what));
        }
        Err(error) => {
            let why = in_words(error.kind());
            let what = format!("the file can't be read: {why}; mend its permissions");
            return (String::new(), unreadable(what));
        }
    };
    if bytes.len() > LARGEST_FILE {
        let what = format!("the file is larger than {LARGEST_FILE} bytes; split it");
        return (String::new(), unreadable(what));
    }
    match String::from_utf8(bytes) {
        Ok(text) => (settled(&text), None),
        Err(error) => (
            settled(&String::from_utf8_lossy(error.as_bytes())),
            unreadable("the file isn't UTF-8; save it as UTF-8 (in Excel: CSV UTF-8)".to_owned()),
        ),
    }
}

/// A text as the folder is read: without the mark at its beginning, and with plain ends of lines.
pub fn settled(text: &str) -> String {
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n")
}

/// What stands in a file, not much more than the largest that is read: it may grow meanwhile. None for what isn't a file: a
/// pipe would be waited for, and a device has no end.
fn bounded(path: &Path) -> std::io::Result<Option<Vec<u8>>> {
    if !std::fs::metadata(path)?.is_file() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let most = u64::try_from(LARGEST_FILE + 1).unwrap_or(u64::MAX);
    std::fs::File::open(path)?
        .take(most)
        .read_to_end(&mut bytes)?;
    Ok(Some(bytes))
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

/// Does a file of this name hold labelled reports?
fn is_example(name: &str) -> bool {
    name.starts_with(EXAMPLES) && name.ends_with(EXAMPLES_END)
}

/// Is the file at this path, which has this name in the folder, one of the knowledge?
fn is_knowledge(path: &Path, name: &str) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    if name.starts_with(EXAMPLES) {
        return !is_hidden(path) && is_example(name);
    }
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
        let folder = Folder::read(&root).unwrap();
        assert!(!folder.examples.is_empty());
        assert_eq!(folder.examples, embedded_examples());
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

    #[test]
    fn a_file_that_cant_be_read_hides_no_other() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.md"), b"caf\xe9").unwrap();
        std::fs::write(folder.path().join("b.md"), "b").unwrap();
        std::fs::write(folder.path().join("c.md"), vec![b'c'; LARGEST_FILE + 1]).unwrap();
        std::fs::create_dir(folder.path().join("examples")).unwrap();
        std::fs::write(folder.path().join("examples/d.jsonl"), b"caf\xe9").unwrap();
        let read = Folder::read(folder.path()).unwrap();
        let told: Vec<&str> = read
            .unreadable
            .iter()
            .map(|one| one.path.as_str())
            .collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(read.unreadable_examples.len(), 1, "that stops nothing");
        assert!(told.contains(&"a.md") && told.contains(&"c.md"));
        assert_eq!(read.files["b.md"], "b");
        let found = vec![
            Trouble::at("a.md", 1, "of letters that nobody wrote"),
            Trouble::at("b.md", 1, "of what stands there"),
        ];
        let refused = read.refused(found);
        assert_eq!(refused.len(), 3);
        assert_eq!(refused[2].path, "b.md");
        assert_eq!(from_dir(folder.path()).unwrap_err().len(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_told_and_a_circle_of_links_ends() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let here = |name: &str| folder.path().join(name);
        std::fs::write(here("a.md"), "a").unwrap();
        symlink("/dev/zero", here("b.md")).unwrap();
        symlink("a.md", here("c.md")).unwrap();
        symlink("nowhere.md", here("d.md")).unwrap();
        let read = Folder::read(folder.path()).unwrap();
        let mut told: Vec<&str> = read
            .unreadable
            .iter()
            .map(|one| one.path.as_str())
            .collect();
        told.sort_unstable();
        assert_eq!(told, ["b.md", "d.md"]);
        assert_eq!(read.files["c.md"], "a");
        for name in ["l1", "l2", "l3", "l4", "l5", "l6"] {
            symlink(".", here(name)).unwrap();
        }
        for name in ["a.md", "b.md", "c.md", "d.md"] {
            std::fs::remove_file(here(name)).unwrap();
        }
        let told = Folder::read(folder.path()).unwrap_err();
        assert!(told[0].what.contains("files and folders"), "{told:?}");
    }
}
