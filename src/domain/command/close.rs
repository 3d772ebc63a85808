//! `!close REASON [REMARK]`: the ticket is closed, for one of five reasons and with a free remark.

use crate::domain::command::argument::{behind_separators, is_separator};
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::spec::{Correction, Extent, Mistake, Phrase, Place, Role, Spec};
use crate::domain::command::words::Words;
use crate::domain::text::fold::{Folded, fold};
use crate::domain::triage::category::closed_list;

closed_list! {
    /// Why a ticket is closed.
    CloseReason {
        /// It was an incident and it is over.
        Resolved = "resolved",
        /// What raised the alarm was not there.
        FalseAlarm = "false-alarm",
        /// Another ticket is about the same.
        Duplicate = "duplicate",
        /// Real, but nothing for us: a question, a test, somebody's own problem.
        NoIncident = "no-incident",
        /// Another team goes on with it.
        HandedOver = "handed-over",
    }
}

/// How a ticket is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// Why.
    pub reason: CloseReason,
    /// What else there is to say. It stays on the ticket.
    pub remark: Option<Words>,
}

impl Closing {
    /// As one would write it behind the name of the command.
    pub(super) fn written(&self) -> String {
        let remark = self.remark.as_ref().map_or("", Words::as_str);
        let between = match remark.chars().next() {
            None => "",
            Some(first) if is_separator(first) => "\n",
            Some(_) => " ",
        };
        format!("{}{between}{remark}", self.reason)
    }
}

pub(super) const SPEC: Spec = Spec {
    name: CommandName::Close,
    names: Phrase {
        nl: "sluit",
        fr: "ferme",
        en: "close",
    },
    arguments: Phrase {
        nl: "REDEN [OPMERKING]",
        fr: "RAISON [REMARQUE]",
        en: "REASON [REMARK]",
    },
    places: &[Place::OncallThread, Place::TicketRoom],
    role: Role::Expert,
    extent: Extent::Message,
    correction: Correction::Runs,
    does: Phrase {
        nl: "sluit het dossier als opgelost, vals-alarm, dubbel, geen-incident of overgedragen",
        fr: "ferme le dossier comme résolu, fausse-alerte, doublon, pas-d-incident ou transmis",
        en: "closes the ticket as resolved, false-alarm, duplicate, no-incident or handed-over",
    },
    afterwards: Phrase {
        nl: "Het dossier wordt gesloten met uw reden; een opmerking erachter blijft in het dossier. Antwoordt de \
             melder binnen 30 dagen, dan gaat het weer open. Later wordt het een nieuw dossier met een \
             verwijzing.",
        fr: "Le dossier est fermé avec votre raison ; une remarque ajoutée reste dans le dossier. Si l'auteur \
             du signalement répond dans les 30 jours, il se rouvre. Plus tard, c'est un nouveau dossier avec \
             un renvoi.",
        en: "The ticket is closed with your reason; a remark behind it stays on the ticket. If the reporter \
             answers within 30 days, it opens again. Later it becomes a new ticket with a link.",
    },
    example: Phrase {
        nl: "!close opgelost Wachtwoorden vervangen, doorstuurregel verwijderd.",
        fr: "!close résolu Mots de passe remplacés, règle de transfert supprimée.",
        en: "!close resolved Passwords replaced, forwarding rule removed.",
    },
    parse,
};

const ONE_REASON: Phrase = Phrase {
    nl: "Begin na !close met een reden: opgelost, vals-alarm, dubbel, geen-incident of overgedragen.",
    fr: "Commencez après !close par une raison : résolu, fausse-alerte, doublon, pas-d-incident ou transmis.",
    en: "Begin after !close with a reason: resolved, false-alarm, duplicate, no-incident or handed-over.",
};

/// The words for a reason, folded: a hyphen and a blank are the same.
const fn words_for(reason: CloseReason) -> &'static [&'static str] {
    match reason {
        CloseReason::Resolved => &["resolved", "solved", "opgelost", "resolu"],
        CloseReason::FalseAlarm => &["false alarm", "vals alarm", "fausse alerte"],
        CloseReason::Duplicate => &["duplicate", "dubbel", "doublon"],
        CloseReason::NoIncident => &[
            "no incident",
            "geen incident",
            "pas d incident",
            "pas un incident",
        ],
        CloseReason::HandedOver => &["handed over", "overgedragen", "transmis"],
    }
}

fn parse(argument: &str) -> Result<Command, Mistake> {
    let line = argument.trim_start_matches(is_separator);
    let found = CloseReason::ALL
        .iter()
        .find_map(|reason| Some((*reason, behind(line, words_for(*reason))?)));
    let Some((reason, behind)) = found else {
        return Err(Mistake::plain(ONE_REASON));
    };
    let remark = Words::new(behind_separators(behind));
    Ok(Command::Close(Closing { reason, remark }))
}

/// What stands behind one of these phrases, where the text begins with it.
fn behind<'a>(text: &'a str, phrases: &[&str]) -> Option<&'a str> {
    let line = text.lines().next().unwrap_or_default();
    let folded = Folded::new(line);
    phrases.iter().find_map(|phrase| {
        let length = phrase.split(' ').count();
        let words = folded.words.get(..length)?;
        let written: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let same = written.join(" ") == fold(phrase);
        text.get(words.last()?.end..).filter(|_| same)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(argument: &str) -> Option<(CloseReason, String)> {
        match parse(argument) {
            Ok(Command::Close(closing)) => Some((
                closing.reason,
                closing
                    .remark
                    .map_or(String::new(), |words| words.as_str().to_owned()),
            )),
            _ => None,
        }
    }

    #[test]
    fn a_reason_is_named_in_three_languages_and_a_remark_may_follow() {
        for (argument, reason, remark) in [
            (" resolved", CloseReason::Resolved, ""),
            (" Opgelost!", CloseReason::Resolved, ""),
            (
                " résolu : tout est rétabli",
                CloseReason::Resolved,
                "tout est rétabli",
            ),
            (" vals alarm", CloseReason::FalseAlarm, ""),
            (
                " vals-alarm, test van de scanner",
                CloseReason::FalseAlarm,
                "test van de scanner",
            ),
            (
                " “false alarm” zie mail",
                CloseReason::FalseAlarm,
                "zie mail",
            ),
            (
                " dubbel CRT-2026-0041",
                CloseReason::Duplicate,
                "CRT-2026-0041",
            ),
            (" pas d’incident", CloseReason::NoIncident, ""),
            (" pas-d-incident", CloseReason::NoIncident, ""),
            (
                " overgedragen\n- aan CCB\n- om 9u",
                CloseReason::HandedOver,
                "- aan CCB\n- om 9u",
            ),
            (" handed\u{a0}over\n!take", CloseReason::HandedOver, "!take"),
        ] {
            assert_eq!(
                read(argument),
                Some((reason, remark.to_owned())),
                "{argument:?}"
            );
        }
        for argument in [
            "",
            " niet opgelost",
            " alarm",
            " vals\nalarm",
            " klaar",
            "?",
        ] {
            assert_eq!(read(argument), None, "{argument:?}");
        }
    }

    #[test]
    fn the_words_are_folded_and_no_reason_hides_another() {
        let all: Vec<&str> = CloseReason::ALL
            .iter()
            .flat_map(|reason| words_for(*reason))
            .copied()
            .collect();
        for (at, words) in all.iter().enumerate() {
            assert_eq!(&fold(words), words);
            let others = all.iter().enumerate().filter(|(other, _)| *other != at);
            assert!(
                others
                    .into_iter()
                    .all(|(_, other)| !other.starts_with(words)),
                "{words}"
            );
        }
        for reason in CloseReason::ALL {
            assert!(words_for(*reason).contains(&fold(reason.as_str()).as_str()));
        }
    }
}
