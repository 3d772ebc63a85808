//! `!key`: which OpenPGP key the reporter has; `!key accept`: the new one is his, after a person asked him.

use crate::domain::command::argument::{only_word, words};
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::spec::{Correction, Extent, Mistake, Phrase, Place, Spec};
use crate::domain::oncall::people::Role;
use crate::domain::text::fold::fold;

/// What is asked about the reporter's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyQuestion {
    /// Which one he has.
    Which,
    /// The one that asks to take its place is his.
    Accept,
}

pub(super) const SPEC: Spec = Spec {
    name: CommandName::Key,
    names: Phrase {
        nl: "sleutel",
        fr: "clé",
        en: "key",
    },
    arguments: Phrase {
        nl: "[aanvaard]",
        fr: "[accepte]",
        en: "[accept]",
    },
    places: &[Place::OncallThread, Place::TicketRoom],
    role: Role::Expert,
    extent: Extent::Line,
    correction: Correction::Runs,
    does: Phrase {
        nl: "toont de OpenPGP-sleutel van de melder, of aanvaardt zijn nieuwe",
        fr: "montre la clé OpenPGP de l'auteur du signalement, ou accepte sa nouvelle clé",
        en: "shows the reporter's OpenPGP key, or accepts his new one",
    },
    afterwards: Phrase {
        nl: "Vergelijk de vingerafdruk met de melder aan de telefoon, op een nummer dat u al had. Na \
             !key accept versleutel ik alles voor hem met de nieuwe sleutel, ook in andere dossiers.",
        fr: "Comparez l'empreinte avec l'auteur du signalement au téléphone, à un numéro que vous aviez déjà. \
             Après !key accept, je chiffre tout pour lui avec la nouvelle clé, aussi dans d'autres dossiers.",
        en: "Compare the fingerprint with the reporter on the phone, on a number that you already had. After \
             !key accept I encrypt everything for him with the new key, on other tickets too.",
    },
    example: Phrase::same("!key"),
    parse,
};

const ACCEPT_OR_NOTHING: Phrase = Phrase {
    nl: "Na !key komt niets, of het ene woord accept.",
    fr: "Rien ne suit !key, ou le seul mot accept.",
    en: "Nothing follows !key, or the one word accept.",
};

fn parse(argument: &str) -> Result<Command, Mistake> {
    if words(argument).is_empty() {
        return Ok(Command::Key(KeyQuestion::Which));
    }
    let accepted = only_word(argument).is_some_and(|word| {
        matches!(
            fold(&word).as_str(),
            "accept" | "aanvaard" | "aanvaarden" | "accepte" | "accepter"
        )
    });
    if accepted {
        Ok(Command::Key(KeyQuestion::Accept))
    } else {
        Err(Mistake::plain(ACCEPT_OR_NOTHING))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_asks_or_accepts() {
        for (argument, question) in [
            ("", KeyQuestion::Which),
            (" .", KeyQuestion::Which),
            (" accept", KeyQuestion::Accept),
            (" Aanvaard", KeyQuestion::Accept),
            (" accepté", KeyQuestion::Accept),
        ] {
            assert_eq!(parse(argument), Ok(Command::Key(question)), "{argument:?}");
        }
        for argument in [" niet", " accept niet", "?", " AB12"] {
            assert!(parse(argument).is_err(), "{argument:?}");
        }
    }
}
