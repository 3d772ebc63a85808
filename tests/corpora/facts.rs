//! Which facts are read out of reports whose facts nothing learned from: labels by hand, `FILE-ID` after the file of
//! `knowledge/examples` and the id in it. The figures stand in the log; the floors are what was reached.

#![cfg(test)]

use crate::corpora::say;
use eerstelijn::adapters::knowledge::files::embedded_examples;
use eerstelijn::adapters::knowledge::{KnowledgeBase, OrganisationWords};
use eerstelijn::app::ports::Knowledge;
use eerstelijn::domain::triage::assess::assess;
use eerstelijn::domain::triage::facts::{FactKey, FactValue};
use eerstelijn::domain::triage::labelled::Labelled;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Deserialize)]
struct Row {
    id: String,
    facts: BTreeMap<FactKey, FactValue>,
}

#[derive(Default, Clone, Copy)]
struct Figures {
    labelled: u32,
    right: u32,
    wrong: u32,
}

impl Figures {
    fn precision(self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.wrong).max(1))
    }

    fn recall(self) -> f64 {
        f64::from(self.right) / f64::from(self.labelled.max(1))
    }
}

fn reports() -> BTreeMap<String, Labelled> {
    let mut reports = BTreeMap::new();
    for (path, text) in embedded_examples() {
        let file = Path::new(&path)
            .file_stem()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let labelled: Labelled = serde_json::from_str(line).unwrap();
            reports.insert(format!("{file}-{}", labelled.id), labelled);
        }
    }
    reports
}

/// Compares what is read with the labels.
fn measured<'a>(lines: impl Iterator<Item = &'a str>) -> Figures {
    let knowledge = KnowledgeBase::embedded(OrganisationWords::default()).unwrap();
    let handbook = knowledge.handbook();
    let reports = reports();
    let mut figures: BTreeMap<FactKey, Figures> = BTreeMap::new();
    for line in lines {
        let row: Row = serde_json::from_str(line).unwrap();
        let labelled = &reports[&row.id];
        assert!(labelled.facts.is_none(), "{}: learned from", row.id);
        let words = labelled.only_words().unwrap();
        let found = assess(&handbook.triage, &labelled.report(&words, None));
        for key in FactKey::ALL {
            let wanted = row.facts.get(key).copied().unwrap_or_default();
            let got = found.facts.get(*key);
            let of = figures.entry(*key).or_default();
            of.labelled += u32::from(!wanted.is_unknown());
            of.right += u32::from(!got.is_unknown() && wanted.says_the_same(got));
            of.wrong += u32::from(!got.is_unknown() && !wanted.says_the_same(got));
        }
    }
    let mut all = Figures::default();
    for (key, of) in &figures {
        all.labelled += of.labelled;
        all.right += of.right;
        all.wrong += of.wrong;
        say(&format!(
            "facts: {key} told {} times, read {:.2}, of what is read {:.2} right",
            of.labelled,
            of.recall(),
            of.precision()
        ));
    }
    let (recall, precision) = (all.recall(), all.precision());
    say(&format!(
        "facts: of {} told, read {recall:.3}, of what is read {precision:.3} right",
        all.labelled
    ));
    all
}

#[test]
fn facts_are_read_out_of_reports() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/triage/facts.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    let of = measured(text.lines());
    assert!(of.labelled > 400, "{}", of.labelled);
    assert!(of.recall() >= 0.55, "{:.3}", of.recall());
    assert!(of.precision() >= 0.77, "{:.3}", of.precision());
}
