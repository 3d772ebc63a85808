//! `!take`: the writer takes the ticket. From then on a human has the word.

use crate::domain::command::argument::alone;
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::spec::{Correction, Extent, Mistake, Phrase, Place, Spec};
use crate::domain::oncall::people::Role;

pub(super) const SPEC: Spec = Spec {
    name: CommandName::Take,
    names: Phrase {
        nl: "neem",
        fr: "prends",
        en: "take",
    },
    arguments: Phrase::same(""),
    places: &[Place::OncallThread, Place::TicketRoom],
    role: Role::Expert,
    extent: Extent::Line,
    correction: Correction::Runs,
    does: Phrase {
        nl: "zet het dossier op uw naam; ik maak er een versleutelde kamer voor",
        fr: "met le dossier à votre nom ; je crée un salon chiffré",
        en: "puts the ticket in your name; I make an encrypted room for it",
    },
    afterwards: Phrase {
        nl: "Ik nodig u uit in de dossierkamer en zet daar wat de melder schreef. Ik schrijf de melder niets \
             meer: u hebt het woord, met !reply. Termijnen lopen door, en bij erger nieuws roep ik opnieuw op.",
        fr: "Je vous invite dans le salon du dossier et j'y mets ce que l'auteur du signalement a écrit. Je \
             ne lui écris plus : vous avez la parole, avec !reply. Les délais continuent, et je relance \
             l'appel si la situation s'aggrave.",
        en: "I invite you to the ticket room and put there what the reporter wrote. I write the reporter \
             nothing more: you have the word, with !reply. Clocks go on, and I page again when worse news \
             comes.",
    },
    example: Phrase::same("!take"),
    parse,
};

const STANDS_ALONE: Phrase = Phrase {
    nl: "Na !take komt niets: u neemt het dossier van deze draad.",
    fr: "Rien ne suit !take : vous prenez le dossier de ce fil.",
    en: "Nothing follows !take: you take the ticket of this thread.",
};

fn parse(argument: &str) -> Result<Command, Mistake> {
    alone(argument, Command::Take, STANDS_ALONE)
}
