//! What is wrong in a knowledge file, said so that its author can mend it: file, line, remedy.

use crate::app::ports::knowledge::KnowledgeError;
use std::fmt;

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

impl From<Trouble> for Vec<Trouble> {
    fn from(trouble: Trouble) -> Self {
        vec![trouble]
    }
}
