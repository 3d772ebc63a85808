//! Words that somebody wrote behind a command, kept as they were written.
//!
//! They are data: nothing here looks into them, and nothing may act on what they say.

use crate::domain::text::fold::is_invisible;
use std::fmt;

/// A text that says something, word for word; no blank lines before it and no blanks after it.
#[derive(Clone, PartialEq, Eq)]
pub struct Words(String);

impl Words {
    /// Takes a text, or nothing where there is nothing to read in it. The blanks before the text go, but
    /// where it begins on a line of its own that line keeps its indent.
    pub fn new(text: &str) -> Option<Self> {
        let says_nothing = |c: char| c.is_whitespace() || is_invisible(c) || c.is_control();
        if text.chars().all(says_nothing) {
            return None;
        }
        let mut begun = text;
        while let Some((line, below)) = begun.split_once('\n')
            && line.trim().is_empty()
        {
            begun = below;
        }
        let on_first_line = begun.len() == text.len();
        let begun = if on_first_line {
            text.trim_start()
        } else {
            begun
        };
        Some(Self(begun.trim_end().to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Never the words themselves: debug output ends in logs.
impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words(‹{} bytes›)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_word_for_word() {
        for (given, kept) in [
            (" Beste An,", "Beste An,"),
            ("\u{a0}Beste\u{a0}An  ", "Beste\u{a0}An"),
            (
                "\n\n    net stop spooler\nof zo\n\n",
                "    net stop spooler\nof zo",
            ),
            (" \r\n\tinspringen", "\tinspringen"),
            (
                " “Zo”\n\n!ack\n> nee\n```\nx\n```",
                "“Zo”\n\n!ack\n> nee\n```\nx\n```",
            ),
        ] {
            assert_eq!(Words::new(given).unwrap().as_str(), kept, "{given:?}");
        }
    }

    #[test]
    fn what_says_nothing_is_no_text() {
        for given in ["", "  \n\t\n", "\u{200b}\u{feff}", "\u{a0}", "\u{0}"] {
            assert_eq!(Words::new(given), None, "{given:?}");
        }
    }
}
