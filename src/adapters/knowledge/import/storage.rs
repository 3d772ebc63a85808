//! The elements of Confluence's storage format (`ac:` and `ri:`), made plain HTML: links, images, tasks, macros.
//!
//! A macro that isn't known keeps its text, where it has one; else it is named.

use crate::adapters::knowledge::import::html::{nodes, somebody, unseen};
use crate::adapters::knowledge::import::links::{Here, by_number, by_title, target};
use crate::adapters::knowledge::import::tree::{Element, Node};

/// Macros that say nothing of their own.
const SILENT: [&str; 5] = [
    "toc",
    "anchor",
    "toc-zone-start",
    "livesearch",
    "recently-updated",
];

/// Macros whose name says little to a reader, and what they are.
const NAMES: [(&str, &str); 22] = [
    ("jira", "Jira"),
    ("jiraissues", "Jira"),
    ("drawio", "Tekening"),
    ("drawio-sketch", "Tekening"),
    ("inc-drawio", "Tekening"),
    ("gliffy", "Tekening"),
    ("lucidchart", "Tekening"),
    ("widget", "Video of ingesloten pagina"),
    ("multimedia", "Video of geluid"),
    ("iframe", "Ingesloten pagina"),
    ("children", "Overzicht van onderliggende pagina's"),
    ("pagetree", "Overzicht van pagina's"),
    ("pagetreesearch", "Overzicht van pagina's"),
    ("contentbylabel", "Overzicht van pagina's"),
    ("detailssummary", "Overzicht van pagina's"),
    ("include", "Tekst van een andere pagina"),
    ("excerpt-include", "Tekst van een andere pagina"),
    ("attachments", "Lijst van bijlagen"),
    ("view-file", "Bijlage"),
    ("viewpdf", "Bijlage"),
    ("viewxls", "Bijlage"),
    ("profile", "Profiel van een collega"),
];

/// An element of the format, made plain.
pub(super) fn element(element: &Element, here: &Here) -> Vec<Node> {
    let inside = || nodes(&element.children, here);
    match element.name.as_str() {
        "ac:link" => link(element, here),
        "ac:image" => vec![unseen("Afbeelding", &name_of_image(element), here)],
        "ac:structured-macro" | "ac:macro" => macro_of(element, here),
        "ac:adf-extension" => adf(element, here),
        "ac:task-list" => vec![Node::Element(Element::new("ul", inside()))],
        "ac:task" => task(element, here),
        "ac:emoticon" => {
            let sign = element.attribute("ac:emoji-fallback").unwrap_or_default();
            let sign = Some(sign).filter(|sign| !sign.is_ascii());
            sign.map(|sign| Node::Text(sign.to_owned()))
                .into_iter()
                .collect()
        }
        "ac:layout" | "ac:layout-section" | "ac:layout-cell" | "ac:rich-text-body" => {
            vec![Node::Element(Element::new("div", inside()))]
        }
        "ac:placeholder" | "ac:parameter" | "ac:task-id" | "ac:task-status" | "ac:task-uuid" => {
            Vec::new()
        }
        "ri:user" => vec![somebody()],
        _ => inside(),
    }
}

fn link(element: &Element, here: &Here) -> Vec<Node> {
    if element.child("ri:user").is_some() {
        return vec![somebody()];
    }
    let body = element
        .child("ac:plain-text-link-body")
        .or_else(|| element.child("ac:link-body"));
    let mut text = body.map_or_else(Vec::new, |body| nodes(&body.children, here));
    if let Some(file) = element.child("ri:attachment") {
        let name = file.attribute("ri:filename").unwrap_or_default();
        return vec![unseen("Bijlage", name, here)];
    }
    let of = |name: &str, attribute: &str| element.child(name)?.attribute(attribute);
    let mut link = Element::new("a", Vec::new());
    if let Some(title) = of("ri:page", "ri:content-title") {
        let space = of("ri:page", "ri:space-key").unwrap_or(&here.space);
        link = link.with("page", by_title(space, title));
        if text.is_empty() {
            text.push(Node::Text(title.to_owned()));
        }
    } else if let Some(number) = of("ri:content-entity", "ri:content-id") {
        link = link.with("page", by_number(number));
    } else if let Some(address) = of("ri:url", "ri:value") {
        if let Some(address) = target(address, here).address {
            link = link.with("href", address);
        }
    } else if text.is_empty() {
        // A link to a blog post, a space, a place on the page itself.
        let named = ["ri:content-title", "ri:space-key"]
            .iter()
            .find_map(|name| element.elements().find_map(|inner| inner.attribute(name)));
        let name = named.or_else(|| element.attribute("ac:anchor"));
        text.extend(name.map(|name| Node::Text(name.to_owned())));
    }
    link.children = text;
    vec![Node::Element(link)]
}

fn name_of_image(element: &Element) -> String {
    let of = |name: &str, attribute: &str| element.child(name)?.attribute(attribute);
    let caption = element.child("ac:caption").map(Element::text);
    let address = of("ri:url", "ri:value").and_then(|address| address.rsplit('/').next());
    of("ri:attachment", "ri:filename")
        .or_else(|| element.attribute("ac:alt"))
        .or(address)
        .map(str::to_owned)
        .or(caption)
        .unwrap_or_default()
}

fn task(element: &Element, here: &Here) -> Vec<Node> {
    let status = element.child("ac:task-status").map(Element::text);
    let body = element.child("ac:task-body");
    let mut text = Vec::new();
    if status.as_deref() == Some("complete") {
        text.push(Node::Text("(gedaan) ".to_owned()));
    }
    text.extend(body.map_or_else(Vec::new, |body| nodes(&body.children, here)));
    vec![Node::Element(Element::new("li", text))]
}

fn macro_of(element: &Element, here: &Here) -> Vec<Node> {
    let name = element.attribute("ac:name").unwrap_or_default();
    let parameter = |wanted: &str| {
        let is_it = |inner: &&Element| {
            inner.name == "ac:parameter" && inner.attribute("ac:name") == Some(wanted)
        };
        element.elements().find(is_it).map(Element::text)
    };
    let title = parameter("title").filter(|title| !title.is_empty());
    let plain = element.child("ac:plain-text-body").map(Element::raw_text);
    match (name, plain) {
        (name, _) if SILENT.contains(&name) => Vec::new(),
        ("status", _) => vec![Node::Text(title.unwrap_or_default())],
        ("html" | "html-include" | "script" | "style" | "chart", _) => {
            vec![unseen("Ingesloten inhoud", name, here)]
        }
        (_, Some(code)) => {
            let mut shown = titled(title);
            shown.push(Node::Element(Element::of_words("pre", &code)));
            shown
        }
        (_, None) => match element.child("ac:rich-text-body") {
            Some(body) => {
                let mut shown = titled(title);
                shown.push(Node::Element(Element::new(
                    "div",
                    nodes(&body.children, here),
                )));
                shown
            }
            None => {
                let named = NAMES.iter().find(|(known, _)| *known == name);
                let said = ["key", "name", "diagramName", "diagramDisplayName"]
                    .iter()
                    .find_map(|name| parameter(name))
                    .or(title)
                    .or_else(|| referred(element))
                    .filter(|said| !said.is_empty());
                match named {
                    Some((_, what)) => vec![unseen(what, &said.unwrap_or_default(), here)],
                    None => vec![unseen("Onderdeel van de pagina", name, here)],
                }
            }
        },
    }
}

/// The page or the file that a macro names.
fn referred(element: &Element) -> Option<String> {
    let name = |inner: &Element| {
        let of = |name: &str| inner.attribute(name).map(str::to_owned);
        of("ri:content-title").or_else(|| of("ri:filename"))
    };
    element
        .find(&|inner| inner.name.starts_with("ri:") && name(inner).is_some())
        .and_then(name)
}

fn titled(title: Option<String>) -> Vec<Node> {
    let strong = |title: String| Node::Element(Element::of_words("strong", &title));
    title
        .map(|title| Node::Element(Element::new("p", vec![strong(title)])))
        .into_iter()
        .collect()
}

/// A part in the newer format: its text stands in it twice.
fn adf(element: &Element, here: &Here) -> Vec<Node> {
    let body = element
        .find(&|inner| inner.name == "ac:adf-content")
        .or_else(|| element.child("ac:adf-fallback"));
    body.map_or_else(Vec::new, |body| {
        vec![Node::Element(Element::new(
            "div",
            nodes(&body.children, here),
        ))]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::knowledge::import::links::resolved;
    use crate::adapters::knowledge::import::to_markdown::write;
    use crate::adapters::knowledge::import::xml_tree::read;
    use std::collections::BTreeMap;

    fn text(body: &str) -> String {
        let here = Here {
            space: "CRT".into(),
            url: Some("https://w.example/1".into()),
            ..Here::default()
        };
        let plain = nodes(&read(body).unwrap().children, &here);
        let memos = BTreeMap::from([("title:crt:herstel".to_owned(), "herstel".to_owned())]);
        resolved(&write(&plain, "T"), &memos)
    }

    #[test]
    fn links_name_pages_by_title() {
        assert_eq!(
            text(
                "<h2>A</h2><p>Zie <ac:link><ri:page ri:content-title=\"Herstel\"/></ac:link>, <ac:link><ri:page ri:content-title=\"Herstel\"/>\
                  <ac:plain-text-link-body><![CDATA[dit]]></ac:plain-text-link-body></ac:link>, <ac:link><ri:page ri:space-key=\"X\" ri:content-title=\"Herstel\"/></ac:link>, \
                  <ac:link><ri:user ri:userkey=\"a\"/></ac:link> en <ac:link><ri:attachment ri:filename=\"a.pdf\"/></ac:link></p>"
            ),
            "## A\nZie [Herstel](herstel), [dit](herstel), Herstel, een collega en [Bijlage: a.pdf](https://w.example/1)"
        );
    }

    #[test]
    fn macros_keep_their_text_or_are_named() {
        let body = "<h2>A</h2><ac:structured-macro ac:name=\"toc\"/><ac:structured-macro ac:name=\"warning\"><ac:parameter ac:name=\"title\">Let op</ac:parameter>\
            <ac:rich-text-body><p>Bel <ac:structured-macro ac:name=\"status\"><ac:parameter ac:name=\"title\">NU</ac:parameter></ac:structured-macro></p></ac:rich-text-body></ac:structured-macro>\
            <ac:structured-macro ac:name=\"code\"><ac:parameter ac:name=\"language\">bash</ac:parameter><ac:plain-text-body><![CDATA[a\n b]]></ac:plain-text-body></ac:structured-macro>\
            <p><ac:structured-macro ac:name=\"jira\"><ac:parameter ac:name=\"key\">CRT-1</ac:parameter></ac:structured-macro></p>\
            <p><ac:structured-macro ac:name=\"excerpt-include\"><ac:parameter ac:name=\"\"><ac:link><ri:page ri:content-title=\"Wacht\"/></ac:link></ac:parameter></ac:structured-macro></p>\
            <p><ac:structured-macro ac:name=\"raar\"/></p>";
        assert_eq!(
            text(body),
            "## A\n**Let op**\n\nBel NU\n\n`a`\n\n` b`\n\n[Jira: CRT-1](https://w.example/1)\n\n\
             [Tekst van een andere pagina: Wacht](https://w.example/1)\n\n[Onderdeel van de pagina: raar](https://w.example/1)"
        );
    }

    #[test]
    fn tasks_images_and_layouts() {
        let body = "<ac:layout><ac:layout-section><ac:layout-cell><h2>A</h2><ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status>\
            <ac:task-body><span>een</span></ac:task-body></ac:task><ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body>twee</ac:task-body></ac:task></ac:task-list>\
            <p><ac:image ac:alt=\"x\"><ri:attachment ri:filename=\"schema.png\"/></ac:image></p>\
            <ac:adf-extension><ac:adf-node type=\"panel\"><ac:adf-attribute key=\"panel-type\">note</ac:adf-attribute><ac:adf-content><p>Noot.</p></ac:adf-content></ac:adf-node>\
            <ac:adf-fallback><p>Noot.</p></ac:adf-fallback></ac:adf-extension></ac:layout-cell></ac:layout-section></ac:layout>";
        assert_eq!(
            text(body),
            "## A\n- (gedaan) een\n- twee\n\n[Afbeelding: schema.png](https://w.example/1)\n\nNoot."
        );
    }
}
