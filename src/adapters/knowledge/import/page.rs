//! A page that was read, whatever it was read from.

use crate::adapters::knowledge::import::limits::Refusal;
use jiff::civil::Date;

/// One page.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    /// What it is known by in its space, from one import to the next: `confluence:12`, `file:a/b.md`.
    pub(super) from: String,
    /// Where it comes from: the space's name, or the folder's.
    pub(super) space: String,
    /// Its title, on one line.
    pub(super) title: String,
    /// Its version, where it has no date.
    pub(super) version: Option<String>,
    /// The day of its last change.
    pub(super) changed_on: Option<Date>,
    /// Its labels.
    pub(super) labels: Vec<String>,
    /// Where people read it.
    pub(super) url: Option<String>,
    /// Its text, with links between marks.
    pub(super) text: String,
    /// By what other pages link to it.
    pub(super) keys: Vec<String>,
}

/// A page that can't be brought in.
#[derive(Debug, Clone)]
pub(super) struct Unread {
    /// What it would be known by.
    pub(super) from: String,
    /// What people call it.
    pub(super) shown: String,
    /// By what other pages link to it.
    pub(super) keys: Vec<String>,
    /// Why.
    pub(super) why: Refusal,
}

/// All that a source holds.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// What was read.
    pub(super) read: Vec<Page>,
    /// What couldn't be.
    pub(super) unread: Vec<Unread>,
    /// Where they come from, for what isn't there any more; empty for a single file.
    pub(super) spaces: Vec<String>,
}
