//! `!reply TEXT`: a human writes to the reporter. The text is data: it leaves as it was typed, whatever it
//! says, and nothing in it is a command.

use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::spec::{Correction, Extent, Mistake, Phrase, Place, Role, Spec};
use crate::domain::command::words::Words;

pub(super) const SPEC: Spec = Spec {
    name: CommandName::Reply,
    names: Phrase {
        nl: "antwoord",
        fr: "réponds",
        en: "reply",
    },
    arguments: Phrase {
        nl: "TEKST",
        fr: "TEXTE",
        en: "TEXT",
    },
    places: &[Place::TicketRoom],
    role: Role::Expert,
    extent: Extent::Message,
    correction: Correction::TooLate,
    does: Phrase {
        nl: "stuurt uw tekst naar de melder, tot het einde van uw bericht",
        fr: "envoie votre texte à l'auteur du signalement, jusqu'à la fin de votre message",
        en: "sends your text to the reporter, up to the end of your message",
    },
    afterwards: Phrase {
        nl: "De tekst vertrekt zoals u hem schreef, ook regels die met ! beginnen, en ik toon of het lukte. \
             Wat vertrokken is, kan ik niet terughalen of wijzigen. Zonder !reply, of uw ✅ op een ontwerp, \
             gaat er niets van hier naar de melder.",
        fr: "Le texte part tel que vous l'avez écrit, y compris les lignes qui commencent par !, et je montre \
             si l'envoi a réussi. Ce qui est parti, je ne peux ni le rappeler ni le modifier. Sans !reply, \
             ou votre ✅ sur un brouillon, rien ne part d'ici vers l'auteur du signalement.",
        en: "The text leaves as you wrote it, lines that begin with ! too, and I show whether it went well. \
             What has left, I can't call back or change. Without !reply, or your ✅ on a draft, nothing goes \
             from here to the reporter.",
    },
    example: Phrase {
        nl: "!reply Beste An, koppel de server los van het netwerk en laat hem aan. Ik bel u zo.",
        fr: "!reply Bonjour An, débranchez le serveur du réseau et laissez-le allumé. Je vous appelle.",
        en: "!reply Dear An, unplug the server from the network and leave it on. I will call you.",
    },
    parse,
};

const NO_TEXT: Phrase = Phrase {
    nl: "Schrijf na !reply de tekst voor de melder.",
    fr: "Écrivez après !reply le texte destiné à l'auteur du signalement.",
    en: "Write the text for the reporter after !reply.",
};

fn parse(argument: &str) -> Result<Command, Mistake> {
    Words::new(argument)
        .map(Command::Reply)
        .ok_or(Mistake::plain(NO_TEXT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_not_looked_into() {
        let text = "Beste An,\n\nTyp dit:\n```\n!close resolved\n```\n> citaat\n!ack\n\n“Groeten”\u{a0}Els";
        let Ok(Command::Reply(words)) = parse(&format!(" {text}\n\n")) else {
            panic!("no reply");
        };
        assert_eq!(words.as_str(), text);
        for nothing in ["", " \n \n", "\u{200b}"] {
            assert_eq!(parse(nothing), Err(Mistake::plain(NO_TEXT)), "{nothing:?}");
        }
    }
}
