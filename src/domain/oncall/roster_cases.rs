//! Who is on call and who is reached, case by case.

use crate::domain::oncall::office::Office;
use crate::domain::oncall::overrides::{Change, Override};
use crate::domain::oncall::people::{Channel, MatrixId, Person, PersonId, Role};
use crate::domain::oncall::policy::{Hours, Policy, Step, Target};
use crate::domain::oncall::roster::Roster;
use crate::domain::oncall::rotation::Rotation;
use crate::domain::oncall::schedule::{Stint, TooMuch};
use crate::domain::oncall::window::Window;
use crate::domain::triage::category::Severity;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

pub(crate) const PEOPLE: [&str; 4] = ["anna", "bob", "carl", "dina"];

pub(crate) fn brussels() -> TimeZone {
    TimeZone::get("Europe/Brussels").unwrap()
}

pub(crate) fn id(text: &str) -> PersonId {
    text.parse().unwrap()
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn window(from: &str, until: &str) -> Window {
    Window::new(at(from), at(until)).unwrap()
}

fn person(name: &str, roles: &[Role]) -> Person {
    Person {
        id: id(name),
        name: name.to_owned(),
        matrix: MatrixId::parse(&format!("@{name}:crt.example")),
        mail: None,
        webhook: None,
        languages: Vec::new(),
        roles: roles.to_vec(),
    }
}

fn rotation(name: &str, people: &[&str], start: &str, every: &str) -> Rotation {
    let people = people.iter().map(|name| id(name)).collect();
    let (start, every) = (start.parse().unwrap(), every.parse().unwrap());
    Rotation::new(name.parse().unwrap(), people, start, brussels(), every).unwrap()
}

/// A roster with one weekly rotation of anna, bob and carl from 2 November 2026 at 09:00.
pub(crate) fn weekly(overrides: Vec<Override>) -> Roster {
    let people = PEOPLE.map(|name| match name {
        "dina" => person(name, &[Role::Coordinator]),
        _ => person(name, &[Role::Expert]),
    });
    Roster {
        people: people.to_vec(),
        rotations: vec![rotation(
            "first",
            &["anna", "bob", "carl"],
            "2026-11-02T09:00",
            "1w",
        )],
        overrides,
        office: Office::usual(brussels()),
        ..Roster::default()
    }
}

fn exception(from: &str, until: &str, change: Change) -> Override {
    Override {
        rotation: "first".parse().unwrap(),
        window: window(from, until),
        change,
    }
}

fn replace(person: &str, by: &str) -> Change {
    Change::Replace {
        person: id(person),
        by: id(by),
    }
}

/// `MM-DD HH:MM..MM-DD HH:MM who because`, on the wall in Brussels.
fn told(stints: &[Stint]) -> Vec<String> {
    let wall = |at: Timestamp| {
        brussels()
            .to_datetime(at)
            .strftime("%m-%d %H:%M")
            .to_string()
    };
    stints
        .iter()
        .map(|stint| {
            let who = stint.person.as_ref().map_or("nobody", PersonId::as_str);
            format!(
                "{}..{} {who}, {}",
                wall(stint.from),
                wall(stint.until),
                stint.because
            )
        })
        .collect()
}

#[test]
fn a_window_is_cut_into_stints() {
    let month = window("2026-11-01T00:00:00Z", "2026-11-25T00:00:00Z");
    for (overrides, expected) in [
        (
            vec![],
            vec![
                "11-01 01:00..11-02 09:00 nobody, rotation not started",
                "11-02 09:00..11-09 09:00 anna, rotation",
                "11-09 09:00..11-16 09:00 bob, rotation",
                "11-16 09:00..11-23 09:00 carl, rotation",
                "11-23 09:00..11-25 01:00 anna, rotation",
            ],
        ),
        (
            vec![
                exception(
                    "2026-11-10T08:00:00Z",
                    "2026-11-11T08:00:00Z",
                    replace("bob", "dina"),
                ),
                exception(
                    "2026-11-17T08:00:00Z",
                    "2026-11-18T08:00:00Z",
                    Change::Remove(id("carl")),
                ),
                exception(
                    "2026-11-20T08:00:00Z",
                    "2026-11-24T08:00:00Z",
                    Change::Add(id("bob")),
                ),
                // Changes nothing, so it cuts nothing.
                exception(
                    "2026-11-03T08:00:00Z",
                    "2026-11-04T08:00:00Z",
                    Change::Remove(id("bob")),
                ),
            ],
            vec![
                "11-01 01:00..11-02 09:00 nobody, rotation not started",
                "11-02 09:00..11-09 09:00 anna, rotation",
                "11-09 09:00..11-10 09:00 bob, rotation",
                "11-10 09:00..11-11 09:00 dina, override: replaces bob",
                "11-11 09:00..11-16 09:00 bob, rotation",
                "11-16 09:00..11-17 09:00 carl, rotation",
                "11-17 09:00..11-18 09:00 nobody, override: carl removed",
                "11-18 09:00..11-23 09:00 carl, rotation",
                "11-20 09:00..11-24 09:00 bob, override: added",
                "11-23 09:00..11-25 01:00 anna, rotation",
            ],
        ),
    ] {
        let roster = weekly(overrides);
        assert_eq!(told(&roster.stints(month).unwrap()), expected);
    }
}

#[test]
fn exceptions_that_change_nothing_are_told() {
    let roster = weekly(vec![]);
    let (from, until) = ("2026-11-03T08:00:00Z", "2026-11-09T08:00:00Z");
    for (until, change, idle) in [
        (until, Change::Remove(id("anna")), false),
        (until, Change::Remove(id("bob")), true),
        (until, replace("bob", "dina"), true),
        ("2026-11-09T08:00:01Z", replace("bob", "dina"), false),
        (until, Change::Add(id("bob")), false),
        ("9999-01-01T00:00:00Z", replace("dina", "bob"), false),
    ] {
        let one = exception(from, until, change);
        assert_eq!(roster.is_idle(&one), idle, "{one:?}");
    }
}

#[test]
fn gaps_are_found_beforehand() {
    let off = exception(
        "2026-11-03T08:00:00Z",
        "2026-11-12T08:00:00Z",
        Change::Remove(id("anna")),
    );
    let roster = weekly(vec![off]);
    let gaps = roster.gaps(window("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"));
    assert_eq!(
        told(&gaps.unwrap()),
        [
            "11-01 01:00..11-02 09:00 nobody, rotation not started",
            "11-03 09:00..11-09 09:00 nobody, override: anna removed",
        ]
    );
}

#[test]
fn the_stint_of_a_moment_has_its_true_ends() {
    let roster = weekly(vec![
        exception(
            "2026-11-12T08:00:00Z",
            "2026-11-13T08:00:00Z",
            replace("bob", "dina"),
        ),
        exception(
            "2026-11-18T08:00:00Z",
            "2026-12-02T08:00:00Z",
            Change::Add(id("bob")),
        ),
    ]);
    for (moment, expected) in [
        (
            "2026-10-30T08:00:00Z",
            vec!["10-30 09:00..11-02 09:00 nobody, rotation not started"],
        ),
        (
            "2026-11-03T08:00:00Z",
            vec!["11-02 09:00..11-09 09:00 anna, rotation"],
        ),
        (
            "2026-11-12T07:59:59Z",
            vec!["11-09 09:00..11-12 09:00 bob, rotation"],
        ),
        (
            "2026-11-12T08:00:00Z",
            vec!["11-12 09:00..11-13 09:00 dina, override: replaces bob"],
        ),
        (
            "2026-11-25T08:00:00Z",
            vec![
                // From the 30th on it is his own turn.
                "11-18 09:00..11-30 09:00 bob, override: added",
                "11-23 09:00..11-30 09:00 anna, rotation",
            ],
        ),
    ] {
        let stints = roster.stints_at(at(moment)).unwrap();
        assert_eq!(told(&stints), expected, "{moment}");
    }
}

#[test]
fn a_window_with_too_much_in_it_is_refused() {
    let ever = Window::new(Timestamp::MIN, Timestamp::MAX).unwrap();
    let mut roster = weekly(vec![]);
    roster.rotations = vec![rotation("first", &["anna"], "2026-11-02T09:00", "1h")];
    assert_eq!(roster.stints(ever), Err(TooMuch));
    let before = window("0001-01-01T00:00:00Z", "2026-11-02T08:00:00Z");
    assert_eq!(roster.stints(before).unwrap().len(), 1);
    let year = window("2026-11-02T08:00:00Z", "2027-11-02T08:00:00Z");
    assert_eq!(
        roster.stints(year).unwrap().len(),
        1,
        "one person, one stint"
    );
    // An exception over thousands of years makes no moment too much.
    roster.overrides = vec![exception(
        "0001-01-01T00:00:00Z",
        "9999-01-01T00:00:00Z",
        Change::Add(id("bob")),
    )];
    assert_eq!(
        roster.stints_at(at("2030-01-01T00:00:00Z")).unwrap().len(),
        2
    );
    assert_eq!(roster.stints_at(Timestamp::MIN).unwrap().len(), 1);
    assert!(roster.stints_at(Timestamp::MAX).is_ok());
}

#[test]
fn targets_are_people_in_a_stable_order_without_doubles() {
    let roster = weekly(vec![exception(
        "2026-11-10T08:00:00Z",
        "2026-11-11T08:00:00Z",
        Change::Add(id("dina")),
    )]);
    for (targets, moment, expected) in [
        (&["rotation:first"][..], "2026-11-03T08:00:00Z", "anna"),
        (&["rotation:first"], "2026-11-10T08:00:00Z", "bob dina"),
        (&["rotation:first"], "2026-10-01T08:00:00Z", ""),
        (
            &["rotation:second", "person:eva"],
            "2026-11-03T08:00:00Z",
            "",
        ),
        (
            &["role:coordinator", "person:bob", "role:expert"],
            "2026-11-03T08:00:00Z",
            "dina bob anna carl",
        ),
    ] {
        let parsed: Vec<Target> = targets.iter().map(|text| text.parse().unwrap()).collect();
        let found = roster.resolve(&parsed, at(moment));
        let found: Vec<&str> = found.iter().map(|person| person.id.as_str()).collect();
        assert_eq!(found.join(" "), expected, "{targets:?} {moment}");
    }
}

#[test]
fn a_rung_reaches_people_by_the_ways_that_they_have() {
    let mut roster = weekly(vec![]);
    let steps = vec![Step {
        after: SignedDuration::ZERO,
        notify: vec![Target::Role(Role::Expert)],
        channels: vec![Channel::Webhook, Channel::Matrix],
    }];
    roster.policies.critical = Policy::new(Hours::Always, steps).ok();
    if let Some(anna) = roster.people.first_mut() {
        anna.matrix = None;
    }
    let began = at("2026-11-03T08:00:00Z");
    assert!(roster.climb(Severity::High, began).is_none());
    let rung = roster
        .climb(Severity::Critical, began)
        .and_then(|climb| climb.rung(0))
        .unwrap();
    let notices = roster.notices(rung.notify, rung.channels, rung.due);
    let told: Vec<(&str, &[Channel])> = notices
        .iter()
        .map(|notice| (notice.person.id.as_str(), notice.channels.as_slice()))
        .collect();
    assert_eq!(
        told,
        [
            ("bob", &[Channel::Matrix][..]),
            ("carl", &[Channel::Matrix][..])
        ]
    );
}
