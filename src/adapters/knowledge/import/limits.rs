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
/// The largest memo that is made, in bytes: far below what the service reads of one file, and more than anybody reads.
pub(super) const LARGEST_MEMO: usize = 1_000_000;
/// The deepest folder that is read.
pub(super) const DEEPEST_FOLDER: usize = 16;
/// How deep a page may nest.
pub(super) const DEEPEST_NESTING: usize = 200;
/// Most elements of a page. Of HTML all nodes are counted, texts and comments too, up to twice as many.
pub(super) const MOST_ELEMENTS: usize = 100_000;
/// Most attributes of one element of HTML.
pub(super) const MOST_ATTRIBUTES: usize = 300;
/// Most labels of a page.
pub(super) const MOST_LABELS: usize = 100;

/// Why something isn't read: one sentence with the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(String);

impl Refusal {
    /// For this reason. It may hold words of the source, so it is made one short line.
    pub(super) fn because(why: impl fmt::Display) -> Self {
        Self(one_line(&why.to_string()).chars().take(LONGEST).collect())
    }

    /// A page that nests too deep, or has too many elements or attributes.
    pub(super) fn of_a_tangle() -> Self {
        Self::because(format_args!(
            "it nests deeper than {DEEPEST_NESTING} elements, or has more than {MOST_ELEMENTS} of them or one with more than {MOST_ATTRIBUTES} attributes; simplify the page"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tangle_is_told_with_the_bounds_that_hold() {
        let told = Refusal::of_a_tangle().to_string();
        for bound in [DEEPEST_NESTING, MOST_ELEMENTS, MOST_ATTRIBUTES] {
            assert!(told.contains(&format!("than {bound} ")), "{told}");
        }
    }
}
