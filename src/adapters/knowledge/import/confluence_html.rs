//! One page of a Confluence space exported as HTML: its title without the space, the day of its last change, its
//! text. Names of authors stay behind; blog posts are pages like others in such an export.

use crate::adapters::knowledge::import::html::nodes;
use crate::adapters::knowledge::import::links::{Here, address_of, by_file, by_number};
use crate::adapters::knowledge::import::page::Page;
use crate::adapters::knowledge::import::tidy::{one_line, web_address};
use crate::adapters::knowledge::import::to_markdown::write;
use crate::adapters::knowledge::import::tree::Element;
use crate::adapters::knowledge::import::{dates, plain};

/// The text of the page, where it is one of such an export.
pub(super) fn content(tree: &Element) -> Option<&Element> {
    let content = tree.find(&|element| element.has("id", "main-content"))?;
    content.has_class("wiki-content").then_some(content)
}

/// Is it the front page of an export: the list of all pages?
pub(super) fn is_index(tree: &Element, path: &str) -> bool {
    let base = path.rsplit('/').next().unwrap_or(path);
    base.eq_ignore_ascii_case("index.html")
        && tree
            .find(&|element| element.has("id", "main-content") && element.has_class("pageSection"))
            .is_some()
}

/// The number of a page by the name of its file: `Back-up_1234.html`, `1234.html`.
pub(super) fn number_of(path: &str) -> Option<&str> {
    let base = path.rsplit('/').next().unwrap_or(path);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    let number = stem.rsplit('_').next().unwrap_or(stem);
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    is_number.then_some(number)
}

/// What the page in this file is known by, and by what others link to it.
pub(super) fn known_by(path: &str) -> (String, Vec<String>) {
    match number_of(path) {
        Some(number) => (
            format!("confluence:{number}"),
            vec![by_file(path), by_number(number)],
        ),
        None => (format!("file:{path}"), vec![by_file(path)]),
    }
}

/// Reads a page.
pub(super) fn page(tree: &Element, content: &Element, path: &str, base: Option<&str>) -> Page {
    let (space, title) = names(tree);
    let found = content
        .find(&|element| element.attribute("data-base-url").is_some())
        .and_then(|element| element.attribute("data-base-url"))
        .and_then(web_address);
    let base = base.map(str::to_owned).or(found);
    let (from, keys) = known_by(path);
    let number = number_of(path);
    let url = plain::canonical(tree)
        .or_else(|| number.and_then(|number| address_of(base.as_deref(), number)));
    let here = Here {
        path: path.to_owned(),
        base,
        url: url.clone(),
        space: String::new(),
    };
    let metadata = tree.find(&|element| element.has_class("page-metadata"));
    Page {
        from,
        space,
        text: write(&nodes(&content.children, &here), &title),
        title,
        version: None,
        changed_on: metadata.and_then(|element| dates::last_in(&element.text())),
        labels: labels(tree),
        url,
        keys,
    }
}

/// The names of space and page: the title says both, with a colon between.
fn names(tree: &Element) -> (String, String) {
    let by_id = |id: &'static str| tree.find(&move |element: &Element| element.has("id", id));
    let crumbs = by_id("breadcrumbs").and_then(|crumbs| crumbs.elements().next());
    let space = crumbs.map(Element::text).unwrap_or_default();
    let title = by_id("title-text").or_else(|| tree.find(&|element| element.name == "title"));
    let title = title.map(Element::text).unwrap_or_default();
    let own = title
        .strip_prefix(space.as_str())
        .and_then(|rest| rest.strip_prefix(" : "))
        .map(str::to_owned);
    (space, own.unwrap_or(title))
}

fn labels(tree: &Element) -> Vec<String> {
    let mut found = Vec::new();
    let is_label = |element: &Element| {
        element.name == "a"
            && (element.has("rel", "tag") || element.has_class("aui-label-split-main"))
    };
    tree.find_all(&is_label, &mut found);
    let mut labels: Vec<String> = found.iter().map(|label| one_line(&label.text())).collect();
    labels.retain(|label| !label.is_empty());
    labels.dedup();
    labels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::knowledge::import::html_tree::read;
    use crate::adapters::knowledge::import::links::resolved;
    use std::collections::BTreeMap;

    const PAGE: &str =
        include_str!("../../../../tests/fixtures/import/html/Back-up-terugzetten_65601.html");

    #[test]
    fn a_page_of_an_export_is_read_without_its_frame_and_its_authors() {
        let tree = read(PAGE).unwrap();
        let page = page(
            &tree,
            content(&tree).unwrap(),
            "CRT/Back-up-terugzetten_65601.html",
            None,
        );
        assert_eq!(page.title, "Back-up terugzetten");
        assert_eq!(page.space, "Cyber Response Team");
        assert_eq!(page.from, "confluence:65601");
        assert_eq!(page.changed_on.unwrap().to_string(), "2026-03-25");
        assert_eq!(
            page.url.as_deref(),
            Some("https://wiki.example/confluence/pages/viewpage.action?pageId=65601")
        );
        let memos = BTreeMap::from([(
            "file:CRT/Gestolen-laptop_65602.html".to_owned(),
            "gestolen-laptop".to_owned(),
        )]);
        insta::assert_snapshot!(resolved(&page.text, &memos));
        for name in ["Peeters", "Els", "Document generated", "Home"] {
            assert!(!page.text.contains(name), "{name}");
        }
    }

    #[test]
    fn files_say_the_number_of_their_page() {
        assert_eq!(number_of("a/Back-up_12.html"), Some("12"));
        assert_eq!(number_of("12.html"), Some("12"));
        assert_eq!(number_of("Back-up.html"), None);
        assert_eq!(known_by("a.html").0, "file:a.html");
    }
}
