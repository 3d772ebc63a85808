//! `!open TOWN; CALLBACK; NOTES`: a ticket for somebody who called.
//!
//! It is typed with a telephone at the ear, so the first telephone number in the text is what counts: the
//! town stands before it, the notes behind it. Semicolons, commas, new lines and words like `Tel:` between
//! them are welcome and not needed. What fits nowhere else goes into the notes: nothing typed is lost.

use crate::domain::command::argument::{behind_separators, is_separator};
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::open_phone::{Number, first_number};
use crate::domain::command::spec::{Correction, Extent, Mistake, Phrase, Place, Role, Spec};
use crate::domain::command::words::Words;
use crate::domain::text::fold::fold;

/// Longest name of a town, in bytes.
const LONGEST_TOWN: usize = 100;

/// What somebody told by phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneReport {
    /// The local government, as typed.
    pub town: Words,
    /// The number on which to call back, as typed.
    pub callback: Words,
    /// What is going on.
    pub notes: Option<Words>,
}

impl PhoneReport {
    /// As one would write it behind the name of the command.
    pub(super) fn written(&self) -> String {
        let (town, callback) = (self.town.as_str(), self.callback.as_str());
        let notes = self.notes.as_ref().map_or("", Words::as_str);
        let between = match notes.chars().next() {
            None => "",
            Some(first) if is_separator(first) => ";\n",
            Some(_) => "; ",
        };
        format!("{town}; {callback}{between}{notes}")
    }
}

pub(super) const SPEC: Spec = Spec {
    name: CommandName::Open,
    names: Phrase {
        nl: "melding",
        fr: "ouvre",
        en: "open",
    },
    arguments: Phrase {
        nl: "GEMEENTE; TELEFOON; NOTITIES",
        fr: "COMMUNE; TÉLÉPHONE; NOTES",
        en: "TOWN; CALLBACK; NOTES",
    },
    places: &[Place::OncallRoom, Place::DirectChat],
    role: Role::Expert,
    extent: Extent::Message,
    correction: Correction::TooLate,
    does: Phrase {
        nl: "opent een dossier voor wie gebeld heeft, tot het einde van uw bericht",
        fr: "ouvre un dossier pour un appel téléphonique, jusqu'à la fin de votre message",
        en: "opens a ticket for somebody who called, up to the end of your message",
    },
    afterwards: Phrase {
        nl: "U krijgt het nummer van het dossier. Het loopt verder zoals een melding per mail en kan iemand \
             oproepen. Er vertrekt niets naar de melder: terugbellen doet u. In het rechtstreekse gesprek \
             met mij leest niemand mee. Nieuwe regels mogen in plaats van puntkomma's.",
        fr: "Vous recevez le numéro du dossier. Il suit le même chemin qu'un signalement par mail et peut \
             appeler quelqu'un. Rien ne part vers l'auteur du signalement : c'est vous qui rappelez. Dans \
             la conversation directe avec moi, personne d'autre ne lit. Des retours à la ligne peuvent \
             remplacer les points-virgules.",
        en: "You get the number of the ticket. It goes on like a report by mail and can page somebody. \
             Nothing leaves for the reporter: you call back. In the direct chat with me nobody reads along. \
             New lines may stand in place of semicolons.",
    },
    example: Phrase {
        nl: "!open Hackegem; 0470 00 00 00; servers versleuteld sinds vanmorgen",
        fr: "!open Hackegem; 0470 00 00 00; serveurs chiffrés depuis ce matin",
        en: "!open Hackegem; 0470 00 00 00; servers encrypted since this morning",
    },
    parse,
};

const TOWN_AND_NUMBER: Phrase = Phrase {
    nl: "Schrijf na !open de gemeente, een telefoonnummer om terug te bellen en wat er gebeurt.",
    fr: "Écrivez après !open la commune, un numéro de téléphone pour rappeler et ce qui se passe.",
    en: "Write after !open the town, a telephone number to call back and what is going on.",
};

/// Words before a town, a number or notes that only say which of them follows, folded.
const TOWN_LABELS: &[&str] = &["gemeente", "stad", "bestuur", "commune", "ville", "town"];
const NUMBER_LABELS: &[&str] = &[
    "tel",
    "telefoon",
    "telefoonnummer",
    "nummer",
    "nr",
    "gsm",
    "terugbellen",
    "telephone",
    "numero",
    "rappeler",
    "phone",
    "number",
    "callback",
    "mobile",
];
const NOTES_LABELS: &[&str] = &["nota", "notitie", "notities", "note", "notes"];

fn parse(argument: &str) -> Result<Command, Mistake> {
    read(argument)
        .map(Command::Open)
        .ok_or(Mistake::plain(TOWN_AND_NUMBER))
}

fn read(argument: &str) -> Option<PhoneReport> {
    let Number {
        before,
        written,
        behind,
    } = first_number(argument)?;
    let mut pieces = before
        .split(ends_piece)
        .map(name_in)
        .filter(|piece| !piece.is_empty());
    let (town, behind) = match pieces.next() {
        Some(town) => (town, behind),
        None => town_behind(behind)?,
    };
    let is_name = town.chars().any(char::is_alphabetic) && town.len() <= LONGEST_TOWN;
    if !is_name || first_number(town).is_some() {
        return None;
    }
    let mut notes: Vec<&str> = pieces.collect();
    notes.push(behind_separators(behind));
    Some(PhoneReport {
        town: Words::new(town)?,
        callback: Words::new(&written)?,
        notes: Words::new(without_label(&notes.join("\n"), NOTES_LABELS)),
    })
}

/// The town where the number was typed first: the next piece.
fn town_behind(behind: &str) -> Option<(&str, &str)> {
    let behind = behind.trim_start_matches(is_separator);
    let end = behind.find(ends_piece).unwrap_or(behind.len());
    let (town, behind) = behind.split_at_checked(end)?;
    Some((name_in(town), behind))
}

fn ends_piece(c: char) -> bool {
    matches!(c, ';' | ',' | '|' | '\n')
}

/// What a piece says without its labels; nothing where it is only a label, like the `Tel:` before the
/// number.
fn name_in(piece: &str) -> &str {
    let mut rest =
        without_label(piece.trim_matches(is_around), TOWN_LABELS).trim_matches(is_around);
    loop {
        let (start, last) = rest.rsplit_once(char::is_whitespace).unwrap_or(("", rest));
        if !NUMBER_LABELS.contains(&fold(last).as_str()) {
            return rest;
        }
        rest = start.trim_end_matches(is_around);
    }
}

/// A text without the labels that it begins with.
fn without_label<'a>(text: &'a str, labels: &[&str]) -> &'a str {
    let mut rest = text;
    while let Some((label, behind)) = rest.split_once(':')
        && labels.contains(&fold(label).as_str())
    {
        rest = behind_separators(behind);
    }
    rest
}

/// Signs around a name; a bracket at its end may be part of it.
fn is_around(c: char) -> bool {
    c == '(' || c != ')' && is_separator(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(argument: &str) -> Option<[String; 3]> {
        let report = read(argument)?;
        let notes = report.notes.as_ref().map_or("", Words::as_str);
        Some([report.town.as_str(), report.callback.as_str(), notes].map(str::to_owned))
    }

    #[test]
    fn town_number_and_notes_are_found_however_they_are_parted() {
        for argument in [
            " Hackegem; 0470 00 00 00; servers plat",
            " Hackegem;0470 00 00 00;servers plat",
            " Hackegem, 0470 00 00 00, servers plat",
            " Hackegem | 0470 00 00 00 | servers plat",
            " Hackegem 0470 00 00 00 servers plat",
            " Hackegem (tel. 0470 00 00 00): servers plat",
            " Hackegem (0470 00 00 00) servers plat",
            " “Hackegem” – 0470\u{a0}00\u{a0}00\u{a0}00 – servers plat",
            "\nHackegem\n0470 00 00 00\nservers plat",
            " Hackegem\r\n0470 00 00 00\r\n\r\nservers plat\r\n",
            "\nGemeente: Hackegem\nTel: 0470 00 00 00\nNotities: servers plat",
            "\nCommune : Hackegem\nTéléphone : 0470 00 00 00\nNotes : servers plat",
            " 0470 00 00 00; Hackegem; servers plat",
            " Gsm 0470 00 00 00, stad: Hackegem, servers plat",
        ] {
            let [town, callback, notes] = fields(argument).unwrap_or_default();
            let callback = callback.replace('\u{a0}', " ");
            let read = [town.as_str(), &callback, &notes];
            assert_eq!(
                read,
                ["Hackegem", "0470 00 00 00", "servers plat"],
                "{argument:?}"
            );
        }
    }

    #[test]
    fn nothing_typed_is_lost() {
        for (argument, town, notes) in [
            (
                " OCMW Hackegem, An van ICT, 0470 00 00 00; help",
                "OCMW Hackegem",
                "An van ICT\nhelp",
            ),
            (" Hackegem (stad); 0470 00 00 00", "Hackegem (stad)", ""),
            (
                " 9999 Hackegem; 0470 00 00 00; 12 pc's; ze bellen terug",
                "9999 Hackegem",
                "12 pc's; ze bellen terug",
            ),
            (
                " Hackegem\n0470 00 00 00\n- een\n    twee\n!ack",
                "Hackegem",
                "- een\n    twee\n!ack",
            ),
            (
                " Hackegem; 0470 00 00 00; Opgelet: 09 000 00 00 is dood",
                "Hackegem",
                "Opgelet: 09 000 00 00 is dood",
            ),
        ] {
            let read = fields(argument).map(|[town, _, notes]| [town, notes]);
            assert_eq!(
                read,
                Some([town.to_owned(), notes.to_owned()]),
                "{argument:?}"
            );
        }
    }

    #[test]
    fn without_a_town_or_a_number_there_is_no_report() {
        let long = format!(" {}; 0470 00 00 00", "a".repeat(LONGEST_TOWN + 1));
        for argument in [
            "",
            " Hackegem",
            " Hackegem; servers plat",
            " Hackegem; 112; brand",
            " 0470 00 00 00",
            " ; 0470 00 00 00;",
            " 0470 00 00 00; 0471 00 00 00 Hackegem",
            &long,
        ] {
            assert_eq!(
                parse(argument),
                Err(Mistake::plain(TOWN_AND_NUMBER)),
                "{argument:?}"
            );
        }
    }
}
