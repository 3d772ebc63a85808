//! How well answers to our questions are understood: 130 of one hand that the rules were made on, 120 of another hand
//! that are only measured. A third and more of those are hard on purpose.

#![cfg(test)]

use crate::corpora::{per_cent, say};
use eerstelijn::adapters::knowledge::{KnowledgeBase, OrganisationWords};
use eerstelijn::app::ports::Knowledge;
use eerstelijn::app::understand::assess_words;
use eerstelijn::domain::triage::assessment::Known;
use eerstelijn::domain::triage::facts::{FactKey, FactValue, Facts};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Row {
    asked: Vec<FactKey>,
    text: String,
    facts: BTreeMap<FactKey, FactValue>,
}

#[derive(Default)]
struct Figures {
    asked: usize,
    right: usize,
    wrong: usize,
}

fn measured(set: &str) -> Figures {
    let knowledge = KnowledgeBase::embedded(OrganisationWords::default()).unwrap();
    let handbook = knowledge.handbook();
    let report = "Er is iets gebeurd bij ons, wij willen een incident melden.";
    let mut first = assess_words(&handbook, report, Known::default());
    first.facts = Facts::default();
    let mut figures = Figures::default();
    for line in set.lines() {
        let row: Row = serde_json::from_str(line).unwrap();
        let known = Known {
            earlier: Some(&first),
            asked: &row.asked,
        };
        let found = assess_words(&handbook, &row.text, known);
        for key in &row.asked {
            let wanted = row.facts.get(key).copied().unwrap_or_default();
            let got = found.facts.get(*key);
            let same = wanted == got || wanted.is_denied() && got.is_denied();
            figures.asked += 1;
            figures.right += usize::from(same);
            figures.wrong += usize::from(!same && !got.is_unknown());
        }
    }
    figures
}

#[test]
fn answers_fill_the_facts_that_were_asked() {
    for (name, set, least, most_wrong) in [
        (
            "answers",
            include_str!("../fixtures/triage/answers.jsonl"),
            77.0,
            6.0,
        ),
        (
            "answers of another hand",
            include_str!("../fixtures/triage/answers-measured.jsonl"),
            67.0,
            8.0,
        ),
    ] {
        let Figures {
            asked,
            right,
            wrong,
        } = measured(set);
        let (right, wrong) = (per_cent(right, asked), per_cent(wrong, asked));
        say(&format!(
            "{name}: of {asked} facts that were asked {right:.1} % are read as labelled, {wrong:.1} % otherwise; the rest is asked again"
        ));
        assert!(right >= least, "{name}: {right:.1} %");
        assert!(wrong <= most_wrong, "{name}: {wrong:.1} % are misread");
    }
}
