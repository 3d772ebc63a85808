//! Severity rules that can never decide, and conditions that can never hold, whatever is known.
//!
//! Exact over what facts can be (unknown, yes, no, any number), each fact by itself: that two facts never come
//! together in life isn't known here, nor which facts take numbers. A rule of which one clause can decide is well; its
//! other clauses aren't looked at. The search is bounded: what it can't settle within `MOST_LOOKS` counts as well.

use crate::domain::triage::condition::{Condition, Term};
use crate::domain::triage::facts::{FactKey, FactValue};
use crate::domain::triage::severity::SeverityRule;
use std::collections::BTreeMap;
use std::fmt;

/// How often one search looks at a clause; the longest shipped rule takes fewer than 300 looks.
const MOST_LOOKS: usize = 20_000;

/// Values of a fact that every term without a number tells apart. A bound adds itself: from there to the next bound no
/// term changes.
const VALUES: [FactValue; 5] = [
    FactValue::Unknown,
    FactValue::Yes,
    FactValue::No,
    FactValue::Number(0),
    FactValue::Number(1),
];

/// A rule that can never decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idle<'a> {
    /// The how-manieth rule it is, counted from 0.
    pub place: usize,
    /// The rule.
    pub rule: &'a SeverityRule,
    /// Why it can't.
    pub why: Why<'a>,
}

/// Why a rule can never decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why<'a> {
    /// It never holds: what excludes each other in each of its clauses.
    Contradiction(Vec<Clash>),
    /// Whenever it holds, one of these rules above it does too: as few as are needed, at least one.
    Covered(Vec<&'a SeverityRule>),
}

/// What makes a clause impossible: two terms that exclude each other, or one that holds for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clash {
    term: Term,
    with: Option<Term>,
}

/// Every rule that can never decide, from above to below.
pub fn idle_rules(rules: &[SeverityRule]) -> Vec<Idle<'_>> {
    let possible = Possible::of(rules.iter().map(|rule| &rule.when));
    rules
        .iter()
        .enumerate()
        .filter_map(|(place, rule)| {
            let why = if let Some(clashes) = contradiction(&rule.when) {
                Why::Contradiction(clashes)
            } else {
                Why::Covered(covering(rule, rules.get(..place)?, &possible)?)
            };
            Some(Idle { place, rule, why })
        })
        .collect()
}

/// What excludes each other in each clause; none where one clause can hold.
pub fn contradiction(condition: &Condition) -> Option<Vec<Clash>> {
    let possible = Possible::of([condition]);
    let clauses = condition.clauses().iter();
    clauses.map(|clause| clash(clause, &possible)).collect()
}

/// The first two terms of a clause that exclude each other. Where no two do, all can hold at once: what a term holds for
/// is, of numbers, one piece without gaps, and besides these unknown, yes, no, or unknown and no.
fn clash(clause: &[Term], possible: &Possible) -> Option<Clash> {
    clause.iter().enumerate().find_map(|(place, term)| {
        let Some(left) = possible.where_holds(*term) else {
            let (term, with) = (*term, None);
            return Some(Clash { term, with });
        };
        let mut before = clause.iter().take(place);
        let other = before.find(|other| left.where_holds(**other).is_none())?;
        Some(Clash {
            term: *other,
            with: Some(*term),
        })
    })
}

/// The rules above without which this one could decide; none where it can.
fn covering<'a>(
    rule: &SeverityRule,
    above: &'a [SeverityRule],
    possible: &Possible,
) -> Option<Vec<&'a SeverityRule>> {
    let mut needed: Vec<&SeverityRule> = above.iter().collect();
    if can_decide(rule, &needed, possible) {
        return None;
    }
    // From below, so that the highest stay.
    for one in above.iter().rev() {
        let others = needed.iter().filter(|other| !std::ptr::eq(**other, one));
        let others: Vec<&SeverityRule> = others.copied().collect();
        if !can_decide(rule, &others, possible) {
            needed = others;
        }
    }
    Some(needed)
}

/// Can this rule hold while none of these does?
fn can_decide(rule: &SeverityRule, above: &[&SeverityRule], possible: &Possible) -> bool {
    let excluded = above.iter().flat_map(|rule| rule.when.clauses());
    let mut search = Search {
        excluded: excluded.map(Vec::as_slice).collect(),
        looks_left: MOST_LOOKS,
    };
    let clauses = rule.when.clauses().iter();
    let mut clauses = clauses.filter_map(|clause| possible.where_all_hold(clause));
    clauses.any(|values| search.finds_one_in(&values))
}

/// The search for facts for which no excluded clause holds.
struct Search<'a> {
    excluded: Vec<&'a [Term]>,
    looks_left: usize,
}

impl Search<'_> {
    /// Are there such facts among these? Yes too where that is not settled in time.
    fn finds_one_in(&mut self, values: &Possible) -> bool {
        let Some(left) = self.looks_left.checked_sub(self.excluded.len()) else {
            return true;
        };
        self.looks_left = left;
        let can_hold = |clause: &&&[Term]| values.where_all_hold(clause).is_some();
        let ways_out = self.excluded.iter().filter(can_hold).map(|clause| {
            let ways = clause.iter().filter_map(|term| values.where_fails(*term));
            ways.collect::<Vec<Possible>>()
        });
        // The clause with the fewest ways out settles most: without one, all of these values are excluded.
        match ways_out.min_by_key(Vec::len) {
            None => true,
            Some(ways) => ways.iter().any(|way| self.finds_one_in(way)),
        }
    }
}

/// The values that each fact may have; none is without any.
#[derive(Clone)]
struct Possible(BTreeMap<FactKey, Vec<FactValue>>);

impl Possible {
    /// Whatever these conditions tell apart.
    fn of<'a>(conditions: impl IntoIterator<Item = &'a Condition>) -> Self {
        let mut all: BTreeMap<FactKey, Vec<FactValue>> = BTreeMap::new();
        let clauses = conditions.into_iter().flat_map(Condition::clauses);
        for term in clauses.flatten() {
            let Some(fact) = term.fact() else { continue };
            let values = all.entry(fact).or_insert_with(|| VALUES.to_vec());
            let bound = term.bound().map(FactValue::Number);
            values.extend(bound.filter(|bound| !values.contains(bound)));
        }
        Self(all)
    }

    /// Those for which the term holds, where there are any.
    fn where_holds(&self, term: Term) -> Option<Self> {
        let Some(fact) = term.fact() else {
            return Some(self.clone());
        };
        self.only(fact, |value| term.holds_for(value))
    }

    /// Those for which the term doesn't hold, where there are any.
    fn where_fails(&self, term: Term) -> Option<Self> {
        self.only(term.fact()?, |value| !term.holds_for(value))
    }

    /// Those for which every term holds, where there are any.
    fn where_all_hold(&self, terms: &[Term]) -> Option<Self> {
        let mut terms = terms.iter();
        terms.try_fold(self.clone(), |left, term| left.where_holds(*term))
    }

    fn only(&self, fact: FactKey, is_kept: impl Fn(FactValue) -> bool) -> Option<Self> {
        let values = self.0.get(&fact)?.iter().copied();
        let values: Vec<FactValue> = values.filter(|value| is_kept(*value)).collect();
        if values.is_empty() {
            return None;
        }
        let mut left = self.clone();
        left.0.insert(fact, values);
        Some(left)
    }
}

impl fmt::Display for Clash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.with {
            Some(with) => write!(f, "\"{}\" and \"{with}\" exclude each other", self.term),
            None => write!(f, "\"{}\" holds for no number", self.term),
        }
    }
}
