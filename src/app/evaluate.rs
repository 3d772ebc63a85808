//! Measuring triage on labelled reports, and learning from them. Nothing is stored or sent.

use crate::app::ports::{Knowledge, KnowledgeError};
use crate::app::triage_turns::{PlainMessage, inspect_turns};
use crate::domain::text::nameless::{CommonWords, Sieve};
use crate::domain::triage::assessment::{Assessment, Channel};
use crate::domain::triage::corrected::Corrections;
use crate::domain::triage::evaluation::Evaluation;
use crate::domain::triage::labelled::{Labelled, Labels};
use crate::domain::triage::lexicon::TriageRules;
use crate::domain::triage::teach::{learn, learn_corrected};
use crate::domain::triage::trained::fit::{Course, Lessons};
use crate::domain::triage::trained::model::Model;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A report that was not understood as labelled.
#[derive(Debug, Clone, PartialEq)]
pub struct Mistake {
    /// Which one.
    pub id: String,
    /// What it is.
    pub labels: Labels,
    /// What it was taken for.
    pub found: Labels,
    /// How sure triage was of the category, from 0 to 1.
    pub confidence: f64,
    /// The words that decided.
    pub because: Vec<String>,
}

/// What came of labelled reports.
#[derive(Debug, Clone, Default)]
pub struct Evaluated {
    /// The figures of all.
    pub all: Evaluation,
    /// Those of each language and of each channel, by name.
    pub parts: BTreeMap<String, Evaluation>,
    /// Each report whose kind, category, severity or page was not as labelled, in their order.
    pub mistakes: Vec<Mistake>,
}

impl Evaluated {
    fn count(&mut self, report: &Labelled, assessment: Assessment) {
        let found = Labels::from(&assessment);
        let language = report.labels.language.unwrap_or(assessment.language);
        let channel = match report.channel {
            Channel::Mail => "mail",
            Channel::Chat => "chat",
        };
        let confidence = assessment.confidence;
        self.all.count(&report.labels, &found, confidence);
        for part in [language.as_str(), channel] {
            let part = self.parts.entry(part.to_owned()).or_default();
            part.count(&report.labels, &found, confidence);
            if let Some(facts) = &report.facts {
                part.count_facts(facts, &assessment.facts);
            }
        }
        if let Some(facts) = &report.facts {
            self.all.count_facts(facts, &assessment.facts);
        }
        if !is_as_labelled(found, report.labels) {
            self.mistakes.push(Mistake {
                id: report.id.clone(),
                labels: report.labels,
                found,
                confidence,
                because: assessment.because,
            });
        }
    }
}

/// Understands labelled reports and compares. A conversation is understood as in service: with the questions that our
/// replies ask, so that "1) ja 2) nee" answers them.
///
/// # Errors
/// Where a memo can't be looked up.
pub fn evaluate(
    knowledge: &dyn Knowledge,
    reports: &[Labelled],
    now: Timestamp,
) -> Result<Evaluated, KnowledgeError> {
    let handbook = knowledge.handbook();
    let mut evaluated = Evaluated::default();
    for report in reports {
        let talked = talked(knowledge, report, now)?;
        let alone = || report.understood(&handbook.triage);
        evaluated.count(report, talked.unwrap_or_else(alone));
    }
    Ok(evaluated)
}

/// What is known after the last message of a conversation; none of a report that is none.
fn talked(
    knowledge: &dyn Knowledge,
    report: &Labelled,
    now: Timestamp,
) -> Result<Option<Assessment>, KnowledgeError> {
    let messages: Vec<PlainMessage<'_>> = report
        .turns
        .iter()
        .map(|text| PlainMessage {
            channel: report.channel,
            subject: &report.subject,
            text,
        })
        .collect();
    if messages.is_empty() {
        return Ok(None);
    }
    let last = inspect_turns(knowledge, &messages, now)?.pop();
    Ok(last.map(|inspection| inspection.assessment))
}

/// The same of words and rules alone: what training is judged by. Only single reports are learned from and judged by.
pub fn evaluate_rules(rules: &TriageRules, reports: &[Labelled]) -> Evaluated {
    let mut evaluated = Evaluated::default();
    for report in reports {
        evaluated.count(report, report.understood(rules));
    }
    evaluated
}

/// Whatever isn't labelled is right; of what is no incident only the kind counts.
fn is_as_labelled(found: Labels, labels: Labels) -> bool {
    let urgency_is = labels.page.is_none_or(|page| found.page == Some(page))
        && (labels.category.is_none()
            || labels.severity.is_none_or(|of| found.severity == Some(of)));
    found.kind == labels.kind && found.category == labels.category && urgency_is
}

/// Learns from labelled examples and corrected tickets; the words and rules must be those that will be used with what is learned.
pub fn train(
    rules: &TriageRules,
    examples: &[Labelled],
    corrections: &Corrections,
    made_from: &str,
) -> Model {
    let mut lessons = Lessons::default();
    for example in examples {
        learn(rules, example, &mut lessons);
    }
    if !corrections.reports.is_empty() {
        let texts = examples
            .iter()
            .flat_map(|example| [example.subject.as_str(), example.text.as_str()]);
        let common = CommonWords::of(texts);
        let sieve = Sieve {
            names: &corrections.names,
            common: &common,
        };
        let mut known: BTreeMap<&str, u32> = BTreeMap::new();
        for corrected in &corrections.reports {
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            let whose = *known.entry(&corrected.organisation).or_insert(next);
            learn_corrected(rules, (corrected, whose), sieve, &mut lessons);
        }
    }
    lessons.fit(&Course::MEASURED, made_from)
}

/// The same words and rules with other weights.
pub fn with_weights(rules: &TriageRules, model: Model) -> TriageRules {
    TriageRules {
        trained: Some(Arc::new(model)),
        ..rules.clone()
    }
}
