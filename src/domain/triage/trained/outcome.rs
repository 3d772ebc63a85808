//! What the model tells apart: the kind, the category, the urgency, and for each fact whether it is told.
//!
//! The outcomes of all questions stand in one row, so that a feature has one row of weights.

use crate::domain::triage::category::{Category, Kind, Severity};
use crate::domain::triage::facts::{FactKey, FactValue};
use crate::domain::triage::labelled::Told;

/// The kinds that people's messages have.
pub const KINDS: [Kind; 4] = [
    Kind::Incident,
    Kind::Question,
    Kind::Subscription,
    Kind::Other,
];

/// How bad an incident is, and whether somebody must be woken for it.
pub const URGENCIES: [(Severity, bool); 5] = [
    (Severity::Low, false),
    (Severity::Medium, false),
    (Severity::High, false),
    (Severity::High, true),
    (Severity::Critical, true),
];

/// The facts that are learned: those that are so or not. Numbers aren't; nor is what somebody did (clicked, paid): it changes
/// the first steps, so it is told in words that say so, or asked.
pub const FACTS: [FactKey; 13] = [
    FactKey::Ongoing,
    FactKey::Contained,
    FactKey::PersonalData,
    FactKey::SensitiveData,
    FactKey::ServersAffected,
    FactKey::ServicesDown,
    FactKey::AdminRights,
    FactKey::SupplierInvolved,
    FactKey::BackupsReached,
    FactKey::EncryptedDevice,
    FactKey::Danger,
    FactKey::Spreading,
    FactKey::CauseKnown,
];

/// What a report says of a fact. That it says nothing is what is left, and has no weights.
pub const SAID: [FactValue; 2] = [FactValue::Yes, FactValue::No];

/// How many categories there are.
const CATEGORIES: usize = 17;
/// Where the facts begin in a row.
const FACTS_FROM: usize = KINDS.len() + CATEGORIES + URGENCIES.len();
/// The outcomes of all questions together.
pub const OUTCOMES: usize = FACTS_FROM + FACTS.len() * SAID.len();

/// One number for each outcome.
pub type Row = [f64; OUTCOMES];

/// A question that the model answers: its outcomes stand side by side in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// Report, question, subscription, other.
    Kind,
    /// Which of the categories, where it is an incident.
    Category,
    /// How bad, and must somebody be woken, where it is an incident.
    Urgency,
    /// Is one of [`FACTS`] so, by its place there, where the facts were labelled.
    Fact(usize),
}

impl Head {
    /// All of them, in the order of a row.
    pub fn all() -> impl Iterator<Item = Self> {
        let facts = (0..FACTS.len()).map(Self::Fact);
        [Self::Kind, Self::Category, Self::Urgency]
            .into_iter()
            .chain(facts)
    }

    /// The part of a row that is its.
    pub const fn range(self) -> std::ops::Range<usize> {
        match self {
            Self::Kind => 0..KINDS.len(),
            Self::Category => KINDS.len()..KINDS.len() + CATEGORIES,
            Self::Urgency => KINDS.len() + CATEGORIES..FACTS_FROM,
            Self::Fact(place) => {
                let from = FACTS_FROM + place * SAID.len();
                from..from + SAID.len()
            }
        }
    }

    /// The outcome that is told of a report, counted within the question; none where the question doesn't come up, or nothing
    /// is said of it. A fact that isn't told has the place behind the last.
    pub fn outcome(self, told: &Told<'_>) -> Option<usize> {
        match self {
            Self::Kind => KINDS.iter().position(|kind| Some(*kind) == told.kind),
            Self::Category => {
                let category = told.category?;
                Category::ALL.iter().position(|one| *one == category)
            }
            Self::Urgency => {
                let urgency = told.urgency?;
                URGENCIES.iter().position(|one| *one == urgency)
            }
            Self::Fact(place) => {
                let facts = told.facts?;
                let told = facts.get(FACTS.get(place)?).copied().unwrap_or_default();
                Some(match told {
                    told if told.holds() => 0,
                    told if told.is_denied() => 1,
                    _ => SAID.len(),
                })
            }
        }
    }

    /// What these points make likely: as shares of one. Those of a fact leave the share of its not being told.
    pub fn shares(self, points: &Row) -> Vec<f64> {
        let mine = points.get(self.range()).unwrap_or_default();
        let untold = matches!(self, Self::Fact(_)).then_some(0.0);
        let most = mine.iter().copied().chain(untold).fold(f64::MIN, f64::max);
        let raised = |points: f64| (points - most).exp();
        let total: f64 = mine.iter().copied().chain(untold).map(raised).sum();
        mine.iter().map(|points| raised(*points) / total).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_questions_fill_a_row_without_gaps() {
        assert_eq!(Category::ALL.len(), CATEGORIES);
        let mut end = 0;
        for head in Head::all() {
            assert_eq!(head.range().start, end);
            end = head.range().end;
        }
        assert_eq!(end, OUTCOMES);
    }

    #[test]
    fn shares_add_up_whatever_the_points() {
        let mut points = [0.0; OUTCOMES];
        points[0] = 800.0;
        points[1] = -800.0;
        let shares = Head::Kind.shares(&points);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(shares[0] > 0.999);
        let untold = Head::Fact(0).shares(&[0.0; OUTCOMES]);
        assert!((untold.iter().sum::<f64>() - 2.0 / 3.0).abs() < 1e-9);
    }
}
