//! What no text may hold: a verdict ("veilig"), blame, and numbers or addresses that nobody would find again.
//!
//! The words stand in `wording.toml`, because editors know more of them than programmers. Numbers and addresses
//! stand in `contacts.toml` with the day they were checked; `shapes` knows them elsewhere.

use crate::adapters::knowledge::check::readable::{Kind, readable};
use crate::adapters::knowledge::check::shapes::shapes_in;
use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::parts::Parts;
use crate::adapters::knowledge::trouble::{TAKE_OVER, Trouble};
use crate::adapters::knowledge::{front_matter, inventory};
use regex::Regex;
use serde::Deserialize;

/// Where the words stand.
const PATH: &str = "wording.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileWording {
    refused: Vec<FileRefused>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRefused {
    why: String,
    instead: String,
    #[serde(default)]
    everywhere: Vec<String>,
    #[serde(default)]
    replies: Vec<String>,
}

/// Words that are refused, and why.
struct Refused {
    everywhere: Option<Regex>,
    replies: Option<Regex>,
    why: String,
}

/// Every text that holds any of it.
pub(super) fn check(files: &Files, parts: &Parts) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    let words = files.get(PATH).map_or_else(
        || {
            let what = format!("the file is missing, so no wording can be checked; {TAKE_OVER}");
            Err(Trouble::of_file(PATH, what))
        },
        |text| load(text),
    );
    let words = words.unwrap_or_else(|trouble| {
        troubles.push(trouble);
        Vec::new()
    });
    for (path, text) in files {
        let Some(kind) = Kind::of(path) else { continue };
        for (line, text) in readable(kind, text) {
            look_at(path, line, kind, text, &words, &mut troubles);
        }
    }
    for row in &parts.inventory {
        for text in [&row.term, &row.fallback, &row.doubt] {
            look_at(
                inventory::PATH,
                row.line,
                Kind::List,
                text,
                &words,
                &mut troubles,
            );
        }
    }
    troubles
}

fn look_at(
    path: &str,
    line: usize,
    kind: Kind,
    text: &str,
    words: &[Refused],
    troubles: &mut Vec<Trouble>,
) {
    let plain = text.replace(['*', '_', '`'], "");
    for entry in words {
        let replies = entry.replies.as_ref().filter(|_| kind.is_a_reply());
        let mut both = entry.everywhere.as_ref().into_iter().chain(replies);
        if let Some(found) = both.find_map(|words| words.find(&plain)) {
            let what = format!("\"{}\": {}", found.as_str(), entry.why);
            troubles.push(Trouble::at(path, line, what));
        }
    }
    if kind == Kind::Contacts {
        return;
    }
    for (name, found) in shapes_in(text) {
        let what = format!(
            "the {name} {found} stands in a text; put it into contacts.toml and write [[its name]]"
        );
        troubles.push(Trouble::at(path, line, what));
    }
}

fn load(text: &str) -> Result<Vec<Refused>, Trouble> {
    let listed: FileWording = front_matter::read(PATH, text, 1)?;
    listed
        .refused
        .into_iter()
        .map(|entry| {
            Ok(Refused {
                everywhere: any_of(&entry.everywhere)?,
                replies: any_of(&entry.replies)?,
                why: format!("{}; {}", entry.why, entry.instead),
            })
        })
        .collect()
}

/// Whole words, in small letters or capitals.
fn any_of(words: &[String]) -> Result<Option<Regex>, Trouble> {
    if words.is_empty() {
        return Ok(None);
    }
    let is_word = |word: &String| {
        word.starts_with(char::is_alphanumeric) && word.ends_with(char::is_alphanumeric)
    };
    if let Some(word) = words.iter().find(|word| !is_word(word)) {
        let what = format!(
            "\"{word}\" begins or ends with something else than a letter; write whole words"
        );
        return Err(Trouble::at(PATH, 1, what));
    }
    let words: Vec<String> = words.iter().map(|word| regex::escape(word)).collect();
    let pattern = format!(r"(?i)\b(?:{})\b", words.join("|"));
    let what = "the words are too many to be looked for; shorten the list";
    let pattern = Regex::new(&pattern).map_err(|_| Trouble::at(PATH, 1, what))?;
    Ok(Some(pattern))
}
