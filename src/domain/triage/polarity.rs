//! Is a found phrase stated, denied or left open?
//!
//! Only words around the phrase count, and only up to the next "but", comma or sentence. A negation
//! that is part of the phrase itself ("werkt niet meer") denies nothing.

use crate::domain::text::fold::{Folded, Gap};
use crate::domain::triage::matching::{Hit, Meaning};
use crate::domain::triage::near::Span;
use crate::domain::triage::vocabulary::stem;
use std::collections::HashSet;

/// How far a negation reaches forward: three words may stand between.
const REACH: usize = 4;
/// How far a doubt reaches.
const DOUBT_REACH: usize = 10;

/// What a text says of a phrase in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Polarity {
    /// It is so.
    Stated,
    /// It is not so.
    Denied,
    /// It may be so.
    Open,
}

/// The words of a text that turn or open what stands around them.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    negations: Vec<Span>,
    /// "Nearly", in order.
    nearly: Vec<usize>,
    doubts: Vec<Span>,
    barriers: HashSet<usize>,
}

/// After these, what was denied before no longer is.
const BARRIERS: &[&str] = &[
    "maar", "wel", "toch", "en", "doch", "want", "omdat", "mais", "et", "pourtant", "car", "but",
    "and", "however", "because", "aber", "und", "doch",
];

/// Nobody did it: that holds for the whole clause.
const NOBODY: &[&str] = &["niemand", "nobody", "personne", "aucun", "aucune"];
/// How far such a word reaches.
const NOBODY_REACH: usize = 8;

/// What denies the verb that stands before it.
const AFTER_VERB: &[&str] = &[
    "niet", "niets", "niks", "pas", "rien", "not", "nothing", "nicht",
];

/// Verbs that turn a sentence round: "geklikt heeft ze niet".
const AUXILIARIES: &[&str] = &[
    "heb", "heeft", "hebben", "hebt", "is", "zijn", "ben", "werd", "werden", "wordt", "had",
    "hadden",
];
/// What stands between such a verb and the denial.
const SMALL: &[&str] = &[
    "heb", "heeft", "hebben", "hebt", "is", "zijn", "ben", "werd", "werden", "wordt", "had",
    "hadden", "ik", "wij", "we", "ze", "zij", "hij", "u", "er", "dat", "het", "die", "men",
    "zeker", "gelukkig", "dus", "nog", "daar", "hier", "zelf", "ook",
];

/// "not only", "no longer only": no denial.
const NOT_ONLY: &[&str] = &[
    "alleen",
    "enkel",
    "slechts",
    "seulement",
    "only",
    "just",
    "nur",
];

/// "Bijna betaald", "failli payer": it was not done.
const NEARLY: &[&str] = &["bijna", "failli", "presque", "nearly", "almost", "beinahe"];
/// Only these stand between such a word and the deed: "bijna op die valse link geklikt". With any other word it may be
/// about something else: "bijna alle facturen", "almost noon when I clicked".
const OF_THE_DEED: &[&str] = &[
    "aan",
    "de",
    "deze",
    "die",
    "dit",
    "een",
    "er",
    "haar",
    "het",
    "hun",
    "in",
    "mijn",
    "ons",
    "onze",
    "ook",
    "op",
    "zelf",
    "zijn",
    "ce",
    "cet",
    "cette",
    "l",
    "la",
    "le",
    "les",
    "ma",
    "mon",
    "sa",
    "son",
    "sur",
    "un",
    "une",
    "a",
    "an",
    "her",
    "his",
    "my",
    "on",
    "our",
    "that",
    "the",
    "this",
    "to",
    "foute",
    "nagemaakte",
    "valse",
    "verdachte",
    "fausse",
    "faux",
    "suspect",
    "suspecte",
    "fake",
    "false",
    "suspicious",
    "bijlage",
    "factuur",
    "geld",
    "knop",
    "link",
    "paswoord",
    "wachtwoord",
    "argent",
    "facture",
    "lien",
    "invoice",
    "money",
];
/// So many of them may.
const NEARLY_REACH: usize = 6;

/// "Nicht" denies in German, and is a niece in Dutch: "mijn nicht heeft geklikt". Nieces are read by its stem too.
const NICHT: &[&str] = &["nicht", "nichts"];
/// Its stem, and that of her sisters.
const NIECE: &str = "nicht";
/// Before a niece, or one word earlier: "mijn oudste nicht".
const WHOSE: &[&str] = &[
    "mijn", "n", "mn", "een", "de", "haar", "zijn", "onze", "jouw", "uw", "hun",
];

/// "Wij kunnen niet aan de lijsten" denies that they get there, and nothing of what the lists are.
const GETS: &[&str] = &[
    "kan", "kun", "kunt", "kunnen", "kon", "konden", "geraak", "geraakt", "geraken", "raak",
    "raken",
];
/// What stands behind such a denial.
const GETS_TO: &[&str] = &["aan", "bij"];

/// Answers something, and denies nothing of what comes behind it: "non il reste accessible".
const ANSWERS: &[&str] = &["non"];
/// A sentence of its own begins with these.
const SUBJECTS: &[&str] = &[
    "je", "j", "on", "nous", "il", "elle", "ils", "elles", "c", "tout", "le", "la", "les", "notre",
    "mon",
];

impl Turns {
    /// Reads them from the phrases found in a text.
    pub(crate) fn new(text: &Folded<'_>, hits: &[Hit]) -> Self {
        let spans = |wanted: Meaning| {
            hits.iter()
                .filter(move |hit| hit.entry.meaning == wanted)
                .map(Hit::span)
        };
        let doubts: Vec<Span> = spans(Meaning::Doubt).collect();
        let only = |span: &Span| {
            let next = text.words.get(span.last + 1);
            next.is_some_and(|word| NOT_ONLY.contains(&word.text.as_str()))
        };
        let answers = |span: &Span| {
            // "Non non, il reste accessible."
            let behind = text.words.iter().skip(span.last + 1);
            let mut behind = behind.skip_while(|word| ANSWERS.contains(&word.text.as_str()));
            let next = behind.next();
            stands_in(text, *span, ANSWERS)
                && next.is_some_and(|word| SUBJECTS.contains(&word.text.as_str()))
        };
        let word = |at: usize| text.words.get(at).map_or("", |word| word.text.as_str());
        let before = |span: &Span, most: usize, list: &[&str]| {
            let from = span.first.saturating_sub(most);
            (from..span.first).any(|at| list.contains(&word(at)))
        };
        let niece = |span: &Span| {
            let is_one = stem(word(span.first)) == NIECE;
            is_one && (!NICHT.contains(&word(span.first)) || before(span, 2, WHOSE))
        };
        let no_access =
            |span: &Span| GETS_TO.contains(&word(span.last + 1)) && before(span, 3, GETS);
        let negations = spans(Meaning::Negation)
            .filter(|span| !doubts.iter().any(|doubt| doubt.holds(span.first)))
            .filter(|span| !only(span) && !answers(span) && !niece(span) && !no_access(span))
            .collect();
        let nearly = (0..text.words.len())
            .filter(|at| NEARLY.contains(&word(*at)))
            .collect();
        let barriers = text
            .words
            .iter()
            .enumerate()
            .filter(|(_, word)| BARRIERS.contains(&word.text.as_str()))
            .map(|(at, _)| at)
            .collect();
        Self {
            negations,
            nearly,
            doubts,
            barriers,
        }
    }

    /// What the text says of one find. A denial stands before any part of it, or for the verb of a
    /// main clause ("ik klik niet", "je ne clique pas") right behind it.
    pub(crate) fn of(&self, text: &Folded<'_>, hit: &Hit) -> Polarity {
        let own = |word: usize| hit.parts.iter().any(|part| part.holds(word));
        if self
            .doubts
            .iter()
            .any(|doubt| self.opens(text, *doubt, hit))
        {
            return Polarity::Open;
        }
        let near = near(hit.span(), &self.negations, NOBODY_REACH);
        // "Ni à la bloquer" denies by itself; a second denial before it doesn't turn it round.
        if near.iter().any(|negation| own(negation.first)) {
            return Polarity::Stated;
        }
        let denied = near.iter().any(|negation| {
            !own(negation.first)
                && hit.parts.iter().any(|part| {
                    self.reaches(text, *negation, *part)
                        || self.follows(text, *part, *negation)
                        || self.ends(text, *part, *negation)
                })
        });
        if denied || self.was_nearly(text, hit) {
            Polarity::Denied
        } else {
            Polarity::Stated
        }
    }

    fn reaches(&self, text: &Folded<'_>, negation: Span, part: Span) -> bool {
        let reach = if stands_in(text, negation, NOBODY) {
            NOBODY_REACH
        } else {
            REACH
        };
        negation.last < part.first
            && part.first - negation.last <= reach
            && self.clear(text, negation.last + 1, part.first, Gap::Clause)
    }

    /// Is it a deed that was nearly done?
    fn was_nearly(&self, text: &Folded<'_>, hit: &Hit) -> bool {
        let is_deed = matches!(hit.entry.meaning, Meaning::Fact(sign) if sign.key.is_a_deed());
        let of_the_deed = |at: usize| {
            let word = text.words.get(at).map_or("", |word| word.text.as_str());
            OF_THE_DEED.contains(&word) || hit.parts.iter().any(|part| part.holds(at))
        };
        is_deed
            && hit.parts.iter().any(|part| {
                let before = self.nearly.partition_point(|at| *at < part.first);
                let nearest = before.checked_sub(1).and_then(|at| self.nearly.get(at));
                nearest.is_some_and(|nearly| {
                    part.first - nearly <= NEARLY_REACH
                        && (nearly + 1..part.first).all(of_the_deed)
                        && self.clear(text, nearly + 1, part.first, Gap::Clause)
                })
            })
    }

    fn follows(&self, text: &Folded<'_>, part: Span, negation: Span) -> bool {
        negation.first == part.last + 1
            && stands_in(text, negation, AFTER_VERB)
            && self.clear(text, negation.first, negation.last, Gap::Clause)
    }

    /// "Geklikt heeft ze niet": what is denied stands first, and only small words up to the denial.
    fn ends(&self, text: &Folded<'_>, part: Span, negation: Span) -> bool {
        let between = part.last + 1..negation.first;
        let small = |at: usize| {
            let word = text.words.get(at).map_or("", |word| word.text.as_str());
            SMALL.contains(&word)
        };
        let turned = |at: usize| {
            let word = text.words.get(at).map_or("", |word| word.text.as_str());
            AUXILIARIES.contains(&word)
        };
        part.last < negation.first
            && (1..=REACH).contains(&between.len())
            && stands_in(text, negation, AFTER_VERB)
            && between.clone().all(small)
            && turned(between.start)
            && self.clear(text, between.start, negation.last, Gap::Clause)
    }

    fn opens(&self, text: &Folded<'_>, doubt: Span, hit: &Hit) -> bool {
        let span = hit.span();
        if doubt.last < span.first {
            span.first - doubt.last <= DOUBT_REACH
                && self.clear(text, doubt.last + 1, span.first, Gap::Sentence)
        } else if span.last < doubt.first {
            doubt.first - span.last <= DOUBT_REACH
                && self.clear(text, span.last + 1, doubt.last, Gap::Clause)
        } else if hit.entry.wide {
            // Over several sentences only a doubt that stands before a part opens it.
            hit.parts.iter().any(|part| {
                doubt.last < part.first
                    && part.first - doubt.last <= DOUBT_REACH
                    && self.clear(text, doubt.last + 1, part.first, Gap::Sentence)
            })
        } else {
            // "we weten niet of er geklikt is": the doubt may share words with the phrase.
            !hit.parts
                .iter()
                .any(|part| part.holds(doubt.first) && part.holds(doubt.last))
        }
    }

    /// From one word up to another: no gap this wide, no "but".
    fn clear(&self, text: &Folded<'_>, from: usize, to: usize, wall: Gap) -> bool {
        (from..=to).all(|at| {
            let gap = text.words.get(at).map_or(Gap::Sentence, |word| word.before);
            gap < wall && !self.barriers.contains(&at)
        })
    }
}

fn stands_in(text: &Folded<'_>, span: Span, list: &[&str]) -> bool {
    let word = text.words.get(span.first);
    word.is_some_and(|word| list.contains(&word.text.as_str()))
}

/// The spans of a sorted list that stand within reach of another span.
fn near(around: Span, spans: &[Span], reach: usize) -> &[Span] {
    let from = spans.partition_point(|span| span.last + reach + 1 < around.first);
    let until = spans.partition_point(|span| span.first <= around.last + reach);
    spans.get(from..until.max(from)).unwrap_or_default()
}
