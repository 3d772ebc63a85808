//! The help, put together from what each command states of itself. No words of its own but the frame.
//!
//! No line of it begins with `!`: what is copied from it is no command.

use crate::domain::command::list::CommandName;
use crate::domain::command::spec::{Phrase, Place, Spec};
use crate::domain::triage::language::Language;

const COMMANDS: Phrase = Phrase {
    nl: "Commando's",
    fr: "Commandes",
    en: "Commands",
};
const COMMAND: Phrase = Phrase {
    nl: "Commando",
    fr: "Commande",
    en: "Command",
};
const OR: Phrase = Phrase {
    nl: "of",
    fr: "ou",
    en: "or",
};
const AND: Phrase = Phrase {
    nl: "en",
    fr: "et",
    en: "and",
};
const COLON: Phrase = Phrase {
    nl: ":",
    fr: " :",
    en: ":",
};
const AFTERWARDS: Phrase = Phrase {
    nl: "Daarna:",
    fr: "Ensuite :",
    en: "Afterwards:",
};
const WORKS: Phrase = Phrase {
    nl: "Werkt",
    fr: "Fonctionne",
    en: "Works",
};
/// What stands before an example.
pub(crate) const EXAMPLE: Phrase = Phrase {
    nl: "Voorbeeld:",
    fr: "Exemple :",
    en: "Example:",
};
const RULES: Phrase = Phrase {
    nl: "Begin een regel met !, buiten citaten en code. Meerdere commando's in één bericht voer ik uit van \
         boven naar onder, tot het eerste dat niet klopt.",
    fr: "Commencez une ligne par !, en dehors des citations et du code. J'exécute plusieurs commandes d'un \
         message de haut en bas, jusqu'à la première qui n'est pas correcte.",
    en: "Begin a line with !, outside quotes and code. I run several commands in one message from top to \
         bottom, up to the first that is wrong.",
};
const MORE: Phrase = Phrase {
    nl: "Meer over één commando: bijvoorbeeld",
    fr: "Pour en savoir plus sur une commande : par exemple",
    en: "More about one command: for example",
};

/// The commands that work in a place, one line each.
pub fn help(language: Language, place: Place) -> String {
    let here: Vec<&Spec> = CommandName::ALL
        .iter()
        .map(|name| name.spec())
        .filter(|spec| spec.works_in(place))
        .collect();
    let heading = format!(
        "{} {}{}",
        COMMANDS.in_language(language),
        place.said().in_language(language),
        COLON.in_language(language)
    );
    let lines = here.iter().map(|spec| {
        let own_name = spec.names.in_language(language);
        format!("- {}", title(spec, &[own_name], language))
    });
    let first = here.first().map_or(CommandName::Help, |spec| spec.name);
    let more = format!("{} !help {first}", MORE.in_language(language));
    std::iter::once(heading)
        .chain(lines)
        .chain([RULES.in_language(language).to_owned(), more])
        .collect::<Vec<_>>()
        .join("\n")
}

/// One command: what it does, what happens afterwards, where it works, an example.
pub fn help_for(name: CommandName, language: Language) -> String {
    let spec = name.spec();
    format!(
        "{} {}.\n{} {}\n{} {}.\n{} {}",
        COMMAND.in_language(language),
        title(spec, &spec.names.all(), language),
        AFTERWARDS.in_language(language),
        spec.afterwards.in_language(language),
        WORKS.in_language(language),
        sentence_of_places(spec.places, language),
        EXAMPLE.in_language(language),
        spec.example.in_language(language),
    )
}

/// `!hand PERSON (or !geef): gives ...`, with those of its names that are other than the English one.
fn title(spec: &Spec, names: &[&str], language: Language) -> String {
    let others: Vec<String> = names
        .iter()
        .filter(|name| **name != spec.name.as_str())
        .map(|name| format!("!{name}"))
        .collect();
    let others = if others.is_empty() {
        String::new()
    } else {
        format!(" ({} {})", OR.in_language(language), others.join(", "))
    };
    let arguments = match spec.arguments.in_language(language) {
        "" => String::new(),
        some => format!(" {some}"),
    };
    let colon = COLON.in_language(language);
    let does = spec.does.in_language(language);
    format!("!{}{arguments}{others}{colon} {does}", spec.name)
}

/// The places of a command as part of a sentence: "in a and in b".
pub(crate) fn sentence_of_places(places: &[Place], language: Language) -> String {
    let said: Vec<&str> = places
        .iter()
        .map(|place| place.said().in_language(language))
        .collect();
    match said.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => {
            let and = AND.in_language(language);
            format!("{} {and} {last}", first.join(", "))
        }
    }
}
