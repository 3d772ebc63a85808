//! `!note TEXT`: something to remember on the ticket. It goes to nobody.

use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::spec::{Correction, Extent, Mistake, Phrase, Place, Role, Spec};
use crate::domain::command::words::Words;

pub(super) const SPEC: Spec = Spec {
    name: CommandName::Note,
    names: Phrase {
        nl: "nota",
        fr: "note",
        en: "note",
    },
    arguments: Phrase {
        nl: "TEKST",
        fr: "TEXTE",
        en: "TEXT",
    },
    places: &[Place::TicketRoom],
    role: Role::Expert,
    extent: Extent::Message,
    correction: Correction::Runs,
    does: Phrase {
        nl: "bewaart uw tekst in het dossier, tot het einde van uw bericht; de melder krijgt hem niet",
        fr: "garde votre texte dans le dossier, jusqu'à la fin de votre message ; il n'est pas envoyé",
        en: "keeps your text on the ticket, up to the end of your message; the reporter doesn't get it",
    },
    afterwards: Phrase {
        nl: "De notitie staat met uw naam en het uur in het dossier. Verbetert u het bericht, dan komt de \
             nieuwe tekst erbij; de oude blijft staan.",
        fr: "La note figure dans le dossier avec votre nom et l'heure. Si vous corrigez le message, le \
             nouveau texte s'ajoute ; l'ancien reste.",
        en: "The note stands on the ticket with your name and the time. If you correct the message, the new \
             text is added; the old one stays.",
    },
    example: Phrase {
        nl: "!note Gebeld met de leverancier: back-up van zondag is er nog.",
        fr: "!note Fournisseur appelé : la sauvegarde de dimanche existe encore.",
        en: "!note Called the supplier: Sunday's backup still exists.",
    },
    parse,
};

const NO_TEXT: Phrase = Phrase {
    nl: "Schrijf na !note wat u in het dossier wilt bewaren.",
    fr: "Écrivez après !note ce que vous voulez garder dans le dossier.",
    en: "Write after !note what you want to keep on the ticket.",
};

fn parse(argument: &str) -> Result<Command, Mistake> {
    Words::new(argument)
        .map(Command::Note)
        .ok_or(Mistake::plain(NO_TEXT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_kept_whole() {
        let Ok(Command::Note(words)) = parse("\nGebeld om 02:41.\n!belangrijk") else {
            panic!("no note");
        };
        assert_eq!(words.as_str(), "Gebeld om 02:41.\n!belangrijk");
        assert_eq!(parse(" \n"), Err(Mistake::plain(NO_TEXT)));
    }
}
