//! How much of a source is read: exports come from elsewhere, and may be made to hurt.

use crate::adapters::knowledge::import::tidy::one_line;
use std::fmt;

/// Longest reason, in characters.
const LONGEST: usize = 600;

/// Most files in a source.
pub(super) const MOST_FILES: usize = 50_000;
/// Most pages of one import.
pub(super) const MOST_PAGES: usize = 10_000;
/// The largest page, in bytes.
pub(super) const LARGEST_PAGE: u64 = 4_000_000;
/// The largest `entities.xml`, in bytes: it holds a whole space with its history.
pub(super) const LARGEST_ENTITIES: u64 = 256_000_000;
/// Most bytes of all pages together.
pub(super) const LARGEST_SOURCE: u64 = 500_000_000;
/// The largest memo that is made, in bytes: a larger one would keep the service from starting.
pub(super) const LARGEST_MEMO: usize = 1_000_000;
/// The deepest folder that is read.
pub(super) const DEEPEST_FOLDER: usize = 16;
/// How deep a page may nest.
pub(super) const DEEPEST_NESTING: usize = 200;
/// Most elements of a page.
pub(super) const MOST_ELEMENTS: usize = 100_000;

/// Why something isn't read: one sentence with the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(String);

impl Refusal {
    /// For this reason. It may hold words of the source, so it is made one short line.
    pub(super) fn because(why: impl fmt::Display) -> Self {
        Self(one_line(&why.to_string()).chars().take(LONGEST).collect())
    }

    /// A page that nests too deep, or has too many elements.
    pub(super) fn of_a_tangle() -> Self {
        Self::because(
            "it nests deeper than 200 elements or has more than 100000 of them; simplify the page",
        )
    }
}
