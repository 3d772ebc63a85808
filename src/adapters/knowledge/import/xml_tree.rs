//! The storage format of Confluence into a tree: XML in pieces, with the named characters of HTML.
//!
//! No DTD and no entities of the text's own: what is named and unknown stays as it stands.

use crate::adapters::knowledge::import::limits::{DEEPEST_NESTING, MOST_ELEMENTS, Refusal};
use crate::adapters::knowledge::import::tree::{Element, Node};
use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::borrow::Cow;

/// Reads the body of a page.
///
/// # Errors
/// Where it is no such XML, nests too deep, or holds too many elements.
pub(super) fn read(body: &str) -> Result<Element, Refusal> {
    let mut reader = Reader::from_str(body);
    reader.config_mut().expand_empty_elements = true;
    let mut open = vec![Element::default()];
    let mut elements = 0;
    loop {
        match reader.read_event().map_err(|error| broken(&error))? {
            Event::Start(start) => {
                elements += 1;
                if open.len() > DEEPEST_NESTING || elements > MOST_ELEMENTS {
                    return Err(Refusal::of_a_tangle());
                }
                open.push(opened(&start));
            }
            Event::End(_) => {
                if let Some(closed) = open.pop() {
                    add(&mut open, Node::Element(closed));
                }
            }
            Event::Text(text) => add(&mut open, Node::Text(text.xml10_content().into_owned())),
            Event::CData(text) => add(&mut open, Node::Text(text.xml10_content().into_owned())),
            Event::GeneralRef(reference) => add(&mut open, Node::Text(character(&reference))),
            Event::DocType(_) => {
                return Err(Refusal::because(
                    "it brings a DOCTYPE; export the page anew",
                ));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    match (open.pop(), open.is_empty()) {
        (Some(root), true) => Ok(root),
        _ => Err(broken(&"an element isn't closed")),
    }
}

fn broken(cause: &dyn std::fmt::Display) -> Refusal {
    Refusal::because(format_args!(
        "its text is no proper XML ({cause}); open the page in Confluence, save it and export again"
    ))
}

fn add(open: &mut [Element], node: Node) {
    let Some(parent) = open.last_mut() else {
        return;
    };
    if let (Some(Node::Text(there)), Node::Text(more)) = (parent.children.last_mut(), &node) {
        there.push_str(more);
    } else {
        parent.children.push(node);
    }
}

/// An element by its start tag.
pub(super) fn opened(start: &BytesStart<'_>) -> Element {
    let mut attributes = Vec::new();
    for attribute in start.attributes().with_checks(false).flatten() {
        let value = attribute
            .normalized_value_with(XmlVersion::Implicit1_0, 1, resolve_html5_entity)
            .map_or_else(|_| attribute.value.to_string(), Cow::into_owned);
        attributes.push((attribute.key.as_ref().to_owned(), value));
    }
    Element {
        name: start.name().as_ref().to_owned(),
        attributes,
        children: Vec::new(),
    }
}

/// What a reference stands for: a character by number, or one that HTML has a name for.
pub(super) fn character(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c.to_string();
    }
    let name = reference.xml10_content();
    resolve_html5_entity(&name).map_or_else(|| format!("&{name};"), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_format_becomes_a_tree() {
        let tree = read(
            "caf&eacute;&nbsp;&#233;&onbekend;<ac:link><ri:page ri:content-title=\"&Eacute;&amp;n\" />\
             <ac:plain-text-link-body><![CDATA[a <b>]]></ac:plain-text-link-body></ac:link>",
        )
        .unwrap();
        assert_eq!(tree.text(), "café é&onbekend;a <b>");
        let link = tree.child("ac:link").unwrap();
        let page = link.child("ri:page").unwrap();
        assert_eq!(page.attribute("ri:content-title"), Some("É&n"));
    }

    #[test]
    fn broken_deep_and_booby_trapped_bodies_are_refused() {
        assert!(read("<p>a").is_err());
        assert!(read("<p>a</b>").is_err());
        assert!(read("a</p>").is_err());
        assert!(read(&"<div>".repeat(1_000_000)).is_err());
        assert!(read(&"<br/>".repeat(MOST_ELEMENTS + 1)).is_err());
        assert!(
            read("<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><p>&b;</p>").is_err()
        );
    }
}
