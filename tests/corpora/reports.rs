//! How well reports are understood: the labelled reports that are kept apart (`knowledge/examples/measured.jsonl`, by other
//! hands than those that are learned from), and conversations, of which the last message is judged.
//!
//! The figures stand in the log of the tests; the floors below are what was reached, so that nothing gets worse unseen.

#![cfg(test)]

use super::say;
use eerstelijn::adapters::knowledge::examples::{Examples, read_lines, version};
use eerstelijn::adapters::knowledge::files::{Files, embedded, embedded_examples};
use eerstelijn::adapters::knowledge::{KnowledgeBase, OrganisationWords};
use eerstelijn::app::evaluate::{evaluate, evaluate_rules, train, with_weights};
use eerstelijn::app::ports::Knowledge;
use eerstelijn::domain::triage::assess::assess;
use eerstelijn::domain::triage::assessment::{Assessment, Channel, Report};
use eerstelijn::domain::triage::category::{Category, Kind, Severity};
use eerstelijn::domain::triage::corrected::Corrections;
use eerstelijn::domain::triage::evaluation::Evaluation;
use eerstelijn::domain::triage::facts::FactKey;
use eerstelijn::domain::triage::labelled::Labelled;
use eerstelijn::domain::triage::language::Language;
use eerstelijn::domain::triage::lexicon::TriageRules;
use jiff::Timestamp;
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

static KNOWLEDGE: LazyLock<KnowledgeBase> =
    LazyLock::new(|| KnowledgeBase::embedded(OrganisationWords::default()).unwrap());
static RULES: LazyLock<TriageRules> = LazyLock::new(|| KNOWLEDGE.handbook().triage.clone());

static EXAMPLES: LazyLock<Examples> =
    LazyLock::new(|| Examples::read(&embedded_examples()).unwrap());

fn told(name: &str, of: &Evaluation) {
    say(&format!(
        "{name}: {} reports, kind {:.3}, incident or not {:.3}, category {:.3}, macro-F1 {:.3}, severity {:.3}, pages {} of {} ({:.3}), false pages {:.3}, language {:.3}",
        of.kind.all,
        of.kind.share(),
        of.is_incident.share(),
        of.category.share(),
        of.macro_f1(),
        of.severity.share(),
        of.pages.right,
        of.pages.all,
        of.pages.share(),
        of.false_pages(),
        of.language.share()
    ));
}

#[test]
fn reports_of_strangers_are_understood() {
    let evaluated = evaluate_rules(&RULES, &EXAMPLES.measured);
    told("reports", &evaluated.all);
    for (name, part) in &evaluated.parts {
        told(name, part);
    }
    let mut words = RULES.clone();
    words.trained = None;
    told(
        "by the words alone",
        &evaluate_rules(&words, &EXAMPLES.measured).all,
    );
    let all = &evaluated.all;
    assert!(all.kind.share() >= 0.96, "kind");
    assert!(all.category.share() >= 0.93, "category");
    assert!(all.macro_f1() >= 0.92, "macro-F1");
    assert!(all.pages.share() >= 0.98, "pages");
    assert!(all.false_pages() <= 0.08, "false pages");
    assert!(all.language.share() >= 0.97, "language");
}

/// How often what triage says is sure is right: who reads "0.9" must be able to rely on it.
#[test]
fn what_is_told_to_be_sure_is_right() {
    let evaluated = evaluate_rules(&RULES, &EXAMPLES.measured);
    let [.., nearly, sure] = &evaluated.all.calibration;
    say(&format!(
        "sure by 0.9 and more: {sure:?}, by 0.8 to 0.9: {nearly:?}"
    ));
    assert!(sure.share() >= 0.95, "{sure:?}");
}

#[test]
fn conversations_are_understood_at_their_end() {
    let (turns, talks) = (
        include_str!("../fixtures/triage/turns.jsonl"),
        include_str!("../fixtures/triage/talks.jsonl"),
    );
    let mut troubles = Vec::new();
    let talks = read_lines("talks.jsonl", talks, &mut troubles);
    let conversations = read_lines("turns.jsonl", turns, &mut troubles);
    assert!(troubles.is_empty(), "{troubles:?}");
    let others = evaluate(&*KNOWLEDGE, &talks, Timestamp::UNIX_EPOCH).unwrap();
    told("conversations of another hand", &others.all);
    assert!(others.all.category.share() >= 0.93, "category");
    assert!(others.all.pages.share() >= 0.92, "pages");
    let evaluated = evaluate(&*KNOWLEDGE, &conversations, Timestamp::UNIX_EPOCH).unwrap();
    told("conversations", &evaluated.all);
    let all = &evaluated.all;
    assert!(all.kind.share() >= 0.93, "kind");
    assert!(all.category.share() >= 0.92, "category");
    assert!(all.pages.share() >= 0.80, "pages");
}

#[test]
fn there_are_examples_of_everything_in_every_language() {
    let Examples { learned, measured } = &*EXAMPLES;
    assert!(learned.len() >= 900 && measured.len() >= 200);
    let mut of: BTreeMap<(Category, Language), u32> = BTreeMap::new();
    for report in learned {
        let language = report.labels.language.unwrap_or(Language::Und);
        if let Some(category) = report.labels.category {
            *of.entry((category, language)).or_default() += 1;
        }
    }
    for category in Category::ALL {
        for (language, least) in [(Language::Nl, 40), (Language::Fr, 8), (Language::En, 8)] {
            let count = of.get(&(*category, language)).copied().unwrap_or_default();
            assert!(count >= least, "{category} in {language}: {count}");
        }
    }
    let mut ids = HashSet::new();
    for report in learned.iter().chain(measured) {
        assert!(ids.insert(&report.id), "{} stands there twice", report.id);
    }
}

/// Who learns what it is measured on knows nothing, and a template that is filled in again teaches nothing.
#[test]
fn no_two_examples_are_nearly_the_same() {
    let mut seen: HashMap<Vec<String>, Vec<usize>> = HashMap::new();
    let mut sizes: Vec<usize> = Vec::new();
    let mut alike = Vec::new();
    let all: Vec<&Labelled> = EXAMPLES.learned.iter().chain(&EXAMPLES.measured).collect();
    for (at, report) in all.iter().enumerate() {
        let mine = runs_of_four(report);
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for run in &mine {
            for other in seen.get(run).into_iter().flatten() {
                *shared.entry(*other).or_default() += 1;
            }
        }
        for (other, count) in shared {
            if count >= 6 && count * 100 >= 45 * mine.len().min(sizes[other]) {
                alike.push(format!("{} and {}", all[other].id, report.id));
            }
        }
        sizes.push(mine.len());
        for run in mine {
            seen.entry(run).or_default().push(at);
        }
    }
    assert!(alike.is_empty(), "nearly the same: {alike:?}");
}

/// Each four words that follow each other.
fn runs_of_four(report: &Labelled) -> HashSet<Vec<String>> {
    let text = format!("{} {}", report.subject, report.text).to_lowercase();
    let words: Vec<String> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.windows(4).map(<[String]>::to_vec).collect()
}

#[test]
fn the_shipped_weights_are_of_the_shipped_examples() {
    let model = RULES.trained.as_ref().unwrap();
    assert_eq!(
        model.made_from,
        version(&embedded_examples()),
        "run `eerstelijn triage train --knowledge knowledge`"
    );
}

#[test]
fn training_gives_the_same_weights_again() {
    let some: Vec<Labelled> = EXAMPLES.learned.iter().step_by(20).cloned().collect();
    let one = train(&RULES, &some, &Corrections::default(), "some").to_text();
    let other = train(&RULES, &some, &Corrections::default(), "some").to_text();
    assert!(one.lines().count() > 500, "it learned something");
    assert_eq!(one, other);
    // What it was taught it knows.
    let rules = with_weights(
        &RULES,
        train(&RULES, &some, &Corrections::default(), "some"),
    );
    let evaluated = evaluate_rules(&rules, &some).all;
    assert!(evaluated.category.share() >= 0.95, "{evaluated:?}");
}

/// Knowledge that was kept before there were weights decides as it did then.
#[test]
fn without_weights_the_words_decide() {
    let mut files: Files = embedded();
    files.remove("weights.txt");
    let knowledge = KnowledgeBase::from_files(&files, OrganisationWords::default()).unwrap();
    assert!(knowledge.handbook().triage.trained.is_none());
    let evaluated = evaluate_rules(&knowledge.handbook().triage, &EXAMPLES.measured).all;
    assert!(evaluated.category.share() >= 0.5, "{evaluated:?}");
}

#[test]
fn lives_in_danger_always_wake() {
    for text in [
        "Er is een bom gelegd in de school.",
        "De noodoproepen komen niet meer binnen op de centrale.",
        "Une bombe a été déposée à l'école.",
        "There is a bomb threat against the town hall.",
    ] {
        let assessment = assess(&RULES, &report(text));
        assert!(assessment.page, "{text}: {assessment:?}");
        assert_eq!(assessment.severity, Severity::Critical, "{text}");
    }
}

#[test]
fn an_answer_without_news_changes_nothing() {
    for first in [
        "Onze website toont een vreemde zwarte pagina met een vlag",
        "Er stond een virus op een pc, Defender heeft het in quarantaine gezet.",
        "Ik heb mijn wachtwoord ingevuld op een valse pagina.",
        "Notre site est inaccessible, on nous attaque",
        "We received a false invoice and did not pay it.",
        "Mijn laptop is gestolen.",
    ] {
        let before = assess(&RULES, &report(first));
        for answer in ["ja dat klopt", "ok", "oui merci", "yes, that is right"] {
            let mut answered = report(answer);
            answered.earlier = Some(&before);
            let after = assess(&RULES, &answered);
            let of = |it: &Assessment| (it.kind, it.category, it.severity, it.page);
            assert_eq!(of(&after), of(&before), "{first} / {answer}");
        }
    }
}

/// Silence is the worst answer to somebody who wants to be called.
#[test]
fn who_presses_is_looked_at_by_a_human() {
    for text in [
        "Gelieve mij dringend te contacteren",
        "De gouverneur wil u dringend spreken over gisteren",
    ] {
        let kind = assess(&RULES, &report(text)).kind;
        assert_ne!(kind, Kind::Other, "{text}");
    }
}

/// What was bad stays so through whatever is said next: severity goes down only by a human.
#[test]
fn severity_never_falls_and_a_page_stays_while_nothing_is_contained() {
    let next = EXAMPLES.measured.iter().step_by(7);
    for first in EXAMPLES
        .measured
        .iter()
        .filter(|one| one.labels.page == Some(true))
        .take(20)
    {
        let before = first.understood(&RULES);
        for next in next.clone() {
            let mut later = report(&next.text);
            later.earlier = Some(&before);
            let after = assess(&RULES, &later);
            assert!(after.severity >= before.severity || !before.kind.tells_of_an_incident());
            if before.page && !after.page {
                let contained = after.facts.get(FactKey::Contained).holds()
                    || after.facts.get(FactKey::Ongoing).is_denied();
                assert!(contained, "{} / {}", first.id, next.id);
            }
        }
    }
}

fn report(text: &str) -> Report<'_> {
    Report {
        channel: Channel::Mail,
        subject: "",
        text,
        evidence: &[],
        machine: None,
        earlier: None,
        asked: &[],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever stands in it, it is understood somehow, and the shares are shares.
    #[test]
    fn any_text_is_taken(text in "(?s).{0,400}", unit in "[a-zé0-9?!,. ]{1,12}", times in 1_usize..4000) {
        for text in [text, unit.repeat(times)] {
            let assessment = assess(&RULES, &report(&text));
            prop_assert!((0.0..=1.0).contains(&assessment.confidence));
            prop_assert_eq!(assessment.category.is_some(), assessment.kind.tells_of_an_incident());
            prop_assert!(assessment.alternatives.len() <= 3 && assessment.because.len() <= 8);
        }
    }
}
