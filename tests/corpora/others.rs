//! Reports and conversations that a newcomer wrote to find out what goes wrong, and sayings that went wrong before.

#![cfg(test)]

use crate::corpora::say;
use eerstelijn::adapters::knowledge::examples::numbered_lines;
use eerstelijn::adapters::knowledge::{KnowledgeBase, OrganisationWords};
use eerstelijn::app::evaluate::evaluate;
use eerstelijn::app::ports::Knowledge;
use eerstelijn::domain::triage::assess::assess;
use eerstelijn::domain::triage::assessment::{Assessment, Channel, Report};
use eerstelijn::domain::triage::category::Category;
use eerstelijn::domain::triage::facts::{FactKey, FactValue};
use eerstelijn::domain::triage::lexicon::TriageRules;
use jiff::Timestamp;
use std::sync::LazyLock;

static KNOWLEDGE: LazyLock<KnowledgeBase> =
    LazyLock::new(|| KnowledgeBase::embedded(OrganisationWords::default()).unwrap());
static RULES: LazyLock<TriageRules> = LazyLock::new(|| KNOWLEDGE.handbook().triage.clone());

fn understood(text: &str, earlier: Option<&Assessment>) -> Assessment {
    let report = Report {
        channel: Channel::Mail,
        subject: "",
        text,
        evidence: &[],
        machine: None,
        earlier,
        asked: &[],
    };
    assess(&RULES, &report)
}

/// Hard on purpose: buried, in dialect, denied, of last year, played. The floors stand where the figures are.
#[test]
fn what_a_newcomer_tried_is_understood_as_far_as_it_was() {
    let text = include_str!("../fixtures/triage/others.jsonl");
    let read: Result<Vec<_>, _> = numbered_lines("others.jsonl", text).collect();
    let reports: Vec<_> = read.unwrap().into_iter().map(|(_, one)| one).collect();
    let all = evaluate(&*KNOWLEDGE, &reports, Timestamp::UNIX_EPOCH)
        .unwrap()
        .all;
    say(&format!(
        "others: kind {:?}, category {:?}, pages {:?}, quiet {:?}",
        all.kind, all.category, all.pages, all.quiet
    ));
    assert!(all.kind.right >= 73, "kind {:?}", all.kind);
    assert!(all.category.right >= 47, "category {:?}", all.category);
    assert!(all.pages.right >= 35, "pages {:?}", all.pages);
    assert!(all.quiet.right >= 35, "quiet {:?}", all.quiet);
}

/// What it is, and what somebody writes. `\n` is a new line.
const SAYINGS: &str = r"
ransomware critical page | Bedankt voor de infonamiddag, de broodjes waren lekker. Kunnen wij de powerpoint krijgen?\nPS: sinds vrijdag heten alle documenten op de P-schijf plots .akira vanachter en krijgen we ze niet meer open.
ransomware critical page | all files on the share have a strange ending
other medium | Kan iemand mij bellen aub?
other medium | ik wil een mens spreken
none low | Bedankt, u hoeft mij niet meer te bellen
ransomware critical page | Bedankt voor de infonamiddag, de broodjes waren lekker. Kunnen wij de powerpoint van de oefening krijgen?\nPS: sinds vrijdag heten alle documenten op de P-schijf plots .akira vanachter en krijgen we ze niet meer open.
none low | Bedankt voor de infonamiddag, de broodjes waren lekker. Kunnen wij de powerpoint krijgen?\nPS in het scenario: sinds vrijdag heten alle documenten op de P-schijf plots .akira vanachter en krijgen we ze niet meer open.
none low | Graag bedank ik jullie voor de infonamiddag en de lekkere broodjes.\nKunnen wij de powerpoint van de infonamiddag krijgen aub?
";

#[test]
fn what_went_wrong_before_is_understood() {
    let lines = SAYINGS.lines().filter(|line| !line.is_empty());
    let mut wrong = Vec::new();
    for (expected, text) in lines.filter_map(|line| line.split_once(" | ")) {
        let found = understood(&text.replace("\\n", "\n"), None);
        let category = found.category.map_or("none", Category::as_str);
        let page = if found.page { " page" } else { "" };
        let told = format!("{category} {}{page}", found.severity);
        if told != expected {
            wrong.push(format!("{text}: {told} because of {:?}", found.because));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_year_and_minutes_are_no_counts() {
    for (text, key) in [
        (
            "In 2022 werd onze server gecontroleerd.",
            FactKey::ServersAffected,
        ),
        ("Hij zat 20 minuten op haar pc.", FactKey::DevicesAffected),
    ] {
        let fact = understood(text, None).facts.get(key);
        assert!(!matches!(fact, FactValue::Number(_)), "{text}: {fact:?}");
    }
    let fact = understood("Er zijn 2022 servers versleuteld.", None).facts;
    assert_eq!(fact.get(FactKey::ServersAffected), FactValue::Number(2022));
}

#[test]
fn a_false_alarm_is_none_where_the_sentence_says_so() {
    let first = understood("help, iets raar met mijn pc", None);
    for (text, is_taken_back) in [
        ("vals alarm, sorry", true),
        ("Het was vals alarm, maar bedankt voor de hulp.", true),
        ("vals alarm, geen virus gevonden", true),
        ("vals alarm was het niet hoor", false),
        (
            "vals alarm maar nu is er wel iemand die mijn paswoord heeft",
            false,
        ),
        ("fausse alerte, mais maintenant tout est bloqué", false),
    ] {
        let found = understood(text, Some(&first));
        assert_eq!(found.is_taken_back(), is_taken_back, "{text}");
    }
}
