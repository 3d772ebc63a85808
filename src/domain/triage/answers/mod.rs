//! The reporter answers what we asked: "ja", "neen 2 pc's", "1) ja 2) nee", "geklikt wel, ingevuld niet".
//!
//! Only what can be told for one question is taken: a bare "ja" to three questions says nothing, and they are asked
//! again. What the answer states in words of its own is read by `fact_reading`, as in any report.

mod pieces;
mod taken_back;
mod topics;
mod verdict;

#[cfg(test)]
mod cases;

use crate::domain::text::fold::{Folded, at_most};
use crate::domain::triage::answers::pieces::{Piece, cut};
use crate::domain::triage::answers::taken_back::said_after_all;
use crate::domain::triage::answers::topics::is_about;
use crate::domain::triage::answers::verdict::{Read, Verdict};
use crate::domain::triage::facts::{FactKey, FactValue, Facts};

/// What stands behind this much text is no answer to a question.
const MOST_TEXT: usize = 4 * 1024;
/// A piece of so many words may answer with a mere "niet" in it.
const SHORT: usize = 7;
/// "Ingevuld nee": a piece of so few words that names what was asked is nothing but its answer.
const NAMED: usize = 3;

/// "Neen op alles."
const ALL_DENIED: &[&str] = &[
    "geen van drie",
    "geen van de drie",
    "geen van beide",
    "geen van beiden",
    "geen van alle",
    "geen van allen",
    "geen van die dingen",
    "niets van dat",
    "niets van dit",
    "niets van die",
    "niks van dat",
    "niks van die",
    "nee op alles",
    "neen op alles",
    "nee op alle",
    "neen op alle",
    "driemaal nee",
    "driemaal neen",
    "drie keer nee",
    "drie keer neen",
    "twee keer nee",
    "tweemaal nee",
    "allemaal nee",
    "allemaal neen",
    "alle drie nee",
    "alle drie neen",
    "alledrie nee",
    "alledrie neen",
    "beide nee",
    "beide neen",
    "nee op beide",
    "neen op beide",
    "ni l un ni l autre",
    "aucun des trois",
    "aucun des deux",
    "rien de tout cela",
    "rien de tout ca",
    "non a tout",
    "non partout",
    "non aux deux",
    "non aux trois",
    "neither",
    "none of them",
    "none of these",
    "none of those",
    "none of that",
    "none of the above",
    "no to all",
    "no to both",
    "no on all",
];
/// "Ja op alles."
const ALL_GRANTED: &[&str] = &[
    "ja op alles",
    "ja op alle",
    "ja alles",
    "ja allebei",
    "allebei ja",
    "alle drie ja",
    "alledrie ja",
    "driemaal ja",
    "drie keer ja",
    "twee keer ja",
    "tweemaal ja",
    "ja op beide",
    "beide ja",
    "allemaal ja",
    "ja alledrie",
    "ja alle drie",
    "oui a tout",
    "oui partout",
    "oui aux deux",
    "oui aux trois",
    "yes to all",
    "yes to both",
    "all yes",
    "both yes",
];

/// Completes what a message states in its own words with what it answers to our questions; `known` is what earlier
/// messages said. Danger that is told in words is never answered away, and a denial that is taken back is gone.
pub(crate) fn complete(stated: &mut Facts, known: Option<&Facts>, text: &str, asked: &[FactKey]) {
    if let Some(known) = known {
        // A question asks; whether it is about another matter, a human must see.
        let text = at_most(text, MOST_TEXT);
        let pieces = if text.contains('?') {
            Vec::new()
        } else {
            cut(text, 0)
        };
        let after_all: Vec<FactKey> = said_after_all(known, stated, &pieces).collect();
        for key in after_all {
            stated.state(key, FactValue::Yes, "");
        }
    }
    for answer in read(text, asked) {
        if answer.may_stand(stated, known) {
            stated.state(answer.key, answer.value, answer.because());
        }
    }
}

/// How it is known which question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sureness {
    /// The reporter named what it asks, with a yes or no beside it and hardly a word more: "ingevuld nee".
    Named,
    /// The reporter wrote its number.
    Numbered,
    /// By the order of the answers, or because there is no other.
    Inferred,
}

/// The answer to one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Answer {
    key: FactKey,
    value: FactValue,
    sureness: Sureness,
}

impl Answer {
    /// Against what the message states in its own words, and what was known before.
    fn may_stand(self, stated: &Facts, known: Option<&Facts>) -> bool {
        let told = stated.get(self.key);
        let softer = match self.key {
            FactKey::Contained => !self.value.is_denied() && told.is_denied(),
            _ => !self.value.holds() && told.holds(),
        };
        match self.sureness {
            _ if told.is_unknown() && self.sureness != Sureness::Inferred => true,
            Sureness::Named => true,
            Sureness::Numbered => !self.value.is_unknown() && !softer,
            Sureness::Inferred => {
                told.is_unknown() && known.is_none_or(|known| known.get(self.key).is_unknown())
            }
        }
    }

    /// Only the answer's own sign is kept as its words: behind it may stand a password.
    fn because(self) -> &'static str {
        match self.value {
            FactValue::Yes => "ja",
            FactValue::No => "neen",
            FactValue::Unknown | FactValue::Number(_) => "",
        }
    }
}

/// What an answer states of the facts that were asked, in the order of the questions. Empty where nothing was asked.
fn read(text: &str, asked: &[FactKey]) -> Vec<Answer> {
    if asked.is_empty() {
        return Vec::new();
    }
    let text = at_most(text, MOST_TEXT);
    let mut answers = Answers {
        asked,
        pieces: cut(text, asked.len()),
        found: Vec::new(),
    };
    if answers.are_numbered() {
        answers.by_number();
        return answers.found;
    }
    answers.by_topic();
    if !(answers.for_all(text) || answers.by_line() || answers.in_order(text)) {
        answers.by_the_only(text);
    }
    answers.found
}

struct Answers<'a> {
    asked: &'a [FactKey],
    pieces: Vec<Piece>,
    found: Vec<Answer>,
}

impl Answers<'_> {
    fn add(&mut self, key: FactKey, value: FactValue, sureness: Sureness) {
        if !self.found.iter().any(|answer| answer.key == key) {
            self.found.push(Answer {
                key,
                value,
                sureness,
            });
        }
    }

    fn are_numbered(&self) -> bool {
        self.pieces.iter().any(|piece| piece.number.is_some())
    }

    /// The reporter numbered his answers. One that says what was asked says yes, unless it denies.
    fn by_number(&mut self) {
        for (at, key) in self.asked.iter().enumerate() {
            let of_this = self.pieces.iter().filter(|piece| piece.number == Some(at));
            let whole: Vec<&str> = of_this.map(|piece| piece.text.as_str()).collect();
            let whole = whole.join(" ");
            if let Some(value) = value(*key, &whole).or_else(|| affirmed(*key, &whole)) {
                self.add(*key, value, Sureness::Numbered);
            }
        }
    }

    /// "Geklikt ja, ingevuld nee."
    fn by_topic(&mut self) {
        for piece in self.pieces.clone() {
            let folded = Folded::new(&piece.text);
            let read = Read::new(&folded);
            if read.size() < 2 || read.size() > 2 * SHORT {
                continue;
            }
            let mut about = self.asked.iter().filter(|key| is_about(**key, &read));
            if let (Some(key), None) = (about.next(), about.next())
                && let Some(value) = value(*key, &piece.text)
            {
                let named = read.says_yes_or_no() && read.size() <= NAMED;
                let sureness = if named {
                    Sureness::Named
                } else {
                    Sureness::Inferred
                };
                self.add(*key, value, sureness);
            }
        }
    }

    /// "Neen op alles", "ja op alle drie", or nothing but "nee".
    fn for_all(&mut self, text: &str) -> bool {
        let folded = Folded::new(text);
        let read = Read::new(&folded);
        let any = |phrases: &[&str]| phrases.iter().any(|phrase| read.says(phrase));
        let short = read.size() <= 2 * SHORT;
        let unknown = read.verdict() == Some(Verdict::Unknown);
        let denied = short && !unknown && any(ALL_DENIED);
        let several = self.asked.len() > 1;
        let value = if denied || several && read.is_a_mere_no() {
            FactValue::No
        } else if short && !unknown && any(ALL_GRANTED) {
            FactValue::Yes
        } else if several && unknown && read.size() <= SHORT && !read.says_yes_or_no() {
            FactValue::Unknown
        } else {
            return false;
        };
        for key in self.asked {
            let fits = match value {
                FactValue::Yes => !is_counted(*key),
                FactValue::No => denied || !is_counted(*key),
                _ => true,
            };
            if fits {
                self.add(*key, value, Sureness::Inferred);
            }
        }
        true
    }

    /// The pieces that begin with an answer.
    fn answering(&self) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().filter(|piece| {
            let folded = Folded::new(&piece.text);
            Read::new(&folded).leads()
        })
    }

    /// "Ja, ja, nee", or an answer on each line: as many as there are questions.
    fn in_order(&mut self, text: &str) -> bool {
        let folded = Folded::new(text);
        let answering: Vec<Piece> = self.answering().cloned().collect();
        let as_many = answering.len() == self.asked.len() && answering.len() > 1;
        if !as_many || Read::new(&folded).corrects() {
            return false;
        }
        for (key, piece) in self.asked.iter().zip(answering) {
            if let Some(value) = value(*key, &piece.text) {
                self.add(*key, value, Sureness::Inferred);
            }
        }
        true
    }

    /// An answer on each line, as many as there are questions.
    fn by_line(&mut self) -> bool {
        let begins = |piece: &&Piece| piece.begins_line;
        let lines: Vec<Piece> = self.pieces.iter().filter(begins).cloned().collect();
        if lines.len() != self.asked.len() || lines.len() < 2 {
            return false;
        }
        let said = self.asked.iter().zip(&lines).map(|(key, line)| {
            let value = value(*key, &line.text).or_else(|| affirmed(*key, &line.text));
            value.map(|value| (*key, value))
        });
        // A greeting is no answer: then the lines are not in the order of the questions.
        let Some(said) = said.collect::<Option<Vec<_>>>() else {
            return false;
        };
        for (key, value) in said {
            self.add(key, value, Sureness::Inferred);
        }
        true
    }

    /// One question, and an answer at the head, or any short one.
    fn by_the_only(&mut self, text: &str) {
        let [key] = self.asked else { return };
        let folded = Folded::new(text);
        if Read::new(&folded).corrects() {
            self.add(*key, FactValue::No, Sureness::Inferred);
            return;
        }
        let leading = self.answering().next();
        let short = || {
            let mut pieces = self.pieces.iter();
            pieces.find(|piece| value(*key, &piece.text).is_some())
        };
        let said = leading.or_else(short);
        if let Some(value) = said.and_then(|piece| value(*key, &piece.text)) {
            self.add(*key, value, Sureness::Inferred);
        }
    }
}

/// Says what was asked, and denies nothing of it: yes.
fn affirmed(key: FactKey, text: &str) -> Option<FactValue> {
    let folded = Folded::new(text);
    let read = Read::new(&folded);
    let yes = is_about(key, &read) && read.affirms() && !is_counted(key);
    yes.then_some(FactValue::Yes)
}

fn is_counted(key: FactKey) -> bool {
    matches!(
        key,
        FactKey::Amount | FactKey::PeopleAffected | FactKey::DevicesAffected
    )
}

/// What a piece says of a fact.
fn value(key: FactKey, text: &str) -> Option<FactValue> {
    let folded = Folded::new(text);
    let read = Read::new(&folded);
    let counts = is_counted(key) || key == FactKey::ServersAffected;
    if counts && let Some(number) = read.number() {
        return Some(FactValue::Number(number));
    }
    let said = read.leads() || read.size() <= SHORT;
    match read.verdict().filter(|_| said)? {
        Verdict::Yes if is_counted(key) => None,
        Verdict::Yes => Some(FactValue::Yes),
        Verdict::No => Some(FactValue::No),
        Verdict::Unknown => Some(FactValue::Unknown),
    }
}
