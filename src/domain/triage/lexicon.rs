//! The words that triage knows: phrases per category, kind and fact, with their weight.
//!
//! Only the values; `adapters::knowledge` loads them from `knowledge/lexicon/*.toml`, and
//! `triage::assess` matches them.

use crate::domain::triage::category::{Category, Kind, Severity};
use crate::domain::triage::facts::{FactKey, FactValue};
use crate::domain::triage::language::Language;
use crate::domain::triage::matching::Index;
use crate::domain::triage::severity::SeverityRules;
use crate::domain::triage::trained::model::Model;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// What a hint weighs: a word of the topic that tells of nothing alone. Several together name a category
/// where nothing else does; they never make a question an incident.
pub const HINT: f64 = 0.6;

/// One phrase that speaks for something.
#[derive(Debug, Clone, PartialEq)]
pub struct Phrase<T> {
    /// What it speaks for.
    pub means: T,
    /// The language it belongs to.
    pub language: Language,
    /// The phrase as `triage::matching` reads it: `valse mail`, or `wachtwoord/paswoord ~ ingevuld`.
    pub words: String,
    /// How much it says: [`HINT`] for a word of the topic, 1 for a weak word, 2 for a normal one, 3 for a strong one, 5 where it
    /// decides by itself.
    pub weight: f64,
}

/// A fact that a phrase states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactSign {
    /// Which fact.
    pub key: FactKey,
    /// What it states when not negated.
    pub value: FactValue,
}

/// All words that triage knows.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    /// Phrases for the 17 categories.
    pub categories: Vec<Phrase<Category>>,
    /// Phrases for question, subscription, other.
    pub kinds: Vec<Phrase<Kind>>,
    /// Phrases that state facts.
    pub facts: Vec<Phrase<FactSign>>,
    /// Words that turn a statement round.
    pub negations: Vec<(Language, String)>,
    /// Words that leave a statement open.
    pub doubts: Vec<(Language, String)>,
    /// Words of a citizen with a problem of his own.
    pub citizen: Vec<(Language, String)>,
    /// Words of somebody who speaks for an organisation: then he is no such citizen.
    pub organisation: Vec<(Language, String)>,
    /// Words of somebody who wants to speak with a human instead of the bot.
    pub human: Vec<(Language, String)>,
    /// Words of somebody who asks to be called, or whether anybody is there: alone they are a report.
    pub plea: Vec<(Language, String)>,
    /// Words that take a report back.
    pub false_alarm: Vec<(Language, String)>,
    /// Nouns that are also meant when they end a longer word: "dienstlaptop".
    pub compounds: Vec<String>,
    /// Words that exist and are never a mistyped word of the lexicon.
    pub not_typos: Vec<String>,
    /// The words made ready for matching, at first use. Change no list after that.
    pub(crate) index: OnceLock<Arc<Index>>,
}

impl Lexicon {
    /// The words ready for matching.
    pub(crate) fn index(&self) -> &Index {
        self.index.get_or_init(|| Arc::new(Index::new(self)))
    }
}

/// What triage decides with: the words, and the severity rules of each category.
#[derive(Debug, Clone)]
pub struct TriageRules {
    /// The words.
    pub lexicon: Lexicon,
    /// How bad each category is; a category without rules is `medium`.
    pub severity: BTreeMap<Category, SeverityRules>,
    /// What was learned from labelled reports; without it the words decide alone.
    pub trained: Option<Arc<Model>>,
}

impl TriageRules {
    /// The severity rules of a category.
    pub fn severity_of(
        &self,
        category: Category,
        facts: &crate::domain::triage::facts::Facts,
    ) -> Severity {
        self.severity
            .get(&category)
            .map_or(Severity::Medium, |rules| rules.level(facts))
    }
}
