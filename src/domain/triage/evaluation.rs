//! How well reports are understood, against labels: counts and shares, by language and channel.
//!
//! Only arithmetic: what was labelled and what triage made of it go in, figures come out.

use crate::domain::triage::category::Category;
use crate::domain::triage::facts::{FactKey, Facts};
use crate::domain::triage::labelled::{LabelledFacts, Labels};
use std::collections::BTreeMap;

/// A count of right ones among all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// How many were right.
    pub right: u32,
    /// How many there were.
    pub all: u32,
}

impl Share {
    /// Counts one.
    pub fn count(&mut self, is_right: bool) {
        self.all += 1;
        self.right += u32::from(is_right);
    }

    /// From 0 to 1; 1 where there were none.
    pub fn share(self) -> f64 {
        if self.all == 0 {
            1.0
        } else {
            f64::from(self.right) / f64::from(self.all)
        }
    }
}

/// What became of the reports of one category.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OfCategory {
    /// So many reports are labelled with it.
    pub labelled: u32,
    /// So many were taken for it.
    pub taken_for: u32,
    /// So many are both.
    pub both: u32,
}

impl OfCategory {
    /// The harmonic mean of precision and recall.
    pub fn f1(self) -> f64 {
        let of = f64::from(self.labelled + self.taken_for);
        if of == 0.0 {
            1.0
        } else {
            2.0 * f64::from(self.both) / of
        }
    }
}

/// Likelihoods of tenths, and how often they came true.
pub const TENTHS: usize = 10;

/// The figures of a set of labelled reports.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evaluation {
    /// Was the kind right?
    pub kind: Share,
    /// Was it told whether it is an incident at all?
    pub is_incident: Share,
    /// Was the category right, of what is labelled as an incident?
    pub category: Share,
    /// The same by category.
    pub by_category: BTreeMap<Category, OfCategory>,
    /// Was the severity right, of what is labelled as an incident?
    pub severity: Share,
    /// Was somebody woken where somebody must be?
    pub pages: Share,
    /// Was nobody woken where nobody must be? What isn't right here is a false page.
    pub quiet: Share,
    /// Was the language right, where it is labelled?
    pub language: Share,
    /// Of the facts that a report tells, where they are labelled: which were read?
    pub facts_told: Share,
    /// Of the facts that were read out of such reports: which are right?
    pub facts_read: Share,
    /// What was mistaken: labelled category, category it was taken for, how often. None where there is no incident.
    pub confusion: BTreeMap<(Option<Category>, Option<Category>), u32>,
    /// By tenths of how sure triage was of the category: how often it was right.
    pub calibration: [Share; TENTHS],
}

impl Evaluation {
    /// Counts a report: what it is, what it was taken for, and how sure triage was of the category.
    pub fn count(&mut self, labels: &Labels, found: &Labels, confidence: f64) {
        let is_incident = labels.kind.tells_of_an_incident();
        self.kind.count(found.kind == labels.kind);
        self.is_incident
            .count(found.kind.tells_of_an_incident() == is_incident);
        if let Some(language) = labels.language {
            self.language.count(found.language == Some(language));
        }
        match labels.page {
            Some(true) => self.pages.count(found.page == Some(true)),
            Some(false) => self.quiet.count(found.page == Some(false)),
            None => {}
        }
        if let Some(category) = found.category {
            self.by_category.entry(category).or_default().taken_for += 1;
        }
        let right = found.category == labels.category;
        if !right {
            let mistaken = (labels.category, found.category);
            *self.confusion.entry(mistaken).or_default() += 1;
        }
        if found.category.is_some()
            && let Some(tenth) = self.calibration.get_mut(tenth_of(confidence))
        {
            tenth.count(right);
        }
        let Some(category) = labels.category else {
            return;
        };
        self.category.count(right);
        if labels.severity.is_some() {
            self.severity.count(found.severity == labels.severity);
        }
        let of_category = self.by_category.entry(category).or_default();
        of_category.labelled += 1;
        of_category.both += u32::from(right);
    }

    /// Counts the facts of a report: those that it tells, and those that were read.
    pub fn count_facts(&mut self, labelled: &LabelledFacts, found: &Facts) {
        for key in FactKey::ALL {
            let told = labelled.get(key).copied().unwrap_or_default();
            let read = found.get(*key);
            let is_right = !read.is_unknown() && told.says_the_same(read);
            if !told.is_unknown() {
                self.facts_told.count(is_right);
            }
            if !read.is_unknown() {
                self.facts_read.count(is_right);
            }
        }
    }

    /// The mean of F1 over the categories that are labelled.
    pub fn macro_f1(&self) -> f64 {
        let labelled: Vec<f64> = self
            .by_category
            .values()
            .filter(|of| of.labelled > 0)
            .map(|of| of.f1())
            .collect();
        let count = u32::try_from(labelled.len()).unwrap_or(u32::MAX);
        labelled.iter().sum::<f64>() / f64::from(count.max(1))
    }

    /// The share of reports for which somebody was woken in vain, of those that need nobody.
    pub fn false_pages(&self) -> f64 {
        1.0 - self.quiet.share()
    }

    /// Is it worse than another by more than chance would make of so few? A page that is missed weighs most.
    pub fn is_worse_than(&self, other: &Self) -> bool {
        const LITTLE: f64 = 0.005;
        let worse = |mine: f64, theirs: f64| mine + LITTLE < theirs;
        worse(self.pages.share(), other.pages.share())
            || worse(self.quiet.share(), other.quiet.share())
            || worse(self.kind.share(), other.kind.share())
            || worse(self.category.share(), other.category.share())
    }
}

fn tenth_of(confidence: f64) -> usize {
    let tenths = (0..TENTHS).rev();
    let begins = |tenth: &usize| f64::from(u8::try_from(*tenth).unwrap_or_default()) / 10.0;
    tenths
        .into_iter()
        .find(|tenth| confidence >= begins(tenth))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::triage::category::{Kind, Severity};
    use crate::domain::triage::language::Language;

    fn labels(kind: Kind, category: Option<Category>, page: bool) -> Labels {
        Labels {
            kind,
            category,
            severity: Some(if page { Severity::High } else { Severity::Low }),
            page: Some(page),
            language: Some(Language::Nl),
        }
    }

    #[test]
    fn figures_add_up() {
        let phishing = labels(Kind::Incident, Some(Category::Phishing), false);
        let malware = labels(Kind::Incident, Some(Category::Malware), true);
        let question = labels(Kind::Question, None, false);
        let mut evaluation = Evaluation::default();
        assert!((evaluation.pages.share() - 1.0).abs() < f64::EPSILON);
        evaluation.count(&phishing, &phishing, 0.95);
        evaluation.count(&phishing, &malware, 0.55);
        evaluation.count(&malware, &malware, 1.0);
        evaluation.count(&malware, &question, 0.0);
        evaluation.count(&question, &malware, 0.2);
        assert_eq!(evaluation.kind, Share { right: 3, all: 5 });
        assert_eq!(evaluation.category, Share { right: 2, all: 4 });
        assert_eq!(evaluation.pages, Share { right: 1, all: 2 });
        assert_eq!(evaluation.quiet, Share { right: 1, all: 3 });
        assert_eq!(evaluation.confusion.len(), 3);
        let malware = evaluation.by_category[&Category::Malware];
        assert_eq!(
            (malware.labelled, malware.taken_for, malware.both),
            (2, 3, 1)
        );
        assert!((evaluation.macro_f1() - f64::midpoint(2.0 / 3.0, 0.4)).abs() < 1e-9);
        assert_eq!(evaluation.calibration[9], Share { right: 2, all: 2 });
        assert_eq!(evaluation.calibration[5], Share { right: 0, all: 1 });
        assert_eq!(evaluation.calibration[2], Share { right: 0, all: 1 });
    }

    #[test]
    fn what_is_not_labelled_is_not_counted() {
        let malware = labels(Kind::Incident, Some(Category::Malware), true);
        let bare = Labels {
            severity: None,
            page: None,
            language: None,
            ..malware
        };
        let mut evaluation = Evaluation::default();
        evaluation.count(&bare, &malware, 0.9);
        assert_eq!((evaluation.kind.all, evaluation.category.right), (1, 1));
        assert_eq!(evaluation.severity.all, 0);
        assert_eq!((evaluation.pages.all, evaluation.quiet.all), (0, 0));
    }

    #[test]
    fn one_page_that_is_missed_more_is_worse() {
        let malware = labels(Kind::Incident, Some(Category::Malware), true);
        let quiet = Labels {
            severity: Some(Severity::Medium),
            page: Some(false),
            ..malware
        };
        let mut all = Evaluation::default();
        let mut missed = Evaluation::default();
        for at in 0..100 {
            all.count(&malware, &malware, 0.9);
            missed.count(&malware, if at == 0 { &quiet } else { &malware }, 0.9);
        }
        assert!(missed.is_worse_than(&all) && !all.is_worse_than(&missed));
        assert!(!all.is_worse_than(&all));
    }
}
