//! Reading the short arguments of a command forgivingly: blanks, quotes and dashes as telephones and word
//! processors make them. Texts for people don't come through here; they are kept as [`Words`].
//!
//! [`Words`]: crate::domain::command::words::Words

use crate::domain::command::list::Command;
use crate::domain::command::spec::{Mistake, Phrase};
use crate::domain::text::fold::is_invisible;

/// The words of a one-line argument, without quotes around them, with plain dashes and without the signs
/// that end a sentence.
pub(crate) fn words(argument: &str) -> Vec<String> {
    let plain: String = argument
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(straight)
        .collect();
    let ends = |c: char| matches!(c, '"' | '\'' | '`' | ',' | ';' | ':' | '.' | '!');
    plain
        .split_whitespace()
        .map(|word| word.trim_matches(ends))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The one word of an argument; nothing where there is none, or more than one.
pub(crate) fn only_word(argument: &str) -> Option<String> {
    let mut words = words(argument).into_iter();
    words.next().filter(|_| words.next().is_none())
}

/// A command behind which nothing stands; otherwise that, in words for whoever wrote it.
pub(crate) fn alone(
    argument: &str,
    command: Command,
    otherwise: Phrase,
) -> Result<Command, Mistake> {
    if words(argument).is_empty() {
        Ok(command)
    } else {
        Err(Mistake::plain(otherwise))
    }
}

/// The text behind the signs that part it from what was read before it. Only the rest of the line is
/// looked at: a text that begins on the next one stays as it is, with its line end before it.
pub(crate) fn behind_separators(text: &str) -> &str {
    let line = text.split('\n').next().unwrap_or_default();
    let begin = line.trim_start_matches(is_separator);
    text.get(line.len() - begin.len()..).unwrap_or_default()
}

/// Does it part one piece of an argument from the next, and is it no piece itself?
pub(crate) fn is_separator(c: char) -> bool {
    let sign = matches!(
        straight(c),
        '"' | '\'' | '`' | ',' | ';' | ':' | '.' | '!' | '-' | '|' | '/' | ')'
    );
    sign || c.is_whitespace() || is_invisible(c)
}

/// The plain form of a curled quote or of a dash of any length.
fn straight(c: char) -> char {
    match c {
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' => '"',
        '‘' | '’' | '‚' | '‛' | '′' | '‹' | '›' => '\'',
        '\u{2010}'..='\u{2015}' | '−' | '﹣' | '－' => '-',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_whatever_a_telephone_made_of_them() {
        for (argument, read) in [
            (" high", vec!["high"]),
            ("\u{a0}“high”.", vec!["high"]),
            (" CRT‑2026–0042\u{200b}", vec!["CRT-2026-0042"]),
            (" « rançongiciel » ,", vec!["rançongiciel"]),
            (" els\u{2009}peeters", vec!["els", "peeters"]),
            (" : ! ", vec![]),
        ] {
            assert_eq!(words(argument), read, "{argument:?}");
        }
    }

    #[test]
    fn a_text_stands_behind_separators_or_on_the_next_line() {
        for (given, text) in [
            (" - zie mail\n- en", "zie mail\n- en"),
            ("”: «zo»", "zo»"),
            (" ;\n- een\n- twee", "\n- een\n- twee"),
            ("", ""),
            (" . ", ""),
        ] {
            assert_eq!(behind_separators(given), text, "{given:?}");
        }
    }

    #[test]
    fn a_command_stands_alone_whatever_signs_are_behind_it() {
        let otherwise = Phrase::same("niets");
        let read = |argument| alone(argument, Command::Show, otherwise);
        for argument in ["", " ", ".", "!", "\u{a0}\u{200b}."] {
            assert_eq!(read(argument), Ok(Command::Show), "{argument:?}");
        }
        for argument in [" niet", "?", " CRT-2026-0042", " dit bericht", " els"] {
            assert_eq!(
                read(argument),
                Err(Mistake::plain(otherwise)),
                "{argument:?}"
            );
        }
    }

    #[test]
    fn one_word_is_one_word() {
        assert_eq!(only_word(" high!").as_deref(), Some("high"));
        assert_eq!(only_word(" not high"), None);
        assert_eq!(only_word(""), None);
    }
}
