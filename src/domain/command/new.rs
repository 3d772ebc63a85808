//! `!new`: the message that waits in the holding pen is a ticket of its own.

use crate::domain::command::argument::alone;
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::spec::{Correction, Extent, Mistake, Phrase, Place, Spec};
use crate::domain::oncall::people::Role;

pub(super) const SPEC: Spec = Spec {
    name: CommandName::New,
    names: Phrase {
        nl: "nieuw",
        fr: "nouveau",
        en: "new",
    },
    arguments: Phrase::same(""),
    places: &[Place::OncallThread],
    role: Role::Expert,
    extent: Extent::Line,
    correction: Correction::Runs,
    does: Phrase {
        nl: "maakt van het wachtende bericht een eigen dossier",
        fr: "fait du message en attente un dossier à part",
        en: "makes the waiting message a ticket of its own",
    },
    afterwards: Phrase {
        nl: "Het krijgt een eigen nummer en loopt verder als een nieuwe melding. Beslist niemand, dan \
             gebeurt dat na een kwartier vanzelf.",
        fr: "Il reçoit son propre numéro et suit le chemin d'un nouveau signalement. Si personne ne décide, \
             cela se fait tout seul après un quart d'heure.",
        en: "It gets a number of its own and goes on as a new report. If nobody decides, that happens by \
             itself after a quarter of an hour.",
    },
    example: Phrase::same("!new"),
    parse,
};

const STANDS_ALONE: Phrase = Phrase {
    nl: "Na !new komt niets: het nummer geef ik.",
    fr: "Rien ne suit !new : c'est moi qui donne le numéro.",
    en: "Nothing follows !new: I give the number.",
};

fn parse(argument: &str) -> Result<Command, Mistake> {
    alone(argument, Command::New, STANDS_ALONE)
}
