//! Two forms of the same text (RFC 2046, 5.1.4): which is kept, and what only the other one has.

use crate::adapters::mail::parse::gather::{LONGEST_TEXT, first_characters};
use crate::adapters::mail::parse::tree::Spoken;

/// Most links of the form that isn't shown that are looked for in the one that is.
const MOST_HIDDEN_LINKS: usize = 500;
/// Room for them in a text that is cut, in characters.
const FOR_HIDDEN_LINKS: usize = 32 * 1024;

/// Of two forms of the same text the plain one.
pub(super) fn better(one: Spoken, other: Spoken) -> Spoken {
    if other.source > one.source {
        other
    } else {
        one
    }
}

/// In an attached mail, which is evidence, the links of the form that isn't shown are kept too: a
/// plain form without them is how they are hidden from readers like this one.
pub(super) fn better_with_links(one: Spoken, other: Spoken) -> Spoken {
    let (mut kept, left) = if other.source > one.source {
        (other, one)
    } else {
        (one, other)
    };
    let mut shown = first_characters(&kept.text, LONGEST_TEXT);
    let mut links = hidden_links(&left.text, shown);
    if !links.is_empty() {
        // They stand behind a text that is cut: a long one must not push them out.
        shown = first_characters(shown, LONGEST_TEXT - FOR_HIDDEN_LINKS);
        links = hidden_links(&left.text, shown);
    }
    let end = shown.len();
    kept.text.truncate(end);
    for link in links {
        kept.text.push('\n');
        kept.text.push_str(link);
    }
    kept
}

/// The notes of links in a text that stand nowhere in what is shown. Each is looked for in all of that, so there is a
/// most of them.
fn hidden_links<'a>(text: &'a str, shown: &str) -> Vec<&'a str> {
    let mut room = FOR_HIDDEN_LINKS;
    let has_room = |line: &&str| {
        let left = room.checked_sub(line.chars().count() + 1);
        room = left.unwrap_or(room);
        left.is_some()
    };
    let notes = text
        .lines()
        .filter_map(|line| Some((line, noted_link(line)?)));
    notes
        .take(MOST_HIDDEN_LINKS)
        .filter(|(_, link)| !shown.contains(link))
        .map(|(line, _)| line)
        .filter(has_room)
        .collect()
}

/// The link in a note such as `[1]: https://...`. Other lines that begin so are words.
fn noted_link(line: &str) -> Option<&str> {
    let (_, link) = line.strip_prefix('[')?.split_once("]: ")?;
    link.contains("://").then_some(link)
}
