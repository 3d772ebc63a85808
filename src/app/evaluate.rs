//! Measuring triage on labelled reports, and learning from them. Nothing is stored or sent.

use crate::domain::text::nameless::{CommonWords, Sieve};
use crate::domain::triage::assessment::Channel;
use crate::domain::triage::corrected::Corrections;
use crate::domain::triage::evaluation::Evaluation;
use crate::domain::triage::labelled::{Labelled, Labels};
use crate::domain::triage::lexicon::TriageRules;
use crate::domain::triage::teach::{learn, learn_corrected};
use crate::domain::triage::trained::fit::{Course, Lessons};
use crate::domain::triage::trained::model::Model;
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

/// Understands labelled reports and compares.
pub fn evaluate(rules: &TriageRules, reports: &[Labelled]) -> Evaluated {
    let mut evaluated = Evaluated::default();
    for report in reports {
        let assessment = report.understood(rules);
        let found = Labels::from(&assessment);
        let language = report.labels.language.unwrap_or(assessment.language);
        let channel = match report.channel {
            Channel::Mail => "mail",
            Channel::Chat => "chat",
        };
        let confidence = assessment.confidence;
        evaluated.all.count(&report.labels, &found, confidence);
        for part in [language.as_str(), channel] {
            let part = evaluated.parts.entry(part.to_owned()).or_default();
            part.count(&report.labels, &found, confidence);
            if let Some(facts) = &report.facts {
                part.count_facts(facts, &assessment.facts);
            }
        }
        if let Some(facts) = &report.facts {
            evaluated.all.count_facts(facts, &assessment.facts);
        }
        if !is_as_labelled(found, report.labels) {
            evaluated.mistakes.push(Mistake {
                id: report.id.clone(),
                labels: report.labels,
                found,
                confidence,
                because: assessment.because,
            });
        }
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
