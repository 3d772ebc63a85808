//! A message of ours before it becomes an event: its words, with what came from outside kept apart.
//!
//! The adapter writes it twice, plain and formatted. Words from outside stand in [`Line::Outside`] only, so
//! that they can be escaped, can't mention anybody and can't be taken for ours.

use crate::domain::chat::ids::UserId;
use serde::{Deserialize, Serialize};

/// One message of ours. Confidential as a whole where it holds words from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Its lines.
    pub lines: Vec<Line>,
    /// Who is mentioned, and so is notified: the people paged, nobody else.
    pub mentions: Vec<UserId>,
    /// Does it call for attention on a phone?
    pub loudness: Loudness,
}

/// Whether clients should notify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loudness {
    /// A bot's notice: clients stay quiet (Matrix: `m.notice`).
    Notice,
    /// A message like a person's (Matrix: `m.text`).
    Message,
}

/// One line of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", content = "text", rename_all = "kebab-case")]
pub enum Line {
    /// Our own words.
    Plain(String),
    /// Our own words, in bold.
    Strong(String),
    /// An item of a list in our own words.
    Item(String),
    /// Words from outside, shown as a quote, never interpreted. May hold several lines.
    Outside(String),
}

impl Post {
    /// A quiet message of plain lines that mentions nobody.
    pub fn notice<T: Into<String>>(lines: impl IntoIterator<Item = T>) -> Self {
        Self {
            lines: lines
                .into_iter()
                .map(|line| Line::Plain(line.into()))
                .collect(),
            mentions: Vec::new(),
            loudness: Loudness::Notice,
        }
    }

    /// A reply to a reporter, from its text as it was rendered: the first line stands out.
    pub fn reply(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let line = |(n, line): (usize, &str)| match line.strip_prefix("- ") {
            _ if n == 0 => Line::Strong(line.to_owned()),
            Some(item) => Line::Item(item.to_owned()),
            None => Line::Plain(line.to_owned()),
        };
        Self {
            lines: lines.enumerate().map(line).collect(),
            mentions: Vec::new(),
            loudness: Loudness::Message,
        }
    }
}
