//! Words by number: what a text is made of, each different word looked at once.
//!
//! The same for what is indexed and what is asked, so that both meet. What words mean stands in `synonyms`.

use crate::adapters::knowledge::search::stop_words;
use crate::adapters::knowledge::search::words::{ByWord, Word, pieces};

/// The longest word that is kept, in characters; longer ones are hashes or noise.
const LONGEST_WORD: usize = 40;
/// The longest number of an article.
const LONGEST_ARTICLE: usize = 4;

/// Spellings within a word that are made one.
const RESPELT: [(&str, &str); 8] = [
    ("phising", "phishing"),
    ("pishing", "phishing"),
    ("paswoord", "wachtwoord"),
    ("pasword", "wachtwoord"),
    ("multifactor", "mfa"),
    ("tweefactor", "mfa"),
    ("twofactor", "mfa"),
    ("tweestaps", "mfa"),
];
/// Two words that are one: the first, how the second begins, and the one.
const JOINED: [(&str, &str, &str); 8] = [
    ("back", "up", "backup"),
    ("e", "mail", "mail"),
    ("wi", "fi", "wifi"),
    ("tik", "tok", "tiktok"),
    ("qr", "code", "qrcode"),
    ("two", "factor", "mfa"),
    ("multi", "factor", "mfa"),
    ("twee", "factor", "mfa"),
];
/// The same, where the second is all there is.
const JOINED_AS_THEY_ARE: [(&str, &str, &str); 2] = [("nis", "2", "nis2"), ("e", "id", "eid")];
/// A rule of backups that is known by its numbers, and how these are written: a version or an address is no rule.
const THREE_TWO_ONE: ([&str; 2], &str, &str) = (["3", "2"], "1", "regel321");
const AS_A_RULE: &str = "3-2-1";
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

/// The number of a word in a vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WordId(u32);

impl WordId {
    /// Its place among all words.
    pub(super) fn place(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// All different words of some texts.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// As they are written, folded. A word that is too long has no number.
    numbers: ByWord<String, Option<WordId>>,
    words: Vec<Word>,
}

impl Vocabulary {
    /// The words of a text, in order. "Art. 61" is one word, because its number says which.
    pub(super) fn read(&mut self, text: &str) -> Vec<WordId> {
        let mut read: Vec<WordId> = Vec::new();
        let names_the_rule = text.contains(AS_A_RULE);
        for piece in pieces(text) {
            let Some(word) = self.number(&piece) else {
                continue;
            };
            let rule = names_the_rule.then(|| self.rule(&read, word)).flatten();
            match rule.or_else(|| self.joined(&read, word)) {
                Some((before, one)) => {
                    read.truncate(read.len().saturating_sub(before));
                    read.extend(self.number(&one));
                }
                None => read.push(word),
            }
        }
        read
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// All words, in the order of their numbers.
    pub(super) fn words(&self) -> impl Iterator<Item = &Word> {
        self.words.iter()
    }

    /// A word by its number.
    pub(super) fn word(&self, id: WordId) -> Option<&Word> {
        self.words.get(id.place())
    }

    fn text(&self, id: Option<&WordId>) -> &str {
        id.and_then(|id| self.word(*id))
            .map(|word| word.text.as_str())
            .unwrap_or_default()
    }

    /// The number of a folded word.
    fn number(&mut self, piece: &str) -> Option<WordId> {
        if let Some(known) = self.numbers.get(piece) {
            return *known;
        }
        let id = u32::try_from(self.words.len())
            .ok()
            .filter(|_| piece.chars().count() <= LONGEST_WORD)
            .map(WordId);
        if id.is_some() {
            self.words.push(word(respelt(piece)));
        }
        self.numbers.insert(piece.to_owned(), id);
        id
    }

    /// The rule of three, two and one, where this is its last number.
    fn rule(&self, before: &[WordId], word: WordId) -> Option<(usize, String)> {
        let (numbers, last, one) = THREE_TWO_ONE;
        let (second, first) = before.split_last()?;
        let is_rule = self.text(Some(&word)) == last
            && [self.text(first.last()), self.text(Some(second))] == numbers;
        is_rule.then(|| (numbers.len(), one.to_owned()))
    }

    /// What a word becomes with those before it, and how many of these it takes in.
    fn joined(&self, before: &[WordId], word: WordId) -> Option<(usize, String)> {
        let word = self.word(word).filter(|word| word.is_second)?;
        let last = self.text(before.last());
        let exactly = JOINED_AS_THEY_ARE
            .iter()
            .find(|(first, second, _)| last == *first && word.text == *second)
            .map(|(_, _, one)| (*one).to_owned());
        let begun = || {
            JOINED.iter().find_map(|(first, second, one)| {
                let rest = word.text.strip_prefix(second)?;
                (last == *first).then(|| format!("{one}{rest}"))
            })
        };
        let article = || {
            let is_article =
                word.is_number && word.text.len() <= LONGEST_ARTICLE && ARTICLE.contains(&last);
            is_article.then(|| format!("art{}", word.text))
        };
        let one = exactly.or_else(begun).or_else(article)?;
        Some((1, one))
    }
}

fn respelt(piece: &str) -> String {
    let mut text = piece.to_owned();
    for (written, one) in RESPELT {
        // Most words are shorter than what is respelt.
        if text.len() >= written.len() && text.contains(written) {
            text = text.replace(written, one);
        }
    }
    text
}

fn word(text: String) -> Word {
    let is_number = text.chars().all(|c| c.is_ascii_digit());
    let is_second = is_number
        || JOINED.iter().any(|(_, second, _)| text.starts_with(second))
        || JOINED_AS_THEY_ARE
            .iter()
            .any(|(_, second, _)| text == *second);
    Word {
        is_small: is_number || text.chars().nth(1).is_none() || stop_words::is_stop_word(&text),
        is_number,
        is_second,
        text,
    }
}
