//! What is wrong in a knowledge file, said so that its author can mend it: file, line, remedy.

use crate::adapters::knowledge::files::Files;
use crate::app::ports::knowledge::KnowledgeError;
use std::fmt;

/// What to do where a file isn't there.
pub const TAKE_OVER: &str =
    "take it over from a copy of the shipped knowledge (eerstelijn knowledge copy --to FOLDER)";

/// What a program writes for a letter that it can't read.
pub const LOST_LETTER: char = '\u{fffd}';

/// One mistake in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The file, relative to the knowledge folder.
    pub path: String,
    /// The line, counted from 1; 0 where it is about the whole file.
    pub line: usize,
    /// What is wrong and what to do.
    pub what: String,
}

impl Trouble {
    /// A mistake at a line, counted from 1.
    pub fn at(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            what: what.into(),
        }
    }

    /// A mistake of the file as a whole.
    pub fn of_file(path: &str, what: impl Into<String>) -> Self {
        Self::at(path, 0, what)
    }

    /// A folder of the knowledge isn't there: that is lost without it.
    pub fn of_missing_folder(folder: &str, lost: &str) -> Self {
        let what = format!("the folder is missing, so {lost}; {TAKE_OVER}");
        Self::of_file(folder, what)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(f, "{}: {}", self.path, self.what)
        } else {
            write!(f, "{}:{}: {}", self.path, self.line, self.what)
        }
    }
}

/// What a parser says, in the words of somebody who edits files: the names stay, the jargon goes.
pub fn plainly(message: &str) -> String {
    let message = message.trim().replace('\n', " ");
    if let Some(rest) = message.strip_prefix("unknown field ") {
        let (name, known) = rest.split_once(", expected ").unwrap_or((rest, ""));
        let known = known.trim_start_matches("one of ");
        return format!("{name} is not known here; remove it, or write one of {known}");
    }
    if let Some(rest) = message.strip_prefix("unknown variant ") {
        let (name, known) = rest.split_once(", expected ").unwrap_or((rest, ""));
        let known = known.trim_start_matches("one of ");
        return format!("{name} is not a value that is known here; write one of {known}");
    }
    if let Some(name) = message.strip_prefix("missing field ") {
        return format!("{name} is missing; add it");
    }
    if let Some(rest) = message.strip_prefix("invalid type: ")
        && let Some((found, wanted)) = rest.split_once(", expected ")
    {
        let wanted = match wanted {
            "a string" => "text between quotes",
            "a sequence" => "a list between square brackets",
            "a boolean" => "true or false",
            "u32" | "usize" | "u64" => "a whole number",
            table if table.starts_with("struct ") => "a table with keys of its own",
            other => other,
        };
        return format!("here stands {found}; write {wanted}");
    }
    if message.starts_with("string values must be quoted") {
        return "text and dates stand between quotes: \"2026-11-26\"".to_owned();
    }
    message
}

/// All mistakes as one error, a line each.
pub fn as_error(troubles: &[Trouble]) -> KnowledgeError {
    let lines: Vec<String> = troubles.iter().map(Trouble::to_string).collect();
    KnowledgeError::BadFile(lines.join("\n"))
}

/// Sorts results into values and mistakes, so that an author sees all mistakes at once.
pub fn sift<T, E: Into<Vec<Trouble>>>(
    results: impl IntoIterator<Item = Result<T, E>>,
    troubles: &mut Vec<Trouble>,
) -> Vec<T> {
    let mut values = Vec::new();
    for result in results {
        match result {
            Ok(value) => values.push(value),
            Err(found) => troubles.extend(found.into()),
        }
    }
    values
}

/// The first line of a file that holds this, counted from 1; 0 where none does.
pub fn line_of(files: &Files, path: &str, wanted: &str) -> usize {
    let text = files.get(path).map(String::as_str).unwrap_or_default();
    text.lines()
        .position(|line| line.contains(wanted))
        .map_or(0, |before| before + 1)
}

impl From<Trouble> for Vec<Trouble> {
    fn from(trouble: Trouble) -> Self {
        vec![trouble]
    }
}
