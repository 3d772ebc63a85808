//! How a conversation goes on: after how many replies, at which words.

#![cfg(test)]

use crate::domain::ticket::dialogue::{HandedOver, MOST_TURNS, Talk};
use crate::domain::ticket::words::Trouble;
use crate::domain::triage::assessment::{Assessment, Wish};
use crate::domain::triage::category::{Category, Kind, Severity};
use crate::domain::triage::facts::Facts;
use crate::domain::triage::language::Language;

const PLAIN: Assessment = Assessment {
    kind: Kind::Incident,
    language: Language::Nl,
    category: Some(Category::Phishing),
    confidence: 0.9,
    alternatives: Vec::new(),
    because: Vec::new(),
    facts: Facts::NONE,
    severity: Severity::Medium,
    page: false,
    citizen: false,
    wish: None,
    indicators: Vec::new(),
};

#[test]
fn the_bot_hands_over_after_five_replies_or_when_asked_and_says_so_once() {
    let wants = Assessment {
        wish: Some(Wish::Human),
        ..PLAIN
    };
    let taken_back = Assessment {
        wish: Some(Wish::TakenBack),
        ..PLAIN
    };
    for (turns, before, assessment, expected) in [
        (0, HandedOver::NotYet, &PLAIN, Talk::Open),
        (MOST_TURNS - 1, HandedOver::NotYet, &PLAIN, Talk::Open),
        (
            MOST_TURNS,
            HandedOver::NotYet,
            &PLAIN,
            Talk::HandsOver(Trouble::ManyTurns),
        ),
        (
            0,
            HandedOver::NotYet,
            &wants,
            Talk::HandsOver(Trouble::HumanWanted),
        ),
        (1, HandedOver::Already, &wants, Talk::HandedOver),
        (9, HandedOver::Already, &PLAIN, Talk::HandedOver),
        (9, HandedOver::Already, &taken_back, Talk::TakenBack),
        (1, HandedOver::NotYet, &taken_back, Talk::TakenBack),
    ] {
        assert_eq!(
            Talk::after(turns, before, assessment),
            expected,
            "{turns} {before:?}"
        );
    }
}
