//! The files of a source: a folder, a zip, or one file. Names are only names: nothing is ever written by them.
//!
//! Read is one file at a time, each up to its bound and all together up to theirs, whatever a zip says of its sizes.

use crate::adapters::knowledge::files::is_hidden_name;
use crate::adapters::knowledge::import::limits::{
    DEEPEST_FOLDER, LARGEST_ENTITIES, LARGEST_PAGE, LARGEST_SOURCE, MOST_FILES, Refusal,
};
use crate::adapters::knowledge::import::tidy::one_line;
use crate::domain::system_words::in_words;
use std::ffi::OsString;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use zip::ZipArchive;

/// The heart of an XML export.
pub(super) const ENTITIES: &str = "entities.xml";
/// What a zip begins with.
const ZIP: &[u8] = b"PK";

/// What a file is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Entities,
    Html,
    Markdown,
}

/// One file.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Its name in the source, with `/` between folders.
    pub(super) name: String,
    /// What it is read as.
    pub(super) format: Format,
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    File(PathBuf),
    Zip(usize),
}

/// What could not be read: this file, or the source as a whole.
#[derive(Debug)]
pub(super) enum Unreadable {
    File(Refusal),
    Source(Refusal),
}

/// A source.
pub(super) struct Bundle {
    /// What people call it: the name of the folder, or of the zip without its ending. By it pages of the same path are
    /// told apart, so a single file is called by the folder that it stands in.
    pub(super) name: String,
    /// Its files, in the order of their names.
    pub(super) entries: Vec<Entry>,
    /// Does it hold more than the one file that was named?
    pub(super) is_whole: bool,
    zip: Option<ZipArchive<BufReader<File>>>,
    bytes_read: u64,
}

impl Bundle {
    /// Opens a source.
    ///
    /// # Errors
    /// Where it can't be read, or is nothing that could hold pages.
    pub(super) fn open(source: &Path) -> Result<Self, Refusal> {
        let shown = source.display();
        let refused = |error: &std::io::Error| {
            Refusal::because(format_args!(
                "{shown} can't be read: {}; name an export as zip, a folder, or a .md or .html file",
                in_words(error.kind())
            ))
        };
        let data = std::fs::metadata(source).map_err(|error| refused(&error))?;
        let file_name = source.file_name().unwrap_or_default().to_string_lossy();
        let format = format_of(&file_name).filter(|_| !data.is_dir());
        let name = match source.parent() {
            _ if data.is_dir() => name_of(source),
            Some(folder) if format.is_some() => name_of(folder),
            _ => source.file_stem().unwrap_or_default().to_owned(),
        };
        let mut bundle = Self {
            name: one_line(&name.to_string_lossy()),
            entries: Vec::new(),
            is_whole: true,
            zip: None,
            bytes_read: 0,
        };
        if data.is_dir() {
            bundle.walk(source)?;
        } else if let Some(format) = format {
            bundle.is_whole = format == Format::Entities;
            bundle.entries.push(Entry {
                name: file_name.into_owned(),
                format,
                place: Place::File(source.to_path_buf()),
            });
        } else {
            let mut file = File::open(source).map_err(|error| refused(&error))?;
            let mut head = [0; 2];
            if file.read_exact(&mut head).is_err() || head != ZIP {
                return Err(Refusal::because(format_args!(
                    "{shown} is no export; name one as zip, a folder, or a .md or .html file"
                )));
            }
            let file = File::open(source).map_err(|error| refused(&error))?;
            bundle.open_zip(file, source)?;
        }
        bundle.entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(bundle)
    }

    fn walk(&mut self, root: &Path) -> Result<(), Refusal> {
        let mut folders = vec![(root.to_path_buf(), 0)];
        let mut seen = 0;
        while let Some((folder, depth)) = folders.pop() {
            let refused = |error: std::io::Error| {
                Refusal::because(format_args!(
                    "the folder {} can't be read: {}; check its permissions",
                    folder.display(),
                    in_words(error.kind())
                ))
            };
            for entry in std::fs::read_dir(&folder).map_err(refused)? {
                let entry = entry.map_err(refused)?;
                seen += 1;
                if seen > MOST_FILES {
                    return Err(too_many_files());
                }
                let path = entry.path();
                let name = path.strip_prefix(root).unwrap_or(&path);
                let name = name.to_string_lossy().replace('\\', "/");
                // The kind of the entry itself: a symbolic link is neither.
                let kind = entry.file_type().map_err(refused)?;
                if is_hidden(&name) {
                    continue;
                }
                if kind.is_dir() && depth < DEEPEST_FOLDER {
                    folders.push((path, depth + 1));
                } else if kind.is_file()
                    && let Some(format) = format_of(&name)
                {
                    self.entries.push(Entry {
                        name,
                        format,
                        place: Place::File(path),
                    });
                }
            }
        }
        Ok(())
    }

    fn open_zip(&mut self, file: File, source: &Path) -> Result<(), Refusal> {
        let shown = source.display();
        let broken = |error: zip::result::ZipError| {
            Refusal::because(format_args!(
                "{shown} is no zip that can be read ({error}); export the space again, or unpack it and name the folder"
            ))
        };
        let mut archive = ZipArchive::new(BufReader::new(file)).map_err(broken)?;
        if archive.len() > MOST_FILES {
            return Err(too_many_files());
        }
        let mut declared = 0_u64;
        for at in 0..archive.len() {
            let entry = archive.by_index_raw(at).map_err(broken)?;
            let name = entry.name().map_err(broken)?.replace('\\', "/");
            let Some(format) = format_of(&name).filter(|_| entry.is_file() && !is_hidden(&name))
            else {
                continue;
            };
            if entry.encrypted() {
                return Err(Refusal::because(format_args!(
                    "{shown} is protected with a password; unpack it and name the folder"
                )));
            }
            declared = declared.saturating_add(entry.size());
            self.entries.push(Entry {
                name: one_line(&name),
                format,
                place: Place::Zip(at),
            });
        }
        if declared > LARGEST_SOURCE {
            return Err(too_large());
        }
        self.zip = Some(archive);
        Ok(())
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// Where it can't be read or is too large, or the source is.
    pub(super) fn read(&mut self, entry: &Entry) -> Result<Vec<u8>, Unreadable> {
        let largest = match entry.format {
            Format::Entities => LARGEST_ENTITIES,
            Format::Html | Format::Markdown => LARGEST_PAGE,
        };
        let broken = |error: &dyn std::fmt::Display| {
            Unreadable::File(Refusal::because(format_args!(
                "it can't be read ({error}); export it again"
            )))
        };
        let bytes = match (&entry.place, &mut self.zip) {
            (Place::File(path), _) => {
                let file = File::open(path).map_err(|error| broken(&in_words(error.kind())))?;
                all_of(file, largest)
            }
            (Place::Zip(at), Some(archive)) => {
                let file = archive.by_index(*at).map_err(|error| broken(&error))?;
                all_of(file, largest)
            }
            (Place::Zip(_), None) => Ok(Vec::new()),
        };
        let bytes = bytes.map_err(|error| broken(&error))?;
        let length = bytes.len() as u64;
        self.bytes_read = self.bytes_read.saturating_add(length);
        if self.bytes_read > LARGEST_SOURCE {
            return Err(Unreadable::Source(too_large()));
        }
        if length > largest {
            return Err(Unreadable::File(Refusal::because(format_args!(
                "it is larger than {} MB; split it",
                largest / 1_000_000
            ))));
        }
        Ok(bytes)
    }
}

/// The name of a folder. `.` and `..` have none of their own, and would all be one.
fn name_of(folder: &Path) -> OsString {
    if let Some(name) = folder.file_name() {
        return name.to_owned();
    }
    let here = Some(folder).filter(|folder| !folder.as_os_str().is_empty());
    let whole = std::fs::canonicalize(here.unwrap_or(Path::new("."))).unwrap_or_default();
    whole.file_name().unwrap_or_default().to_owned()
}

/// All bytes, or one more than the bound.
fn all_of(reader: impl Read, largest: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(largest + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn too_many_files() -> Refusal {
    Refusal::because(format_args!(
        "the source holds more than {MOST_FILES} files; import it in parts"
    ))
}

fn too_large() -> Refusal {
    Refusal::because(format_args!(
        "the pages of the source are larger than {} MB together, unpacked; import it in parts",
        LARGEST_SOURCE / 1_000_000
    ))
}

fn is_hidden(name: &str) -> bool {
    name.split('/')
        .any(|part| part == "__MACOSX" || (is_hidden_name(part) && !matches!(part, "." | "..")))
}

fn format_of(name: &str) -> Option<Format> {
    let base = name.rsplit('/').next().unwrap_or(name);
    if base == ENTITIES {
        return Some(Format::Entities);
    }
    let (_, ending) = base.rsplit_once('.')?;
    match ending.to_ascii_lowercase().as_str() {
        "html" | "htm" => Some(Format::Html),
        "md" | "markdown" => Some(Format::Markdown),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_read_without_links_and_hidden_files() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("geheim.md"), "x").unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("b/.git")).unwrap();
        std::fs::write(folder.path().join("b/een.md"), "een").unwrap();
        std::fs::write(folder.path().join("b/.git/twee.md"), "x").unwrap();
        std::fs::write(folder.path().join("drie.png"), "x").unwrap();
        // What Office puts beside a file that is open, and what a Mac does.
        std::fs::write(folder.path().join("b/~$een.html"), b"\x05An\0").unwrap();
        std::fs::write(folder.path().join("b/._een.md"), "x").unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("weg")).unwrap();
        std::os::unix::fs::symlink(
            outside.path().join("geheim.md"),
            folder.path().join("link.md"),
        )
        .unwrap();
        let mut bundle = Bundle::open(folder.path()).unwrap();
        let names: Vec<&str> = bundle
            .entries
            .iter()
            .map(|entry| entry.name.as_str())
            .collect();
        assert_eq!(names, ["b/een.md"]);
        let entry = bundle.entries[0].clone();
        assert_eq!(bundle.read(&entry).unwrap(), b"een");
    }

    #[test]
    fn a_source_has_a_name_that_tells_its_pages_from_those_of_another() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("wiki.oud")).unwrap();
        std::fs::write(folder.path().join("wiki.oud/index.html"), "x").unwrap();
        let own = folder.path().file_name().unwrap().to_string_lossy();
        for (source, name) in [
            ("wiki.oud", "wiki.oud"),
            ("wiki.oud/index.html", "wiki.oud"),
            ("wiki.oud/..", &*own),
        ] {
            let bundle = Bundle::open(&folder.path().join(source)).unwrap();
            assert_eq!(bundle.name, name, "{source}");
        }
    }

    #[test]
    fn a_file_that_is_too_large_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        std::fs::write(&path, vec![b'a'; 4_000_001]).unwrap();
        let mut bundle = Bundle::open(&path).unwrap();
        let entry = bundle.entries[0].clone();
        assert!(matches!(bundle.read(&entry), Err(Unreadable::File(_))));
    }
}
