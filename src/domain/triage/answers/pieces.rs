//! Cuts an answer into its pieces, and reads the number that the reporter set before one: "1) ja 2) nee".
//!
//! What a piece says stands in `answers::verdict`.

use crate::domain::triage::answers::verdict::{begins_an_answer, is_yes_or_no};

/// More pieces than these are no answer to three questions.
const MOST_PIECES: usize = 60;

/// Words that stand before the number of a question.
const NUMBERED_BY: &[&str] = &[
    "vraag", "op", "punt", "nr", "nr.", "antwoord", "question", "q", "point", "numero", "numéro",
    "no", "number", "answer", "on", "to", "la", "v",
];

/// Words that begin another piece.
const JOINS: &[&str] = &["en", "et", "and", "maar", "mais", "but"];

/// A part of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// The question that it answers, from 0, where the reporter numbered his answers.
    pub(super) number: Option<usize>,
    /// Its words.
    pub(super) text: String,
    /// Is it the first of its line?
    pub(super) begins_line: bool,
}

impl Piece {
    fn is_empty(&self) -> bool {
        !self.text.chars().any(char::is_alphanumeric)
    }
}

/// The pieces of an answer to so many questions, in order: cut at numbers, line ends, sentence ends, commas and "en".
/// A number belongs to all that stands behind it, up to the next one.
pub(super) fn cut(text: &str, questions: usize) -> Vec<Piece> {
    let mut cutter = Cutter::new(questions);
    for line in text.lines() {
        cutter.line(line);
        if cutter.pieces.len() >= MOST_PIECES {
            break;
        }
    }
    cutter.pieces
}

struct Cutter {
    questions: usize,
    number: Option<usize>,
    current: String,
    begins_line: bool,
    pieces: Vec<Piece>,
}

impl Cutter {
    fn new(questions: usize) -> Self {
        Self {
            questions,
            number: None,
            current: String::new(),
            begins_line: true,
            pieces: Vec::new(),
        }
    }

    fn line(&mut self, line: &str) {
        self.begins_line = true;
        let spaced = spaced(line);
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let word = |at: usize| words.get(at).copied().unwrap_or_default();
        for (at, token) in words.iter().enumerate() {
            let before = at.checked_sub(1).map_or("", &word);
            if let Some(number) = self.label(before, token, word(at + 1)) {
                self.drop_last_word_if_it_names(before);
                self.close();
                self.number = Some(number);
                continue;
            }
            let joins = JOINS.contains(&token.to_lowercase().as_str());
            let says = is_yes_or_no(token);
            if joins || says && self.current.split_whitespace().all(is_yes_or_no) {
                self.close();
            }
            if matches!(*token, "-" | "/" | "–" | "|" | "+") {
                self.close();
                continue;
            }
            self.current.push_str(token);
            self.current.push(' ');
            if token.ends_with([',', '.', '!', ';', '?']) {
                self.close();
            }
        }
        self.close();
    }

    /// The number of a question, from 0, where this word is one: "1)", "2.", "b)", "3°", or a bare "2" before an
    /// answer or behind "vraag".
    fn label(&self, before: &str, token: &str, next: &str) -> Option<usize> {
        let bare = token.trim_end_matches([')', '.', ':', '/', '-', '°', '=', '>']);
        let bare = bare.trim_start_matches(['(', '-', '#', '*', '>']);
        let marked = bare.len() < token.trim_start_matches(['-', '*', '>']).len();
        let mut letters = bare.chars();
        let (Some(sign), None) = (letters.next(), letters.next()) else {
            return None;
        };
        let number = match sign {
            '1'..='9' => sign.to_digit(10)? as usize - 1,
            'a'..='c' | 'A'..='C' if token.ends_with(')') => {
                sign.to_ascii_lowercase() as usize - 'a' as usize
            }
            _ => return None,
        };
        let named = NUMBERED_BY.contains(&before.to_lowercase().as_str());
        let starts = self.current.is_empty() || named;
        let answered = starts && begins_an_answer(next);
        // "Neen, 2." counts something; a number that begins nothing is none.
        let begins = starts || token.ends_with([')', ':', '/', '=']);
        let counted = number < self.questions && !next.is_empty();
        (counted && begins && (marked || named || answered)).then_some(number)
    }

    /// "Op" and "vraag" before a number belong to it.
    fn drop_last_word_if_it_names(&mut self, before: &str) {
        if NUMBERED_BY.contains(&before.to_lowercase().as_str()) {
            let kept = self.current.trim_end().len().saturating_sub(before.len());
            self.current.truncate(kept);
        }
    }

    fn close(&mut self) {
        let piece = Piece {
            number: self.number,
            text: std::mem::take(&mut self.current).trim().to_owned(),
            begins_line: self.begins_line,
        };
        if !piece.is_empty() {
            self.begins_line = false;
            self.pieces.push(piece);
        }
    }
}

/// "1)ja 2)nee" with blanks behind the numbers.
fn spaced(line: &str) -> String {
    let letters: Vec<char> = line.chars().take(2_000).collect();
    let mut spaced = String::with_capacity(line.len() + 8);
    for (at, letter) in letters.iter().enumerate() {
        spaced.push(*letter);
        let back = |steps: usize| at.checked_sub(steps).and_then(|at| letters.get(at));
        let follows_digit = back(1).is_some_and(char::is_ascii_digit);
        let alone = back(2).is_none_or(|before| !before.is_alphanumeric() && *before != '.');
        let before_letter = letters.get(at + 1).is_some_and(|next| next.is_alphabetic());
        let sign = matches!(letter, ')' | '.' | ':' | '/' | '-' | '=' | '°');
        if sign && follows_digit && alone && before_letter {
            spaced.push(' ');
        }
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<(Option<usize>, String)> {
        let cut = cut(text, 3).into_iter();
        cut.map(|piece| (piece.number, piece.text)).collect()
    }

    #[test]
    fn numbers_of_questions_are_told_from_numbers_that_count() {
        let said = |number: Option<usize>, text: &str| (number, text.to_owned());
        assert_eq!(
            pieces("1) ja 2) nee"),
            [said(Some(0), "ja"), said(Some(1), "nee")]
        );
        assert_eq!(
            pieces("1)ja 2)nee"),
            [said(Some(0), "ja"), said(Some(1), "nee")]
        );
        assert_eq!(
            pieces("1. ja\n3. weet ik niet"),
            [said(Some(0), "ja"), said(Some(2), "weet ik niet")]
        );
        assert_eq!(
            pieces("Op 1: nee, op 2: ja een paar"),
            [said(Some(0), "nee,"), said(Some(1), "ja een paar")]
        );
        assert_eq!(
            pieces("a) oui b) non"),
            [said(Some(0), "oui"), said(Some(1), "non")]
        );
        assert_eq!(
            pieces("nee ja nee"),
            [said(None, "nee"), said(None, "ja"), said(None, "nee")]
        );
        assert_eq!(
            pieces("ja / 120 ongeveer / nee"),
            [
                said(None, "ja"),
                said(None, "120 ongeveer"),
                said(None, "nee")
            ]
        );
        assert_eq!(pieces("neen 2 pc's"), [said(None, "neen 2 pc's")]);
        assert_eq!(pieces("2."), [said(None, "2.")]);
        assert_eq!(
            pieces("Ja en nee, bedankt."),
            [
                said(None, "Ja"),
                said(None, "en nee,"),
                said(None, "bedankt.")
            ]
        );
    }

    #[test]
    fn a_long_text_has_a_bounded_number_of_pieces() {
        assert!(cut(&"ja\n".repeat(100_000), 3).len() <= MOST_PIECES);
        assert!(cut(&"1) ".repeat(100_000), 3).len() <= MOST_PIECES);
    }
}
