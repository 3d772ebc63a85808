//! What the reporter denied before and says after all: "nee wacht, toch wel ingevuld".
//!
//! Only what somebody did, and only towards the worse: that something wasn't done after all is left to the human who reads it.

use crate::domain::text::fold::Folded;
use crate::domain::triage::answers::pieces::Piece;
use crate::domain::triage::answers::verdict::Read;
use crate::domain::triage::facts::{FactKey, FactValue, Facts};

/// How words begin that say what was done; a word that may be about something else ("doorgegeven aan de politie") is none.
const DONE: &[(FactKey, &[&str])] = &[
    (
        FactKey::Clicked,
        &["geklik", "aangeklik", "doorgeklik", "clique", "clicked"],
    ),
    (
        FactKey::OpenedAttachment,
        &[
            "geopend",
            "opengedaan",
            "geinstalleerd",
            "uitgevoerd",
            "ouvert",
            "installe",
            "opened",
            "installed",
        ],
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
            "aangemeld",
            "rempli",
            "encode",
            "introduit",
            "entered",
            "typed",
            "logged in",
        ],
    ),
    (
        FactKey::ApprovedMfa,
        &["goedgekeurd", "bevestigd", "approuve", "approved"],
    ),
    (
        FactKey::Paid,
        &["betaald", "overgeschreven", "gestort", "paye", "paid"],
    ),
];

/// What says that it is otherwise than was said.
const AFTER_ALL: &[&str] = &[
    "toch",
    "wel",
    "eigenlijk",
    "achteraf",
    "finalement",
    "quand meme",
    "en fait",
    "actually",
    "after all",
    "did",
];

/// Which of these facts, denied before, this message says after all.
pub(super) fn said_after_all<'a>(
    known: &'a Facts,
    pieces: &'a [Piece],
) -> impl Iterator<Item = FactKey> + 'a {
    let denied = DONE
        .iter()
        .filter(|(key, _)| known.get(*key) == FactValue::No);
    denied
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
        && (read.affirms() || read.corrects() && !read.denies())
}
