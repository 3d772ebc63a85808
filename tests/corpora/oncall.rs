//! Turns, hand-overs and exceptions as the tests of other on-call systems state them.
//!
//! Not everything there exists here; [`why_not`] says what doesn't and why, and the number of vectors that do
//! may not fall.

// So that clippy takes the functions beside the tests for what they are.
#![cfg(test)]

use crate::corpora::{cases, corpus, say, text};
use eerstelijn::domain::oncall::moment::{Written, instant};
use eerstelijn::domain::oncall::overrides::{Change, Override, apply};
use eerstelijn::domain::oncall::people::PersonId;
use eerstelijn::domain::oncall::roster::Roster;
use eerstelijn::domain::oncall::rotation::{Every, Rotation, Unit};
use eerstelijn::domain::oncall::window::Window;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use serde_json::Value;

/// How many vectors exist here too.
const MAPPED: usize = 17;

#[test]
fn oncall_vectors_hold() {
    let Some(dir) = corpus("oncall-vectors") else {
        return;
    };
    let (mut mapped, mut all) = (0, 0);
    for case in cases(&dir.join("vectors.jsonl")) {
        all += 1;
        let name = format!("{} {}", text(&case, "kind"), text(&case, "src"));
        if let Some(why) = why_not(&case) {
            say(&format!("  not here: {name}: {why}"));
            continue;
        }
        mapped += 1;
        match text(&case, "kind") {
            "rotation-handoffs" => hand_overs(&case),
            "rotation-next-handoff" => next_hand_over(&case),
            "rotation-shift-at" => turn_at(&case),
            "override-map" => exceptions(&case),
            "rolling-shift-days" => days(&case),
            "schedule" => stints(&case),
            kind => panic!("no test for {kind}"),
        }
    }
    say(&format!(
        "on-call vectors: {mapped} of {all} exist here, all hold"
    ));
    assert!(mapped >= MAPPED, "{mapped} of {MAPPED}");
}

/// Why a vector says nothing about this product; nothing where it does.
fn why_not(case: &Value) -> Option<&'static str> {
    let kind = text(case, "kind");
    let unit = text(case, "type");
    let days = list(case, "by_day").len();
    let monday = text(case, "shift_start")
        .parse::<Date>()
        .is_ok_and(|date| date.weekday() == Weekday::Monday);
    match kind {
        "rotation-handoffs" | "rotation-next-handoff" if unit == "monthly" => {
            Some("turns are hours, days or weeks")
        }
        "rotation-next-handoff" if text(case, "at") < text(case, "rotation_start") => {
            Some("nobody is on call before the start")
        }
        "rolling-shift-days" => match (text(case, "frequency"), days) {
            ("daily" | "weekly", 7) => None,
            ("weekly", _) if monday => None,
            (_, 0) => Some("its last days contradict its own interval"),
            ("monthly", _) => Some("turns are hours, days or weeks"),
            _ => Some("a rotation has no days off that don't count"),
        },
        "final-day-hours" => Some("shifts have no priorities"),
        _ => None,
    }
}

fn list<'a>(case: &'a Value, field: &str) -> Vec<&'a str> {
    let items = case.get(field).and_then(Value::as_array);
    let items = items.into_iter().flatten().filter_map(Value::as_str);
    items.collect()
}

fn id(name: &str) -> PersonId {
    name.parse().unwrap()
}

fn zone(case: &Value) -> TimeZone {
    match text(case, "tz") {
        "" => TimeZone::UTC,
        name => TimeZone::get(name).unwrap(),
    }
}

fn at(case: &Value, field: &str) -> Timestamp {
    Written::parse(text(case, field))
        .and_then(|written| written.in_zone(&zone(case)))
        .unwrap_or_else(|error| panic!("{field}: {error}: {case}"))
}

/// So many of a unit, each in the words of the vectors.
fn every(case: &Value, unit: &str, count: &str) -> Every {
    let unit = match text(case, unit) {
        "hourly" => Unit::Hour,
        "daily" => Unit::Day,
        "weekly" => Unit::Week,
        other => panic!("no such turns: {other}"),
    };
    let count = case.get(count).and_then(Value::as_u64).unwrap();
    Every::new(u16::try_from(count).unwrap(), unit).unwrap()
}

fn rotation(case: &Value, people: &[&str], start: DateTime, every: Every) -> Rotation {
    let people = people.iter().map(|name| id(name)).collect();
    Rotation::new("r".parse().unwrap(), people, start, zone(case), every).unwrap()
}

fn of_two(case: &Value) -> Rotation {
    let start = text(case, "rotation_start").parse().unwrap();
    rotation(
        case,
        &["A", "B"],
        start,
        every(case, "type", "shift_length"),
    )
}

fn hand_overs(case: &Value) {
    let rotation = of_two(case);
    let zone = zone(case);
    // The first is the one before the window; where that lies before the start there is none here.
    let expected: Vec<&str> = list(case, "expected_handoffs")
        .into_iter()
        .filter(|text| text.parse::<Timestamp>().unwrap() >= rotation.started())
        .collect();
    let begin = at(case, "window_start");
    let turn = rotation.turn_at(begin).map(|turn| turn.window.from());
    let found: Vec<String> = turn
        .into_iter()
        .chain(rotation.hand_overs_after(begin))
        .take(expected.len())
        .map(|at| at.display_with_offset(zone.to_offset(at)).to_string())
        .collect();
    assert_eq!(found, expected, "{case}");
}

fn next_hand_over(case: &Value) {
    let turn = of_two(case).turn_at(at(case, "at")).unwrap().window;
    let found = zone(case).to_datetime(turn.until());
    assert_eq!(found.to_string(), text(case, "expected_end"), "{case}");
}

fn turn_at(case: &Value) {
    let turn = of_two(case).turn_at(at(case, "at")).unwrap().window;
    assert_eq!(turn.from(), at(case, "expected_start"), "{case}");
}

fn change(case: &Value) -> Change {
    match (text(case, "add"), text(case, "remove")) {
        (by, "") => Change::Add(id(by)),
        ("", person) => Change::Remove(id(person)),
        (by, person) => Change::Replace {
            person: id(person),
            by: id(by),
        },
    }
}

fn exceptions(case: &Value) {
    let turns: Vec<PersonId> = list(case, "on_call").into_iter().map(id).collect();
    let overrides = case.get("overrides").and_then(Value::as_array).unwrap();
    let changes: Vec<Change> = overrides.iter().map(change).collect();
    let changes: Vec<&Change> = changes.iter().collect();
    for (changes, expected) in [
        (&[][..], "expected_before"),
        (&changes, "expected_during"),
        (&[], "expected_after"),
    ] {
        let on_call = apply(&turns, changes);
        let found: Vec<&str> = on_call.iter().map(|one| one.person.as_str()).collect();
        assert_eq!(found, list(case, expected), "{expected}: {case}");
    }
}

/// Whose day it is: only days that the vector names are looked at.
fn days(case: &Value) {
    let groups = case.get("users_per_group").and_then(Value::as_array);
    let names: Vec<String> = ('A'..='Z')
        .take(groups.unwrap().len())
        .map(String::from)
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let start: Date = text(case, "shift_start").parse().unwrap();
    let every = every(case, "frequency", "interval");
    let rotation = rotation(case, &names, start.at(0, 0, 0, 0), every);
    let expected = case.get("expected_by_day").and_then(Value::as_object);
    for (day, who) in expected.unwrap() {
        let noon = day.parse::<Date>().unwrap().at(12, 0, 0, 0);
        let turn = rotation.turn_at(instant(noon, &zone(case)).unwrap());
        let found = turn.map(|turn| turn.person.as_str());
        assert_eq!(found, who.as_str(), "{day}: {case}");
    }
}

/// One person who is on call over the whole window, with exceptions.
fn stints(case: &Value) {
    let array = |field| case.get(field).and_then(Value::as_array).unwrap();
    let user = text(array("rules").first().unwrap(), "user");
    let window = Window::new(at(case, "window_start"), at(case, "window_end")).unwrap();
    let start = zone(case).to_datetime(window.from());
    let rotation = rotation(case, &[user], start, "1d".parse().unwrap());
    let overrides = array("overrides").iter().map(|one| Override {
        rotation: rotation.id().clone(),
        window: Window::new(at(one, "start"), at(one, "end")).unwrap(),
        change: change(one),
    });
    let roster = Roster {
        overrides: overrides.collect(),
        rotations: vec![rotation.clone()],
        ..Roster::default()
    };
    let mut found: Vec<(String, Timestamp, Timestamp)> = roster
        .stints(window)
        .unwrap()
        .into_iter()
        .filter_map(|stint| Some((stint.person?.to_string(), stint.from, stint.until)))
        .collect();
    let mut expected: Vec<(String, Timestamp, Timestamp)> = array("expected")
        .iter()
        .map(|one| {
            (
                text(one, "user").to_owned(),
                at(one, "start"),
                at(one, "end"),
            )
        })
        .collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "{case}");
}
