//! What is learned from: reports with labels, and reports that somebody of the team corrected. How it is learned stands in
//! `trained::fit`.

use crate::domain::text::fold::Folded;
use crate::domain::text::nameless::Sieve;
use crate::domain::triage::corrected::Corrected;
use crate::domain::triage::labelled::{Labelled, Told};
use crate::domain::triage::lexicon::TriageRules;
use crate::domain::triage::reading::{Read, own_words};
use crate::domain::triage::severity::must_page;
use crate::domain::triage::trained::fit::{Lessons, Source};

/// Adds a labelled report of one message to what is learned from.
pub fn learn(rules: &TriageRules, labelled: &Labelled, lessons: &mut Lessons) {
    let Some(words) = labelled.only_words() else {
        return;
    };
    let report = labelled.report(&words, None);
    let text = own_words(&report);
    let folded = Folded::new(&text);
    let read = Read::new(rules, &report, &folded);
    let told = labelled.told();
    let ruling = told.category.map(|category| read.ruling(rules, category));
    lessons.add(&folded, &read.signals(), (&told, Source::Example), ruling);
}

/// Adds a corrected report to what is learned from, with a number for whose it is. What lexicon and rules make of it they
/// make of all its words; of the words themselves only those count that may be learned.
pub fn learn_corrected(
    rules: &TriageRules,
    (corrected, whose): (&Corrected, u32),
    sieve: Sieve<'_>,
    lessons: &mut Lessons,
) {
    let report = corrected.report();
    let text = own_words(&report);
    let read = Read::new(rules, &report, &Folded::new(&text));
    let category = corrected.category.unwrap_or(read.verdict.category);
    let told = Told {
        kind: corrected.kind,
        category: corrected.category,
        urgency: corrected
            .severity
            .map(|severity| (severity, must_page(severity, &read.facts))),
        facts: None,
    };
    let ruling = told.urgency.map(|_| read.ruling(rules, category));
    let source = Source::Ticket(whose);
    let let_through = sieve.words(&text);
    lessons.add(&let_through, &read.signals(), (&told, source), ruling);
}
