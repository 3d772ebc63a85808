//! How much words weigh, as editors know it: `search/words.toml`.
//!
//! Words of speech say nothing about a subject, those of the trade little; words of daily life in a town hall stand
//! in examples everywhere, and a question that is full of them is about something else. What stands in no list
//! weighs by how rare it is.

use crate::adapters::knowledge::front_matter;
use crate::adapters::knowledge::search::words::Words;
use crate::adapters::knowledge::trouble::Trouble;
use crate::domain::triage::language::Language;
use serde::Deserialize;

/// The file.
pub const PATH: &str = "search/words.toml";

/// What kind of word it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// It can be what a question is about.
    Subject,
    /// It is said of everything in this trade.
    Trade,
    /// It says nothing about a subject.
    Speech,
    /// It is of daily life in a town hall.
    Town,
}

/// The lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Everyday {
    dutch: Words<String>,
    french: Words<String>,
    english: Words<String>,
    trade: Words<String>,
    town: Words<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    speech: Lists,
    trade: Lists,
    town: Lists,
}

/// Words between blanks, by language or for all.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    #[serde(default)]
    nl: String,
    #[serde(default)]
    fr: String,
    #[serde(default)]
    en: String,
    #[serde(default)]
    all: String,
}

/// Reads the file.
///
/// # Errors
/// Where it isn't in order.
pub fn load(text: &str) -> Result<Everyday, Trouble> {
    let file: File = front_matter::read(PATH, text, 1)?;
    let words = |text: &str| {
        text.split_whitespace()
            .map(str::to_owned)
            .collect::<Words<_>>()
    };
    let together = |lists: &Lists| {
        [&lists.nl, &lists.fr, &lists.en, &lists.all]
            .into_iter()
            .flat_map(|text| words(text))
            .collect()
    };
    let speech = |text: &str| {
        let mut speech = words(text);
        speech.extend(words(&file.speech.all));
        speech
    };
    Ok(Everyday {
        dutch: speech(&file.speech.nl),
        french: speech(&file.speech.fr),
        english: speech(&file.speech.en),
        trade: together(&file.trade),
        town: together(&file.town),
    })
}

impl Everyday {
    /// What kind of word this folded word is, in a question of this language.
    pub(super) fn class(&self, word: &str, language: Language) -> Class {
        let speech = match language {
            Language::Fr => &self.french,
            Language::En => &self.english,
            _ => &self.dutch,
        };
        if self.town.contains(word) {
            Class::Town
        } else if self.trade.contains(word) {
            Class::Trade
        } else if speech.contains(word) {
            Class::Speech
        } else {
            Class::Subject
        }
    }
}
