//! TOML between two `+++` lines at the top of a Markdown file, with errors that name the file's line.

use crate::adapters::knowledge::trouble::{Trouble, plainly};
use serde::de::DeserializeOwned;

/// The line that opens and closes the front matter.
const FENCE: &str = "+++";

/// A file in its two parts.
#[derive(Debug)]
pub struct Parts<'a> {
    /// The TOML.
    pub front: &'a str,
    /// The Markdown behind it.
    pub body: &'a str,
    /// The line of the file on which the body starts, counted from 1.
    pub body_line: usize,
}

/// Takes a file apart.
///
/// # Errors
/// Where the fences are missing.
pub fn split<'a>(path: &str, text: &'a str) -> Result<Parts<'a>, Trouble> {
    let missing = || {
        Trouble::at(
            path,
            1,
            "the front matter is missing; start the file with a line +++, then TOML, then a line +++",
        )
    };
    let (first, rest) = text.split_once('\n').ok_or_else(missing)?;
    if first.trim_end() != FENCE {
        return Err(missing());
    }
    let mut length = 0;
    for (count, line) in rest.split_inclusive('\n').enumerate() {
        if line.trim_end() == FENCE {
            let (front, behind) = rest.split_at_checked(length).ok_or_else(missing)?;
            let body = behind.strip_prefix(line).unwrap_or_default();
            return Ok(Parts {
                front,
                body,
                body_line: count + 3,
            });
        }
        length += line.len();
    }
    Err(Trouble::at(
        path,
        1,
        "the front matter has no end; close it with a line +++",
    ))
}

/// Reads TOML that starts at this line of its file.
///
/// # Errors
/// The line and what is wrong, where the TOML isn't what is expected.
pub fn read<T: DeserializeOwned>(path: &str, toml: &str, first_line: usize) -> Result<T, Trouble> {
    toml::from_str(toml).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        let line = line_at(toml, offset) + first_line - 1;
        Trouble::at(path, line, plainly(error.message()))
    })
}

/// The line of a text on which this byte stands, counted from 1.
pub fn line_at(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or_default();
    before.matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Front {
        #[serde(rename = "a")]
        _a: u32,
    }

    #[test]
    fn a_file_is_taken_apart_at_its_fences() {
        let parts = split("x.md", "+++\na = 1\n+++\n# nl\n").unwrap();
        assert_eq!(
            (parts.front, parts.body, parts.body_line),
            ("a = 1\n", "# nl\n", 4)
        );
        assert!(split("x.md", "# nl\n").is_err());
        assert!(split("x.md", "+++\na = 1\n").is_err());
    }

    #[test]
    fn a_mistake_names_the_line_of_the_file() {
        let error = read::<Front>("x.md", "\na = \"b\"\n", 2).unwrap_err();
        assert_eq!((error.path.as_str(), error.line), ("x.md", 3));
    }
}
