//! `!key`: which OpenPGP key the reporter has; `!key accept FINGERPRINT`: the new one is his, after a person asked
//! him. With its fingerprint, because another may ask by now than the one that was read out.

use crate::domain::command::argument::words;
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::spec::{Correction, Extent, Mistake, Phrase, Place, Spec};
use crate::domain::oncall::people::Role;
use crate::domain::pgp::certificate::Fingerprint;
use crate::domain::text::fold::fold;

/// What is asked about the reporter's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyQuestion {
    /// Which one he has.
    Which,
    /// The one with this fingerprint, that asks to take its place, is his.
    Accept(Fingerprint),
}

impl KeyQuestion {
    /// What one would write behind the name.
    pub(super) fn written(&self) -> String {
        match self {
            Self::Which => String::new(),
            Self::Accept(fingerprint) => format!("accept {fingerprint}"),
        }
    }
}

pub(super) const SPEC: Spec = Spec {
    name: CommandName::Key,
    names: Phrase {
        nl: "sleutel",
        fr: "clé",
        en: "key",
    },
    arguments: Phrase {
        nl: "[aanvaard VINGERAFDRUK]",
        fr: "[accepte EMPREINTE]",
        en: "[accept FINGERPRINT]",
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
    nl: "Na !key komt niets, of accept met de hele vingerafdruk.",
    fr: "Rien ne suit !key, ou accept et l'empreinte entière.",
    en: "Nothing follows !key, or accept and the whole fingerprint.",
};

/// Digits of a fingerprint: SHA-1 of version 4, SHA-256 of version 6 (RFC 9580, 5.5.4).
const DIGITS: [usize; 2] = [40, 64];

fn parse(argument: &str) -> Result<Command, Mistake> {
    let words = words(argument);
    let Some((first, rest)) = words.split_first() else {
        return Ok(Command::Key(KeyQuestion::Which));
    };
    let accepts = matches!(
        fold(first).as_str(),
        "accept" | "aanvaard" | "aanvaarden" | "accepte" | "accepter"
    );
    let digits = rest.concat();
    let is_whole =
        DIGITS.contains(&digits.len()) && digits.chars().all(|digit| digit.is_ascii_hexdigit());
    if accepts && is_whole {
        let fingerprint = Fingerprint::from_digits(&digits);
        Ok(Command::Key(KeyQuestion::Accept(fingerprint)))
    } else {
        Err(Mistake::plain(ACCEPT_OR_NOTHING))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_asks_or_accepts_the_one_that_was_read_out() {
        for argument in ["", " ."] {
            let asked = Ok(Command::Key(KeyQuestion::Which));
            assert_eq!(parse(argument), asked, "{argument:?}");
        }
        let digits = "0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567";
        let accepted = Command::Key(KeyQuestion::Accept(Fingerprint::from_digits(
            &digits.replace(' ', ""),
        )));
        for argument in [
            format!(" accept {digits}"),
            format!(" Aanvaard {}", digits.to_lowercase()),
            format!(" accepté {}", digits.replace(' ', "")),
        ] {
            assert_eq!(parse(&argument), Ok(accepted.clone()), "{argument:?}");
        }
        assert_eq!(accepted.written(), format!("!key accept {digits}"));
        for argument in [" niet", " accept", " accept 0123 4567", "?", " AB12"] {
            assert!(parse(argument).is_err(), "{argument:?}");
        }
    }
}
