//! Training: labelled reports in, weights out. Always the same for the same reports in the same order.
//!
//! Each report in turn moves the weights of its features a little (stochastic gradient descent with a step of its own
//! for each weight, `AdaGrad`: Duchi, Hazan and Singer 2011), in an order that is mixed anew in every round.

use crate::domain::text::fold::Folded;
use crate::domain::triage::labelled::Told;
use crate::domain::triage::trained::features::{Feature, Ruling, Signals, Sort, each};
use crate::domain::triage::trained::model::{Model, share};
use crate::domain::triage::trained::outcome::{Head, OUTCOMES, Row};
use crate::domain::triage::trained::table::{Table, Weights};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// How training goes.
#[derive(Debug, Clone, Copy)]
pub struct Course {
    /// A feature must stand in so many examples, or in tickets of so many organisations.
    pub least_reports: u32,
    /// So many features are kept, those that tell most.
    pub most_features: usize,
    /// How often each report is looked at.
    pub rounds: u32,
    /// How far one look moves a weight at first.
    pub pace: f64,
    /// How strongly weights are drawn to nothing.
    pub shrink: f64,
}

impl Course {
    /// As measured by leaving out parts of the shipped examples, but for the number of features: that is bounded by time.
    pub const MEASURED: Self = Self {
        least_reports: 3,
        // The most that a table of 65,536 places holds: the next is twice as large, and each look into it slower.
        most_features: 57_000,
        rounds: 20,
        pace: 0.15,
        shrink: 2e-5,
    };
}

/// A report as the numbers of its features, and what it is.
struct Lesson {
    features: Vec<(u32, f64)>,
    /// Those that speak of the urgency only.
    rulings: Vec<u32>,
    outcomes: Vec<(Head, usize)>,
}

/// Where a lesson comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A labelled example: everybody may read it.
    Example,
    /// A ticket that somebody of the team corrected, with a number for whose it is.
    Ticket(u32),
}

/// In how many examples a feature stands, and in tickets of whom. What fewer than [`Course::least_reports`] wrote to us, and
/// no more examples have, may lead back to one of them, and is not learned.
#[derive(Debug, Clone, Default)]
struct Seen {
    examples: u32,
    tickets: u32,
    organisations: BTreeSet<u32>,
}

impl Seen {
    fn count(&mut self, source: Source) {
        match source {
            Source::Example => self.examples += 1,
            Source::Ticket(whose) => {
                self.tickets += 1;
                self.organisations.insert(whose);
            }
        }
    }

    fn is_in(&self, least: u32) -> bool {
        self.examples >= least || self.organisations.len() >= least as usize
    }

    fn of_all(&self) -> u32 {
        self.examples + self.tickets
    }
}

/// Labelled reports, gathered for a training.
#[derive(Default)]
pub struct Lessons {
    numbers: HashMap<Box<str>, u32, foldhash::fast::FixedState>,
    names: Vec<(Box<str>, Sort)>,
    reports: Vec<Seen>,
    each: Vec<Lesson>,
    tickets: u32,
}

impl Lessons {
    /// Adds one report, with what the rules of its category say of it.
    pub(crate) fn add(
        &mut self,
        text: &Folded<'_>,
        signals: &Signals<'_>,
        (told, source): (&Told<'_>, Source),
        ruling: Option<Ruling<'_>>,
    ) {
        let mut rulings = Vec::new();
        if let Some(ruling) = ruling {
            ruling.each(&mut |feature| rulings.push(self.number(&feature)));
        }
        let mut features: Vec<(u32, f64)> = Vec::new();
        each(text, signals, &mut |feature| {
            features.push((self.number(&feature), feature.strength));
        });
        features.sort_by_key(|(number, _)| *number);
        features.dedup_by_key(|(number, _)| *number);
        for number in features.iter().map(|(number, _)| number).chain(&rulings) {
            if let Some(count) = self.reports.get_mut(*number as usize) {
                count.count(source);
            }
        }
        self.tickets += u32::from(source != Source::Example);
        self.each.push(Lesson {
            features,
            rulings,
            outcomes: Head::all()
                .filter_map(|head| Some((head, head.outcome(told)?)))
                .collect(),
        });
    }

    fn number(&mut self, feature: &Feature<'_>) -> u32 {
        if let Some(number) = self.numbers.get(feature.name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let name: Box<str> = feature.name.into();
        self.numbers.insert(name.clone(), number);
        self.names.push((name, feature.sort));
        self.reports.push(Seen::default());
        number
    }

    /// Trains.
    pub fn fit(mut self, course: &Course, made_from: &str) -> Model {
        let kept = self.kept(course);
        self.narrow(&kept);
        let mut weights: Vec<Row> = vec![[0.0; OUTCOMES]; kept.len()];
        let mut moved: Vec<Row> = vec![[1e-6; OUTCOMES]; kept.len()];
        let mut order: Vec<usize> = (0..self.each.len()).collect();
        let mut mixer = Mixer(0x9e37_79b9_7f4a_7c15);
        let mut sums: Vec<Row> = vec![[0.0; OUTCOMES]; kept.len()];
        for round in 0..course.rounds {
            mixer.mix(&mut order);
            for lesson in order.iter().filter_map(|at| self.each.get(*at)) {
                lesson.learn(&mut weights, &mut moved, course);
            }
            // The mean of the later rounds hangs less on which report came last (Polyak and Juditsky 1992).
            if round >= course.rounds / 2 {
                let all = sums.iter_mut().flatten().zip(weights.iter().flatten());
                all.for_each(|(sum, weight)| *sum += weight);
            }
        }
        let counted = f64::from((course.rounds - course.rounds / 2).max(1));
        let weights = sums.into_iter().map(|row| row.map(|sum| sum / counted));
        let names = kept
            .iter()
            .filter_map(|number| self.names.get(*number as usize));
        let named = names.map(|(name, _)| name.clone()).zip(weights);
        let (step, weights) = written(named);
        Model {
            step,
            made_from: made_from.to_owned(),
            tickets: self.tickets,
            weights,
        }
    }

    /// The numbers of the features that are kept: those that stand with some outcomes far more often than chance.
    fn kept(&self, course: &Course) -> Vec<u32> {
        let mut with: Vec<Row> = vec![[0.0; OUTCOMES]; self.names.len()];
        let mut all: Row = [0.0; OUTCOMES];
        for lesson in &self.each {
            let outcomes: Vec<usize> = lesson.places().collect();
            for place in &outcomes {
                add(&mut all, *place, 1.0);
            }
            for (number, _) in &lesson.features {
                if let Some(row) = with.get_mut(*number as usize) {
                    for place in &outcomes {
                        add(row, *place, 1.0);
                    }
                }
            }
        }
        let total = f64::from(u32::try_from(self.each.len()).unwrap_or(u32::MAX));
        let mut told: Vec<(f64, u32)> = Vec::new();
        for (number, (row, count)) in (0_u32..).zip(with.iter().zip(&self.reports)) {
            let name = self.names.get(number as usize);
            let is_signal =
                name.is_some_and(|(_, sort)| matches!(sort, Sort::Signal | Sort::Ruling));
            if !count.is_in(course.least_reports) && !is_signal {
                continue;
            }
            let by_chance = f64::from(count.of_all()) / total;
            let surprise: f64 = row
                .iter()
                .zip(&all)
                .filter(|(_, all)| **all > 0.0)
                .map(|(seen, all)| (seen - all * by_chance).powi(2) / (all * by_chance))
                .sum();
            told.push((if is_signal { f64::MAX } else { surprise }, number));
        }
        told.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        told.truncate(course.most_features);
        let mut kept: Vec<u32> = told.into_iter().map(|(_, number)| number).collect();
        kept.sort_unstable();
        kept
    }

    /// Leaves only these features in the lessons, numbered anew, each as strong as the model will find it.
    fn narrow(&mut self, kept: &[u32]) {
        let names = &self.names;
        let renumbered = |number: u32| {
            let place = kept.binary_search(&number).unwrap_or_default();
            u32::try_from(place).unwrap_or(u32::MAX)
        };
        let sort = |number: u32| names.get(number as usize).map(|(_, sort)| *sort);
        for lesson in &mut self.each {
            lesson
                .features
                .retain(|(number, _)| kept.binary_search(number).is_ok());
            let count = |wanted| {
                let of = |(number, _): &&(u32, f64)| sort(*number) == Some(wanted);
                u32::try_from(lesson.features.iter().filter(of).count()).unwrap_or(u32::MAX)
            };
            let words = share(f64::from(count(Sort::Word)));
            let parts = share(f64::from(count(Sort::Part)));
            for (number, strength) in &mut lesson.features {
                match sort(*number) {
                    Some(Sort::Word) => *strength = words,
                    Some(Sort::Part) => *strength = parts,
                    _ => {}
                }
                *number = renumbered(*number);
            }
            for number in &mut lesson.rulings {
                *number = renumbered(*number);
            }
        }
    }
}

fn add(row: &mut Row, place: usize, what: f64) {
    if let Some(one) = row.get_mut(place) {
        *one += what;
    }
}

impl Lesson {
    /// The places in a row of its kind, category and urgency. Words that speak for these speak for the facts too, and
    /// facts don't crowd them out.
    fn places(&self) -> impl Iterator<Item = usize> {
        let told = self.outcomes.iter();
        let told = told.filter(|(head, _)| !matches!(head, Head::Fact(_)));
        told.map(|(head, outcome)| head.range().start + outcome)
    }

    /// Its features with their strength, and the outcomes that each speaks of.
    fn spoken(&self) -> impl Iterator<Item = (usize, f64, Range<usize>)> {
        let all = self.features.iter();
        let all = all.map(|(number, strength)| (*number as usize, *strength, 0..OUTCOMES));
        let rulings = self.rulings.iter();
        all.chain(rulings.map(|number| (*number as usize, 1.0, Head::Urgency.range())))
    }

    fn learn(&self, weights: &mut [Row], moved: &mut [Row], course: &Course) {
        let mut points: Row = [0.0; OUTCOMES];
        for (number, strength, _) in self.spoken() {
            if let Some(row) = weights.get(number) {
                for (sum, weight) in points.iter_mut().zip(row) {
                    *sum += strength * weight;
                }
            }
        }
        let mut wrong: Row = [0.0; OUTCOMES];
        for (head, outcome) in &self.outcomes {
            let shares = head.shares(&points);
            for (at, share) in shares.into_iter().enumerate() {
                let right = f64::from(u8::from(at == *outcome));
                add(&mut wrong, head.range().start + at, share - right);
            }
        }
        for (number, strength, range) in self.spoken() {
            let rows = weights.get_mut(number).zip(moved.get_mut(number));
            let Some((weights, moved)) = rows else {
                continue;
            };
            let weights = weights.get_mut(range.clone()).into_iter().flatten();
            let moved = moved.get_mut(range.clone()).into_iter().flatten();
            let wrong = wrong.get(range).into_iter().flatten();
            for ((weight, moved), wrong) in weights.zip(moved).zip(wrong) {
                let slope = strength * wrong + course.shrink * *weight;
                *moved += slope * slope;
                *weight -= course.pace * slope / moved.sqrt();
            }
        }
    }
}

/// An order without any pattern that is always the same (xorshift: Marsaglia 2003).
struct Mixer(u64);

impl Mixer {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn mix(&mut self, order: &mut [usize]) {
        for at in (1..order.len()).rev() {
            let below = u64::try_from(at + 1).unwrap_or(u64::MAX);
            let other = usize::try_from(self.next() % below).unwrap_or_default();
            order.swap(at, other);
        }
    }
}

/// The most steps that a weight has to either side.
const MOST_STEPS: f64 = 46.0;

/// Weights as they are kept: what a step is worth, and in steps the features that have any.
fn written(weights: impl Iterator<Item = (Box<str>, Row)>) -> (f64, Table) {
    let weights: Vec<(Box<str>, Row)> = weights.collect();
    let most = weights
        .iter()
        .flat_map(|(_, row)| row)
        .fold(0.0_f64, |most, weight| most.max(weight.abs()));
    let step = (most / MOST_STEPS).max(f64::MIN_POSITIVE);
    // As it is written in the file, so that a model that is read back decides the same.
    let step = format!("{step:.6}").parse().unwrap_or(step);
    #[expect(clippy::cast_possible_truncation, reason = "at most 46 steps")]
    let in_steps =
        |row: Row| row.map(|weight| (weight / step).round().clamp(-MOST_STEPS, MOST_STEPS) as i8);
    let weights = weights
        .into_iter()
        .map(|(name, row)| (name, in_steps(row)))
        .filter(|(_, row): &(Box<str>, Weights)| row.iter().any(|weight| *weight != 0));
    (step, weights.collect())
}
