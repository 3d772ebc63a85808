//! Reports that people of the team corrected, to learn from: what a person set, and nothing that only triage thought.

use crate::domain::text::nameless::Names;
use crate::domain::triage::assessment::{Channel, Report};
use crate::domain::triage::category::{Category, Kind, Severity};

/// One corrected report. Confidential: it still holds names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// The way it came.
    pub channel: Channel,
    /// The subject; empty for chat.
    pub subject: String,
    /// The reporter's own words, of all his messages up to the correction.
    pub text: String,
    /// The subjects of mails that he forwarded with it.
    pub forwarded: Vec<String>,
    /// What kind of message it is, where a person said so.
    pub kind: Option<Kind>,
    /// What it is about, where a person said so.
    pub category: Option<Category>,
    /// How bad it is, where a person said so, and it is an incident.
    pub severity: Option<Severity>,
    /// Whose ticket it is: several of one organisation are one where it matters that many said the same.
    pub organisation: String,
}

impl Corrected {
    /// Its words as triage sees them.
    pub fn report(&self) -> Report<'_> {
        Report {
            channel: self.channel,
            subject: &self.subject,
            text: &self.text,
            evidence: &self.forwarded,
            machine: None,
            earlier: None,
            asked: &[],
        }
    }
}

/// All corrected reports, and the names that must not be learned from any of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Corrections {
    /// The reports.
    pub reports: Vec<Corrected>,
    /// Names of reporters, of their organisations, of who wrote to them, and of the team.
    pub names: Names,
}
