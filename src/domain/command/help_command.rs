//! `!help [COMMAND]`: what can be written here, or what one command does. The texts are made in `help`.

use crate::domain::command::argument::words;
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::nearest::nearest_command;
use crate::domain::command::spec::{Correction, Extent, Mistake, Phrase, Place, Role, Spec};

pub(super) const SPEC: Spec = Spec {
    name: CommandName::Help,
    names: Phrase {
        nl: "hulp",
        fr: "aide",
        en: "help",
    },
    arguments: Phrase {
        nl: "[COMMANDO]",
        fr: "[COMMANDE]",
        en: "[COMMAND]",
    },
    places: Place::ALL,
    role: Role::Expert,
    extent: Extent::Line,
    correction: Correction::Runs,
    does: Phrase {
        nl: "toont wat hier werkt, of legt één commando uit",
        fr: "montre ce qui fonctionne ici, ou explique une commande",
        en: "shows what works here, or explains one command",
    },
    afterwards: Phrase {
        nl: "Aan een dossier verandert niets.",
        fr: "Rien ne change dans un dossier.",
        en: "Nothing changes on a ticket.",
    },
    example: Phrase::same("!help take"),
    parse,
};

const ONE_COMMAND: Phrase = Phrase {
    nl: "Noem na !help één commando, of niets voor de hele lijst.",
    fr: "Nommez une commande après !help, ou rien pour toute la liste.",
    en: "Name one command after !help, or nothing for the whole list.",
};

fn parse(argument: &str) -> Result<Command, Mistake> {
    let words = words(argument);
    let [about] = words.as_slice() else {
        return if words.is_empty() {
            Ok(Command::Help(None))
        } else {
            Err(Mistake::plain(ONE_COMMAND))
        };
    };
    if about == "?" {
        return Ok(Command::Help(None));
    }
    let known = CommandName::called(about);
    known.map(|name| Command::Help(Some(name))).ok_or_else(|| {
        let nearest = nearest_command(about).map(CommandName::as_str);
        Mistake {
            needs: ONE_COMMAND,
            nearest,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_asked_for_in_many_ways() {
        for (argument, about) in [
            ("", None),
            ("!", None),
            ("?", None),
            (" take", Some(CommandName::Take)),
            (" !take", Some(CommandName::Take)),
            (" “Neem”", Some(CommandName::Take)),
            ("\u{a0}réponds", Some(CommandName::Reply)),
        ] {
            assert_eq!(parse(argument), Ok(Command::Help(about)), "{argument:?}");
        }
        let nearest = Some("take");
        let needs = ONE_COMMAND;
        assert_eq!(parse(" tkae"), Err(Mistake { needs, nearest }));
        assert!(parse(" hoe neem ik een dossier").is_err());
    }
}
