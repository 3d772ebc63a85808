//! The notes at the end of a text that was made from HTML: `[1]: https://...`, one for each link.
//!
//! Cutting a text would tear a link from its note, and the links of a forwarded lure are what an expert
//! needs. So the notes are taken off first and given back to the parts that point to them.

use std::collections::BTreeSet;

/// Most notes that are looked at.
const MOST_NOTES: usize = 2000;
/// Most digits of a number.
const LONGEST_NUMBER: usize = 4;

/// The notes of a text.
#[derive(Default)]
pub struct Notes<'a> {
    notes: Vec<(&'a str, &'a str)>,
    pointed_to: BTreeSet<&'a str>,
}

impl<'a> Notes<'a> {
    /// Takes the notes off the end of a text.
    pub fn take_off(text: &'a str) -> (&'a str, Self) {
        let mut notes = Vec::new();
        let mut body = text.trim_end();
        while notes.len() < MOST_NOTES {
            let (above, last) = body.rsplit_once('\n').unwrap_or(("", body));
            let Some(number) = note_number(last.trim()) else {
                break;
            };
            notes.push((number, last.trim()));
            body = above.trim_end();
        }
        notes.reverse();
        let pointed_to = numbers_in(body);
        (body, Self { notes, pointed_to })
    }

    /// The part with the notes that it points to.
    pub fn give_back(&self, part: String) -> String {
        if self.notes.is_empty() {
            return part;
        }
        let wanted = numbers_in(&part);
        let mine = self
            .notes
            .iter()
            .filter(|(number, _)| wanted.contains(number))
            .map(|(_, note)| *note);
        with_notes(&part, mine)
    }

    /// The part with the notes that nothing in the whole text points to: a list that somebody wrote himself.
    pub fn give_rest(&self, part: &str) -> String {
        let rest = self
            .notes
            .iter()
            .filter(|(number, _)| !self.pointed_to.contains(number))
            .map(|(_, note)| *note);
        with_notes(part, rest)
    }
}

fn with_notes<'n>(part: &str, notes: impl Iterator<Item = &'n str>) -> String {
    let mut text = part.to_owned();
    for (at, note) in notes.enumerate() {
        text.push_str(if at == 0 && !part.is_empty() {
            "\n\n"
        } else if at == 0 {
            ""
        } else {
            "\n"
        });
        text.push_str(note);
    }
    text
}

/// `12` of `[12]: https://...`.
fn note_number(line: &str) -> Option<&str> {
    let (number, target) = line.strip_prefix('[')?.split_once("]: ")?;
    (is_number(number) && !target.trim().contains(' ')).then_some(number)
}

fn is_number(text: &str) -> bool {
    (1..=LONGEST_NUMBER).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// All numbers that stand in square brackets.
fn numbers_in(part: &str) -> BTreeSet<&str> {
    part.split('[')
        .skip(1)
        .filter_map(|rest| rest.split_once(']').map(|(number, _)| number))
        .filter(|number| is_number(number))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_go_where_they_are_pointed_to() {
        let (body, notes) = Notes::take_off(
            "eigen [woord][1]\nciteer [klik][2]\n\n[1]: https://a.example\n[2]: https://b.example\n[3]: https://c.example",
        );
        assert_eq!(body, "eigen [woord][1]\nciteer [klik][2]");
        assert_eq!(
            notes.give_back("citeer [klik][2]".to_owned()),
            "citeer [klik][2]\n\n[2]: https://b.example"
        );
        assert_eq!(
            notes.give_back("eigen [woord][1]".to_owned()),
            "eigen [woord][1]\n\n[1]: https://a.example"
        );
        assert_eq!(notes.give_rest("eigen"), "eigen\n\n[3]: https://c.example");
    }

    #[test]
    fn a_text_without_notes_is_left_alone() {
        for text in ["gewoon", "[1] eerst dit", "[x]: geen nummer", ""] {
            assert_eq!(Notes::take_off(text).0, text);
        }
    }
}
