//! `!hand PERSON`: the ticket goes to a colleague. Who that is, is looked up by the app.

use crate::domain::command::argument::only_word;
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::spec::{Correction, Extent, Mistake, Phrase, Place, Role, Spec};
use std::fmt;

/// Longest Matrix user id, in bytes (Matrix specification, appendices, "User Identifiers").
const LONGEST_ID: usize = 255;

/// Somebody as a colleague named him: an id of the roster, or a Matrix user id `@name:server`. Nobody has
/// looked yet whether there is such a person.
#[derive(Clone, PartialEq, Eq)]
pub struct Person(String);

impl Person {
    /// Takes an id, or nothing where the text can't be one. `@els` is the `els` of the roster.
    pub fn parse(text: &str) -> Option<Self> {
        let name = text.strip_prefix('@');
        let (fits, id) = match name.and_then(|rest| rest.split_once(':')) {
            Some((name, server)) => (is_name(name) && is_server(server), text),
            None => {
                let id = name.unwrap_or(text);
                (is_name(id), id)
            }
        };
        (fits && id.len() <= LONGEST_ID).then(|| Self(id.to_owned()))
    }

    /// The id, as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Is it a Matrix user id?
    pub fn is_matrix_id(&self) -> bool {
        self.0.starts_with('@')
    }
}

fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '=' | '+' | '/');
    !text.is_empty() && text.chars().all(fits)
}

/// A host name or address, with or without a port.
fn is_server(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | ':' | '[' | ']');
    !text.is_empty() && text.chars().all(fits)
}

/// Never the id itself: debug output ends in logs.
impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person(‹sealed›)")
    }
}

pub(super) const SPEC: Spec = Spec {
    name: CommandName::Hand,
    names: Phrase {
        nl: "geef",
        fr: "passe",
        en: "hand",
    },
    arguments: Phrase {
        nl: "PERSOON",
        fr: "PERSONNE",
        en: "PERSON",
    },
    places: &[Place::OncallThread, Place::TicketRoom],
    role: Role::Expert,
    extent: Extent::Line,
    correction: Correction::Runs,
    does: Phrase {
        nl: "geeft het dossier aan een collega",
        fr: "passe le dossier à une autre personne de l'équipe",
        en: "gives the ticket to a colleague",
    },
    afterwards: Phrase {
        nl: "Het dossier staat dan op naam van die collega. Ik vermeld de collega hier, zodat die het ziet.",
        fr: "Le dossier est alors au nom de cette personne. Je la mentionne ici, pour qu'elle le voie.",
        en: "The ticket is then in the name of that colleague. I mention the colleague here, so that it is \
             seen.",
    },
    example: Phrase::same("!hand els"),
    parse,
};

const ONE_PERSON: Phrase = Phrase {
    nl: "Noem na !hand één persoon: de naam uit de lijst van de wachtdienst of @naam:server.",
    fr: "Nommez une seule personne après !hand : son nom dans la liste de garde ou @nom:serveur.",
    en: "Name one person after !hand: the name on the roster or @name:server.",
};

fn parse(argument: &str) -> Result<Command, Mistake> {
    let person = only_word(argument).and_then(|word| Person::parse(mentioned(&word)));
    person.map(Command::Hand).ok_or(Mistake::plain(ONE_PERSON))
}

/// Some clients write a mention as a link, `[Els](https://matrix.to/#/@els:server)`.
fn mentioned(word: &str) -> &str {
    let Some((_, link)) = word.split_once("://matrix.to/#/") else {
        return word;
    };
    link.split([')', '?']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(argument: &str) -> Option<String> {
        match parse(argument) {
            Ok(Command::Hand(person)) => Some(person.as_str().to_owned()),
            _ => None,
        }
    }

    #[test]
    fn a_person_is_named_in_one_word() {
        for (argument, id) in [
            (" els", "els"),
            (" Els.", "Els"),
            (" @els", "els"),
            (" @els:", "els"),
            ("\u{a0}“jan-willem”", "jan-willem"),
            (" @els:crt.example", "@els:crt.example"),
            (" @els:crt.example:8448:", "@els:crt.example:8448"),
            (" @els:[2001:db8::1]", "@els:[2001:db8::1]"),
            (
                " https://matrix.to/#/@els:crt.example?via=x",
                "@els:crt.example",
            ),
            (
                " [Els](https://matrix.to/#/@els:crt.example)",
                "@els:crt.example",
            ),
        ] {
            assert_eq!(read(argument).as_deref(), Some(id), "{argument:?}");
        }
        for argument in [
            "",
            " els jan",
            " @",
            " @:server",
            " els!jan",
            " a,b",
            " els@crt.example",
        ] {
            assert_eq!(read(argument), None, "{argument:?}");
        }
        assert_eq!(read(&format!(" {}", "a".repeat(256))), None);
    }

    #[test]
    fn a_person_is_not_shown_in_logs() {
        let person = Person::parse("@els:crt.example").unwrap();
        assert!(person.is_matrix_id());
        assert_eq!(format!("{person:?}"), "Person(‹sealed›)");
    }
}
