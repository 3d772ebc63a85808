//! What goes into triage and what comes out of it.

use crate::domain::triage::category::{Category, Kind, Severity, closed_list};
use crate::domain::triage::facts::{Fact, FactKey, Facts};
use crate::domain::triage::indicator::Indicator;
use crate::domain::triage::language::Language;
use serde::{Deserialize, Serialize};

/// The way a report came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// By mail.
    Mail,
    /// By chat.
    Chat,
}

/// Can the attacker read what we send to the reporter? Once suspect, it stays so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChannelTrust {
    /// Nothing speaks against it.
    #[default]
    Unsuspected,
    /// His mailbox, or his machine, may be in the attacker's hands.
    Suspect,
}

/// A report as triage sees it: the reporter's own words, with evidence kept apart.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The way it came.
    pub channel: Channel,
    /// The subject, decoded; empty for chat.
    pub subject: &'a str,
    /// The reporter's own new words: no quote, signature, disclaimer or forwarded mail.
    pub text: &'a str,
    /// Texts that are evidence only, such as a forwarded mail: indicators come from here too,
    /// the category does not.
    pub evidence: &'a [String],
    /// What the machine gate found, where a machine wrote it.
    pub machine: Option<Kind>,
    /// What earlier messages of the same ticket said.
    pub earlier: Option<&'a Assessment>,
    /// The facts that our last reply asked after, in the order of its questions.
    pub asked: &'a [FactKey],
}

/// What is known when a message of a conversation arrives; nothing with the first.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// What earlier messages of the same ticket said.
    pub earlier: Option<&'a Assessment>,
    /// The facts that our last reply asked after, in the order of its questions.
    pub asked: &'a [FactKey],
}

closed_list! {
    /// What a reporter wants beside help.
    Wish {
        /// To speak with a human instead of the bot.
        Human = "human",
        /// To take his report back as a false alarm, now or earlier; he told of nothing worse since.
        TakenBack = "taken-back",
    }
}

/// A runner-up among the categories.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// The category.
    pub category: Category,
    /// How sure, from 0 to 1.
    pub confidence: f64,
}

/// What triage makes of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// Report, question, machine ...
    pub kind: Kind,
    /// The language of the reporter's own words.
    pub language: Language,
    /// The category, only for an incident or an alert.
    pub category: Option<Category>,
    /// How sure the category is, from 0 to 1.
    pub confidence: f64,
    /// The runners-up, best first.
    pub alternatives: Vec<Alternative>,
    /// The words that decided, as written by the reporter. Confidential.
    pub because: Vec<String>,
    /// What is known.
    pub facts: Facts,
    /// How bad; `low` where there is no incident.
    pub severity: Severity,
    /// Must a human be woken?
    pub page: bool,
    /// The words of a citizen with a problem of his own.
    pub citizen: bool,
    /// What he wants beside help.
    #[serde(default)]
    pub wish: Option<Wish>,
    /// Traces of the attacker.
    pub indicators: Vec<Indicator>,
}

impl Assessment {
    /// Is it taken for an incident only because nothing speaks against it? No word decided, no fact is known.
    /// Whoever writes to us alone is believed all the same; among people who chat it is most often small talk.
    pub fn is_a_guess(&self) -> bool {
        let named = self
            .category
            .is_some_and(|category| category != Category::Other);
        let known = |(_, fact): (FactKey, &Fact)| !fact.value.is_unknown();
        let any_fact = self.facts.iter().any(known);
        self.kind == Kind::Incident && !(named || self.page || any_fact) && self.because.is_empty()
    }

    /// What is left of it where it is no incident: whose language it is in, and the traces.
    #[must_use]
    pub fn of_no_incident(self, kind: Kind) -> Self {
        Self {
            kind,
            category: None,
            confidence: 0.0,
            alternatives: Vec::new(),
            because: Vec::new(),
            facts: Facts::default(),
            severity: Severity::Low,
            page: false,
            citizen: false,
            wish: None,
            ..self
        }
    }

    /// Does it tell of an incident, and of which category?
    pub(crate) fn names_an_incident(&self) -> bool {
        let is_named = self.category.is_some_and(|one| one != Category::Other);
        self.kind.tells_of_an_incident() && is_named
    }

    /// Was the report taken back, and nothing worse told since?
    pub fn is_taken_back(&self) -> bool {
        self.wish == Some(Wish::TakenBack)
    }

    /// Does it say that the attacker may be reading along where the reporter reads our answer?
    pub fn channel(&self) -> ChannelTrust {
        let gave_access = [
            FactKey::EnteredCredentials,
            FactKey::ApprovedMfa,
            FactKey::AdminRights,
        ];
        let suspect = self.category.is_some_and(Category::makes_channel_suspect)
            || gave_access.iter().any(|key| self.facts.get(*key).holds());
        if suspect {
            ChannelTrust::Suspect
        } else {
            ChannelTrust::Unsuspected
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::triage::facts::FactValue;

    fn incident() -> Assessment {
        Assessment {
            kind: Kind::Incident,
            language: Language::Nl,
            category: Some(Category::Other),
            confidence: 0.2,
            alternatives: Vec::new(),
            because: Vec::new(),
            facts: Facts::default(),
            severity: Severity::Medium,
            page: false,
            citizen: false,
            wish: None,
            indicators: Vec::new(),
        }
    }

    #[test]
    fn one_sign_is_enough_to_be_no_guess() {
        assert!(incident().is_a_guess());
        let mut known = incident();
        known.facts.state(FactKey::Ongoing, FactValue::Yes, "nu");
        let mut decided = incident();
        decided.because.push("raar".to_owned());
        let mut named = incident();
        named.category = Some(Category::Phishing);
        let mut pages = incident();
        pages.page = true;
        let mut question = incident();
        question.kind = Kind::Question;
        for assessment in [known, decided, named, pages, question] {
            assert!(!assessment.is_a_guess(), "{assessment:?}");
        }
    }
}
