//! `!ack`: the page was seen. It ends the climb to the next person; it doesn't take the ticket.
//!
//! Forgiving on purpose: it is written half asleep, and a refusal would wake a colleague. Words behind it
//! are left alone; only a ticket number is refused, because the room says which ticket is meant.

use crate::domain::command::argument::words;
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::spec::{Correction, Extent, Mistake, Phrase, Place, Role, Spec};
use crate::domain::ids::TicketNumber;

pub(super) const SPEC: Spec = Spec {
    name: CommandName::Ack,
    names: Phrase {
        nl: "gezien",
        fr: "vu",
        en: "ack",
    },
    arguments: Phrase::same(""),
    places: &[Place::OncallThread, Place::TicketRoom],
    role: Role::Expert,
    extent: Extent::Line,
    correction: Correction::Runs,
    does: Phrase {
        nl: "bevestigt dat u de oproep zag; ik roep de volgende persoon niet meer op",
        fr: "confirme que vous avez vu l'appel ; je n'appelle plus la personne suivante",
        en: "confirms that you saw the page; I don't page the next person",
    },
    afterwards: Phrase {
        nl: "Gezien is nog niet overgenomen: daarvoor is er !take. Blijft het daarna te lang stil, dan roep ik \
             opnieuw op.",
        fr: "Vu ne veut pas dire pris en charge : pour cela, il y a !take. Si plus rien ne bouge, je \
             relance l'appel.",
        en: "Seen is not yet taken: for that there is !take. If it stays silent for too long, I page again.",
    },
    example: Phrase::same("!ack"),
    parse,
};

const NO_NUMBER: Phrase = Phrase {
    nl: "Schrijf !ack zonder nummer, in de draad of de kamer van het dossier zelf.",
    fr: "Écrivez !ack sans numéro, dans le fil ou le salon du dossier même.",
    en: "Write !ack without a number, in the thread or the room of the ticket itself.",
};

fn parse(argument: &str) -> Result<Command, Mistake> {
    let is_question = argument.trim_start().starts_with('?');
    let names_a_ticket = words(argument)
        .iter()
        .any(|word| word.parse::<TicketNumber>().is_ok());
    if is_question || names_a_ticket {
        return Err(Mistake::plain(NO_NUMBER));
    }
    Ok(Command::Ack)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_do_no_harm_and_a_number_is_refused() {
        for argument in [
            "",
            "!",
            ".",
            " ik kijk ernaar",
            "\u{a0}\u{200b}",
            ", ben er over 10 min",
        ] {
            assert_eq!(parse(argument), Ok(Command::Ack), "{argument:?}");
        }
        for argument in [" CRT-2026-0042", " op crt–2026–42.", "?"] {
            assert!(parse(argument).is_err(), "{argument:?}");
        }
    }
}
