//! Which rules can never decide: by cases, and at random against every value that a few facts can have.

use crate::domain::triage::category::Severity;
use crate::domain::triage::condition::Condition;
use crate::domain::triage::facts::{FactKey, FactValue, Facts};
use crate::domain::triage::reachable::{Why, contradiction, idle_rules};
use crate::domain::triage::severity::SeverityRule;
use proptest::prelude::*;

fn rules(written: &[&str]) -> Vec<SeverityRule> {
    let rule = |when: &&str| SeverityRule {
        level: Severity::High,
        when: Condition::parse(when).unwrap(),
    };
    written.iter().map(rule).collect()
}

/// Why the last of these rules can never decide, with the rules above by their place; empty where it can.
fn why(written: &[&str]) -> String {
    let rules = rules(written);
    let idle = idle_rules(&rules);
    let last = idle.iter().find(|idle| idle.place + 1 == rules.len());
    match last.map(|last| &last.why) {
        None => String::new(),
        Some(Why::Contradiction(clashes)) => {
            let clashes: Vec<String> = clashes.iter().map(ToString::to_string).collect();
            clashes.join("; ")
        }
        Some(Why::Covered(above)) => {
            let is_needed = |rule: &SeverityRule| above.iter().any(|one| std::ptr::eq(*one, rule));
            let needed = (0..rules.len()).filter(|place| is_needed(&rules[*place]));
            format!("covered by {:?}", needed.collect::<Vec<usize>>())
        }
    }
}

#[test]
fn what_excludes_each_other_is_named() {
    for (written, clashes) in [
        (
            "paid and not paid",
            "\"paid\" and \"not paid\" exclude each other",
        ),
        (
            "danger and unknown paid and paid",
            "\"unknown paid\" and \"paid\" exclude each other",
        ),
        (
            "unless paid and paid",
            "\"unless paid\" and \"paid\" exclude each other",
        ),
        (
            "unknown paid and not paid",
            "\"unknown paid\" and \"not paid\" exclude each other",
        ),
        (
            "people_affected >= 100 and people_affected < 50",
            "\"people_affected >= 100\" and \"people_affected < 50\" exclude each other",
        ),
        (
            "not people_affected and people_affected >= 1",
            "\"not people_affected\" and \"people_affected >= 1\" exclude each other",
        ),
        (
            "unknown amount and amount >= 0",
            "\"unknown amount\" and \"amount >= 0\" exclude each other",
        ),
        (
            "amount and amount < 1",
            "\"amount\" and \"amount < 1\" exclude each other",
        ),
        ("amount < 0", "\"amount < 0\" holds for no number"),
        (
            "paid and not paid or amount < 0 and danger",
            "\"paid\" and \"not paid\" exclude each other; \"amount < 0\" holds for no number",
        ),
    ] {
        assert_eq!(why(&[written]), clashes, "{written}");
    }
}

#[test]
fn a_condition_with_one_clause_that_can_hold_is_none() {
    for written in [
        "always",
        "paid",
        "unless paid and unknown paid",
        "unless paid and not paid",
        "people_affected >= 100 and people_affected < 101",
        "not people_affected and people_affected < 1",
        "not people_affected and people_affected >= 0",
        "people_affected and people_affected < 2",
        "paid and not paid or danger",
        "paid and not ongoing",
    ] {
        let condition = Condition::parse(written).unwrap();
        assert_eq!(contradiction(&condition), None, "{written}");
    }
}

#[test]
fn a_rule_is_covered_where_those_above_always_hold_too() {
    for (written, covered) in [
        (&["danger or paid", "paid"][..], "covered by [0]"),
        (&["always", "paid", "danger"], "covered by [0]"),
        (
            &["unless contained", "not contained and paid"],
            "covered by [0]",
        ),
        (
            &["people_affected >= 101", "people_affected >= 1001"],
            "covered by [0]",
        ),
        (
            &["people_affected", "people_affected >= 1"],
            "covered by [0]",
        ),
        (&["not amount", "amount < 1"], "covered by [0]"),
        (
            &["danger", "paid or ongoing", "ongoing and clicked or paid"],
            "covered by [1]",
        ),
        // A clause that is covered, and one that never holds.
        (&["paid", "paid and danger or amount < 0"], "covered by [0]"),
        // By more than one.
        (
            &["clicked", "danger", "paid", "danger or paid"],
            "covered by [1, 2]",
        ),
        (
            &["paid", "not paid", "unknown paid", "danger"],
            "covered by [0, 1, 2]",
        ),
        (
            &["paid and danger", "paid and unless danger", "paid"],
            "covered by [0, 1]",
        ),
        (
            &["amount >= 10", "amount < 10", "amount >= 5"],
            "covered by [0, 1]",
        ),
        // The highest of those that would do.
        (&["paid", "clicked", "paid", "paid"], "covered by [0]"),
    ] {
        assert_eq!(why(written), covered, "{written:?}");
    }
}

#[test]
fn a_rule_that_can_decide_is_none() {
    for written in [
        &["paid"][..],
        &["paid", "danger or paid"],
        &["paid", "unless paid"],
        // What holds for yes need be no number.
        &["people_affected >= 1", "people_affected"],
        &["people_affected >= 1001", "people_affected >= 101"],
        &["amount >= 11", "amount < 10", "amount >= 5"],
        &["paid", "not paid", "danger"],
        &["paid and not paid", "paid"],
        &["services_down and not contained", "services_down"],
    ] {
        assert_eq!(why(written), "", "{written:?}");
    }
}

/// A rule for numbers below this bound, under one for two facts of the same number: it can't decide where there are more
/// facts than numbers.
fn more_facts_than_numbers(bound: usize) -> [String; 2] {
    let facts = FactKey::ALL.get(..=bound).unwrap();
    let mut same = Vec::new();
    for number in 0..bound {
        let is = |fact: &FactKey| format!("{fact} >= {number} and {fact} < {}", number + 1);
        for (place, one) in facts.iter().enumerate() {
            let others = facts.iter().skip(place + 1);
            same.extend(others.map(|other| format!("{} and {}", is(one), is(other))));
        }
    }
    let below: Vec<String> = facts
        .iter()
        .map(|fact| format!("{fact} < {bound}"))
        .collect();
    [same.join(" or "), below.join(" and ")]
}

#[test]
fn what_is_not_settled_in_time_can_decide() {
    let told = |bound| {
        let [same, below] = more_facts_than_numbers(bound);
        why(&[&same, &below])
    };
    assert_eq!(told(3), "covered by [0]");
    assert_eq!(told(12), "");
}

const FACTS: [FactKey; 3] = [FactKey::Paid, FactKey::Amount, FactKey::Danger];

fn conditions() -> impl Strategy<Value = String> {
    let term = (0..FACTS.len(), 0..7, 0_u64..5).prop_map(|(fact, form, number)| {
        let fact = FACTS[fact].as_str();
        match form {
            0 => format!("not {fact}"),
            1 => format!("unknown {fact}"),
            2 => format!("unless {fact}"),
            3 => format!("{fact} >= {number}"),
            4 => format!("{fact} < {number}"),
            5 if number == 0 => "always".to_owned(),
            _ => fact.to_owned(),
        }
    });
    let clause = prop::collection::vec(term, 1..4).prop_map(|terms| terms.join(" and "));
    prop::collection::vec(clause, 1..4).prop_map(|clauses| clauses.join(" or "))
}

/// Everything that the facts can be, as far as numbers below five tell it apart.
fn everything() -> Vec<Facts> {
    let words = [FactValue::Unknown, FactValue::Yes, FactValue::No];
    let numbers = (0..6).map(FactValue::Number);
    let values: Vec<FactValue> = words.into_iter().chain(numbers).collect();
    FACTS.iter().fold(vec![Facts::default()], |before, fact| {
        let with = |facts: &Facts| {
            let facts = facts.clone();
            let values = values.clone().into_iter();
            values.map(move |value| {
                let mut facts = facts.clone();
                facts.state(*fact, value, "");
                facts
            })
        };
        before.iter().flat_map(with).collect()
    })
}

proptest! {
    #[test]
    fn every_idle_rule_is_told_and_no_other(written in prop::collection::vec(conditions(), 1..6)) {
        let written: Vec<&str> = written.iter().map(String::as_str).collect();
        let rules = rules(&written);
        let everything = everything();
        let decides = |place: usize, above: &[&SeverityRule]| {
            let holds = |rule: &SeverityRule, facts: &Facts| rule.when.holds(facts);
            everything.iter().any(|facts| {
                holds(&rules[place], facts) && !above.iter().any(|rule| holds(rule, facts))
            })
        };
        let idle = idle_rules(&rules);
        for place in 0..rules.len() {
            let above: Vec<&SeverityRule> = rules.iter().take(place).collect();
            let told = idle.iter().find(|idle| idle.place == place);
            prop_assert_eq!(told.is_some(), !decides(place, &above), "rule {}", place);
            match told.map(|told| &told.why) {
                None => {}
                Some(Why::Contradiction(_)) => prop_assert!(!decides(place, &[])),
                Some(Why::Covered(needed)) => {
                    prop_assert!(!needed.is_empty() && !decides(place, needed));
                    for (left_out, _) in needed.iter().enumerate() {
                        let mut fewer = needed.clone();
                        fewer.remove(left_out);
                        prop_assert!(decides(place, &fewer), "{} is not needed", left_out);
                    }
                }
            }
        }
    }
}
