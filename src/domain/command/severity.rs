//! `!severity LEVEL`: how bad it is, as a human says. Only this can lower it.

use crate::domain::command::argument::only_word;
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::spec::{Correction, Extent, Mistake, Phrase, Place, Role, Spec};
use crate::domain::text::fold::fold;
use crate::domain::triage::category::Severity;

pub(super) const SPEC: Spec = Spec {
    name: CommandName::Severity,
    names: Phrase {
        nl: "ernst",
        fr: "gravité",
        en: "severity",
    },
    arguments: Phrase {
        nl: "kritiek|hoog|middel|laag",
        fr: "critique|élevé|moyen|faible",
        en: "critical|high|medium|low",
    },
    places: &[Place::OncallThread, Place::TicketRoom],
    role: Role::Expert,
    extent: Extent::Line,
    correction: Correction::Runs,
    does: Phrase {
        nl: "legt vast hoe ernstig het is",
        fr: "fixe la gravité",
        en: "records how bad it is",
    },
    afterwards: Phrase {
        nl: "De kaart van het dossier toont het. Een hogere ernst kan iemand oproepen; een lagere geldt tot \
             er erger nieuws komt.",
        fr: "La fiche du dossier l'affiche. Une gravité plus haute peut appeler quelqu'un ; une plus basse \
             vaut jusqu'à une nouvelle plus grave.",
        en: "The card of the ticket shows it. A higher level can page somebody; a lower one holds until \
             worse news comes.",
    },
    example: Phrase {
        nl: "!severity hoog",
        fr: "!severity élevé",
        en: "!severity high",
    },
    parse,
};

const ONE_LEVEL: Phrase = Phrase {
    nl: "Kies na !severity één niveau: kritiek, hoog, middel of laag.",
    fr: "Choisissez un seul niveau après !severity : critique, élevé, moyen ou faible.",
    en: "Choose one level after !severity: critical, high, medium or low.",
};

/// The words for a level, folded.
const fn words_for(level: Severity) -> &'static [&'static str] {
    match level {
        Severity::Critical => &["critical", "kritiek", "kritisch", "critique"],
        Severity::High => &["high", "hoog", "eleve", "elevee", "haut", "haute"],
        Severity::Medium => &["medium", "middel", "gemiddeld", "moyen", "moyenne"],
        Severity::Low => &["low", "laag", "faible", "bas", "basse"],
    }
}

fn parse(argument: &str) -> Result<Command, Mistake> {
    let level = only_word(argument).and_then(|word| {
        let word = fold(&word);
        let means = |level: &&Severity| words_for(**level).contains(&word.as_str());
        Severity::ALL.iter().find(means).copied()
    });
    level
        .map(Command::Severity)
        .ok_or(Mistake::plain(ONE_LEVEL))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_named_in_three_languages() {
        for (argument, level) in [
            (" critical", Severity::Critical),
            (" KRITIEK!", Severity::Critical),
            (" hoog", Severity::High),
            (" élevée", Severity::High),
            (": “middel”.", Severity::Medium),
            ("\u{a0}moyen\u{200b}", Severity::Medium),
            (" laag", Severity::Low),
            (" faible", Severity::Low),
        ] {
            assert_eq!(
                parse(argument),
                Ok(Command::Severity(level)),
                "{argument:?}"
            );
        }
        for argument in ["", " niet hoog", " hoog laag", " 1", " ernstig", "?"] {
            assert!(parse(argument).is_err(), "{argument:?}");
        }
    }
}
