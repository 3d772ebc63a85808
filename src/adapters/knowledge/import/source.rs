//! All pages of a source, each read by what it is: an XML export as a whole, else file by file.

use crate::adapters::knowledge::import::bundle::{Bundle, Entry, Format, Unreadable};
use crate::adapters::knowledge::import::charset::decode;
use crate::adapters::knowledge::import::limits::{MOST_PAGES, Refusal};
use crate::adapters::knowledge::import::page::{Page, Pages, Unread};
use crate::adapters::knowledge::import::{confluence_html, confluence_xml, html_tree, plain};
use std::path::Path;

/// Reads a source; `base` is the address of the wiki, where somebody named it.
///
/// # Errors
/// Where the source as a whole can't be read.
pub(super) fn read(source: &Path, base: Option<&str>) -> Result<Pages, Refusal> {
    let mut bundle = Bundle::open(source)?;
    let entities = bundle
        .entries
        .iter()
        .find(|entry| entry.format == Format::Entities)
        .cloned();
    let pages = match entities {
        Some(entry) => {
            let bytes = bundle.read(&entry).map_err(|error| match error {
                Unreadable::Source(why) => why,
                Unreadable::File(why) => Refusal::because(format_args!("entities.xml: {why}")),
            })?;
            confluence_xml::pages(&decode(&bytes), base)?
        }
        None => of_files(&mut bundle, base)?,
    };
    if pages.read.len() > MOST_PAGES {
        return Err(too_many_pages());
    }
    if pages.read.is_empty() && pages.unread.is_empty() {
        return Err(Refusal::because(format_args!(
            "there is no page in {}; export the space as HTML or XML, or name a folder with .md or .html files",
            source.display()
        )));
    }
    Ok(pages)
}

fn too_many_pages() -> Refusal {
    Refusal::because(format_args!(
        "the source holds more than {MOST_PAGES} pages; import it in parts"
    ))
}

fn of_files(bundle: &mut Bundle, base: Option<&str>) -> Result<Pages, Refusal> {
    let entries = bundle.entries.clone();
    if entries.len() > MOST_PAGES {
        return Err(too_many_pages());
    }
    let mut pages = Pages::default();
    for entry in &entries {
        let read = match bundle.read(entry) {
            Ok(bytes) => page(entry, &decode(&bytes), &bundle.name, base),
            Err(Unreadable::File(why)) => Err(why),
            Err(Unreadable::Source(why)) => return Err(why),
        };
        match read {
            Ok(Some(page)) => pages.read.push(page),
            Ok(None) => {}
            Err(why) => {
                let (from, keys) = confluence_html::known_by(&entry.name);
                pages.unread.push(Unread {
                    from,
                    shown: entry.name.clone(),
                    keys,
                    why,
                });
            }
        }
    }
    if bundle.is_whole {
        pages.spaces = pages.read.iter().map(|page| page.space.clone()).collect();
        pages.spaces.sort();
        pages.spaces.dedup();
    }
    Ok(pages)
}

/// The page in a file; none where it is only the list of the others.
fn page(
    entry: &Entry,
    text: &str,
    space: &str,
    base: Option<&str>,
) -> Result<Option<Page>, Refusal> {
    let path = entry.name.as_str();
    if text.contains('\0') {
        return Err(Refusal::because(
            "it is no text in an encoding that is known here; save it as UTF-8",
        ));
    }
    if entry.format == Format::Markdown {
        return plain::markdown(text, path, space, base).map(Some);
    }
    let tree = html_tree::read(text)?;
    Ok(match confluence_html::content(&tree) {
        Some(content) => Some(confluence_html::page(&tree, content, path, base)),
        None if confluence_html::is_index(&tree, path) => None,
        None => Some(plain::html(&tree, path, space, base)),
    })
}
