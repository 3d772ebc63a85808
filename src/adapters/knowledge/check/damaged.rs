//! Letters that were lost on their way here: a program read a text in another encoding than it was written in, and put
//! U+FFFD where it knew none. Nobody can search or read the word that was there.

use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::trouble::{LOST_LETTER, Trouble};

/// Every file that lost letters, by the first line on which one is missing.
pub(super) fn check(files: &Files) -> Vec<Trouble> {
    files
        .iter()
        .filter_map(|(path, text)| {
            let lines = text.lines().zip(1_usize..);
            let lost: Vec<usize> = lines
                .filter(|(line, _)| line.contains(LOST_LETTER))
                .map(|(_, number)| number)
                .collect();
            let first = *lost.first()?;
            let where_else = match lost.len() {
                1 => "here".to_owned(),
                2 => "here and on one more line".to_owned(),
                lines => format!("here and on {} more lines", lines - 1),
            };
            let what = format!(
                "letters were lost ({LOST_LETTER} stands for them) {where_else}; write them again, or save the source as UTF-8 and import it again"
            );
            Some(Trouble::at(path, first, what))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_once_with_its_first_line_and_how_many_there_are() {
        let files = Files::from([
            (
                "memos/a.md".to_owned(),
                "x\ncaf\u{fffd}\ny\n\u{fffd}\u{fffd}".to_owned(),
            ),
            ("memos/b.md".to_owned(), "\u{fffd}".to_owned()),
            ("memos/c.md".to_owned(), "café".to_owned()),
        ]);
        let told: Vec<String> = check(&files).iter().map(Trouble::to_string).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].starts_with("memos/a.md:2: "), "{}", told[0]);
        assert!(told[0].contains("on one more line"), "{}", told[0]);
        assert!(told[1].starts_with("memos/b.md:1: "), "{}", told[1]);
        assert!(told[1].contains("import it again"), "{}", told[1]);
    }
}
