//! Legal notification duties: who must be told, and how long there is.
//!
//! Only the facts of a duty stand here. Which duty a ticket touches stands in its playbook; reminders
//! and dossiers are not built yet.

use crate::domain::guidance::playbook::Wording;
use crate::domain::triage::category::closed_list;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The short name of a duty in `knowledge/duties.toml`, for example `D1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DutyId(pub String);

impl DutyId {
    /// As answers and records name the duty: `duty:D1`.
    pub fn entry_id(&self) -> String {
        format!("duty:{self}")
    }
}

impl fmt::Display for DutyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One legal duty as the knowledge folder states it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Duty {
    /// Its short name.
    pub id: DutyId,
    /// One line for a reporter, in Dutch, French and English: who, within how long.
    pub clock: Wording,
    /// Hours until the deadline, where the law gives a number.
    pub deadline_hours: Option<u32>,
    /// The article of law.
    pub article: String,
    /// What it is called.
    pub name: Wording,
    /// Who must be told. More than one may mean that it is disputed: then `disputed` says so.
    pub addressees: Vec<String>,
    /// When it applies, in Dutch.
    pub trigger: String,
    /// By which way it is done, in Dutch; empty where that is not known.
    pub channel: String,
    /// What must be in it, in Dutch.
    pub contents: Vec<String>,
    /// Where sources disagree: both views, and who decides, in Dutch. Empty where nothing is disputed.
    pub disputed: String,
    /// Public pages about it.
    pub urls: Vec<String>,
    /// How well it is known.
    pub certainty: Certainty,
    /// The day on which somebody last compared it with its sources, as `2026-11-01`.
    pub checked_on: String,
}

closed_list! {
    /// How well a statement of the knowledge is known.
    Certainty {
        /// Found in public material.
        Stored = "stored",
        /// In part found, in part general knowledge.
        Mixed = "mixed",
        /// General knowledge that nobody confirmed yet.
        General = "general",
    }
}

impl Default for Certainty {
    /// What states nothing is not confirmed.
    fn default() -> Self {
        Self::General
    }
}
