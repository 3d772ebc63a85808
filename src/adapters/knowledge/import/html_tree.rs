//! HTML into a tree, by the rules of browsers.
//!
//! What comes too deep or too much is refused while it is read: the rules walk through all open elements again and
//! again, so that a page that only opens would take hours. A tag with attributes without end is refused before it is
//! read to its end, because each attribute is compared with all before it.

use crate::adapters::knowledge::import::attributes::OpenTags;
use crate::adapters::knowledge::import::limits::{DEEPEST_NESTING, MOST_ELEMENTS, Refusal};
use crate::adapters::knowledge::import::tree::{Element, Node};
use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, LocalName, Namespace, ParseOpts, QualName, parse_document};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};

/// How much is read before somebody looks whether it is too much.
const PIECE: usize = 4_096;
/// How deep the parser may be in a piece: depth is counted as elements come, and they may be moved later.
const DEEPEST_WHILE_READING: usize = 2 * DEEPEST_NESTING;

/// Reads a page.
///
/// # Errors
/// Where it nests too deep, or holds too many elements or attributes.
pub(super) fn read(html: &str) -> Result<Element, Refusal> {
    let mut tags = OpenTags::default();
    let mut parser = parse_document(Sink::default(), ParseOpts::default());
    let mut rest = html;
    while !rest.is_empty() {
        let end = rest.floor_char_boundary(PIECE).max(1);
        let (piece, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        // Before the parser has it: of attributes it is the parser that takes long.
        if tags.are_too_long(piece) {
            return Err(Refusal::of_a_tangle());
        }
        parser.process(StrTendril::from(piece));
        if parser.tokenizer.sink.sink.is_too_much() {
            return Err(Refusal::of_a_tangle());
        }
        rest = behind;
    }
    let nodes = parser.finish().nodes.into_inner();
    element(&nodes, DOCUMENT, 0)
}

/// The tree of a node.
fn element(nodes: &[Slot], at: usize, depth: usize) -> Result<Element, Refusal> {
    if depth > DEEPEST_NESTING {
        return Err(Refusal::of_a_tangle());
    }
    let mut tree = Element::default();
    let Some(slot) = nodes.get(at) else {
        return Ok(tree);
    };
    if let Kind::Element(name, attributes) = &slot.kind {
        tree.name = name.local.to_string();
        tree.attributes.clone_from(attributes);
    }
    for child in &slot.children {
        match nodes.get(*child).map(|slot| &slot.kind) {
            Some(Kind::Text(text)) => tree.children.push(Node::Text(text.clone())),
            Some(Kind::Element(..)) => {
                tree.children
                    .push(Node::Element(element(nodes, *child, depth + 1)?));
            }
            _ => {}
        }
    }
    Ok(tree)
}

/// The place of the document itself.
const DOCUMENT: usize = 0;

enum Kind {
    Element(QualName, Vec<(String, String)>),
    Text(String),
    /// The document; a comment, a processing instruction.
    Other,
}

struct Slot {
    kind: Kind,
    parent: Option<usize>,
    depth: usize,
    children: Vec<usize>,
}

/// What the parser builds.
struct Sink {
    nodes: RefCell<Vec<Slot>>,
    deepest: Cell<usize>,
}

impl Default for Sink {
    fn default() -> Self {
        let sink = Self {
            nodes: RefCell::default(),
            deepest: Cell::new(0),
        };
        sink.add(Kind::Other);
        sink
    }
}

impl Sink {
    fn is_too_much(&self) -> bool {
        self.deepest.get() > DEEPEST_WHILE_READING || self.nodes.borrow().len() > 2 * MOST_ELEMENTS
    }

    fn add(&self, kind: Kind) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Slot {
            kind,
            parent: None,
            depth: 0,
            children: Vec::new(),
        });
        nodes.len() - 1
    }

    /// Puts a node into another one, before this child or at the end.
    fn put(&self, parent: usize, before: Option<usize>, child: NodeOrText<usize>) {
        let child = match child {
            NodeOrText::AppendNode(node) => {
                self.take_out(node);
                node
            }
            NodeOrText::AppendText(text) => {
                if self.joined(parent, before, &text) {
                    return;
                }
                self.add(Kind::Text(text.to_string()))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        let mut depth = 1;
        if let Some(slot) = nodes.get_mut(parent) {
            depth += slot.depth;
            let at = before.and_then(|before| slot.children.iter().rposition(|id| *id == before));
            let at = at.unwrap_or(slot.children.len());
            slot.children.insert(at, child);
        }
        if let Some(slot) = nodes.get_mut(child) {
            slot.parent = Some(parent);
            slot.depth = depth;
        }
        self.deepest.set(self.deepest.get().max(depth));
    }

    /// Adds to the text that stands there already, if one does.
    fn joined(&self, parent: usize, before: Option<usize>, text: &str) -> bool {
        let mut nodes = self.nodes.borrow_mut();
        let neighbour = nodes.get(parent).and_then(|slot| match before {
            None => slot.children.last().copied(),
            Some(before) => {
                let at = slot.children.iter().rposition(|id| *id == before)?;
                slot.children.get(at.checked_sub(1)?).copied()
            }
        });
        let slot = neighbour.and_then(|id| nodes.get_mut(id));
        match slot.map(|slot| &mut slot.kind) {
            Some(Kind::Text(there)) => {
                there.push_str(text);
                true
            }
            _ => false,
        }
    }

    fn take_out(&self, node: usize) {
        let mut nodes = self.nodes.borrow_mut();
        let parent = nodes.get_mut(node).and_then(|slot| slot.parent.take());
        if let Some(slot) = parent.and_then(|parent| nodes.get_mut(parent))
            && let Some(at) = slot.children.iter().rposition(|id| *id == node)
        {
            slot.children.remove(at);
        }
    }

    fn parent_of(&self, node: usize) -> Option<usize> {
        self.nodes.borrow().get(node).and_then(|slot| slot.parent)
    }
}

/// The name of an element, of its own: the nodes stand behind a cell.
#[derive(Debug)]
struct Name(QualName);

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

fn pair(attribute: &Attribute) -> (String, String) {
    (
        attribute.name.local.to_string(),
        attribute.value.to_string(),
    )
}

impl TreeSink for Sink {
    type Handle = usize;
    type Output = Self;
    type ElemName<'a> = Name;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> usize {
        DOCUMENT
    }

    fn elem_name<'a>(&'a self, target: &'a usize) -> Name {
        match self.nodes.borrow().get(*target).map(|slot| &slot.kind) {
            Some(Kind::Element(name, _)) => Name(name.clone()),
            _ => Name(QualName::new(
                None,
                Namespace::default(),
                LocalName::default(),
            )),
        }
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> usize {
        self.add(Kind::Element(name, attributes.iter().map(pair).collect()))
    }

    fn create_comment(&self, _text: StrTendril) -> usize {
        self.add(Kind::Other)
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> usize {
        self.add(Kind::Other)
    }

    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        self.put(*parent, None, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &usize,
        previous: &usize,
        child: NodeOrText<usize>,
    ) {
        match self.parent_of(*element) {
            Some(parent) => self.put(parent, Some(*element), child),
            None => self.put(*previous, None, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &usize) -> usize {
        *target
    }

    fn same_node(&self, one: &usize, other: &usize) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &usize, child: NodeOrText<usize>) {
        let parent = self.parent_of(*sibling).unwrap_or(DOCUMENT);
        self.put(parent, Some(*sibling), child);
    }

    /// What a second `<html>` or `<body>` brings isn't kept: nobody asks for it, and a page could bring it without end.
    fn add_attrs_if_missing(&self, _target: &usize, _attributes: Vec<Attribute>) {}

    fn remove_from_parent(&self, target: &usize) {
        self.take_out(*target);
    }

    fn reparent_children(&self, node: &usize, new_parent: &usize) {
        let mut nodes = self.nodes.borrow_mut();
        let moved = nodes
            .get_mut(*node)
            .map(|slot| std::mem::take(&mut slot.children))
            .unwrap_or_default();
        for child in &moved {
            if let Some(slot) = nodes.get_mut(*child) {
                slot.parent = Some(*new_parent);
            }
        }
        if let Some(slot) = nodes.get_mut(*new_parent) {
            slot.children.extend(moved);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_becomes_a_tree() {
        let tree =
            read("<!DOCTYPE html><title>T</title><p class=x>een <b>twee<table><tr><td>c</table>")
                .unwrap();
        let p = tree.find(&|element| element.has_class("x")).unwrap();
        assert_eq!(p.text(), "een twee");
        assert_eq!(
            tree.find(&|element| element.name == "td").unwrap().text(),
            "c"
        );
        assert_eq!(
            tree.find(&|element| element.name == "title")
                .unwrap()
                .text(),
            "T"
        );
    }

    #[test]
    fn what_only_opens_is_refused_soon() {
        for unit in [
            "<div>",
            "<b id=x>",
            "<table><tr><td>",
            "<ul><li>",
            "<a href=x><div>",
            "<svg><g>",
            "<font color=a><p>",
            "<i></p>",
        ] {
            let html = unit.repeat(4_000_000 / unit.len());
            assert!(read(&html).is_err(), "{unit}");
        }
        assert!(read(&"<p>a</p>".repeat(20_000)).is_ok());
    }

    #[test]
    fn attributes_without_end_are_refused_or_cost_nothing() {
        let many: Vec<String> = (0..100_000).map(|n| format!(" a{n}")).collect();
        assert!(read(&format!("<p{}>x</p>", many.concat())).is_err());
        let roots: Vec<String> = (0..40_000).map(|n| format!("<html a{n}>")).collect();
        let tree = read(&roots.concat()).unwrap();
        let root = tree.find(&|element| element.name == "html").unwrap();
        assert_eq!(root.attributes.len(), 1);
    }
}
