//! Pages by the thousand that nobody would write: none panics, none makes a memo that the service refuses.

use crate::adapters::knowledge::front_matter;
use crate::adapters::knowledge::import::page::{Page, Pages};
use crate::adapters::knowledge::import::plan::{Terms, plan};
use crate::adapters::knowledge::import::{confluence_xml, html_tree, plain};
use crate::adapters::knowledge::{files::Files, memo};
use proptest::prelude::*;

/// Pieces that mean something to some reader on the way.
const PIECES: [&str; 40] = [
    "<p>",
    "</p>",
    "<h1>",
    "</h1>",
    "<h3>",
    "<ul>",
    "<li>",
    "<ol>",
    "</ul>",
    "<table>",
    "<tr>",
    "<td>",
    "<th>",
    "</table>",
    "<pre>",
    "</pre>",
    "<a href='b.html'>",
    "<a href=\"https://x.example/)|[\">",
    "</a>",
    "<b>",
    "</b>",
    "<code>",
    "<br>",
    "<img src=x>",
    "[[police]]",
    "[x](y)",
    "](",
    "**",
    "`",
    "| a | b |",
    "# ",
    "## ",
    "+++\n",
    "---\n",
    "\n",
    "&nbsp;",
    "]]>",
    "\u{e000}\u{e001}",
    "\u{e002}",
    "é ",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => proptest::sample::select(&PIECES[..]).prop_map(str::to_owned),
        1 => "\\PC{0,8}",
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// What would be written can be read, and names no contact.
fn is_kept(mut page: Page) {
    page.title
        .push_str(&page.text.chars().take(20).collect::<String>());
    page.labels.push(page.title.clone());
    let terms = Terms {
        owner: "x".into(),
        base_url: None,
        today: "2026-11-26".parse().unwrap(),
    };
    let pages = |page| Pages {
        read: vec![page],
        ..Pages::default()
    };
    let planned = plan(pages(page.clone()), &Files::new(), &terms);
    for (path, text) in &planned.texts {
        assert!(!text.contains("[["), "{text}");
        assert!(
            !text.contains(['\u{e000}', '\u{e001}', '\u{e002}']),
            "{text}"
        );
        memo::load(path, "x", text).unwrap();
        front_matter::split(path, text).unwrap();
    }
    let files: Files = planned.texts.into_iter().collect();
    let again = plan(pages(page), &files, &terms);
    assert!(again.texts.is_empty(), "written twice");
    assert_eq!(again.unchanged.len(), files.len());
}

proptest! {
    #[test]
    fn any_html_is_kept_or_refused(text in text()) {
        let tree = html_tree::read(&text).unwrap();
        is_kept(plain::html(&tree, "a.html", "x", None));
    }

    #[test]
    fn any_markdown_is_kept_or_refused(text in text()) {
        if let Ok(page) = plain::markdown(&text, "a.md", "x", None) {
            is_kept(page);
        }
    }

    #[test]
    fn any_export_is_kept_or_refused(text in text()) {
        let body = text.replace("]]>", "]] >");
        let xml = format!(
            "<x><object class=\"Page\"><id>1</id><property name=\"title\">t</property></object>\
             <object class=\"BodyContent\"><property name=\"content\"><id>1</id></property>\
             <property name=\"body\"><![CDATA[{body}]]></property></object></x>"
        );
        let pages = confluence_xml::pages(&xml, None).unwrap();
        for page in pages.read {
            is_kept(page);
        }
        // Not even an export: it says so, or holds nothing.
        let _ = confluence_xml::pages(&text, None);
    }
}
