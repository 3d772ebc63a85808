//! `!kind WORD`: what kind of message began the ticket, as a human says. That it is no incident holds until something bad is told.

use crate::domain::command::argument::only_word;
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::spec::{Correction, Extent, Mistake, Phrase, Place, Spec};
use crate::domain::oncall::people::Role;
use crate::domain::text::fold::fold;
use crate::domain::triage::category::Kind;

pub(super) const SPEC: Spec = Spec {
    name: CommandName::Kind,
    names: Phrase {
        nl: "soort",
        fr: "nature",
        en: "kind",
    },
    arguments: Phrase {
        nl: "incident|vraag|inschrijving|ander",
        fr: "incident|question|inscription|autre",
        en: "incident|question|subscription|other",
    },
    places: &[Place::OncallThread, Place::TicketRoom],
    role: Role::Expert,
    extent: Extent::Line,
    correction: Correction::Runs,
    does: Phrase {
        nl: "legt vast wat voor bericht het is",
        fr: "fixe la nature du message",
        en: "records what kind of message it is",
    },
    afterwards: Phrase {
        nl: "De kaart van het dossier toont het. Wat de melder al kreeg, verandert niet. Een oproep loopt door \
             tot iemand hem bevestigt.",
        fr: "La fiche du dossier l'affiche. Ce que l'auteur du signalement a déjà reçu ne change pas. Un appel \
             continue jusqu'à ce que quelqu'un le confirme.",
        en: "The card of the ticket shows it. What the reporter already got doesn't change. A page goes on \
             until somebody confirms it.",
    },
    example: Phrase {
        nl: "!kind vraag",
        fr: "!kind question",
        en: "!kind question",
    },
    parse,
};

const ONE_KIND: Phrase = Phrase {
    nl: "Kies na !kind één soort: incident, vraag, inschrijving of ander.",
    fr: "Choisissez une seule nature après !kind : incident, question, inscription ou autre.",
    en: "Choose one kind after !kind: incident, question, subscription or other.",
};

/// The kinds that a human can name, with their words, folded. The others only machines send.
const KINDS: [(Kind, &[&str]); 4] = [
    (Kind::Incident, &["incident", "melding", "signalement"]),
    (Kind::Question, &["question", "vraag"]),
    (
        Kind::Subscription,
        &["subscription", "inschrijving", "inscription", "abonnement"],
    ),
    (
        Kind::Other,
        &["other", "ander", "andere", "anders", "autre"],
    ),
];

fn parse(argument: &str) -> Result<Command, Mistake> {
    let kind = only_word(argument).and_then(|word| {
        let word = fold(&word);
        let named = KINDS
            .iter()
            .find(|(_, words)| words.contains(&word.as_str()));
        named.map(|(kind, _)| *kind)
    });
    kind.map(Command::Kind).ok_or(Mistake::plain(ONE_KIND))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_named_in_three_languages() {
        for (argument, kind) in [
            (" incident", Kind::Incident),
            (" VRAAG.", Kind::Question),
            (" question", Kind::Question),
            (" “inschrijving”", Kind::Subscription),
            (" inscription", Kind::Subscription),
            (" ander", Kind::Other),
            (" autre", Kind::Other),
        ] {
            assert_eq!(parse(argument), Ok(Command::Kind(kind)), "{argument:?}");
        }
        for argument in ["", " bounce", " list", " geen incident", " vraag ander"] {
            assert!(parse(argument).is_err(), "{argument:?}");
        }
    }
}
