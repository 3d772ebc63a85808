//! The languages of the product and which one a text is written in.
//!
//! Function words decide where there are enough of them, which is nearly always and costs nothing;
//! short texts go to the statistical detector (`lingua`, about 22 MB once used), with the words of
//! the lexicon as tie-breaker. Afrikaans is what it takes telegram-style Dutch for.

use crate::domain::text::fold::Folded;
use crate::domain::triage::category::closed_list;
use lingua::{LanguageDetector, LanguageDetectorBuilder};
use std::sync::LazyLock;

closed_list! {
    /// A language as triage names it.
    Language {
        /// Dutch.
        Nl = "nl",
        /// French.
        Fr = "fr",
        /// English.
        En = "en",
        /// German. Answered in English.
        De = "de",
        /// Cannot be told.
        Und = "und",
    }
}

impl Language {
    /// Those in which we answer.
    pub const OF_REPLIES: [Self; 3] = [Self::Nl, Self::Fr, Self::En];

    /// The language in which we answer: Dutch, French or English. German readers get English;
    /// where the language can't be told, Dutch.
    #[must_use]
    pub fn for_reply(self) -> Self {
        match self {
            Self::Fr => Self::Fr,
            Self::En | Self::De => Self::En,
            Self::Nl | Self::Und => Self::Nl,
        }
    }
}

const FUNCTION_WORDS: [(Language, &[&str]); 4] = [
    (
        Language::Nl,
        &[
            "de",
            "het",
            "een",
            "ik",
            "wij",
            "we",
            "onze",
            "ons",
            "mijn",
            "van",
            "en",
            "dat",
            "dit",
            "niet",
            "geen",
            "naar",
            "voor",
            "met",
            "zijn",
            "is",
            "heeft",
            "hebben",
            "heb",
            "op",
            "aan",
            "bij",
            "uit",
            "er",
            "ook",
            "maar",
            "nog",
            "om",
            "te",
            "kan",
            "kunnen",
            "wat",
            "hoe",
            "werd",
            "wordt",
            "zij",
            "deze",
            "die",
            "iemand",
            "moet",
            "moeten",
            "als",
            "graag",
            "jullie",
            "hij",
            "haar",
            "sinds",
            "gisteren",
            "vandaag",
            "vanmorgen",
            "via",
            "zonder",
            "door",
            "al",
            "alle",
            "alles",
            "wie",
            "waar",
            "waarom",
            "wanneer",
            "welke",
            "hoelang",
            "mag",
            "mogen",
            "u",
            "uw",
            "of",
            "dan",
            "over",
            "onder",
            "tot",
            "toch",
            "nu",
            "blijkbaar",
        ],
    ),
    (
        Language::Fr,
        &[
            "le", "la", "les", "un", "une", "des", "du", "de", "je", "j", "nous", "vous", "notre",
            "nos", "mon", "ma", "mes", "sur", "est", "et", "que", "qui", "dans", "pour", "avec",
            "pas", "ne", "ai", "a", "avons", "ont", "sont", "il", "elle", "au", "aux", "ce",
            "cette", "votre", "par", "en", "d", "l", "c", "qu", "ete", "plus", "mais", "depuis",
            "hier", "comment", "bonjour", "chez", "sans", "ou", "quand", "quel", "quelle", "quels",
            "quelles", "combien", "faut", "peut", "doit", "devons", "pouvons", "se", "son", "sa",
            "ses", "leur", "y", "s", "n", "suis", "si",
        ],
    ),
    (
        Language::En,
        &[
            "the",
            "an",
            "i",
            "we",
            "our",
            "my",
            "and",
            "that",
            "this",
            "not",
            "no",
            "to",
            "for",
            "with",
            "is",
            "are",
            "was",
            "were",
            "has",
            "have",
            "on",
            "at",
            "from",
            "it",
            "but",
            "by",
            "be",
            "been",
            "what",
            "how",
            "can",
            "do",
            "does",
            "did",
            "us",
            "you",
            "your",
            "someone",
            "since",
            "yesterday",
            "today",
            "as",
            "or",
            "they",
            "their",
            "in",
            "all",
            "a",
            "should",
            "there",
            "of",
            "when",
            "which",
            "who",
            "must",
            "will",
            "if",
            "need",
            "any",
            "one",
        ],
    ),
    (
        Language::De,
        &[
            "der", "die", "das", "ein", "eine", "ich", "wir", "unser", "unsere", "mein", "meine",
            "von", "und", "nicht", "kein", "keine", "zu", "fur", "mit", "ist", "sind", "wurde",
            "hat", "haben", "habe", "auf", "an", "bei", "aus", "es", "auch", "aber", "noch", "um",
            "kann", "was", "wie", "sie", "den", "dem", "einen", "einer", "im", "seit", "gestern",
            "heute", "jemand", "geklickt",
        ],
    ),
];

/// Is it one of the small words that tell a language?
pub(crate) fn is_function_word(folded: &str) -> bool {
    FUNCTION_WORDS
        .iter()
        .any(|(_, words)| words.contains(&folded))
}

/// Words that exist in two of the languages, or as a single letter of anything, say less.
const SHARED: &[&str] = &[
    "de", "en", "is", "a", "die", "an", "was", "in", "we", "op", "via", "on", "of", "over", "u",
    "se", "du", "des", "es", "hier", "y", "s", "n", "d", "l", "c", "j",
];

/// Of so few words one small one tells.
const FEW_WORDS: usize = 4;
/// A text may say very little beyond this; more costs time and changes nothing.
const ENOUGH_WORDS: usize = 400;

static DETECTOR: LazyLock<LanguageDetector> = LazyLock::new(|| {
    use lingua::Language::{Afrikaans, Dutch, English, French, German};
    LanguageDetectorBuilder::from_languages(&[Dutch, French, English, German, Afrikaans]).build()
});

/// How much the words of the lexicon speak for a language: found phrases, by weight.
pub type LexiconVotes = [(Language, f64)];

/// The language of a text. `votes` come from the phrases found in it; may be empty.
pub fn detect(text: &str, votes: &LexiconVotes) -> Language {
    detect_folded(text, &Folded::new(text), votes)
}

/// The same for a text that is already cut into words.
pub(crate) fn detect_folded(text: &str, folded: &Folded<'_>, votes: &LexiconVotes) -> Language {
    let mut points = FUNCTION_WORDS.map(|(language, words)| (language, count(folded, words)));
    points.sort_by(|a, b| b.1.total_cmp(&a.1));
    let [(best, most), (_, second), ..] = points;
    let many = most >= 3.0 && most >= second * 1.8;
    // Two words of one language that are of no other, and next to nothing against it.
    let clear = most >= 2.0 && second <= 0.3;
    if many || clear {
        return best;
    }
    let letters = folded
        .words
        .iter()
        .filter(|word| word.text.chars().any(char::is_alphabetic))
        .count();
    if letters == 0 {
        return Language::Und;
    }
    // "Wat is phishing?": one such word among very few says more than the letters of terms that are the same everywhere.
    if most >= 1.0 && second <= 0.3 && letters <= FEW_WORDS {
        return best;
    }
    let mut sums = points.to_vec();
    for (language, vote) in votes {
        if let Some((_, sum)) = sums.iter_mut().find(|(known, _)| known == language) {
            *sum += vote;
        }
    }
    if let Some(guess) = guess(text)
        && let Some((_, sum)) = sums.iter_mut().find(|(known, _)| *known == guess.0)
    {
        *sum += guess.1;
    }
    sums.sort_by(|a, b| b.1.total_cmp(&a.1));
    match sums.first() {
        Some((language, sum)) if *sum >= 0.5 => *language,
        _ => Language::Und,
    }
}

fn count(folded: &Folded<'_>, words: &[&str]) -> f64 {
    let mut points = 0.0;
    for word in folded.words.iter().take(ENOUGH_WORDS) {
        if words.contains(&word.text.as_str()) {
            points += if SHARED.contains(&word.text.as_str()) {
                0.3
            } else {
                1.0
            };
        }
    }
    points
}

/// The statistical guess, worth between nothing and three function words.
fn guess(text: &str) -> Option<(Language, f64)> {
    let start = crate::domain::text::fold::at_most(text, 1024);
    let values = DETECTOR.compute_language_confidence_values(start);
    let mut sums: Vec<(Language, f64)> = Vec::new();
    for (language, value) in values {
        let language = match language {
            lingua::Language::French => Language::Fr,
            lingua::Language::English => Language::En,
            lingua::Language::German => Language::De,
            _ => Language::Nl,
        };
        match sums.iter_mut().find(|(known, _)| *known == language) {
            Some((_, sum)) => *sum += value,
            None => sums.push((language, value)),
        }
    }
    let best = sums.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    (best.1 > 0.3).then_some((best.0, best.1 * 3.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_sentences_are_told_apart() {
        for (text, language) in [
            (
                "Wij kregen vanmorgen een rare mail van de bank",
                Language::Nl,
            ),
            ("Ons netwerk ligt plat sinds vannacht", Language::Nl),
            ("Nous avons reçu un mail étrange ce matin", Language::Fr),
            ("Notre serveur est chiffré depuis hier soir", Language::Fr),
            (
                "Our web server has been defaced since last night",
                Language::En,
            ),
            ("someone clicked a link in a strange mail", Language::En),
            (
                "Ich habe auf einen Link geklickt und mein Passwort eingegeben",
                Language::De,
            ),
            ("Unsere Dateien sind verschlüsselt", Language::De),
            // Two small words that are of no other language are enough.
            ("Hoelang mogen we logs bewaren?", Language::Nl),
            ("Combien de temps garder les logs ?", Language::Fr),
            ("Who must be told when data leak?", Language::En),
            // One is enough where there are few words and the others are terms.
            ("wat is phishing", Language::Nl),
            ("mijn malware", Language::Nl),
            ("what is spam", Language::En),
            ("un ransomware", Language::Fr),
            // "hier" is French too.
            ("hier werkt niets meer", Language::Nl),
            ("site plat", Language::Nl),
            ("", Language::Und),
            ("12345 ??? https://evil.example", Language::Und),
        ] {
            assert_eq!(detect(text, &[]), language, "{text}");
        }
    }

    #[test]
    fn the_lexicon_breaks_ties_in_very_short_texts() {
        assert_eq!(detect("ransomware", &[(Language::Fr, 4.0)]), Language::Fr);
    }
}
