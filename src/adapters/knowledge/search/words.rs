//! From a text to its words: folded, in order.

use crate::adapters::knowledge::search::vocabulary::Vocabulary;
use foldhash::fast::RandomState;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Something by words. Half of the work of building an index is looking words up, and theirs is the quicker hash.
pub(super) type ByWord<K, V> = HashMap<K, V, RandomState>;
/// Different words.
pub(super) type Words<K> = HashSet<K, RandomState>;

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word, folded.
    pub text: String,
    /// Does it say nothing about a subject by itself?
    pub is_small: bool,
    /// Is it made of digits?
    pub(super) is_number: bool,
    /// Can it be the second half of one that is written as two?
    pub(super) is_second: bool,
}

/// Lower-case letters and digits without accents.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .flat_map(|c| {
            let (first, second) = match c {
                'œ' => ('o', Some('e')),
                'æ' => ('a', Some('e')),
                'ß' => ('s', Some('s')),
                other => (other, None),
            };
            std::iter::once(first).chain(second)
        })
        .collect()
}

/// What stands between blanks and marks, folded.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    text.split(|c: char| !(c.is_alphanumeric() || is_mark(c)))
        .map(|piece| {
            if piece.is_ascii() {
                if piece.bytes().any(|c| c.is_ascii_uppercase()) {
                    Cow::Owned(piece.to_ascii_lowercase())
                } else {
                    Cow::Borrowed(piece)
                }
            } else {
                // One sign may become several, of which not all are letters.
                let mut folded = fold(piece);
                folded.retain(char::is_alphanumeric);
                Cow::Owned(folded)
            }
        })
        .filter(|piece| !piece.is_empty())
}

/// An accent that follows its letter.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && is_combining_mark(c)
}

/// All words of a text, in order.
pub fn all_words(text: &str) -> Vec<Word> {
    let mut vocabulary = Vocabulary::default();
    let read = vocabulary.read(text);
    read.into_iter()
        .filter_map(|id| vocabulary.word(id).cloned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        all_words(text)
            .into_iter()
            .filter(|word| !word.is_small)
            .map(|word| word.text)
            .collect()
    }

    #[test]
    fn spellings_meet_and_small_words_go() {
        assert_eq!(words("Hoe maak ik een Back-up?"), words("de backup"));
        assert_eq!(
            words("back-upbeleid e-mailadres"),
            ["backupbeleid", "mailadres"]
        );
        assert_eq!(
            words("e-ID, wi-fi, NIS 2-richtlijn"),
            ["eid", "wifi", "nis2", "richtlijn"]
        );
        assert_eq!(words("de 3-2-1-regel"), ["regel321", "regel"]);
        assert_eq!(words("3 of 2 of 1, versie 3.2.1, 10.3.2.1"), ["versie"]);
        assert_eq!(words("Mijn paswoord"), ["wachtwoord"]);
        assert_eq!(words("phisingmail"), ["phishingmail"]);
        assert_eq!(words("beëindigd coördinatie"), ["beeindigd", "coordinatie"]);
        assert_eq!(words("bee\u{308}indigd ½ cœur"), ["beeindigd", "coeur"]);
        assert_eq!(words("123456 (^ a:* \u{0}"), Vec::<String>::new());
    }

    #[test]
    fn the_number_of_an_article_stays_with_it() {
        assert_eq!(words("artikel 61 van het DLB"), ["art61", "dlb"]);
        assert_eq!(words("Art. 61 DLB"), ["art61", "dlb"]);
        assert_eq!(words("61 euro"), ["euro"]);
        assert_eq!(words("artikel 2024001"), ["artikel"]);
    }
}
