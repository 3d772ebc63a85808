//! Weights as a text, and back: a line for each feature, a letter for each outcome.
//!
//! Letters instead of numbers keep the file small and quick to read: `P` is nothing, each letter after it in ASCII one step
//! more, each before it one step less. What a feature says is shown by `evaluate --because`, not by this file.

use crate::domain::triage::trained::model::Model;
use crate::domain::triage::trained::outcome::OUTCOMES;
use crate::domain::triage::trained::table::Weights;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The letter of a weight of nothing.
const NOTHING: u8 = b'P';
/// A training makes steps far below this; with endless weights nothing could be compared.
const LARGEST_STEP: f64 = 1.0;
/// How the line begins that names the examples.
const MADE_FROM: &str = "made-from ";
/// How the line begins that says from how many tickets was learned; there is none where there were none.
const TICKETS: &str = "tickets ";
/// How the line begins that says what a step is worth.
const STEP: &str = "step ";
/// The first line: for whom to whom it doesn't speak.
const HEAD: &str =
    "# Made by `eerstelijn triage train` from examples/*.jsonl; train again instead of editing it.";

/// What is wrong with a text of weights.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}; train again with `eerstelijn triage train`")]
pub struct BadWeights {
    /// The line, counted from 1; 0 where none is meant.
    pub line: usize,
    /// What is wrong there.
    pub what: &'static str,
}

impl Model {
    /// As a text: always the same for the same weights.
    pub fn to_text(&self) -> String {
        let sorted: BTreeMap<&str, &Weights> = self.weights.iter().collect();
        let mut text = format!("{HEAD}\n{MADE_FROM}{}\n", self.made_from);
        if self.tickets > 0 {
            let _ = writeln!(text, "{TICKETS}{}", self.tickets);
        }
        let _ = writeln!(text, "{STEP}{:.6}", self.step);
        for (name, weights) in sorted {
            text.extend(weights.iter().map(|weight| letter(*weight)));
            let _ = writeln!(text, "\t{name}");
        }
        text
    }

    /// The weights of a text.
    ///
    /// # Errors
    /// The first line that is no line of weights.
    pub fn from_text(text: &str) -> Result<Self, BadWeights> {
        let bad = |line, what| BadWeights { line, what };
        let mut model = Self::default();
        for (line, text) in (1..).zip(text.lines()) {
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            if let Some(made_from) = text.strip_prefix(MADE_FROM) {
                made_from.clone_into(&mut model.made_from);
            } else if let Some(tickets) = text.strip_prefix(TICKETS) {
                let tickets = tickets.parse().ok();
                model.tickets = tickets.ok_or(bad(line, "this is no number of tickets"))?;
            } else if let Some(step) = text.strip_prefix(STEP) {
                let step: Option<f64> = step.parse().ok();
                let step = step.filter(|step| *step > 0.0 && *step <= LARGEST_STEP);
                model.step = step.ok_or(bad(line, "the step is no number between 0 and 1"))?;
            } else {
                let (letters, name) = text
                    .split_once('\t')
                    .ok_or(bad(line, "there are no weights in this line"))?;
                let weights = weights(letters.as_bytes())
                    .ok_or(bad(line, "these are not the weights of all outcomes"))?;
                model.weights.insert(name.into(), weights);
            }
        }
        if model.step == 0.0 || model.weights.is_empty() {
            return Err(bad(0, "there are no weights"));
        }
        Ok(model)
    }
}

fn letter(weight: i8) -> char {
    char::from(NOTHING.saturating_add_signed(weight))
}

fn weights(letters: &[u8]) -> Option<Weights> {
    let letters: &[u8; OUTCOMES] = letters.try_into().ok()?;
    let are_letters = letters.iter().all(u8::is_ascii_graphic);
    are_letters.then(|| letters.map(|letter| letter.wrapping_sub(NOTHING).cast_signed()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_back() {
        let mut model = Model {
            step: 0.043_21,
            made_from: "abc".to_owned(),
            ..Model::default()
        };
        let mut weights = [0; OUTCOMES];
        weights[0] = 46;
        weights[1] = -46;
        weights[2] = 3;
        model.weights.insert("# rare mail".into(), weights);
        model.weights.insert("~_ra".into(), [0; OUTCOMES]);
        let text = model.to_text();
        let again = Model::from_text(&text).unwrap();
        assert_eq!(again.to_text(), text);
        let rows = |model: &Model| -> BTreeMap<String, Weights> {
            let rows = model.weights.iter();
            rows.map(|(name, row)| (name.to_owned(), *row)).collect()
        };
        assert_eq!(rows(&again), rows(&model));
        assert_eq!(again.made_from, "abc");
    }

    #[test]
    fn what_is_no_line_of_weights_is_named() {
        for (text, line) in [
            ("", 0),
            ("step 0.1\n", 0),
            ("step -1\n", 1),
            ("step 1e308\n", 1),
            ("step NaN\n", 1),
            ("step 0.1\nPPP\tword\n", 2),
            ("step 0.1\nPPPPPPPPPPPPPPPPPPPPPPPPPP word\n", 2),
            ("step 0.1\nPPPPPPPPPPPPPPPPPPPPPPPPP\u{e9}\tword\n", 2),
        ] {
            assert_eq!(Model::from_text(text).unwrap_err().line, line, "{text}");
        }
    }
}
