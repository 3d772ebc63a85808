//! The folder that an export is written into, with a list of what was written: so that the next export takes away
//! what isn't made any more, and nothing else.
//!
//! The list has the form of `sha256sum`, so that a copy on a stick can be compared with it.

use crate::adapters::knowledge::archive::version_of;
use crate::adapters::knowledge::export::Page;
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The list's name within the folder.
const LIST: &str = "eerstelijn-pages.sha256";

/// What each file holds that an export wrote. After one that ended half-way a file holds what it did before or what that one
/// was to write.
type Listed = BTreeMap<String, BTreeSet<String>>;

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
/// taken away; a file that none wrote stays, and where a page would take its place nothing is written, nor where a link
/// leads out of the folder.
///
/// # Errors
/// The file that can't be written, and why.
pub fn write_pages(folder: &Path, pages: &[Page]) -> Result<Written, (String, ErrorKind)> {
    let listed = read_list(folder);
    let mut names = pages.iter().map(|page| page.name.as_str()).chain([LIST]);
    if let Some(link) = names.find_map(|name| link_to(folder, name)) {
        return Err((link.display().to_string(), ErrorKind::AlreadyExists));
    }
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
    let mut ours = Listed::new();
    for page in pages {
        let versions = ours.entry(page.name.clone()).or_default();
        versions.insert(version_of(&page.text));
    }
    // Written before the first page too: where this ends half-way, the next export knows its own.
    let mut either = listed.clone();
    for (name, versions) in &ours {
        let both = either.entry(name.clone()).or_default();
        both.extend(versions.iter().cloned());
    }
    write(folder, LIST, &list(&either))?;
    for page in pages {
        write(folder, &page.name, &page.text)?;
    }
    for (name, versions) in listed {
        let path = folder.join(&name);
        if ours.contains_key(&name) || path.symlink_metadata().is_err() {
            continue;
        }
        let is_as_written = link_to(folder, &name).is_none()
            && versions.iter().any(|version| holds(&path, version));
        if is_as_written && std::fs::remove_file(&path).is_ok() {
            written.removed.push(name);
        } else {
            written.left.push(name);
        }
    }
    write(folder, LIST, &list(&ours))?;
    Ok(written)
}

/// The first part of a path below the folder that is a link: it may lead out of the folder.
fn link_to(folder: &Path, name: &str) -> Option<PathBuf> {
    let mut path = folder.to_path_buf();
    name.split('/').find_map(|part| {
        path.push(part);
        let is_link = path.symlink_metadata().is_ok_and(|data| data.is_symlink());
        is_link.then(|| path.clone())
    })
}

/// The files with what they hold, as the list has them.
fn list(files: &Listed) -> String {
    let mut list = String::new();
    for (name, versions) in files {
        for version in versions {
            list.extend([version.as_str(), "  ", name, "\n"]);
        }
    }
    list
}

/// The pages that somebody changed since they were written, in other words than they are made in now.
fn changed_since(folder: &Path, pages: &[Page], listed: &Listed) -> Vec<String> {
    let changed = pages.iter().filter(|page| {
        let path = folder.join(&page.name);
        let as_written = |versions: &BTreeSet<String>| {
            let mut versions = versions.iter();
            versions.any(|version| holds(&path, version))
        };
        listed
            .get(&page.name)
            .is_some_and(|versions| path.is_file() && !as_written(versions))
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
fn read_list(folder: &Path) -> Listed {
    let text = std::fs::read_to_string(folder.join(LIST)).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.split_once("  "));
    let mut listed = Listed::new();
    for (version, name) in lines.filter(|(_, name)| is_name(name)) {
        let versions = listed.entry(name.to_owned()).or_default();
        versions.insert(version.to_owned());
    }
    listed
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
    fn an_export_that_ended_half_way_is_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        let here = |name: &str| folder.path().join(name);
        write_pages(folder.path(), &[page("a.html", "a")]).unwrap();
        // Where a page is to go there is a folder: the export ends there.
        std::fs::create_dir(here("c.html")).unwrap();
        std::fs::write(here(LIST), {
            let list = std::fs::read_to_string(here(LIST)).unwrap();
            format!("{list}{}  c.html\n", version_of("c"))
        })
        .unwrap();
        let pages = |day: &str| {
            ["a.html", "b.html", "c.html"].map(|name| page(name, &format!("{name} {day}")))
        };
        write_pages(folder.path(), &pages("monday")).unwrap_err();
        assert!(here("b.html").exists(), "half of it was written");
        std::fs::remove_dir(here("c.html")).unwrap();
        let written = write_pages(folder.path(), &pages("tuesday")).unwrap();
        assert_eq!(written, Written::default(), "nobody changed anything");
        assert_eq!(
            std::fs::read_to_string(here("b.html")).unwrap(),
            "b.html tuesday"
        );
    }

    #[cfg(unix)]
    #[test]
    fn no_page_is_written_through_a_link() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let (to, outside) = (folder.path().join("to"), folder.path().join("outside"));
        std::fs::create_dir(&outside).unwrap();
        let pages = [page("a.html", "a"), page("memos/b.html", "b")];
        for link in ["a.html", "memos", LIST] {
            write_pages(&to, &pages).unwrap();
            let path = to.join(link);
            let _ = std::fs::remove_file(&path).or_else(|_| std::fs::remove_dir_all(&path));
            symlink(&outside, &path).unwrap();
            let (told, cause) = write_pages(&to, &pages).unwrap_err();
            assert!(told.ends_with(link), "{told}");
            assert_eq!(cause, ErrorKind::AlreadyExists);
            assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0);
            std::fs::remove_dir_all(&to).unwrap();
        }
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
