//! A page as a tree: what every reader makes of its format, and what `to_markdown` writes down.
//!
//! No DOM: elements with names, attributes and children, bounded in depth by the readers, so that walking it by
//! recursion is safe.

use crate::adapters::knowledge::import::tidy::one_line;

/// A text or an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Text(String),
    Element(Element),
}

/// An element with what is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

impl Element {
    /// An element that holds this.
    pub(super) fn new(name: &str, children: Vec<Node>) -> Self {
        Self {
            name: name.to_owned(),
            attributes: Vec::new(),
            children,
        }
    }

    /// The same with one attribute more.
    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.attributes.push((name.to_owned(), value.into()));
        self
    }

    /// An element that holds only words.
    pub(super) fn of_words(name: &str, words: &str) -> Self {
        Self::new(name, vec![Node::Text(words.to_owned())])
    }

    /// An attribute's value.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Does the attribute have this value?
    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        self.attribute(name) == Some(value)
    }

    /// Is it of this class?
    pub(super) fn has_class(&self, class: &str) -> bool {
        self.attribute("class")
            .is_some_and(|classes| classes.split_whitespace().any(|other| other == class))
    }

    /// The elements directly in it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element directly in it with this name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// The first element anywhere in it, or itself, that is what is asked for.
    pub(super) fn find(&self, is: &dyn Fn(&Element) -> bool) -> Option<&Element> {
        if is(self) {
            return Some(self);
        }
        self.elements().find_map(|element| element.find(is))
    }

    /// Every such element; what stands inside one isn't looked at again.
    pub(super) fn find_all<'a>(
        &'a self,
        is: &dyn Fn(&Element) -> bool,
        found: &mut Vec<&'a Element>,
    ) {
        if is(self) {
            found.push(self);
            return;
        }
        for element in self.elements() {
            element.find_all(is, found);
        }
    }

    /// All its words, as they stand.
    pub(super) fn raw_text(&self) -> String {
        let mut text = String::new();
        self.gather(&mut text);
        text
    }

    /// All its words on one line.
    pub(super) fn text(&self) -> String {
        one_line(&self.raw_text())
    }

    fn gather(&self, text: &mut String) {
        if self.name == "br" {
            text.push('\n');
        }
        for child in &self.children {
            match child {
                Node::Text(words) => text.push_str(words),
                Node::Element(element) => element.gather(text),
            }
        }
    }
}
