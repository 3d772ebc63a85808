//! Does somebody tell of an incident, ask for advice, want the newsletter, or none of these?
//!
//! A question full of strong words ("hoe bereiden wij ons voor op ransomware?") is a question; the
//! least sign that it happened or happens makes it an incident.

use crate::domain::text::fold::Folded;
use crate::domain::triage::category::Kind;
use crate::domain::triage::matching::{Hit, Meaning};
use crate::domain::triage::near::{Span, sentences};
use crate::domain::triage::scoring::Scores;
use std::collections::HashSet;

/// Words that begin a question.
const ASKS: &[&str] = &[
    "hoe", "wat", "welke", "welk", "waar", "wie", "waarom", "wanneer", "kan", "kunnen", "kunt",
    "mag", "mogen", "moet", "moeten", "hebben", "heeft", "bestaat", "zijn", "is", "geldt",
    "vallen", "comment", "quel", "quelle", "quels", "quelles", "que", "qui", "ou", "pouvez",
    "peut", "faut", "est", "avez", "existe", "devons", "pourquoi", "how", "what", "which", "where",
    "who", "when", "why", "can", "could", "do", "does", "should", "is", "are", "may", "must",
];

/// A phrase of this weight decides by itself: "stel dat" makes what follows a thought.
const DECISIVE: f64 = 5.0;

/// What the words say about the kind.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct KindSigns {
    event: f64,
    question: f64,
    hypothetical: f64,
    subscription: f64,
    other: f64,
    told: f64,
    citizen: f64,
    organisation: f64,
}

impl KindSigns {
    /// Reads the signs; `scores` are the points of the categories in the same text.
    pub(crate) fn read(text: &Folded<'_>, hits: &[Hit], scores: &Scores) -> Self {
        let sentences = sentences(text);
        let asks = |number: usize| {
            let sentence = sentences.get(number);
            sentence.is_some_and(|sentence| is_question(text, *sentence))
        };
        let mut signs = Self::default();
        let mut seen: HashSet<(Span, Kind)> = HashSet::new();
        let mut phrases: HashSet<u32> = HashSet::new();
        for hit in hits {
            // "urgent" stands in the lists of several languages, and may be said ten times.
            let counts = match hit.entry.meaning {
                Meaning::Kind(kind) => {
                    seen.insert((hit.span(), kind)) && phrases.insert(hit.phrase)
                }
                Meaning::Citizen | Meaning::Organisation => phrases.insert(hit.phrase),
                _ => false,
            };
            if counts {
                signs.add(hit.entry.meaning, hit.entry.weight * hit.quality);
            }
        }
        // A word in a question tells less of what happened than one in a statement.
        signs.told = scores
            .by_sentence()
            .map(|(sentence, points)| if asks(sentence) { points * 0.3 } else { points })
            .sum();
        let asked = (0..sentences.len()).filter(|number| asks(*number)).count();
        signs.question += match asked {
            0 => 0.0,
            1 => 2.0,
            _ => 3.0,
        };
        signs
    }

    fn add(&mut self, meaning: Meaning, weight: f64) {
        match meaning {
            Meaning::Kind(Kind::Incident) => self.event += weight,
            Meaning::Kind(Kind::Question) => {
                self.question += weight;
                if weight >= DECISIVE {
                    self.hypothetical += weight;
                }
            }
            Meaning::Kind(Kind::Subscription) => self.subscription += weight,
            Meaning::Kind(_) => self.other += weight,
            Meaning::Citizen => self.citizen += weight,
            Meaning::Organisation => self.organisation += weight,
            _ => {}
        }
    }

    /// Do its words say that it is a subscription, thanks, advertising or a question of policy?
    pub(crate) fn says_what_it_is(&self) -> bool {
        self.subscription >= 2.0 || self.other >= 2.0 || self.question >= 4.0
    }

    /// Does somebody press, and nothing says that it is thanks or advertising?
    pub(crate) fn presses(&self) -> bool {
        self.event > 0.0 && self.other <= 0.0 && self.subscription <= 0.0
    }

    /// Does a citizen speak of his own problem?
    pub(crate) fn citizen(&self) -> bool {
        self.citizen > 0.0 && self.organisation < 1.0
    }

    /// The kind of a message from a person.
    pub(crate) fn kind(&self, scores: &Scores) -> Kind {
        // In a thought, the words of an attack tell of nothing.
        let happened = if self.hypothetical > self.event {
            0.3
        } else {
            1.0
        };
        let incident = self.told * happened + self.event;
        if self.citizen() {
            return Kind::Other;
        }
        // Street lamps, tests and thanks that close: their words outweigh a "werkt niet meer".
        let leaves_or_joins = self.subscription >= 2.0;
        if self.other >= DECISIVE && self.other * 1.5 > scores.best() && !leaves_or_joins {
            return Kind::Other;
        }
        // Something happened: whatever else is asked or thanked for, it is an incident.
        if self.event >= 3.0 && scores.best() >= 1.0 && self.hypothetical < self.event {
            return Kind::Incident;
        }
        if self.subscription >= 2.0 && self.subscription >= incident {
            return Kind::Subscription;
        }
        // Advertising ends with a question too.
        let advertises = self.other >= 3.0 && self.other >= self.question;
        if self.question > 0.0 && self.question > incident && !advertises {
            return Kind::Question;
        }
        if self.other >= 2.0 && self.other > incident {
            return Kind::Other;
        }
        Kind::Incident
    }
}

fn is_question(text: &Folded<'_>, sentence: Span) -> bool {
    let word = |at: usize| text.words.get(at);
    let asked = word(sentence.last).is_some_and(|last| last.asked);
    let first = word(sentence.first).map_or("", |word| word.text.as_str());
    let second = word(sentence.first + 1).map_or("", |word| word.text.as_str());
    // Without a question mark only the unmistakable words count: "is" may begin a telegram.
    let unmistakable = matches!(first, "hoe" | "welke" | "comment" | "how" | "which")
        || (first == "wat"
            && matches!(
                second,
                "moeten" | "moet" | "raden" | "kunnen" | "kost" | "zijn"
            ))
        || (first == "what" && matches!(second, "should" | "are" | "is" | "do"));
    asked
        && (ASKS.contains(&first) || ASKS.contains(&second) || sentence.last - sentence.first < 40)
        || unmistakable
}
