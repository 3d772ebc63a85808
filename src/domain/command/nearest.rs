//! Which known word somebody may have meant. A guess is only ever shown, never acted upon.

use crate::domain::command::list::{CommandName, KNOWN};
use crate::domain::text::distance::distance;
use crate::domain::text::fold::fold;

/// So many letters of a beginning tell enough.
const TELLING_BEGINNING: usize = 4;

/// The command whose name, in any language, is nearly this word.
pub(crate) fn nearest_command(written: &str) -> Option<CommandName> {
    let written: Vec<char> = fold(written).chars().collect();
    KNOWN
        .iter()
        .filter_map(|known| Some((errors(&written, &known.letters)?, known.name)))
        .min_by_key(|(errors, _)| *errors)
        .map(|(_, name)| name)
}

/// The word of a list that is nearly this one, or else the one that begins like it.
pub(crate) fn nearest_word(written: &str, list: &[&'static str]) -> Option<&'static str> {
    let written: Vec<char> = fold(written).chars().collect();
    let mistyped = list
        .iter()
        .filter_map(|known| Some((errors(&written, &letters(known))?, *known)))
        .min_by_key(|(errors, _)| *errors);
    let begins_alike = || {
        let alike = |known: &str| {
            let pairs = written.iter().copied().zip(letters(known));
            pairs.take_while(|(a, b)| a == b).count()
        };
        list.iter()
            .map(|known| (alike(known), *known))
            .filter(|(alike, _)| *alike >= TELLING_BEGINNING)
            .min_by_key(|(alike, _)| std::cmp::Reverse(*alike))
    };
    mistyped.or_else(begins_alike).map(|(_, known)| known)
}

/// How many letters differ, where few enough do: two, one in a word of three, none in a shorter one.
fn errors(written: &[char], known: &[char]) -> Option<usize> {
    let allowed = match written.len().min(known.len()) {
        0..=2 => 0,
        3 => 1,
        _ => 2,
    };
    distance(written, known, allowed)
}

fn letters(known: &str) -> Vec<char> {
    fold(known).chars().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::triage::category::Category;

    #[test]
    fn a_mistyped_name_is_guessed() {
        for (written, meant) in [
            ("akc", CommandName::Ack),
            ("tkae", CommandName::Take),
            ("repyl", CommandName::Reply),
            ("replyy", CommandName::Reply),
            ("sevrity", CommandName::Severity),
            ("neeem", CommandName::Take),
            ("reponsd", CommandName::Reply),
            ("catagory", CommandName::Category),
        ] {
            assert_eq!(nearest_command(written), Some(meant), "{written}");
        }
        for plain in [
            "important",
            "no",
            "ja",
            "",
            "allez",
            "vul",
            "wow",
            "reply-all",
        ] {
            assert_eq!(nearest_command(plain), None, "{plain}");
        }
    }

    #[test]
    fn a_category_is_guessed_by_its_letters_or_its_beginning() {
        let slugs: Vec<&'static str> = Category::ALL.iter().map(|item| item.as_str()).collect();
        for (written, meant) in [
            ("phising", Some("phishing")),
            ("ransomeware", Some("ransomware")),
            ("ransom", Some("ransomware")),
            ("datalek", Some("data-breach")),
            ("lost", Some("lost-device")),
            ("insider", Some("insider-misuse")),
            ("gsm", None),
            ("", None),
        ] {
            assert_eq!(nearest_word(written, &slugs), meant, "{written}");
        }
    }
}
