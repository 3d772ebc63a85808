//! A tree into the text of a memo.
//!
//! The tree holds elements of HTML, links with `page` and `href`, and `unseen`: what can't be shown, with what it is
//! and where to see it. Macros and classes are gone by then.

use crate::adapters::knowledge::import::blocks::{Block, joined, text_of};
use crate::adapters::knowledge::import::links::marked;
use crate::adapters::knowledge::import::tidy::{code, inside_a_link, words};
use crate::adapters::knowledge::import::tree::{Element, Node};

/// Elements that begin and end a paragraph.
const BLOCKS: [&str; 26] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "blockquote",
    "figure",
    "figcaption",
    "dl",
    "dt",
    "dd",
    "details",
    "summary",
    "address",
    "center",
    "body",
    "html",
    "form",
    "fieldset",
    "hr",
    "caption",
    "hgroup",
    "legend",
];

/// The text of a memo with this title.
pub(super) fn write(nodes: &[Node], title: &str) -> String {
    text_of(blocks(nodes), title)
}

fn blocks(nodes: &[Node]) -> Vec<Block> {
    let mut writer = Writer::default();
    writer.nodes(nodes);
    writer.end_line();
    writer.blocks
}

/// All on one line.
fn flat(nodes: &[Node]) -> String {
    joined(&blocks(nodes), " ")
}

/// Where the next line belongs.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Item {
    #[default]
    None,
    /// It begins an item.
    Begins,
    /// It goes on with the last one.
    GoesOn,
}

#[derive(Default)]
struct Writer {
    blocks: Vec<Block>,
    line: String,
    /// Does the line end with something that a word must not touch?
    apart: bool,
    /// The open lists: for one with numbers the last number.
    lists: Vec<Option<usize>>,
    item: Item,
}

impl Writer {
    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Text(text) => self.add(&words(text)),
                Node::Element(element) => self.element(element),
            }
        }
    }

    fn element(&mut self, element: &Element) {
        match element.name.as_str() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(element),
            "br" if self.item == Item::None => self.end_line(),
            "br" => self.add(" "),
            "ul" => self.list(element, None),
            "ol" => self.list(element, Some(0)),
            "li" => self.item(element),
            "table" => self.table(element),
            "pre" => self.code(element),
            "strong" | "b" => self.strong(element),
            "code" | "tt" | "kbd" | "samp" => self.short_code(element),
            "a" => self.link(element),
            "unseen" => self.unseen(element),
            name if BLOCKS.contains(&name) => {
                self.end_line();
                self.nodes(&element.children);
                self.end_line();
            }
            _ => self.nodes(&element.children),
        }
    }

    /// Adds to the open line.
    fn add(&mut self, text: &str) {
        if std::mem::take(&mut self.apart) && text.starts_with(char::is_alphanumeric) {
            self.line.push(' ');
        }
        let follows_a_space = self.line.is_empty() || self.line.ends_with(' ');
        self.line.push_str(if follows_a_space {
            text.trim_start()
        } else {
            text
        });
    }

    fn end_line(&mut self) {
        self.apart = false;
        let line = std::mem::take(&mut self.line);
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        match (self.item, self.blocks.last_mut()) {
            (Item::Begins, _) => {
                let mark = self.mark();
                self.blocks.push(Block::Item(mark, line.to_owned()));
                self.item = Item::GoesOn;
            }
            (Item::GoesOn, Some(Block::Item(_, text))) => {
                text.push(' ');
                text.push_str(line);
            }
            _ => self.blocks.push(Block::Paragraph(line.to_owned())),
        }
    }

    /// What stands before an item. Inside another list no item has a number: on one level they would be confused.
    fn mark(&mut self) -> String {
        let depth = self.lists.len().saturating_sub(1);
        match self.lists.last_mut() {
            Some(Some(number)) if depth == 0 => {
                *number += 1;
                format!("{number}. ")
            }
            _ => format!("{}- ", "  ".repeat(depth.min(8))),
        }
    }

    fn heading(&mut self, element: &Element) {
        self.end_line();
        let level = element.name.chars().nth(1).and_then(|c| c.to_digit(10));
        let text = flat(&element.children).replace("**", "");
        if !text.is_empty() {
            self.blocks
                .push(Block::Heading(level.unwrap_or(2) as usize, text));
        }
    }

    fn list(&mut self, element: &Element, number: Option<usize>) {
        self.end_line();
        let outer = self.item;
        let before = self.blocks.len();
        self.item = Item::None;
        self.lists.push(number);
        self.nodes(&element.children);
        self.end_line();
        self.lists.pop();
        // What follows in the outer item must not be added to the last inner one.
        let is_empty = self.blocks.len() == before;
        self.item = if is_empty { outer } else { Item::None };
    }

    fn item(&mut self, element: &Element) {
        self.end_line();
        self.item = Item::Begins;
        self.nodes(&element.children);
        self.end_line();
        self.item = Item::None;
    }

    fn code(&mut self, element: &Element) {
        self.end_line();
        let text = element.raw_text();
        let lines: Vec<String> = text.lines().map(code).collect();
        let lines: Vec<String> = lines
            .into_iter()
            .filter(|line| !line.trim().is_empty())
            .collect();
        if !lines.is_empty() {
            self.blocks.push(Block::Code(lines));
        }
    }

    /// Decided before anything is written: to write it and then write it otherwise would double the work at each level.
    fn strong(&mut self, element: &Element) {
        let is_one_phrase = !element
            .elements()
            .any(|inner| inner.find(&parts_a_phrase).is_some());
        let text = if is_one_phrase {
            flat(&element.children)
        } else {
            String::new()
        };
        if text.is_empty() {
            self.nodes(&element.children);
        } else {
            self.spaced(element, &format!("**{text}**"));
        }
    }

    /// Adds a text in the place of an element, with the spaces that stand at the ends of it.
    fn spaced(&mut self, element: &Element, text: &str) {
        let raw = element.raw_text();
        if raw.starts_with(|c: char| c.is_whitespace()) {
            self.add(" ");
        }
        self.add(text);
        if raw.ends_with(|c: char| c.is_whitespace()) {
            self.add(" ");
        }
    }

    fn short_code(&mut self, element: &Element) {
        let text = code(&element.text());
        if !text.is_empty() {
            self.spaced(element, &format!("`{text}`"));
        }
    }

    fn link(&mut self, element: &Element) {
        // A link in a link, by tables that aren't closed, would end it.
        let is_one = |inner: &Element| matches!(inner.name.as_str(), "a" | "unseen");
        let holds_one = element
            .elements()
            .any(|inner| inner.find(&is_one).is_some());
        let text = if holds_one {
            String::new()
        } else {
            inside_a_link(&flat(&element.children))
        };
        let (page, address) = (element.attribute("page"), element.attribute("href"));
        if text.is_empty() || (page.is_none() && address.is_none()) {
            self.nodes(&element.children);
            return;
        }
        match (page, address) {
            // Its own address as text says it once.
            (None, Some(address)) if text == address => self.spaced(element, address),
            (None, Some(address)) => self.spaced(element, &format!("[{text}]({address})")),
            (page, address) => {
                self.spaced(element, &marked(&text, page.unwrap_or_default(), address));
            }
        }
    }

    /// What can't be shown: what it is, and where to see it.
    fn unseen(&mut self, element: &Element) {
        let what = inside_a_link(&words(element.attribute("what").unwrap_or_default()));
        if !self.line.ends_with('(') {
            self.add(" ");
        }
        match element.attribute("address") {
            Some(address) => self.add(&format!("[{what}]({address})")),
            None => self.add(&format!("{what} (zie de bron)")),
        }
        self.apart = true;
    }

    fn table(&mut self, table: &Element) {
        self.end_line();
        let outer = std::mem::take(&mut self.item);
        let mut rows = Vec::new();
        rows_of(table, &mut rows);
        let is_layout = rows.iter().all(|row| row.len() < 2);
        let is_list = rows.iter().all(
            |row| matches!(row.as_slice(), [key, value] if key.name == "th" && value.name == "td"),
        );
        if is_layout {
            for cell in rows.iter().flatten() {
                self.nodes(&cell.children);
                self.end_line();
            }
        } else if is_list {
            for row in &rows {
                let parts: Vec<String> = row.iter().map(|cell| cell_text(cell)).collect();
                self.blocks
                    .push(Block::Item("- ".to_owned(), parts.join(": ")));
            }
        } else {
            let rows = rows
                .iter()
                .map(|row| row.iter().map(|cell| cell_text(cell)).collect());
            let rows: Vec<Vec<String>> = rows
                .filter(|row: &Vec<String>| row.iter().any(|cell| !cell.is_empty()))
                .collect();
            if !rows.is_empty() {
                self.blocks.push(Block::Table(rows));
            }
        }
        self.item = outer;
    }
}

/// Does it stand for itself, so that no emphasis goes over it?
fn parts_a_phrase(element: &Element) -> bool {
    const OTHERS: [&str; 16] = [
        "br", "ul", "ol", "li", "table", "pre", "strong", "b", "unseen", "h1", "h2", "h3", "h4",
        "h5", "h6", "tr",
    ];
    let name = element.name.as_str();
    BLOCKS.contains(&name) || OTHERS.contains(&name)
}

fn cell_text(cell: &Element) -> String {
    joined(&blocks(&cell.children), "; ").replace('|', "/")
}

/// The cells of a table's rows, without those of tables inside it.
fn rows_of<'a>(element: &'a Element, rows: &mut Vec<Vec<&'a Element>>) {
    for inner in element.elements() {
        match inner.name.as_str() {
            "tr" => {
                let is_cell = |cell: &&Element| matches!(cell.name.as_str(), "td" | "th");
                rows.push(inner.elements().filter(is_cell).collect());
            }
            "tbody" | "thead" | "tfoot" => rows_of(inner, rows),
            _ => {}
        }
    }
}

#[cfg(test)]
#[path = "to_markdown_tests.rs"]
mod tests;
