//! A Confluence space exported as XML: the current pages of `entities.xml`, with their labels.
//!
//! Old versions, drafts, deleted and archived pages, blog posts, comments and templates stay behind.

use crate::adapters::knowledge::import::entities::{Object, read};
use crate::adapters::knowledge::import::html::nodes;
use crate::adapters::knowledge::import::limits::Refusal;
use crate::adapters::knowledge::import::links::{Here, address_of, by_number, by_title};
use crate::adapters::knowledge::import::page::{Page, Pages, Unread};
use crate::adapters::knowledge::import::tidy::one_line;
use crate::adapters::knowledge::import::to_markdown::write;
use crate::adapters::knowledge::import::{dates, xml_tree};
use std::collections::BTreeMap;

/// How a body in the storage format is marked; older ones are wiki markup.
const STORAGE: &str = "2";

/// Reads all pages.
///
/// # Errors
/// Where it is no such file.
pub(super) fn pages(xml: &str, base: Option<&str>) -> Result<Pages, Refusal> {
    let objects = read(xml)?;
    let of = |class: &'static str| objects.iter().filter(move |object| object.class == class);
    let spaces: BTreeMap<&str, &Object> = by_id(of("Space"));
    let bodies: BTreeMap<&str, &Object> = by_id(of("BodyContent"));
    let labels: BTreeMap<&str, &Object> = by_id(of("Label"));
    let mut body_of: BTreeMap<&str, &Object> = BTreeMap::new();
    for body in of("BodyContent") {
        let content = body.property("content");
        if !content.is_empty() && (is_storage(body) || !body_of.contains_key(content)) {
            body_of.insert(content, body);
        }
    }
    let mut labels_of: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for labelling in of("Labelling") {
        // A label of a person (a favourite) says nothing of the page.
        if let Some(label) = labels.get(labelling.property("label"))
            && matches!(label.property("namespace"), "" | "global")
        {
            let names = labels_of.entry(labelling.property("content")).or_default();
            names.push(one_line(label.property("name")));
        }
    }
    let mut pages = Pages::default();
    for object in of("Page").filter(|object| is_current(object)) {
        let space = spaces.get(object.property("space"));
        let named = |name: &str| space.map_or("", |space| space.property(name)).to_owned();
        let body = body_of.get(object.id.as_str()).or_else(|| {
            let mut ids = object.property("bodyContents").split_whitespace();
            ids.find_map(|id| bodies.get(id))
        });
        let mut labels = labels_of.remove(object.id.as_str()).unwrap_or_default();
        labels.sort();
        labels.dedup();
        let head = Head {
            space: one_line(&named("name")),
            key: named("key"),
            title: one_line(object.property("title")),
            labels,
        };
        match page(object, body.copied(), head, base) {
            Ok(page) => pages.read.push(page),
            Err(unread) => pages.unread.push(unread),
        }
    }
    pages.spaces = spaces
        .values()
        .map(|space| one_line(space.property("name")))
        .collect();
    Ok(pages)
}

/// What stands beside a page.
struct Head {
    space: String,
    key: String,
    title: String,
    labels: Vec<String>,
}

fn page(
    object: &Object,
    body: Option<&Object>,
    head: Head,
    base: Option<&str>,
) -> Result<Page, Unread> {
    let from = format!("confluence:{}", one_line(&object.id));
    let keys = vec![by_number(&object.id), by_title(&head.key, &head.title)];
    let unread = |why: Refusal| Unread {
        from: from.clone(),
        shown: head.title.clone(),
        keys: keys.clone(),
        why,
    };
    if body.is_some_and(|body| !is_storage(body)) {
        return Err(unread(Refusal::because(
            "it is in the wiki markup of an old Confluence; open the page there, save it and export again",
        )));
    }
    // Confluence parts the end of a CDATA section that stands in another one.
    let text = body.map_or("", |body| body.property("body"));
    let tree = xml_tree::read(&text.replace("]] >", "]]>")).map_err(unread)?;
    let url = address_of(base, &object.id);
    let here = Here {
        path: String::new(),
        base: base.map(str::to_owned),
        url: url.clone(),
        space: head.key,
    };
    let version = one_line(object.property("version"));
    Ok(Page {
        from,
        space: head.space,
        text: write(&nodes(&tree.children, &here), &head.title),
        title: head.title,
        version: Some(version).filter(|version| !version.is_empty()),
        changed_on: dates::of_a_time(object.property("lastModificationDate")),
        labels: head.labels,
        url,
        keys,
    })
}

fn by_id<'a>(objects: impl Iterator<Item = &'a Object>) -> BTreeMap<&'a str, &'a Object> {
    objects.map(|object| (object.id.as_str(), object)).collect()
}

fn is_storage(body: &Object) -> bool {
    matches!(body.property("bodyType"), "" | STORAGE)
}

fn is_current(page: &Object) -> bool {
    matches!(page.property("contentStatus"), "" | "current")
        && page.property("originalVersion").is_empty()
        && page.property("originalVersionId").is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::knowledge::import::links::resolved;

    const EXPORT: &str = include_str!("../../../../tests/fixtures/import/xml/entities.xml");

    #[test]
    fn current_pages_are_read_and_nothing_else() {
        let pages = pages(EXPORT, Some("https://wiki.example/wiki")).unwrap();
        assert!(pages.unread.is_empty(), "{:?}", pages.unread);
        let titles: Vec<(&str, &str)> = pages
            .read
            .iter()
            .map(|page| (page.from.as_str(), page.title.as_str()))
            .collect();
        assert_eq!(
            titles,
            [
                ("confluence:70001", "Gestolen laptop: eerste uur"),
                ("confluence:70002", "Wachtwoordkluis invoeren"),
            ]
        );
        let laptop = &pages.read[0];
        assert_eq!(laptop.labels, ["laptop", "verlies"]);
        assert_eq!(laptop.changed_on.unwrap().to_string(), "2026-10-02");
        assert_eq!(
            laptop.url.as_deref(),
            Some("https://wiki.example/wiki/pages/viewpage.action?pageId=70001")
        );
        assert_eq!(pages.spaces, ["Kennis CRT"]);
        let memos = BTreeMap::from([(
            "title:ken:wachtwoordkluis invoeren".to_owned(),
            "wachtwoordkluis".to_owned(),
        )]);
        insta::assert_snapshot!(resolved(&laptop.text, &memos));
    }

    #[test]
    fn one_bad_page_does_not_hide_the_others() {
        let broken = EXPORT.replace("<p>Een kluis", "<p><b>Een kluis");
        let pages = pages(&broken, None).unwrap();
        assert_eq!((pages.read.len(), pages.unread.len()), (1, 1));
        assert_eq!(pages.unread[0].shown, "Wachtwoordkluis invoeren");
    }
}
