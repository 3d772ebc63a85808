//! Weighs found phrases into a category, with a confidence, the runners-up and the words that decided.
//!
//! The words give each category points; rules of the trade then shift points where two categories
//! use the same words (a given password outweighs the lure, a supplier outweighs what hit it).

use crate::domain::text::fold::Folded;
use crate::domain::triage::assessment::Alternative;
use crate::domain::triage::category::Category;
use crate::domain::triage::facts::{FactKey, Facts};
use crate::domain::triage::lexicon::HINT;
use crate::domain::triage::matching::{Hit, Meaning};
use crate::domain::triage::near::Span;
use crate::domain::triage::polarity::{Polarity, Turns};
use std::collections::{BTreeMap, HashSet};

/// Points of "it may be anything": keeps one weak word from looking sure.
const UNSURE: f64 = 3.0;
/// Below this no category is named.
const DECIDES: f64 = 1.2;
/// From these points on a category is taken as meant.
const SURE: f64 = 3.0;

/// What is left open ("he wanted us to install", "perhaps hacked") counts less than what is stated.
const OPEN: f64 = 0.7;

/// What an attacker does to systems.
const ATTACKS: &[Category] = &[
    Category::Ransomware,
    Category::Malware,
    Category::Intrusion,
    Category::Ddos,
    Category::Defacement,
];

/// A category that is sure, and those whose words come along with it.
const TELLS_MORE: &[(Category, &[Category])] = &[
    // Money that is asked for, names that are used and threats all come by a strange mail.
    (Category::PaymentFraud, &[Category::Phishing]),
    (Category::Impersonation, &[Category::Phishing]),
    (
        Category::Extortion,
        &[
            Category::Phishing,
            Category::AccountCompromise,
            Category::PaymentFraud,
            Category::Vulnerability,
            Category::DataBreach,
        ],
    ),
    // The list was on the stick.
    (Category::LostDevice, &[Category::DataBreach]),
    (Category::InsiderMisuse, &[Category::DataBreach]),
    (
        Category::Ransomware,
        &[
            Category::Malware,
            Category::Outage,
            Category::AccountCompromise,
        ],
    ),
    // What somebody installed or took on a server.
    (
        Category::Intrusion,
        &[Category::Malware, Category::DataBreach],
    ),
    // A forced door of the server room.
    (Category::Other, &[Category::Intrusion, Category::Outage]),
    (
        Category::Ddos,
        &[Category::Extortion, Category::PaymentFraud],
    ),
];

/// At most so many of the reporter's words are kept as the reason.
const MOST_REASONS: usize = 8;

/// The points of each category and the words behind them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scores {
    points: BTreeMap<Category, f64>,
    /// The same without hints.
    told: BTreeMap<Category, f64>,
    reasons: Vec<(Category, f64, Span, String)>,
    by_sentence: BTreeMap<usize, f64>,
}

/// The category that the words speak for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verdict {
    /// The category; `other` where the words are too weak.
    pub(crate) category: Category,
    /// How sure, from 0 to 1.
    pub(crate) confidence: f64,
    /// At most three others, best first.
    pub(crate) alternatives: Vec<Alternative>,
    /// The words that decided, as written.
    pub(crate) because: Vec<String>,
}

impl Scores {
    /// Adds up the phrases of a text. Denied ones count nothing; a phrase inside a longer one is
    /// part of it; a repeated phrase counts once.
    pub(crate) fn read(text: &Folded<'_>, hits: &[Hit], turns: &Turns) -> Self {
        let mut candidates: Vec<(&Hit, Category, f64)> = hits
            .iter()
            .filter_map(|hit| match hit.entry.meaning {
                Meaning::Category(category) => {
                    Some((hit, category, hit.entry.weight * hit.quality))
                }
                _ => None,
            })
            .collect();
        // Longest first, so that each find meets those that may hold it.
        candidates.sort_by_key(|(hit, _, _)| (hit.sentence, std::cmp::Reverse(hit.size())));
        let mut scores = Self::default();
        let mut seen: HashSet<u32> = HashSet::new();
        let mut kept: Vec<(&Hit, Category, f64)> = Vec::new();
        for (hit, category, weight) in candidates {
            if seen.contains(&hit.phrase) {
                continue;
            }
            let weight = match turns.of(text, hit) {
                Polarity::Stated => weight,
                Polarity::Open => weight * OPEN,
                Polarity::Denied => continue,
            };
            if kept
                .first()
                .is_some_and(|(other, _, _)| other.sentence != hit.sentence)
            {
                kept.clear();
            }
            let inside = kept.iter().any(|(other, theirs, more)| {
                if *theirs == category {
                    *more >= weight && overlap(other, hit)
                } else {
                    other.size() > hit.size() && holds(other, hit)
                }
            });
            if inside || !seen.insert(hit.phrase) {
                continue;
            }
            kept.push((hit, category, weight));
            *scores.points.entry(category).or_default() += weight;
            if hit.entry.weight > HINT {
                *scores.told.entry(category).or_default() += weight;
                *scores.by_sentence.entry(hit.sentence).or_default() += weight;
            }
            scores
                .reasons
                .push((category, weight, hit.span(), quote(text, hit)));
        }
        scores
    }

    /// The points of a category.
    pub(crate) fn of(&self, category: Category) -> f64 {
        self.points.get(&category).copied().unwrap_or_default()
    }

    /// The points that the words of each sentence earned, for whatever category.
    pub(crate) fn by_sentence(&self) -> impl Iterator<Item = (usize, f64)> {
        self.by_sentence
            .iter()
            .map(|(sentence, points)| (*sentence, *points))
    }

    /// The most points of any category, hints left out.
    pub(crate) fn best(&self) -> f64 {
        self.told.values().copied().fold(0.0, f64::max)
    }

    /// The points of the best category but these.
    pub(crate) fn best_but(&self, others: &[Category]) -> f64 {
        let told = self
            .told
            .iter()
            .filter(|(category, _)| !others.contains(category));
        told.map(|(_, points)| *points).fold(0.0, f64::max)
    }

    /// The most points of any category.
    fn most(&self) -> f64 {
        self.points.values().copied().fold(0.0, f64::max)
    }

    /// Gives a category points that no word of this text earned, such as those of an earlier message.
    pub(crate) fn add(&mut self, category: Category, points: f64) {
        *self.points.entry(category).or_default() += points;
    }

    /// Shifts points where categories share words.
    pub(crate) fn apply_rules(&mut self, facts: &Facts) {
        let holds = |key: FactKey| facts.get(key).holds();
        self.prefer_what_tells_more();
        let gave = holds(FactKey::EnteredCredentials) || holds(FactKey::ApprovedMfa);
        if gave && self.of(Category::InsiderMisuse) <= self.of(Category::AccountCompromise) {
            self.prefer(
                Category::AccountCompromise,
                &[Category::Phishing, Category::Impersonation],
            );
        }
        let fraud = self.of(Category::PaymentFraud) > 0.0;
        if holds(FactKey::Paid) && (fraud || self.of(Category::Phishing) > 0.0) {
            self.prefer(
                Category::PaymentFraud,
                &[
                    Category::Phishing,
                    Category::Impersonation,
                    Category::AccountCompromise,
                ],
            );
        }
        if self.of(Category::SupplierIncident) >= 5.0 {
            self.prefer(Category::SupplierIncident, Category::ALL);
        }
        // "A virus? No, an update that went wrong": the cause that was found outweighs the guess.
        if holds(FactKey::CauseKnown) && self.of(Category::Outage) > 0.0 {
            self.prefer(Category::Outage, ATTACKS);
        } else if ATTACKS.iter().any(|category| self.of(*category) >= SURE) {
            self.dampen(Category::Outage, 0.4);
        }
        if self.of(Category::Ransomware) >= SURE {
            self.dampen(Category::Intrusion, 0.6);
            self.dampen(Category::Extortion, 0.6);
            self.dampen(Category::DataBreach, 0.7);
        }
        if holds(FactKey::Spreading) && self.most() < DECIDES {
            self.add(Category::Malware, DECIDES);
        }
        // Nothing is named, but people are in danger: a threat if somebody wrote it, else a failure.
        if holds(FactKey::Danger) && self.most() < DECIDES {
            let threat = self.of(Category::Extortion) > 0.0;
            let category = if threat {
                Category::Extortion
            } else {
                Category::Outage
            };
            self.add(category, DECIDES);
        }
    }

    /// Where both speak, the first tells more of the matter than the second.
    fn prefer_what_tells_more(&mut self) {
        for (category, over) in TELLS_MORE {
            if self.of(*category) >= SURE {
                for other in *over {
                    self.dampen(*other, 0.6);
                }
            }
        }
    }

    /// Lifts a category above all of these.
    fn prefer(&mut self, category: Category, over: &[Category]) {
        let most = over.iter().map(|other| self.of(*other)).fold(0.0, f64::max);
        let points = self.points.entry(category).or_default();
        *points = points.max(most + 2.0);
    }

    fn dampen(&mut self, category: Category, factor: f64) {
        if let Some(points) = self.points.get_mut(&category) {
            *points *= factor;
        }
    }

    /// The category with the most points. Ties go to the category that is listed first.
    pub(crate) fn verdict(&self) -> Verdict {
        let mut ranked: Vec<(Category, f64)> = self
            .points
            .iter()
            .filter(|(category, points)| **points > 0.0 && **category != Category::Other)
            .map(|(category, points)| (*category, *points))
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        let other = self.of(Category::Other);
        let total: f64 = ranked
            .iter()
            .map(|(_, points)| points * points)
            .sum::<f64>()
            + other * other
            + UNSURE;
        let share = |points: f64| (points * points / total * 1000.0).round() / 1000.0;
        let decided = ranked
            .first()
            .copied()
            .filter(|(_, points)| *points >= DECIDES && *points >= other);
        let category = decided.map_or(Category::Other, |(category, _)| category);
        let confidence =
            decided.map_or(0.3_f64.min(0.2 + other / 30.0), |(_, points)| share(points));
        let alternatives = ranked
            .iter()
            .filter(|(runner_up, _)| *runner_up != category)
            .take(3)
            .map(|(runner_up, points)| Alternative {
                category: *runner_up,
                confidence: share(*points),
            })
            .collect();
        Verdict {
            category,
            confidence,
            alternatives,
            because: self.reasons_for(category),
        }
    }

    /// The words that spoke for a category, as written.
    pub(crate) fn reasons_for(&self, category: Category) -> Vec<String> {
        let mut reasons: Vec<_> = self
            .reasons
            .iter()
            .filter(|(theirs, _, _, _)| *theirs == category)
            .collect();
        reasons.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.2.cmp(&b.2)));
        let mut words: Vec<String> = Vec::new();
        for (_, _, _, quote) in reasons {
            if !words.contains(quote) && words.len() < MOST_REASONS {
                words.push(quote.clone());
            }
        }
        words
    }
}

/// Are all words of the shorter phrase words of the longer one?
fn holds(longer: &Hit, shorter: &Hit) -> bool {
    shorter.parts.iter().all(|part| {
        let wide = |wide: &Span| wide == part || wide.is_wider_than(*part);
        longer.parts.iter().any(wide)
    })
}

/// Do they share a word?
fn overlap(one: &Hit, other: &Hit) -> bool {
    let meets = |a: &Span, b: &Span| a.first <= b.last && b.first <= a.last;
    one.parts
        .iter()
        .any(|a| other.parts.iter().any(|b| meets(a, b)))
}

fn quote(text: &Folded<'_>, hit: &Hit) -> String {
    let span = hit.span();
    if span.last - span.first < 8 {
        return text.quote(span.first, span.last).to_owned();
    }
    let parts: Vec<&str> = hit
        .parts
        .iter()
        .map(|part| text.quote(part.first, part.last))
        .collect();
    parts.join(" … ")
}
