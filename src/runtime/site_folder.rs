//! The folder that an export is written into, with a list of what was written: so that the next export takes away
//! what isn't made any more, and nothing else.
//!
//! The list has the form of `sha256sum`, so that a copy on a stick can be compared with it.

use crate::adapters::knowledge::archive::version_of;
use crate::adapters::knowledge::export::Page;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

/// The list's name within the folder.
const LIST: &str = "eerstelijn-pages.sha256";

/// What an export did to its folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// Files of an earlier export that are no longer made: taken away.
    pub removed: Vec<String>,
    /// The same, but changed since by somebody: left where they are.
    pub left: Vec<String>,
    /// Pages that somebody changed since the last export: made anew, so that the change is gone.
    pub made_anew: Vec<String>,
}

/// Writes pages below a folder, which is made where it doesn't exist. What an earlier export wrote is replaced or
/// taken away; a file that none wrote stays, and where a page would take its place nothing is written.
///
/// # Errors
/// The file that can't be written, and why.
pub fn write_pages(folder: &Path, pages: &[Page]) -> Result<Written, (String, ErrorKind)> {
    let listed = read_list(folder);
    for page in pages {
        let path = folder.join(&page.name);
        let is_there = path.symlink_metadata().is_ok();
        if is_there && !listed.contains_key(&page.name) && !holds(&path, &version_of(&page.text)) {
            return Err((path.display().to_string(), ErrorKind::AlreadyExists));
        }
    }
    let mut written = Written {
        made_anew: changed_since(folder, pages, &listed),
        ..Written::default()
    };
    for page in pages {
        write(folder, &page.name, &page.text)?;
    }
    for (name, version) in listed {
        let path = folder.join(&name);
        if pages.iter().any(|page| page.name == name) || path.symlink_metadata().is_err() {
            continue;
        }
        if holds(&path, &version) && std::fs::remove_file(&path).is_ok() {
            written.removed.push(name);
        } else {
            written.left.push(name);
        }
    }
    let lines: BTreeMap<&str, String> = pages
        .iter()
        .map(|page| (page.name.as_str(), version_of(&page.text)))
        .collect();
    let mut list = String::new();
    for (name, version) in &lines {
        list.extend([version.as_str(), "  ", name, "\n"]);
    }
    write(folder, LIST, &list)?;
    Ok(written)
}

/// The pages that somebody changed since they were written, in other words than they are made in now.
fn changed_since(folder: &Path, pages: &[Page], listed: &BTreeMap<String, String>) -> Vec<String> {
    let changed = pages.iter().filter(|page| {
        let path = folder.join(&page.name);
        listed
            .get(&page.name)
            .is_some_and(|version| path.is_file() && !holds(&path, version))
            && !holds(&path, &version_of(&page.text))
    });
    changed.map(|page| page.name.clone()).collect()
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), (String, ErrorKind)> {
    let path = folder.join(name);
    let told = |error: std::io::Error| (path.display().to_string(), error.kind());
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(told)?;
    }
    std::fs::write(&path, text).map_err(told)
}

/// The files of the last export with what they held, as far as the list names files that an export can write.
fn read_list(folder: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(folder.join(LIST)).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.split_once("  "));
    lines
        .filter(|(_, name)| is_name(name))
        .map(|(version, name)| (name.to_owned(), version.to_owned()))
        .collect()
}

/// Is it a name that stays within the folder?
fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    name.chars().all(plain)
        && name
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.'))
}

/// Is there a file, no link to one, with exactly what was written?
fn holds(path: &Path, version: &str) -> bool {
    path.symlink_metadata().is_ok_and(|data| data.is_file())
        && std::fs::read_to_string(path).is_ok_and(|text| version_of(&text) == version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(name: &str, text: &str) -> Page {
        Page {
            name: name.to_owned(),
            text: text.to_owned(),
            to_fill_in: 0,
        }
    }

    #[test]
    fn what_is_no_longer_made_goes_and_what_we_did_not_write_stays() {
        let folder = tempfile::tempdir().unwrap();
        let here = |name: &str| folder.path().join(name);
        let first = [
            page("a.html", "a"),
            page("memos/b.html", "b"),
            page("memos/c.html", "c"),
        ];
        write_pages(folder.path(), &first).unwrap();
        std::fs::write(here("memos/c.html"), "changed by hand").unwrap();
        std::fs::write(here("memos/mine.html"), "mine").unwrap();
        let written = write_pages(folder.path(), &[page("a.html", "a2")]).unwrap();
        assert_eq!(written.removed, ["memos/b.html"]);
        assert_eq!(written.left, ["memos/c.html"]);
        assert!(here("memos/mine.html").exists() && here("memos/c.html").exists());
        assert_eq!(std::fs::read_to_string(here("a.html")).unwrap(), "a2");
        assert!(written.made_anew.is_empty());
        std::fs::write(here("a.html"), "changed by hand").unwrap();
        let anew = write_pages(folder.path(), &[page("a.html", "a2")]).unwrap();
        assert_eq!(anew.made_anew, ["a.html"]);
        assert_eq!(std::fs::read_to_string(here("a.html")).unwrap(), "a2");
        let again = write_pages(folder.path(), &[page("a.html", "a2")]).unwrap();
        assert_eq!(again, Written::default(), "what was left is no longer ours");
    }

    #[test]
    fn a_file_that_no_export_wrote_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("index.html"), "of somebody else").unwrap();
        let pages = [page("a.html", "a"), page("index.html", "ours")];
        let (path, cause) = write_pages(folder.path(), &pages).unwrap_err();
        assert!(path.ends_with("index.html"));
        assert_eq!(cause, ErrorKind::AlreadyExists);
        assert!(
            !folder.path().join("a.html").exists(),
            "nothing was written"
        );
    }

    #[test]
    fn a_list_that_leads_out_of_the_folder_takes_nothing_away() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("to");
        std::fs::create_dir(&to).unwrap();
        let outside = folder.path().join("outside.html");
        std::fs::write(&outside, "x").unwrap();
        let version = version_of("x");
        let absolute = outside.display();
        std::fs::write(
            to.join(LIST),
            format!("{version}  ../outside.html\n{version}  {absolute}\n{version}  a//../../outside.html\n"),
        )
        .unwrap();
        write_pages(&to, &[]).unwrap();
        assert!(outside.exists());
    }
}
