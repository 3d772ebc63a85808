//! What is answered when a line can't be run: one sentence, and an example where that helps.
//!
//! No answer begins a line with `!`: what is copied from it is no command.

use crate::domain::command::help::{EXAMPLE, sentence_of_places};
use crate::domain::command::list::CommandName;
use crate::domain::command::read::MOST_COMMANDS;
use crate::domain::command::spec::{Mistake, Phrase};
use crate::domain::triage::language::Language;

/// Why reading stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Arguments that the command can't take.
    Usage {
        /// Which command.
        name: CommandName,
        /// What it needs.
        mistake: Mistake,
    },
    /// Nearly a command.
    Unknown {
        /// What was written, folded to small letters without accents.
        written: String,
        /// What was probably meant.
        nearest: CommandName,
    },
    /// The command doesn't work in this place.
    NotHere {
        /// Which command.
        name: CommandName,
    },
    /// A client shows the line as part of a quote or of code, so it may be somebody else's text.
    LooksQuoted {
        /// Which command.
        name: CommandName,
    },
    /// The message is too long to be looked at.
    TooLong,
    /// More commands than one message may have.
    TooMany,
}

// Words in capitals are filled in; what people wrote is never in capitals.
const UNKNOWN: Phrase = Phrase {
    nl: "Ik ken !NAME niet.",
    fr: "Je ne connais pas !NAME.",
    en: "I don't know !NAME.",
};
const DID_YOU_MEAN: Phrase = Phrase {
    nl: "Bedoelde u NAME?",
    fr: "Vouliez-vous dire NAME ?",
    en: "Did you mean NAME?",
};
const NOT_HERE: Phrase = Phrase {
    nl: "Hier werkt !NAME niet, wel PLACES.",
    fr: "Ici, !NAME ne fonctionne pas ; cela marche PLACES.",
    en: "Here !NAME doesn't work; it works PLACES.",
};
const LOOKS_QUOTED: Phrase = Phrase {
    nl: "Ik heb !NAME niet uitgevoerd, want die regel lijkt bij een citaat of bij code te horen: zet er een \
         lege regel boven.",
    fr: "Je n'ai pas exécuté !NAME, car cette ligne semble faire partie d'une citation ou de code : mettez \
         une ligne vide au-dessus.",
    en: "I didn't run !NAME, because that line looks like part of a quote or of code: put a blank line above \
         it.",
};
const TOO_LONG: Phrase = Phrase {
    nl: "Dit bericht is te lang voor commando's: ik heb niets uitgevoerd.",
    fr: "Ce message est trop long pour des commandes : je n'ai rien exécuté.",
    en: "This message is too long for commands: I ran nothing.",
};
const TOO_MANY: Phrase = Phrase {
    nl: "Meer dan NUMBER commando's in één bericht: ik heb niets uitgevoerd.",
    fr: "Plus de NUMBER commandes dans un message : je n'ai rien exécuté.",
    en: "More than NUMBER commands in one message: I ran nothing.",
};

impl Problem {
    /// The answer in this language.
    pub fn text(&self, language: Language) -> String {
        let about = |phrase: Phrase, name: &str| phrase.in_language(language).replace("NAME", name);
        match self {
            Self::Usage { name, mistake } => usage(*name, mistake, language),
            Self::Unknown { written, nearest } => {
                let guess = about(DID_YOU_MEAN, &format!("!{nearest}"));
                format!("{} {guess}", about(UNKNOWN, written))
            }
            Self::NotHere { name } => {
                let places = sentence_of_places(name.spec().places, language);
                about(NOT_HERE, name.as_str()).replace("PLACES", &places)
            }
            Self::LooksQuoted { name } => about(LOOKS_QUOTED, name.as_str()),
            Self::TooLong => TOO_LONG.in_language(language).to_owned(),
            Self::TooMany => TOO_MANY
                .in_language(language)
                .replace("NUMBER", &MOST_COMMANDS.to_string()),
        }
    }
}

fn usage(name: CommandName, mistake: &Mistake, language: Language) -> String {
    let needs = mistake.needs.in_language(language);
    let guess = mistake.nearest.map_or_else(String::new, |nearest| {
        let asked = DID_YOU_MEAN.in_language(language);
        format!(" {}", asked.replace("NAME", nearest))
    });
    let example = name.spec().example.in_language(language);
    format!(
        "{needs}{guess}\n{} {example}",
        EXAMPLE.in_language(language)
    )
}
