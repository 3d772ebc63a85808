//! Which lines of a knowledge file are read by people outside: the rest is for its editors, and may hold anything.

use crate::adapters::knowledge::memo::SOURCES;
use crate::adapters::knowledge::parts::{MEMOS, PLAYBOOKS};
use crate::adapters::knowledge::{contacts, contracts, duties};

/// Keys of what is never shown: how people ask, also wrongly; addresses that have a key of their own; notes.
const FOR_EDITORS: [&str; 8] = [
    "nl = [",
    "fr = [",
    "en = [",
    "url =",
    "note =",
    "source =",
    "checked_on =",
    "reference =",
];

/// The kinds of file that hold texts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Memo,
    Playbook,
    Template,
    List,
    /// The one place for numbers and addresses.
    Contacts,
}

impl Kind {
    /// The kind of a file; none where it holds no texts.
    pub(super) fn of(path: &str) -> Option<Self> {
        let is = |folder: &str| path.starts_with(folder);
        match path {
            _ if is(MEMOS) => Some(Self::Memo),
            _ if is(PLAYBOOKS) => Some(Self::Playbook),
            _ if is("replies/") || is("entries/") || is("pages/") => Some(Self::Template),
            duties::PATH | contracts::PATH => Some(Self::List),
            contacts::PATH => Some(Self::Contacts),
            _ => None,
        }
    }

    /// Does a frightened person read it?
    pub(super) fn is_a_reply(self) -> bool {
        matches!(self, Self::Playbook | Self::Template)
    }
}

/// The lines that people outside read, with their numbers, counted from 1.
pub(super) fn readable(kind: Kind, text: &str) -> Vec<(usize, &str)> {
    let mut lines = Vec::new();
    let mut fences = 0;
    let mut in_sources = false;
    // What closes the value of a key for editors that goes on over more lines.
    let mut until: Option<&str> = None;
    for (count, line) in text.lines().enumerate() {
        if let Some(end) = until {
            if line.contains(end) {
                until = None;
            }
            continue;
        }
        fences += usize::from(line.trim_end() == "+++");
        if line.starts_with("## ") {
            in_sources = line.trim_end().strip_prefix("## ") == Some(SOURCES);
        }
        let in_front = fences < 2;
        let skipped = match kind {
            Kind::Memo => in_front || in_sources,
            Kind::Playbook => in_front && is_for_editors(line, &mut until),
            Kind::Template => line.starts_with("{#"),
            Kind::List | Kind::Contacts => {
                line.starts_with('#') || is_for_editors(line, &mut until)
            }
        };
        if !skipped {
            lines.push((count + 1, line));
        }
    }
    lines
}

fn is_for_editors(line: &str, until: &mut Option<&str>) -> bool {
    let Some(key) = FOR_EDITORS.iter().find(|key| line.starts_with(**key)) else {
        return false;
    };
    let value = line.get(key.len()..).unwrap_or_default();
    if value.matches("\"\"\"").count() == 1 {
        *until = Some("\"\"\"");
    } else if (key.ends_with('[') || value.trim_start().starts_with('[')) && !line.contains(']') {
        *until = Some("]");
    }
    true
}
