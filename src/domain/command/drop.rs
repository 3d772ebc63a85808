//! `!drop`: the message that waits in the holding pen is nothing. It is put away and never deleted.

use crate::domain::command::argument::alone;
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::spec::{Correction, Extent, Mistake, Phrase, Place, Spec};
use crate::domain::oncall::people::Role;

pub(super) const SPEC: Spec = Spec {
    name: CommandName::Drop,
    names: Phrase {
        nl: "verwerp",
        fr: "rejette",
        en: "drop",
    },
    arguments: Phrase::same(""),
    places: &[Place::OncallThread],
    role: Role::Expert,
    extent: Extent::Line,
    correction: Correction::Runs,
    does: Phrase {
        nl: "legt het wachtende bericht opzij, zonder dossier",
        fr: "met de côté le message en attente, sans dossier",
        en: "puts the waiting message aside, without a ticket",
    },
    afterwards: Phrase {
        nl: "Het bericht wordt gesloten, niet gewist: het blijft terug te vinden, met uw naam erbij.",
        fr: "Le message est clos, pas effacé : on peut toujours le retrouver, avec votre nom.",
        en: "The message is closed, not deleted: it can still be found, with your name beside it.",
    },
    example: Phrase::same("!drop"),
    parse,
};

const STANDS_ALONE: Phrase = Phrase {
    nl: "Na !drop komt niets: het gaat om het bericht dat hier wacht.",
    fr: "Rien ne suit !drop : il s'agit du message qui attend ici.",
    en: "Nothing follows !drop: it is about the message that waits here.",
};

fn parse(argument: &str) -> Result<Command, Mistake> {
    alone(argument, Command::Drop, STANDS_ALONE)
}
