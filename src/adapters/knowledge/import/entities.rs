//! `entities.xml`, the heart of an XML export: a flat list of objects with properties, in any order.
//!
//! Only the classes and properties that make pages are kept: no users, no comments, no permissions.

use crate::adapters::knowledge::import::limits::Refusal;
use crate::adapters::knowledge::import::xml_tree::{character, opened};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;

/// What is kept of each class.
const KEPT: [(&str, &[&str]); 5] = [
    (
        "Page",
        &[
            "title",
            "version",
            "lastModificationDate",
            "contentStatus",
            "originalVersion",
            "originalVersionId",
            "space",
            "bodyContents",
        ],
    ),
    ("BodyContent", &["body", "bodyType", "content"]),
    ("Space", &["name", "key"]),
    ("Label", &["name", "namespace"]),
    ("Labelling", &["label", "content"]),
];

/// One object: its properties by name; a reference is the id of what it refers to.
#[derive(Debug, Default)]
pub(super) struct Object {
    pub(super) class: String,
    pub(super) id: String,
    properties: BTreeMap<String, String>,
}

impl Object {
    /// A property; empty where there is none.
    pub(super) fn property(&self, name: &str) -> &str {
        self.properties.get(name).map_or("", String::as_str)
    }
}

/// Reads all objects.
///
/// # Errors
/// Where it is no such file.
pub(super) fn read(xml: &str) -> Result<Vec<Object>, Refusal> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut objects = Vec::new();
    let mut at = Place::default();
    loop {
        match reader.read_event().map_err(|error| broken(&error))? {
            Event::Start(start) => at.enter(&start),
            Event::End(_) => objects.extend(at.leave()),
            Event::Text(text) => at.add(&text.xml10_content()),
            Event::CData(text) => at.add(&text.xml10_content()),
            Event::GeneralRef(reference) => at.add(&character(&reference)),
            Event::DocType(_) => return Err(broken(&"it brings a DOCTYPE")),
            Event::Eof => break,
            _ => {}
        }
    }
    if at.depth > 0 {
        return Err(broken(&"it ends in the middle"));
    }
    Ok(objects)
}

fn broken(cause: &dyn std::fmt::Display) -> Refusal {
    Refusal::because(format_args!(
        "entities.xml can't be read ({cause}); export the space again"
    ))
}

/// Where in the file the reader is.
#[derive(Default)]
struct Place {
    depth: usize,
    /// The open object, and the depth at which it was opened.
    object: Option<(Object, usize)>,
    /// The property of it that is open; empty for its id, nothing for what isn't kept.
    key: Option<String>,
}

impl Place {
    fn enter(&mut self, start: &BytesStart<'_>) {
        self.depth += 1;
        let name = start.name();
        match &self.object {
            None if name.as_ref() == "object" => {
                let class = attribute(start, "class");
                let object = Object {
                    class,
                    ..Object::default()
                };
                self.object = Some((object, self.depth));
            }
            Some((object, depth)) if self.depth == depth + 1 => {
                let property = attribute(start, "name");
                let kept = KEPT.iter().find(|(class, _)| *class == object.class);
                self.key = match (name.as_ref(), kept) {
                    ("id", Some(_)) => Some(String::new()),
                    (_, Some((_, kept))) if kept.contains(&property.as_str()) => Some(property),
                    _ => None,
                };
            }
            _ => {}
        }
    }

    fn leave(&mut self) -> Option<Object> {
        let depth = self.depth;
        self.depth = depth.saturating_sub(1);
        let opened = self.object.as_ref().map(|(_, depth)| *depth)?;
        if depth == opened {
            let (mut object, _) = self.object.take()?;
            let id = object.id.trim().to_owned();
            object.id = id;
            for value in object.properties.values_mut() {
                *value = value.trim().to_owned();
            }
            return KEPT
                .iter()
                .any(|(class, _)| *class == object.class)
                .then_some(object);
        }
        if depth == opened + 1 {
            self.key = None;
        } else {
            // Between the ids of a collection.
            self.add(" ");
        }
        None
    }

    fn add(&mut self, text: &str) {
        if let (Some((object, _)), Some(key)) = (&mut self.object, &self.key) {
            if key.is_empty() {
                object.id.push_str(text);
            } else if let Some(value) = object.properties.get_mut(key) {
                value.push_str(text);
            } else {
                object.properties.insert(key.clone(), text.to_owned());
            }
        }
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> String {
    opened(start).attribute(name).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_read_with_what_makes_pages() {
        let objects = read(
            "<?xml version=\"1.0\"?><hibernate-generic datetime=\"2026\">\
             <object class=\"Page\" package=\"p\"><id name=\"id\">12</id>\
             <property name=\"title\"><![CDATA[Een & twee]]></property>\
             <property name=\"creator\" class=\"User\"><id name=\"key\">u1</id></property>\
             <property name=\"space\" class=\"Space\"><id name=\"id\">3</id>\n</property>\
             <collection name=\"bodyContents\"><element class=\"BodyContent\"><id name=\"id\">7</id></element>\
             <element class=\"BodyContent\"><id name=\"id\">8</id></element></collection></object>\
             <object class=\"ConfluenceUserImpl\"><id name=\"key\">u1</id></object>\
             <object class=\"BodyContent\"><id name=\"id\">7</id><property name=\"body\">\
             <![CDATA[<ac:x><![CDATA[a]]]]><![CDATA[></ac:x>]]></property></object></hibernate-generic>",
        )
        .unwrap();
        let [page, body] = objects.as_slice() else {
            panic!("{objects:?}");
        };
        assert_eq!(
            (page.id.as_str(), page.property("title")),
            ("12", "Een & twee")
        );
        assert_eq!(
            (page.property("space"), page.property("creator")),
            ("3", "")
        );
        let bodies: Vec<&str> = page.property("bodyContents").split_whitespace().collect();
        assert_eq!(bodies, ["7", "8"]);
        assert_eq!(body.property("body"), "<ac:x><![CDATA[a]]></ac:x>");
    }

    #[test]
    fn what_is_no_export_is_refused() {
        assert!(read("<object class=\"Page\">").is_err());
        assert!(read("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>").is_err());
        assert!(read("<a></b>").is_err());
        assert!(read("geen xml").unwrap().is_empty());
    }
}
