//! A report with the labels that a careful expert gave it: what the classifier learns from and is measured on.
//!
//! Only the values; where such lines stand and how they are read is the adapter's.

use crate::domain::text::own_words::{Borne, words_of_plain_mail};
use crate::domain::triage::assess::assess;
use crate::domain::triage::assessment::{Assessment, Channel, Report};
use crate::domain::triage::category::{Category, Kind, Severity};
use crate::domain::triage::facts::{FactKey, FactValue};
use crate::domain::triage::language::Language;
use crate::domain::triage::lexicon::TriageRules;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// What somebody who knows says of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    /// Report, question, subscription, other.
    pub kind: Kind,
    /// The category; only for an incident or an alert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// How bad it is; `low` where there is no incident. Examples always have it; what is only measured may leave it out.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// Must a human be woken? May be left out like the severity.
    #[serde(default)]
    pub page: Option<bool>,
    /// The language, where it was labelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

/// The facts that a report tells. What isn't among them it doesn't tell.
pub type LabelledFacts = BTreeMap<FactKey, FactValue>;

/// What a report that is learned from is said to be: of an example all is told, of a ticket what a person set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told<'a> {
    /// Report, question, subscription, other.
    pub kind: Option<Kind>,
    /// What it is about.
    pub category: Option<Category>,
    /// How bad it is, and whether a human must be woken; only for an incident.
    pub urgency: Option<(Severity, bool)>,
    /// The facts.
    pub facts: Option<&'a LabelledFacts>,
}

/// A labelled report: the fields of a line of `triage --jsonl`, and the labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Labelled {
    /// A name, to find it again by. Lines of `triage --jsonl` may have any JSON value there: it is kept as it is written.
    #[serde(default, deserialize_with = "any_id")]
    pub id: String,
    /// The way it came.
    pub channel: Channel,
    /// The subject; empty for chat.
    #[serde(default)]
    pub subject: String,
    /// What the reporter wrote.
    #[serde(default)]
    pub text: String,
    /// His messages in order, where there are several: then the labels are of all of them together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<String>,
    /// What it is.
    #[serde(flatten)]
    pub labels: Labels,
    /// What it tells; none where nobody labelled the facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<LabelledFacts>,
}

fn any_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(id) => id,
        other => other.to_string(),
    })
}

/// Why labels contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// An incident of no category.
    #[error("an incident needs a category")]
    NoCategory,
    /// A category of what is no incident.
    #[error("only an incident or an alert has a category")]
    Category,
    /// Only machines send these, and what a machine sent is told by its headers.
    #[error("the kind must be incident, question, subscription or other")]
    Machine,
    /// No incident, and yet bad.
    #[error("what is no incident is low and wakes nobody")]
    Severity,
    /// Critical wakes always; medium and low never do.
    #[error("critical always wakes; medium and low never do")]
    Page,
    /// How bad it is, or whether it wakes, isn't labelled.
    #[error("severity and page are needed to learn from it")]
    Unlabelled,
    /// Nothing to read.
    #[error("the text is empty")]
    NoText,
}

impl Labelled {
    /// What its labels tell.
    pub fn told(&self) -> Told<'_> {
        let Labels {
            kind,
            category,
            severity,
            page,
            ..
        } = self.labels;
        Told {
            kind: Some(kind),
            category,
            urgency: category.and(severity.zip(page)),
            facts: self.facts.as_ref(),
        }
    }

    /// Are the labels complete, and do they agree with each other, so that it can be learned from? What is only measured need
    /// not be: it is counted as it is labelled.
    ///
    /// # Errors
    /// The first contradiction.
    pub fn check(&self) -> Result<(), Contradiction> {
        let Labels {
            kind,
            category,
            severity,
            page,
            ..
        } = self.labels;
        if self.messages().all(|text| text.trim().is_empty()) {
            return Err(Contradiction::NoText);
        }
        if kind.is_machine() {
            return Err(Contradiction::Machine);
        }
        match (kind.tells_of_an_incident(), category) {
            (true, None) => return Err(Contradiction::NoCategory),
            (false, Some(_)) => return Err(Contradiction::Category),
            _ => {}
        }
        let Some((severity, page)) = severity.zip(page) else {
            return Err(Contradiction::Unlabelled);
        };
        if category.is_none() && (page || severity != Severity::Low) {
            return Err(Contradiction::Severity);
        }
        match severity {
            Severity::Critical if !page => Err(Contradiction::Page),
            Severity::Medium | Severity::Low if page => Err(Contradiction::Page),
            _ => Ok(()),
        }
    }

    /// The messages, in order.
    fn messages(&self) -> impl Iterator<Item = &str> {
        let one = self.turns.is_empty().then_some(self.text.as_str());
        one.into_iter().chain(self.turns.iter().map(String::as_str))
    }

    /// The words that triage sees of its only message; none where there are several.
    pub fn only_words(&self) -> Option<Borne> {
        self.turns.is_empty().then(|| self.words_of(&self.text))
    }

    /// The reporter's own words in one of his messages.
    fn words_of(&self, text: &str) -> Borne {
        match self.channel {
            Channel::Mail => words_of_plain_mail(&self.subject, text).0,
            Channel::Chat => Borne {
                text: text.to_owned(),
                evidence: Vec::new(),
            },
        }
    }

    /// These of its words as triage sees them.
    pub fn report<'a>(&'a self, words: &'a Borne, earlier: Option<&'a Assessment>) -> Report<'a> {
        Report {
            channel: self.channel,
            subject: &self.subject,
            text: &words.text,
            evidence: &words.evidence,
            machine: None,
            earlier,
            asked: &[],
        }
    }

    /// What triage makes of it; of several messages, what it makes of the last after the others, without the questions that
    /// our replies ask (those `app::evaluate` knows).
    pub fn understood(&self, rules: &TriageRules) -> Assessment {
        let mut earlier: Option<Assessment> = None;
        let mut last = None;
        for text in self.messages() {
            let words = self.words_of(text);
            let found = assess(rules, &self.report(&words, earlier.as_ref()));
            // What is no incident opens no ticket, and the next message is a first one.
            earlier = found.kind.tells_of_an_incident().then(|| found.clone());
            last = Some(found);
        }
        last.unwrap_or_else(|| assess(rules, &self.report(&Borne::default(), None)))
    }
}

impl From<&Assessment> for Labels {
    fn from(assessment: &Assessment) -> Self {
        Self {
            kind: assessment.kind,
            category: assessment.category,
            severity: Some(assessment.severity),
            page: Some(assessment.page),
            language: Some(assessment.language),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(labels: &str) -> Labelled {
        let json = format!(r#"{{"id":"a","channel":"chat","text":"site plat",{labels}}}"#);
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn an_id_may_be_any_json_value() {
        for (id, expected) in [("\"a\"", "a"), ("7", "7"), ("null", ""), ("[1]", "[1]")] {
            let line = format!(
                r#"{{"id":{id},"channel":"chat","text":"dank u","kind":"other","category":null,"severity":"low","page":false}}"#
            );
            let labelled: Labelled = serde_json::from_str(&line).unwrap();
            assert_eq!(labelled.id, expected);
        }
    }

    #[test]
    fn labels_that_contradict_each_other_are_refused() {
        for (labels, expected) in [
            (
                r#""kind":"incident","category":"outage","severity":"medium","page":false"#,
                Ok(()),
            ),
            (
                r#""kind":"question","severity":"low","page":false,"language":"nl""#,
                Ok(()),
            ),
            (
                r#""kind":"incident","severity":"medium","page":false"#,
                Err(Contradiction::NoCategory),
            ),
            (
                r#""kind":"other","category":"outage","severity":"low","page":false"#,
                Err(Contradiction::Category),
            ),
            (
                r#""kind":"bounce","severity":"low","page":false"#,
                Err(Contradiction::Machine),
            ),
            (
                r#""kind":"question","severity":"high","page":false"#,
                Err(Contradiction::Severity),
            ),
            (
                r#""kind":"incident","category":"ddos","page":false"#,
                Err(Contradiction::Unlabelled),
            ),
            (
                r#""kind":"incident","category":"ddos","severity":"critical","page":false"#,
                Err(Contradiction::Page),
            ),
            (
                r#""kind":"incident","category":"ddos","severity":"medium","page":true"#,
                Err(Contradiction::Page),
            ),
        ] {
            assert_eq!(line(labels).check(), expected, "{labels}");
        }
        let mut blank = line(r#""kind":"other","severity":"low","page":false"#);
        blank.text = " \n".to_owned();
        assert_eq!(blank.check(), Err(Contradiction::NoText));
    }
}
