//! What the reporter denied before and says after all: "nee wacht, toch wel ingevuld".
//!
//! Only what somebody did, and only towards the worse: that something wasn't done after all is left to the human who reads it.

use crate::domain::text::fold::Folded;
use crate::domain::triage::answers::pieces::Piece;
use crate::domain::triage::answers::verdict::Read;
use crate::domain::triage::facts::{FactKey, FactValue, Facts};

/// How words begin that say what was done; a word that is said of other things too ("doorgegeven aan de politie",
/// "een ticket geopend", "aangemeld voor de opleiding") is none.
const DONE: &[(FactKey, &[&str])] = &[
    (
        FactKey::Clicked,
        &["geklik", "aangeklik", "doorgeklik", "clique", "clicked"],
    ),
    (
        FactKey::OpenedAttachment,
        &["geinstalleerd", "uitgevoerd", "installe", "installed"],
    ),
    (
        FactKey::EnteredCredentials,
        &[
            "ingevuld",
            "ingegeven",
            "ingetikt",
            "ingetypt",
            "getypt",
            "ingelogd",
            "rempli",
            "encode",
            "introduit",
            "entered",
            "typed",
            "logged in",
        ],
    ),
    (FactKey::ApprovedMfa, &["goedgekeurd", "approuve"]),
    (
        FactKey::Paid,
        &["betaald", "overgeschreven", "gestort", "paye", "paid"],
    ),
];

/// What says that it is otherwise than was said.
const AFTER_ALL: &[&str] = &[
    "toch",
    "eigenlijk",
    "wel degelijk",
    "finalement",
    "quand meme",
    "en fait",
    "actually",
    "after all",
];

/// Where one of these stands nothing is said to be so: it is denied, asked, or only imagined.
const NOT_SAID: &[&str] = &[
    "niet",
    "nie",
    "ni",
    "niets",
    "niks",
    "geen",
    "niemand",
    "nooit",
    "zonder",
    "pas",
    "jamais",
    "rien",
    "plus",
    "sans",
    "aucun",
    "aucune",
    "personne",
    "not",
    "never",
    "nobody",
    "nothing",
    "without",
    "havent",
    "hasnt",
    "wasnt",
    "didnt",
    "dont",
    "als",
    "indien",
    "mocht",
    "zou",
    "zouden",
    "stel",
    "of",
    "si",
    "serait",
    "aurait",
    "if",
    "would",
    "whether",
    "misschien",
    "peut",
    "maybe",
    "isnt",
    "wont",
];

/// Which of these facts, denied before, this message says after all.
pub(super) fn said_after_all<'a>(
    known: &'a Facts,
    stated: &'a Facts,
    pieces: &'a [Piece],
) -> impl Iterator<Item = FactKey> + 'a {
    let denied = |key: FactKey| known.get(key) == FactValue::No && !stated.get(key).is_denied();
    DONE.iter()
        .filter(move |(key, _)| denied(*key))
        .filter(|(_, words)| pieces.iter().any(|piece| says_after_all(piece, words)))
        .map(|(key, _)| *key)
}

fn says_after_all(piece: &Piece, words: &[&str]) -> bool {
    let folded = Folded::new(&piece.text);
    let read = Read::new(&folded);
    let asked = folded.words.last().is_some_and(|last| last.asked);
    !asked
        && words.iter().any(|word| read.has_word_that_begins(word))
        && AFTER_ALL.iter().any(|phrase| read.says(phrase))
        && !NOT_SAID.iter().any(|word| read.says(word))
        && (read.corrects() || read.affirms())
}
