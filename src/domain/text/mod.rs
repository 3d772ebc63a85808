//! Working on text: folding for comparison, the reporter's own words, harmless writing of indicators.

pub mod defang;
pub mod distance;
pub mod fold;
pub mod forward;
pub mod nameless;
pub mod own_words;
pub mod tlp;
