//! From a text to its words: folded, with known spellings made one, in order.
//!
//! The same for what is indexed and what is asked, so that both meet. What words mean stands in `synonyms`.

use crate::adapters::knowledge::search::stop_words;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest word that is kept, in characters; longer ones are hashes or noise.
const LONGEST_WORD: usize = 40;

/// Spellings that are one word, replaced in the folded text.
const ONE_WORD: [(&str, &str); 22] = [
    ("3-2-1", "regel321"),
    ("phising", "phishing"),
    ("pishing", "phishing"),
    ("paswoord", "wachtwoord"),
    ("pasword", "wachtwoord"),
    ("back-up", "backup"),
    ("back up", "backup"),
    ("e-mail", "mail"),
    ("e-id", "eid"),
    ("wi-fi", "wifi"),
    ("nis-2", "nis2"),
    ("nis 2", "nis2"),
    ("tik tok", "tiktok"),
    ("qr-code", "qrcode"),
    ("qr code", "qrcode"),
    ("two-factor", "mfa"),
    ("two factor", "mfa"),
    ("multi-factor", "mfa"),
    ("multifactor", "mfa"),
    ("twee-factor", "mfa"),
    ("tweefactor", "mfa"),
    ("tweestaps", "mfa"),
];

/// Words that name an article of a law, before its number.
const ARTICLE: [&str; 7] = [
    "art",
    "arts",
    "artikel",
    "artikels",
    "artikelen",
    "article",
    "articles",
];

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word, folded.
    pub text: String,
    /// Does it say nothing about a subject by itself?
    pub is_small: bool,
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

/// All words of a text, in order. "Art. 61" is one word, because its number says which.
pub fn all_words(text: &str) -> Vec<Word> {
    let mut folded = fold(text);
    for (written, one) in ONE_WORD {
        if folded.contains(written) {
            folded = folded.replace(written, one);
        }
    }
    let mut words: Vec<Word> = Vec::new();
    let mut after_article = false;
    for text in folded.split(|c: char| !c.is_alphanumeric()) {
        let length = text.chars().count();
        if length == 0 || length > LONGEST_WORD {
            continue;
        }
        let is_number = text.chars().all(|c| c.is_ascii_digit());
        if is_number && after_article && length <= 4 {
            words.pop();
            words.push(Word {
                text: format!("art{text}"),
                is_small: false,
            });
            after_article = false;
            continue;
        }
        after_article = ARTICLE.contains(&text);
        words.push(Word {
            is_small: length < 2 || is_number || stop_words::is_stop_word(text),
            text: text.to_owned(),
        });
    }
    words
}

/// The words of a text that say something about its subject, in order, repeats included.
pub fn words(text: &str) -> Vec<String> {
    all_words(text)
        .into_iter()
        .filter(|word| !word.is_small)
        .map(|word| word.text)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_meet_and_small_words_go() {
        assert_eq!(words("Hoe maak ik een Back-up?"), words("de backup"));
        assert_eq!(words("Mijn paswoord"), ["wachtwoord"]);
        assert_eq!(words("beëindigd coördinatie"), ["beeindigd", "coordinatie"]);
        assert_eq!(words("123456 (^ a:* \u{0}"), Vec::<String>::new());
    }

    #[test]
    fn the_number_of_an_article_stays_with_it() {
        assert_eq!(words("artikel 61 van het DLB"), ["art61", "dlb"]);
        assert_eq!(words("Art. 61 DLB"), ["art61", "dlb"]);
        assert_eq!(words("61 euro"), ["euro"]);
    }
}
