//! Pages of a wiki brought in as memos: exports of Confluence (HTML or XML), folders of Markdown or HTML.
//!
//! Here it is read and decided what would be written; files are written by `runtime`. What comes in is hostile until it
//! is read: names are never paths, sizes are bounded, nothing of a page runs. A page that can't be read hides no other.
//! Nothing is asked of a network, and no names of authors are carried over.

mod attributes;
mod blocks;
mod bundle;
mod charset;
mod confluence_html;
mod confluence_xml;
mod dates;
mod entities;
mod front;
mod html;
mod html_tree;
mod known;
mod limits;
mod links;
mod memo_text;
mod page;
mod plain;
mod plan;
mod slug;
mod source;
mod storage;
mod tidy;
mod to_markdown;
mod tree;
mod xml_tree;

pub use limits::Refusal;
pub use plan::{Edited, Failed, Line, Plan, Terms};

#[cfg(test)]
mod hostile;

use crate::adapters::knowledge::files::Files;
use std::path::Path;

/// Reads a source and compares it with the files of a knowledge folder.
///
/// # Errors
/// Where the source as a whole can't be read.
pub fn prepare(source: &Path, files: &Files, terms: &Terms) -> Result<Plan, Refusal> {
    let pages = source::read(source, terms.base_url.as_deref())?;
    Ok(plan::plan(pages, files, terms))
}

/// Is this the address of a wiki?
pub fn is_an_address(text: &str) -> bool {
    tidy::web_address(text).is_some()
}
