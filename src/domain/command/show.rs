//! `!show`: whoever decides on the message that waits in the holding pen reads it, in an encrypted chat with the bot
//! alone. The read is on record. Nothing of it is said in the on-call room.

use crate::domain::command::argument::alone;
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::spec::{Correction, Extent, Mistake, Phrase, Place, Spec};
use crate::domain::oncall::people::Role;

pub(super) const SPEC: Spec = Spec {
    name: CommandName::Show,
    names: Phrase {
        nl: "toon",
        fr: "montre",
        en: "show",
    },
    arguments: Phrase::same(""),
    places: &[Place::OncallThread],
    role: Role::Expert,
    extent: Extent::Line,
    correction: Correction::Runs,
    does: Phrase {
        nl: "toont u het wachtende bericht in een gesprek met mij alleen",
        fr: "vous montre le message en attente dans une conversation avec moi seul",
        en: "shows you the waiting message in a chat with me alone",
    },
    afterwards: Phrase {
        nl: "Ik nodig u uit in een versleuteld gesprek. Komt u erin, dan staat daar de afzender, de tekst en de \
             lijst van bestanden. In het dossier staat dan dat u het las.",
        fr: "Je vous invite dans une conversation chiffrée. Dès que vous y entrez, vous y trouvez l'expéditeur, \
             le texte et la liste des fichiers. Le dossier note que vous l'avez lu.",
        en: "I invite you to an encrypted chat. When you come in, the sender, the text and the list of files \
             stand there. The ticket then says that you read it.",
    },
    example: Phrase::same("!show"),
    parse,
};

const STANDS_ALONE: Phrase = Phrase {
    nl: "Na !show komt niets: het gaat om het bericht dat hier wacht.",
    fr: "Rien ne suit !show : il s'agit du message qui attend ici.",
    en: "Nothing follows !show: it is about the message that waits here.",
};

fn parse(argument: &str) -> Result<Command, Mistake> {
    alone(argument, Command::Show, STANDS_ALONE)
}
