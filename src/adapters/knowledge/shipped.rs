//! The shipped knowledge for tests, loaded once.

use crate::adapters::knowledge::base::KnowledgeBase;
use crate::adapters::knowledge::organisation::OrganisationWords;
use crate::app::ports::knowledge::{Knowledge, Sought};
use crate::domain::guidance::handbook::Passage;
use crate::domain::guidance::playbook::Wording;
use crate::domain::triage::language::Language;
use std::sync::LazyLock;

/// A made-up team.
pub(crate) fn organisation() -> OrganisationWords {
    OrganisationWords {
        team: Wording {
            nl: "het Cyber Response Team".to_owned(),
            fr: "le Cyber Response Team".to_owned(),
            en: "the Cyber Response Team".to_owned(),
        },
        address: "crt@crt.example".to_owned(),
        phone: "02 000 00 00".to_owned(),
        chat: "#besturen:crt.example".to_owned(),
        office_hours: Wording {
            nl: "op werkdagen tussen 9 en 17 uur".to_owned(),
            fr: "les jours ouvrables de 9 à 17 heures".to_owned(),
            en: "on working days from 9 to 17".to_owned(),
        },
    }
}

/// The shipped knowledge with that team.
pub(crate) fn knowledge() -> &'static KnowledgeBase {
    static SHIPPED: LazyLock<KnowledgeBase> =
        LazyLock::new(|| match KnowledgeBase::embedded(organisation()) {
            Ok(knowledge) => knowledge,
            Err(error) => panic!("the shipped knowledge isn't in order:\n{error}"),
        });
    &SHIPPED
}

/// What the shipped knowledge finds, on a day on which the tests were written.
pub(crate) fn look_for(words: &str, language: Language, limit: usize) -> Vec<Passage> {
    look_for_on("2026-11-26", words, language, limit)
}

/// The same on another day.
pub(crate) fn look_for_on(
    day: &str,
    words: &str,
    language: Language,
    limit: usize,
) -> Vec<Passage> {
    let sought = Sought {
        words,
        language,
        on: day.parse().unwrap(),
        only: None,
        limit,
    };
    knowledge().search(&sought).unwrap()
}
