//! `!belongs NUMBER`: the message that waits in the holding pen is part of a ticket.

use crate::domain::command::argument::words;
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::spec::{Correction, Extent, Mistake, Phrase, Place, Spec};
use crate::domain::ids::TicketNumber;
use crate::domain::oncall::people::Role;
use crate::domain::text::fold::fold;

pub(super) const SPEC: Spec = Spec {
    name: CommandName::Belongs,
    names: Phrase {
        nl: "hoort",
        fr: "rattache",
        en: "belongs",
    },
    arguments: Phrase {
        nl: "NUMMER",
        fr: "NUMÉRO",
        en: "NUMBER",
    },
    places: &[Place::OncallThread],
    role: Role::Expert,
    extent: Extent::Line,
    correction: Correction::Runs,
    does: Phrase {
        nl: "voegt het wachtende bericht toe aan een dossier",
        fr: "ajoute le message en attente à un dossier",
        en: "adds the waiting message to a ticket",
    },
    afterwards: Phrase {
        nl: "Wie aan dat dossier werkt, ziet het bericht. Kijk eerst wie het stuurde: een nummer in een \
             onderwerp bewijst niets.",
        fr: "Les personnes qui travaillent sur ce dossier voient le message. Regardez d'abord qui l'a \
             envoyé : un numéro dans un objet ne prouve rien.",
        en: "Those who work on that ticket see the message. Look first who sent it: a number in a subject \
             proves nothing.",
    },
    example: Phrase::same("!belongs CRT-2026-0042"),
    parse,
};

const ONE_NUMBER: Phrase = Phrase {
    nl: "Noem na !belongs één dossiernummer.",
    fr: "Nommez un seul numéro de dossier après !belongs.",
    en: "Name one ticket number after !belongs.",
};

/// Small words before a number, folded.
const SMALL_WORDS: &[&str] = &["bij", "dossier", "a", "au", "to", "ticket"];

fn parse(argument: &str) -> Result<Command, Mistake> {
    let words = words(argument);
    let mut telling = words
        .iter()
        .filter(|word| !SMALL_WORDS.contains(&fold(word).as_str()));
    let number = telling.next().and_then(|word| number(word));
    match (number, telling.next()) {
        (Some(number), None) => Ok(Command::Belongs(number)),
        _ => Err(Mistake::plain(ONE_NUMBER)),
    }
}

/// A number, with or without brackets or `#`. A date isn't one: the prefix has letters.
fn number(word: &str) -> Option<TicketNumber> {
    let bare = word.trim_matches(|c: char| matches!(c, '[' | ']' | '(' | ')' | '#'));
    let number: TicketNumber = bare.parse().ok()?;
    let named = number.prefix().starts_with(char::is_alphabetic);
    let plain = |c: char| c.is_alphanumeric() || c == '-';
    (named && number.prefix().chars().all(plain)).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_is_read_however_it_is_written() {
        let number = TicketNumber::new("CRT", 2026, 42);
        for argument in [
            " CRT-2026-0042",
            " crt-2026-42.",
            "\u{a0}[CRT‑2026‑0042]",
            " #CRT–2026–0042",
            " bij CRT-2026-0042",
            " bij dossier “CRT-2026-0042”",
            " à CRT-2026-0042",
        ] {
            assert_eq!(
                parse(argument),
                Ok(Command::Belongs(number.clone())),
                "{argument:?}"
            );
        }
        for argument in [
            "",
            " CRT",
            " CRT-2026",
            " 2026-11-25",
            " CRT-2026-1 CRT-2026-2",
            " niet CRT-2026-1",
            " bij",
        ] {
            assert_eq!(
                parse(argument),
                Err(Mistake::plain(ONE_NUMBER)),
                "{argument:?}"
            );
        }
    }
}
