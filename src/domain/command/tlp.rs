//! `!tlp LABEL`: with whom the ticket may be shared, as a human says. The labels are those of FIRST, and are never
//! translated.

use crate::domain::command::argument::words;
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::spec::{Correction, Extent, Mistake, Phrase, Place, Spec};
use crate::domain::oncall::people::Role;
use crate::domain::tlp::Label;

pub(super) const SPEC: Spec = Spec {
    name: CommandName::Tlp,
    names: Phrase::same("tlp"),
    arguments: Phrase::same("RED|AMBER+STRICT|AMBER|GREEN|CLEAR"),
    places: &[Place::OncallThread, Place::TicketRoom],
    role: Role::Expert,
    extent: Extent::Line,
    correction: Correction::Runs,
    does: Phrase {
        nl: "legt vast met wie dit dossier gedeeld mag worden",
        fr: "fixe avec qui ce dossier peut être partagé",
        en: "records with whom this ticket may be shared",
    },
    afterwards: Phrase {
        nl: "Zonder !tlp is een dossier TLP:AMBER+STRICT, of TLP:RED als de melder dat schreef. Het label staat \
             boven elke !reply. TLP:RED gaat nooit per gewone mail: bel, of schrijf in Matrix.",
        fr: "Sans !tlp, un dossier est TLP:AMBER+STRICT, ou TLP:RED si l'auteur du signalement l'a écrit. Le \
             label figure au-dessus de chaque !reply. TLP:RED ne part jamais par simple mail : appelez, ou \
             écrivez dans Matrix.",
        en: "Without !tlp a ticket is TLP:AMBER+STRICT, or TLP:RED where the reporter wrote that. The label \
             stands above each !reply. TLP:RED never goes by plain mail: call, or write in Matrix.",
    },
    example: Phrase::same("!tlp RED"),
    parse,
};

const ONE_LABEL: Phrase = Phrase {
    nl: "Kies na !tlp één label: RED, AMBER+STRICT, AMBER, GREEN of CLEAR. Labels worden niet vertaald.",
    fr: "Choisissez un seul label après !tlp : RED, AMBER+STRICT, AMBER, GREEN ou CLEAR. Les labels ne se \
         traduisent pas.",
    en: "Choose one label after !tlp: RED, AMBER+STRICT, AMBER, GREEN or CLEAR.",
};

fn parse(argument: &str) -> Result<Command, Mistake> {
    Label::read(&words(argument).concat())
        .map(Command::Tlp)
        .ok_or(Mistake::plain(ONE_LABEL))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_named_as_first_names_it() {
        for (argument, label) in [
            (" RED", Label::Red),
            (" tlp:amber+strict", Label::AmberStrict),
            (" “TLP: AMBER”.", Label::Amber),
            (" amber + strict", Label::AmberStrict),
            (": white", Label::Clear),
        ] {
            assert_eq!(parse(argument), Ok(Command::Tlp(label)), "{argument:?}");
        }
        for argument in ["", " rood", " orange", " RED GREEN", " niet RED", "?"] {
            assert!(parse(argument).is_err(), "{argument:?}");
        }
    }
}
