//! Does somebody tell of an incident, ask for advice, want the newsletter, or none of these?
//!
//! A question full of strong words ("hoe bereiden wij ons voor op ransomware?") is a question; the
//! least sign that it happened or happens makes it an incident.

use crate::domain::text::fold::Folded;
use crate::domain::triage::category::Kind;
use crate::domain::triage::matching::{Hit, Meaning, Span, sentences};
use crate::domain::triage::polarity::{Polarity, Turns};
use crate::domain::triage::scoring::Scores;
use std::collections::BTreeMap;

/// Words that begin a question.
const ASKS: &[&str] = &[
    "hoe", "wat", "welke", "welk", "waar", "wie", "waarom", "wanneer", "kan", "kunnen", "kunt", "mag",
    "mogen", "moet", "moeten", "hebben", "heeft", "bestaat", "zijn", "is", "geldt", "vallen",
    "comment", "quel", "quelle", "quels", "quelles", "que", "qui", "ou", "pouvez", "peut", "faut",
    "est", "avez", "existe", "devons", "pourquoi", "how", "what", "which", "where", "who", "when",
    "why", "can", "could", "do", "does", "should", "is", "are", "may", "must",
];

/// What the words say about the kind.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct KindSigns {
    event: f64,
    question: f64,
    subscription: f64,
    other: f64,
    told: f64,
    citizen: f64,
    organisation: f64,
}

impl KindSigns {
    /// Reads the signs; `scores` are the points of the categories in the same text.
    pub(crate) fn read(text: &Folded<'_>, hits: &[Hit], turns: &Turns) -> Self {
        let sentences = sentences(text);
        let asks: Vec<bool> = sentences.iter().map(|sentence| is_question(text, *sentence)).collect();
        let mut signs = Self::default();
        let mut by_phrase: BTreeMap<u32, f64> = BTreeMap::new();
        let mut told: BTreeMap<u32, f64> = BTreeMap::new();
        for hit in hits {
            let asked = asks.get(hit.sentence).copied().unwrap_or_default();
            let weight = hit.entry.weight * hit.quality;
            match hit.entry.meaning {
                Meaning::Category(_) if turns.of(text, hit) != Polarity::Denied => {
                    let weight = if asked { weight * 0.3 } else { weight };
                    let known = told.entry(hit.phrase).or_default();
                    *known = known.max(weight);
                }
                Meaning::Kind(_) | Meaning::Citizen | Meaning::Organisation => {
                    if by_phrase.insert(hit.phrase, weight).is_none() {
                        signs.add(hit.entry.meaning, weight);
                    }
                }
                _ => {}
            }
        }
        signs.told = told.values().sum();
        let asked = asks.iter().filter(|asked| **asked).count();
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
            Meaning::Kind(Kind::Question) => self.question += weight,
            Meaning::Kind(Kind::Subscription) => self.subscription += weight,
            Meaning::Kind(_) => self.other += weight,
            Meaning::Citizen => self.citizen += weight,
            Meaning::Organisation => self.organisation += weight,
            _ => {}
        }
    }

    /// Does a citizen speak of his own problem?
    pub(crate) fn citizen(&self) -> bool {
        self.citizen > 0.0 && self.organisation < 1.0
    }

    /// The kind of a message from a person.
    pub(crate) fn kind(&self, scores: &Scores) -> Kind {
        let incident = self.told + self.event;
        if self.citizen() {
            return Kind::Other;
        }
        // Something happened: whatever else is asked or thanked for, it is an incident.
        if self.event >= 3.0 && scores.best() >= 1.0 {
            return Kind::Incident;
        }
        if self.subscription >= 2.0 && self.subscription >= incident {
            return Kind::Subscription;
        }
        if self.question > 0.0 && self.question > incident {
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
        || (first == "wat" && matches!(second, "moeten" | "moet" | "raden" | "kunnen" | "kost" | "zijn"))
        || (first == "what" && matches!(second, "should" | "are" | "is" | "do"));
    asked && (ASKS.contains(&first) || ASKS.contains(&second) || sentence.last - sentence.first < 40)
        || unmistakable
}
