//! HTML as pages hold it, made plain: what belongs to the frame goes, panels keep their text, and what can't be shown
//! is named. The classes are those of Confluence; other pages don't have them.

use crate::adapters::knowledge::import::links::{Here, target};
use crate::adapters::knowledge::import::storage;
use crate::adapters::knowledge::import::tidy::one_line;
use crate::adapters::knowledge::import::tree::{Element, Node};

/// Elements that hold nothing to read.
const FRAME: [&str; 17] = [
    "script", "style", "nav", "template", "noscript", "head", "link", "meta", "button", "input",
    "select", "textarea", "svg", "colgroup", "canvas", "map", "dialog",
];
/// Parts of a page of Confluence that aren't its text.
const FRAME_IDS: [&str; 6] = [
    "breadcrumb-section",
    "breadcrumbs",
    "footer",
    "comments-section",
    "likes-and-labels-container",
    "labels-section",
];
/// The same by class. The table of contents says nothing that the headings don't.
const FRAME_CLASSES: [&str; 8] = [
    "toc-macro",
    "page-metadata",
    "hidden",
    "footer-body",
    "comment-container",
    "expand-control-icon",
    "aui-icon",
    "labels-content",
];
/// Titles of panels.
const TITLES: [&str; 4] = ["title", "panelHeader", "codeHeader", "expand-control"];

/// Nodes, made plain.
pub(super) fn nodes(nodes: &[Node], here: &Here) -> Vec<Node> {
    let mut plain = Vec::new();
    for node in nodes {
        match node {
            Node::Text(_) => plain.push(node.clone()),
            Node::Element(element) if element.name.contains(':') => {
                plain.extend(storage::element(element, here));
            }
            Node::Element(inner) => plain.extend(self::element(inner, here)),
        }
    }
    plain
}

/// What can't be shown: what it is, and where to see it.
pub(super) fn unseen(what: &str, name: &str, here: &Here) -> Node {
    let name = one_line(name);
    let what = if name.is_empty() {
        what.to_owned()
    } else {
        format!("{what}: {name}")
    };
    let element = Element::new("unseen", Vec::new()).with("what", what);
    Node::Element(match &here.url {
        Some(url) => element.with("address", url),
        None => element,
    })
}

/// A person who is named in a text; names of people aren't carried over.
pub(super) fn somebody() -> Node {
    Node::Text("een collega".to_owned())
}

fn element(element: &Element, here: &Here) -> Vec<Node> {
    let name = element.name.as_str();
    let classes = element.attribute("class").unwrap_or_default();
    let is_of = |part: &str| classes.contains(part);
    if FRAME.contains(&name)
        || element
            .attribute("id")
            .is_some_and(|id| FRAME_IDS.contains(&id))
        || FRAME_CLASSES.iter().any(|class| element.has_class(class))
        || element.has("role", "navigation")
    {
        return Vec::new();
    }
    let inside = || nodes(&element.children, here);
    let same = || vec![Node::Element(Element::new(name, inside()))];
    match name {
        "img" => image(element, here),
        "iframe" | "object" | "embed" => vec![unseen("Ingesloten inhoud", "", here)],
        "video" | "audio" => vec![unseen("Video of geluid", "", here)],
        "a" => link(element, here),
        "pre" => vec![Node::Element(element.clone())],
        "time" => {
            let day = element.attribute("datetime").unwrap_or_default();
            let shown = element.text();
            vec![Node::Text(if shown.is_empty() {
                day.to_owned()
            } else {
                shown
            })]
        }
        "s" | "del" | "strike" => {
            let struck = element.text();
            let said = (!struck.is_empty()).then(|| format!("(doorgestreept: {struck})"));
            said.map(Node::Text).into_iter().collect()
        }
        "li" if element.has_class("checked") => {
            let mut done = vec![Node::Text("(gedaan) ".to_owned())];
            done.extend(inside());
            vec![Node::Element(Element::new(name, done))]
        }
        _ if is_of("pagetree") => vec![unseen("Overzicht van pagina's", "", here)],
        _ if is_of("jira-issue") || is_of("jira-table") || is_of("refresh-module-id") => {
            let key = element.attribute("data-jira-key").unwrap_or_default();
            vec![unseen("Jira", key, here)]
        }
        _ if is_of("drawio") || is_of("gliffy") => vec![unseen("Tekening", "", here)],
        "div" | "p" | "span" | "b" if TITLES.iter().any(|title| element.has_class(title)) => {
            let strong = Element::new("strong", inside());
            vec![Node::Element(Element::new(
                "p",
                vec![Node::Element(strong)],
            ))]
        }
        _ => same(),
    }
}

fn image(element: &Element, here: &Here) -> Vec<Node> {
    let of = |name: &str| element.attribute(name).unwrap_or_default();
    if element.has_class("emoticon") {
        let sign = of("data-emoji-fallback");
        let is_a_sign = !sign.is_ascii();
        return if is_a_sign {
            vec![Node::Text(sign.to_owned())]
        } else {
            Vec::new()
        };
    }
    let file = of("src").split(['?', '#']).next().unwrap_or_default();
    let file = file.rsplit('/').next().unwrap_or_default();
    let names = [of("data-linked-resource-default-alias"), of("alt"), file];
    let name = names.into_iter().find(|name| !name.trim().is_empty());
    // An image inside the address has no name to show.
    let name = name.filter(|_| !of("src").starts_with("data:") || !of("alt").is_empty());
    vec![unseen("Afbeelding", name.unwrap_or_default(), here)]
}

fn link(element: &Element, here: &Here) -> Vec<Node> {
    let href = element.attribute("href").unwrap_or_default();
    if element.has_class("confluence-userlink") || element.has_class("user-mention") {
        return vec![somebody()];
    }
    let is_a_file = href.starts_with("attachments/")
        || href.contains("/download/attachments/")
        || element.has("data-linked-resource-type", "attachment");
    if is_a_file && element.find(&|inner| inner.name == "img").is_none() {
        return vec![unseen("Bijlage", &element.text(), here)];
    }
    let inside = nodes(&element.children, here);
    let target = target(href, here);
    let mut link = Element::new("a", inside);
    if let Some(page) = target.page {
        link = link.with("page", page);
    }
    if let Some(address) = target.address {
        link = link.with("href", address);
    }
    vec![Node::Element(link)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::knowledge::import::html_tree::read;
    use crate::adapters::knowledge::import::links::resolved;
    use crate::adapters::knowledge::import::to_markdown::write;
    use std::collections::BTreeMap;

    fn text(html: &str, url: Option<&str>) -> String {
        let here = Here {
            path: "A_1.html".into(),
            url: url.map(str::to_owned),
            ..Here::default()
        };
        let tree = read(html).unwrap();
        let plain = nodes(&tree.children, &here);
        let memos = BTreeMap::from([("file:B_2.html".to_owned(), "b".to_owned())]);
        resolved(&write(&plain, "T"), &memos)
    }

    #[test]
    fn panels_keep_their_text_and_the_frame_goes() {
        let html = "<nav>x</nav><div id=breadcrumb-section>x</div><h2>A</h2><div class=toc-macro>x</div>\
            <div class='confluence-information-macro'><p class=title>Let op</p><span class='aui-icon x'>i</span>\
            <div class=confluence-information-macro-body><p>Bel eerst.</p></div></div>\
            <div class=expand-container><div class=expand-control><span class=expand-control-icon>x</span>\
            <span>Meer</span></div><div class=expand-content><p>Inhoud.</p></div></div>\
            <div class='code panel'><div class=codeHeader><b>a.sh</b></div><pre>ls</pre></div><script>x()</script>";
        assert_eq!(
            text(html, None),
            "## A\n**Let op**\n\nBel eerst.\n\n**Meer**\n\nInhoud.\n\n**a.sh**\n\n`ls`"
        );
    }

    #[test]
    fn what_cannot_be_shown_is_named() {
        let html = "<h2>A</h2><p><img src='attachments/1/2.png' data-linked-resource-default-alias='schema (1).png'>\
            <a href='attachments/1/3.pdf'>plan.pdf</a> <span class=jira-issue data-jira-key='CRT-1'>CRT-1 - x</span>\
            <a class='confluence-userlink user-mention' href='/display/~jan'>Jan Jansen</a> <s>oud</s></p>";
        assert_eq!(
            text(html, Some("https://w.example/1")),
            "## A\n[Afbeelding: schema (1).png](https://w.example/1) [Bijlage: plan.pdf](https://w.example/1) [Jira: CRT-1](https://w.example/1) een collega (doorgestreept: oud)"
        );
        assert!(text(html, None).contains("Bijlage: plan.pdf (zie de bron)"));
    }

    #[test]
    fn links_lead_to_memos_and_to_the_web() {
        let html = "<h2>A</h2><p>Zie <a href='B_2.html#x'>b [1]</a>, <a href='C_3.html'>c</a>, <a href='https://x.example/(a)'>d</a> \
            en <a href='javascript:x()'>e</a>.</p>";
        assert_eq!(
            text(html, None),
            "## A\nZie [b (1)](b), c, [d](https://x.example/%28a%29) en e."
        );
    }
}
