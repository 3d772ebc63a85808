//! What the model tells apart: three questions, each with its outcomes.
//!
//! The outcomes of all questions stand in one row, so that a feature has one row of weights.

use crate::domain::triage::category::{Category, Kind, Severity};
use crate::domain::triage::labelled::Labels;

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

/// How many categories there are.
const CATEGORIES: usize = 17;
/// The outcomes of all questions together.
pub const OUTCOMES: usize = KINDS.len() + CATEGORIES + URGENCIES.len();

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
}

impl Head {
    /// All of them, in the order of a row.
    pub const ALL: [Self; 3] = [Self::Kind, Self::Category, Self::Urgency];

    /// The part of a row that is its.
    pub const fn range(self) -> std::ops::Range<usize> {
        match self {
            Self::Kind => 0..KINDS.len(),
            Self::Category => KINDS.len()..KINDS.len() + CATEGORIES,
            Self::Urgency => KINDS.len() + CATEGORIES..OUTCOMES,
        }
    }

    /// The outcome of a labelled report, counted within the question; none where the question doesn't come up.
    pub fn outcome(self, labels: &Labels) -> Option<usize> {
        match self {
            Self::Kind => KINDS.iter().position(|kind| *kind == labels.kind),
            Self::Category => {
                let category = labels.category?;
                Category::ALL.iter().position(|one| *one == category)
            }
            Self::Urgency => {
                labels.category?;
                let urgency = (labels.severity, labels.page);
                URGENCIES.iter().position(|one| *one == urgency)
            }
        }
    }

    /// What these points make likely: as shares of one.
    pub fn shares(self, points: &Row) -> Vec<f64> {
        let mine = points.get(self.range()).unwrap_or_default();
        let most = mine.iter().copied().fold(f64::MIN, f64::max);
        let raised: Vec<f64> = mine.iter().map(|points| (points - most).exp()).collect();
        let total: f64 = raised.iter().sum();
        raised.iter().map(|one| one / total).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_questions_fill_a_row_without_gaps() {
        assert_eq!(Category::ALL.len(), CATEGORIES);
        let mut end = 0;
        for head in Head::ALL {
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
    }
}
