//! All that the bot may say and decide with, in one version.

use crate::domain::duty::{Duty, DutyId};
use crate::domain::guidance::contacts::Contacts;
use crate::domain::guidance::playbook::Playbook;
use crate::domain::triage::category::Category;
use crate::domain::triage::language::Language;
use crate::domain::triage::lexicon::TriageRules;
use std::collections::BTreeMap;

/// The knowledge folder in one version. A decision names this version, so that it can be replayed.
#[derive(Debug, Clone)]
pub struct Handbook {
    /// sha256 over all files, in hexadecimal.
    pub version: String,
    /// A playbook for each category.
    pub playbooks: BTreeMap<Category, Playbook>,
    /// Telephone numbers and addresses.
    pub contacts: Contacts,
    /// Legal duties.
    pub duties: BTreeMap<DutyId, Duty>,
    /// What triage decides with.
    pub triage: TriageRules,
}

/// A passage that search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// The memo, playbook or other entry: `mfa`, `account-compromise`.
    pub id: String,
    /// What kind of entry it is.
    pub kind: PassageKind,
    /// The heading of the section.
    pub section: String,
    /// The title of the entry.
    pub title: String,
    /// sha256 of the file, in hexadecimal.
    pub version: String,
    /// Where the whole entry can be read, where it has an address.
    pub url: Option<String>,
    /// How well it fits; comparable within one search only.
    pub score: f64,
    /// How sure it is that it is what was asked for, from 0 (enough to be shown by mail) to 1; comparable between
    /// searches: for the measured questions 19 of 20 first answers with [`BEYOND_DOUBT`] and more are right.
    pub sureness: f64,
    /// The text of the section, plain.
    pub text: String,
}

impl Passage {
    /// As records name it: `id#section@version`.
    pub fn name(&self) -> String {
        format!("{}#{}@{}", self.id, self.section, self.version)
    }

    /// How sure it is, as people are told.
    pub fn surety(&self) -> Surety {
        if self.sureness >= SURE {
            Surety::Sure
        } else {
            Surety::Perhaps
        }
    }
}

/// How sure it is that a passage is about what was asked, as people are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surety {
    /// Nothing needs to be said.
    Sure,
    /// It may be about something else.
    Perhaps,
}

/// From this sureness on nothing needs to be said: a reply by mail wants less, an answer in the lobby more.
const SURE: f64 = 0.65;

/// From this sureness on a memo answers in a room full of people. Measured: `tests/corpora/questions.rs`.
pub const BEYOND_DOUBT: f64 = 0.80;

/// The kinds of entry that search finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PassageKind {
    /// First-line guidance.
    Playbook,
    /// A knowledge article.
    Memo,
    /// A reporting obligation of the inventory.
    Obligation,
    /// A framework contract.
    Contract,
    /// A legal notification duty.
    Duty,
}

impl PassageKind {
    /// As the command line and the templates name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Playbook => "playbook",
            Self::Memo => "memo",
            Self::Obligation => "obligation",
            Self::Contract => "contract",
            Self::Duty => "duty",
        }
    }

    /// What it is called in a language of a reply.
    pub fn in_words(self, language: Language) -> &'static str {
        let [nl, fr, en] = match self {
            Self::Playbook => ["Draaiboek", "Fiche réflexe", "Playbook"],
            Self::Memo => ["Memo", "Mémo", "Memo"],
            Self::Obligation => [
                "Rapportageverplichting",
                "Obligation de rapport",
                "Reporting obligation",
            ],
            Self::Contract => ["Raamcontract", "Accord-cadre", "Framework contract"],
            Self::Duty => ["Meldplicht", "Obligation de notification", "Duty to notify"],
        };
        match language.for_reply() {
            Language::Fr => fr,
            Language::En => en,
            _ => nl,
        }
    }

    /// Is it told in each language of a reply? The others are in Dutch.
    pub fn has_translations(self) -> bool {
        matches!(self, Self::Playbook | Self::Duty)
    }
}
