//! How sure it is that what was found is what was asked for, as people read it. Whether anything is shown at all is
//! decided in `rank`, by another measure: a question can be about our subject beyond doubt, and its answer be any of five.
//!
//! The figures were fitted (logistic regression) to what is found first for the questions of
//! `tests/fixtures/questions`, all but the part that is only measured. There, 0.80 and more is right for 19 of 20, less
//! than 0.65 for 3 of 4 (`tests/corpora/questions.rs` prints it).

use crate::domain::guidance::handbook::{Passage, PassageKind};

/// What nothing that is known of an answer makes of it, as a logarithm of odds.
const AT_FIRST: f64 = -2.24;
/// How much it says that a section matches well for so much that is asked.
const BY_MATCH: f64 = 1.11;
/// How much it says that it is nearer than the nearest section of another entry.
const BY_LEAD: f64 = 1.64;
/// What keeps faint matches from leading far.
const FAINT: f64 = 1.0;
/// So much more certain than the least that is shown is about our subject for sure.
const OUR_SUBJECT: f64 = 2.5;

/// The nearest section, and the nearest of another entry than that.
#[derive(Default)]
pub(super) struct Nearest<'a> {
    first: Option<(PassageKind, &'a str)>,
    placed: f64,
    of_another: f64,
}

impl<'a> Nearest<'a> {
    /// A section as near as this may be meant.
    pub(super) fn note(&mut self, passage: &'a Passage, placed: f64) {
        let entry = Some((passage.kind, passage.id.as_str()));
        if self.first == entry {
            self.placed = self.placed.max(placed);
        } else if placed > self.placed {
            self.of_another = self.placed;
            self.placed = placed;
            self.first = entry;
        } else {
            self.of_another = self.of_another.max(placed);
        }
    }

    /// How near the nearest section is that stands in another entry than this one.
    fn beside(&self, passage: &Passage) -> f64 {
        if self.first == Some((passage.kind, passage.id.as_str())) {
            self.of_another
        } else {
            self.placed
        }
    }

    /// How sure it is that this section, as near as this, is what was asked for, from 0 to 1: `asked` is how much is
    /// asked, `margin` how much more certain than the least it is that it is about our subject.
    pub(super) fn sureness(&self, passage: &Passage, placed: f64, asked: f64, margin: f64) -> f64 {
        let lead = ((placed + FAINT) / (self.beside(passage) + FAINT)).ln();
        let odds = AT_FIRST + BY_MATCH * (placed / asked).ln_1p() + BY_LEAD * lead;
        let ours = (margin / OUR_SUBJECT).clamp(0.0, 1.0);
        ours / (1.0 + (-odds).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::guidance::handbook::Surety;

    fn passage(id: &str) -> Passage {
        Passage {
            id: id.to_owned(),
            kind: PassageKind::Memo,
            section: String::new(),
            title: String::new(),
            version: String::new(),
            url: None,
            score: 0.0,
            sureness: 0.0,
            text: String::new(),
        }
    }

    #[test]
    fn one_of_many_as_near_is_only_perhaps_meant() {
        let (one, other) = (passage("mfa"), passage("siem"));
        for (placed, of_other, margin, surety) in [
            (60.0, 20.0, 5.0, Surety::Sure),
            (60.0, 20.0, 0.5, Surety::Perhaps),
            (20.0, 19.0, 5.0, Surety::Perhaps),
            (20.0, 60.0, 5.0, Surety::Perhaps),
        ] {
            let mut nearest = Nearest::default();
            nearest.note(&one, placed * 0.9);
            nearest.note(&other, of_other);
            nearest.note(&one, placed);
            let sureness = nearest.sureness(&one, placed, 3.0, margin);
            let told = Passage {
                sureness,
                ..passage("mfa")
            };
            assert_eq!(told.surety(), surety, "{placed} {of_other} {margin}");
        }
    }

    #[test]
    fn a_section_is_not_its_own_rival() {
        let one = passage("mfa");
        let mut nearest = Nearest::default();
        for placed in [30.0, 60.0, 50.0] {
            nearest.note(&one, placed);
        }
        assert!(nearest.beside(&one) <= f64::EPSILON);
        assert!((nearest.beside(&passage("siem")) - 60.0).abs() <= f64::EPSILON);
    }
}
