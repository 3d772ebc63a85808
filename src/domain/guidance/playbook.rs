//! A playbook: the first-line guidance for one category of incident, as the knowledge folder states it.

use crate::domain::duty::DutyId;
use crate::domain::triage::category::Category;
use crate::domain::triage::condition::Condition;
use crate::domain::triage::facts::FactKey;
use crate::domain::triage::language::Language;
use crate::domain::triage::severity::SeverityRules;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One text in the three languages of the product.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// Dutch.
    pub nl: String,
    /// French.
    pub fr: String,
    /// English.
    pub en: String,
}

impl Wording {
    /// The text for a reader of this language.
    pub fn in_language(&self, language: Language) -> &str {
        match language.for_reply() {
            Language::Fr => &self.fr,
            Language::En => &self.en,
            _ => &self.nl,
        }
    }
}

/// The four blocks of a playbook, in the order of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Block {
    /// What to do now.
    Now,
    /// What not to do.
    Avoid,
    /// What to keep as evidence.
    Keep,
    /// Whom to tell.
    Notify,
}

impl Block {
    /// All four, in order.
    pub const ALL: [Self; 4] = [Self::Now, Self::Avoid, Self::Keep, Self::Notify];

    /// The heading of the block in the playbook's file and in a reply.
    pub fn heading(self, language: Language) -> &'static str {
        match (self, language.for_reply()) {
            (Self::Now, Language::Fr) => "À faire maintenant",
            (Self::Now, Language::En) => "Do now",
            (Self::Now, _) => "Nu doen",
            (Self::Avoid, Language::Fr) => "À ne pas faire",
            (Self::Avoid, Language::En) => "Do not",
            (Self::Avoid, _) => "Niet doen",
            (Self::Keep, Language::Fr) => "À conserver",
            (Self::Keep, Language::En) => "Keep",
            (Self::Keep, _) => "Bewaren",
            (Self::Notify, Language::Fr) => "À prévenir",
            (Self::Notify, Language::En) => "Notify",
            (Self::Notify, _) => "Verwittigen",
        }
    }
}

/// One line of guidance, for the facts under which it is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Only when this holds; always where nothing is written.
    pub when: Option<Condition>,
    /// The line. May name contacts as `[[card-stop]]`.
    pub text: String,
}

/// A question that fills a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its short name within the playbook.
    pub id: String,
    /// The fact it fills; asked only while that is unknown.
    pub fact: FactKey,
    /// The question.
    pub text: Wording,
}

/// A legal duty that this category may start.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyTrigger {
    /// Which duty.
    pub id: DutyId,
    /// Only when this holds.
    #[serde(default)]
    pub when: Option<Condition>,
}

/// The guidance for one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Playbook {
    /// Which category.
    pub category: Category,
    /// sha256 of the file, in hexadecimal: which version was used.
    pub version: String,
    /// Its title.
    pub title: Wording,
    /// What it is about in one line.
    pub line: Wording,
    /// Reference Security Incident Taxonomy, `class/type`.
    pub rsit: Vec<String>,
    /// Severity rules over facts.
    pub severity: SeverityRules,
    /// Questions, most telling first.
    pub questions: Vec<Question>,
    /// Legal duties.
    pub duties: Vec<DutyTrigger>,
    /// Checklist items per track (technical, legal, communication, organisational, contractual), Dutch.
    pub tracks: BTreeMap<String, Vec<String>>,
    /// The lines per language and block, most helpful first.
    pub items: BTreeMap<(Language, Block), Vec<Item>>,
}

impl Playbook {
    /// The lines of one block for a reader of this language.
    pub fn block(&self, language: Language, block: Block) -> &[Item] {
        self.items
            .get(&(language.for_reply(), block))
            .map_or(&[], Vec::as_slice)
    }
}
