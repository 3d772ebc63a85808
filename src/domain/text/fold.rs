//! Text cut into folded words, each with its exact place in the original.
//!
//! Folding is for comparing only: lower case, NFKC, no diacritics, hyphens and blanks alike. What is
//! shown to people is always cut from the original with [`Folded::quote`]. Addresses and links are
//! kept as empty words, so that nobody's domain name counts as something the reporter said.

use unicode_normalization::UnicodeNormalization;

/// What stands between a word and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// A blank, a hyphen, an apostrophe.
    Close,
    /// A comma, a bracket, a colon: another part of the same sentence.
    Clause,
    /// The end of a sentence or of a line.
    Sentence,
}

/// One folded word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The folded letters and digits; empty for a link or an address.
    pub text: String,
    /// The byte where it begins in the original.
    pub start: usize,
    /// The byte after its end in the original.
    pub end: usize,
    /// What stands before it.
    pub before: Gap,
    /// Does a question mark follow before the next word?
    pub asked: bool,
}

/// A text in folded words.
#[derive(Debug, Clone)]
pub struct Folded<'a> {
    original: &'a str,
    /// The words in order.
    pub words: Vec<Word>,
}

impl<'a> Folded<'a> {
    /// Cuts and folds. Time and space are linear in the length of the text.
    pub fn new(original: &'a str) -> Self {
        let mut cutter = Cutter::default();
        let mut at = 0;
        for chunk in original.split_inclusive(char::is_whitespace) {
            let bare = chunk.trim_end();
            if is_address(bare) {
                cutter.address(at, bare);
            } else {
                cutter.chunk(at, bare);
            }
            cutter.close();
            if chunk.ends_with('\n') {
                cutter.line_ends();
            }
            at += chunk.len();
        }
        Self {
            original,
            words: cutter.words,
        }
    }

    /// The original words from the first to the last of these two, as the reporter wrote them.
    pub fn quote(&self, first: usize, last: usize) -> &'a str {
        let start = self.words.get(first).map_or(0, |word| word.start);
        let end = self.words.get(last).map_or(0, |word| word.end);
        self.original.get(start..end).unwrap_or_default()
    }

    /// Does this sign stand right before a byte of the original, at most one blank between?
    pub fn stands_before(&self, byte: usize, sign: char) -> bool {
        let before = self.original.get(..byte).unwrap_or_default();
        let before = before.strip_suffix(char::is_whitespace).unwrap_or(before);
        before.ends_with(sign)
    }

    /// Does this sign stand right before one byte or right behind another, at most one blank between?
    pub fn stands_beside(&self, start: usize, end: usize, sign: char) -> bool {
        let behind = self.original.get(end..).unwrap_or_default();
        let behind = behind.strip_prefix(char::is_whitespace).unwrap_or(behind);
        self.stands_before(start, sign) || behind.starts_with(sign)
    }
}

/// The folded words of a short text, joined by one blank: how phrases of the lexicon are kept.
pub fn fold(text: &str) -> String {
    let folded = Folded::new(text);
    let words: Vec<&str> = folded.words.iter().map(|word| word.text.as_str()).collect();
    words.join(" ")
}

/// The beginning of a text, at most this many bytes, cut at a character.
pub fn at_most(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

fn is_address(chunk: &str) -> bool {
    let web = |scheme: &str| {
        chunk
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    chunk.contains("://") || web("www.") || web("hxxp") || (chunk.len() > 3 && chunk.contains('@'))
}

/// Line ends inside a paragraph are where a mail program wrapped; an empty line, a list item or a
/// capital after it ends a sentence. To tell them apart the cutter waits for the next word.
#[derive(Default)]
struct Cutter {
    words: Vec<Word>,
    current: Option<Word>,
    gap: Option<Gap>,
    after_line_end: bool,
}

impl Cutter {
    fn address(&mut self, at: usize, chunk: &str) {
        self.close();
        self.open(at, ' ');
        if let Some(word) = &mut self.current {
            word.end = at + chunk.len();
        }
        self.close();
        self.ends(chunk);
    }

    /// A link at the end of a sentence takes its full stop with it.
    fn ends(&mut self, chunk: &str) {
        match chunk.chars().next_back() {
            Some('?') => self.mark('?'),
            Some('.' | '!' | ';') => self.widen(Gap::Sentence),
            Some(',' | ')' | ':') => self.widen(Gap::Clause),
            _ => {}
        }
    }

    fn chunk(&mut self, at: usize, chunk: &str) {
        let mut chars = chunk.char_indices().peekable();
        while let Some((offset, letter)) = chars.next() {
            let place = at + offset;
            let next = chars.peek().map(|(_, next)| *next);
            if letter.is_alphanumeric() {
                self.letter(place, letter);
            } else if is_invisible(letter) {
                if let Some(word) = &mut self.current {
                    word.end = place + letter.len_utf8();
                }
            } else if matches!(letter, '\'' | '’' | '`' | '´') {
                let rest = chunk.get(offset + letter.len_utf8()..).unwrap_or_default();
                self.apostrophe(rest);
                if matches!(lone_letter(rest), Some('s' | 'S')) && !self.words.is_empty() {
                    chars.next();
                }
            } else if matches!(letter, '.' | ',') && self.in_number(next) {
                self.push(place, letter, letter);
            } else {
                self.close();
                self.mark(letter);
            }
        }
    }

    /// "pc's" is "pc", "didn't" is "didnt", "j'ai" is "j ai".
    fn apostrophe(&mut self, rest: &str) {
        if !matches!(lone_letter(rest), Some('t' | 'T')) {
            self.close();
        }
    }

    fn in_number(&self, next: Option<char>) -> bool {
        let digit_before = self
            .current
            .as_ref()
            .is_some_and(|word| word.text.ends_with(|c: char| c.is_ascii_digit()));
        digit_before && next.is_some_and(|c| c.is_ascii_digit())
    }

    fn letter(&mut self, place: usize, letter: char) {
        if letter.is_ascii() {
            self.push(place, letter, letter.to_ascii_lowercase());
            return;
        }
        let spelled: Option<&str> = match letter {
            'ß' => Some("ss"),
            'œ' | 'Œ' => Some("oe"),
            'æ' | 'Æ' => Some("ae"),
            'ø' | 'Ø' => Some("o"),
            'ł' | 'Ł' => Some("l"),
            _ => None,
        };
        if let Some(spelled) = spelled {
            for plain in spelled.chars() {
                self.push(place, letter, plain);
            }
            return;
        }
        for part in std::iter::once(letter).nfkd().flat_map(char::to_lowercase) {
            if part.is_alphanumeric() {
                self.push(place, letter, part);
            }
        }
    }

    fn push(&mut self, place: usize, written: char, folded: char) {
        if self.current.is_none() {
            self.open(place, written);
        }
        if let Some(word) = &mut self.current {
            word.text.push(folded);
            word.end = place + written.len_utf8();
        }
    }

    fn open(&mut self, place: usize, first: char) {
        let mut before = self.gap.take().unwrap_or(Gap::Close);
        if self.after_line_end && first.is_uppercase() {
            before = Gap::Sentence;
        }
        self.after_line_end = false;
        self.current = Some(Word {
            text: String::new(),
            start: place,
            end: place,
            before,
            asked: false,
        });
    }

    fn close(&mut self) {
        self.words.extend(self.current.take());
    }

    fn mark(&mut self, sign: char) {
        match sign {
            '?' => {
                if let Some(word) = self.words.last_mut() {
                    word.asked = true;
                }
                self.widen(Gap::Sentence);
            }
            '.' | '!' | ';' | '…' | '•' | '*' | '。' => self.widen(Gap::Sentence),
            ',' | ':' | '(' | ')' | '"' | '«' | '»' | '“' | '”' | '–' | '—' => {
                self.widen(Gap::Clause);
            }
            _ => {}
        }
    }

    fn line_ends(&mut self) {
        if self.after_line_end {
            self.widen(Gap::Sentence);
        }
        self.after_line_end = true;
    }

    fn widen(&mut self, gap: Gap) {
        self.gap = Some(self.gap.map_or(gap, |known| known.max(gap)));
    }
}

/// Signs that take no place of their own: zero-width signs, soft hyphens, loose accents.
pub(crate) fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{300}'..='\u{36f}')
}

/// The letter after an apostrophe when the word ends there.
fn lone_letter(rest: &str) -> Option<char> {
    let mut chars = rest.chars();
    let first = chars.next()?;
    let ends = !chars.next().is_some_and(char::is_alphanumeric);
    ends.then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_case_accents_hyphens_and_apostrophes() {
        for (written, folded) in [
            ("CEO-fraude", "ceo fraude"),
            ("Geëncrypteerd!", "geencrypteerd"),
            ("de pc's  van\nonze collega’s", "de pc van onze collega"),
            ("J'ai cliqué, hélas", "j ai clique helas"),
            ("I didn't click", "i didnt click"),
            ("ﬁles Ｅncrypted", "files encrypted"),
            ("e\u{301}te\u{301} pass\u{ad}word", "ete password"),
            ("12.500,50 euro.", "12.500,50 euro"),
            ("kijk op https://evil.example/login nu", "kijk op  nu"),
        ] {
            assert_eq!(fold(written), folded, "{written}");
        }
    }

    #[test]
    fn quotes_are_the_bytes_of_the_original() {
        let text = "Nu: \u{1f600} “Géhackt” e\u{301}n leeg";
        let folded = Folded::new(text);
        assert_eq!(folded.quote(1, 1), "Géhackt");
        assert_eq!(folded.quote(1, 2), "Géhackt” e\u{301}n");
        assert_eq!(folded.quote(7, 9), "");
    }

    #[test]
    fn gaps_and_questions_are_seen() {
        let folded = Folded::new("Niet geklikt, wel geopend. Wat nu?\nhelp ons");
        let gaps: Vec<Gap> = folded.words.iter().map(|word| word.before).collect();
        assert_eq!(gaps[2], Gap::Clause);
        assert_eq!(gaps[4], Gap::Sentence);
        assert!(folded.words[5].asked);
        assert_eq!(gaps[6], Gap::Sentence);
    }

    #[test]
    fn hostile_text_only_costs_its_length() {
        let text = "\u{fdfa}'s't@\u{0}".repeat(2000);
        assert!(Folded::new(at_most(&text, 4096)).words.len() < 4096);
        assert_eq!(at_most("één", 1), "");
    }
}
