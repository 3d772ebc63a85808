//! Who is on call, at random: the stints of a window say the same as the question of a moment.

use crate::domain::oncall::overrides::{Change, Override};
use crate::domain::oncall::people::PersonId;
use crate::domain::oncall::roster::Roster;
use crate::domain::oncall::roster_cases::{PEOPLE, at, brussels, id, weekly};
use crate::domain::oncall::rotation::Rotation;
use crate::domain::oncall::schedule::Stint;
use crate::domain::oncall::window::Window;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

/// A moment in the twelve weeks around both changes of the clocks of 2026, on whole quarters of an hour.
fn moments() -> impl Strategy<Value = Timestamp> {
    let spring = at("2026-03-01T00:00:00Z");
    let autumn = at("2026-10-01T00:00:00Z");
    (any::<bool>(), 0_i64..6 * 7 * 96).prop_map(move |(early, quarters)| {
        let from = if early { spring } else { autumn };
        from + SignedDuration::from_mins(15 * quarters)
    })
}

fn windows() -> impl Strategy<Value = Window> {
    (moments(), 1_i64..6 * 7 * 96).prop_map(|(from, quarters)| {
        Window::new(from, from + SignedDuration::from_mins(15 * quarters)).unwrap()
    })
}

fn people() -> impl Strategy<Value = PersonId> {
    (0..PEOPLE.len()).prop_map(|n| id(PEOPLE[n]))
}

fn replacements() -> impl Strategy<Value = Change> {
    (people(), people()).prop_map(|(person, by)| Change::Replace { person, by })
}

fn changes() -> impl Strategy<Value = Change> {
    prop_oneof![
        people().prop_map(Change::Add),
        people().prop_map(Change::Remove),
        replacements(),
    ]
}

fn rosters(change: impl Strategy<Value = Change>) -> impl Strategy<Value = Roster> {
    let every = prop_oneof![Just("7h"), Just("12h"), Just("1d"), Just("3d"), Just("1w")];
    let overrides = prop::collection::vec((windows(), change), 0..8);
    let people = prop::collection::vec(people(), 1..5);
    (moments(), people, every, overrides).prop_map(|(start, people, every, overrides)| {
        let start = brussels().to_datetime(start);
        let (name, every) = ("first".parse().unwrap(), every.parse().unwrap());
        let mut roster = weekly(vec![]);
        roster.rotations = vec![Rotation::new(name, people, start, brussels(), every).unwrap()];
        roster.overrides = overrides
            .into_iter()
            .map(|(window, change)| Override {
                rotation: "first".parse().unwrap(),
                window,
                change,
            })
            .collect();
        roster
    })
}

/// Who is on call in the only rotation, asked for that moment alone.
fn on_call(roster: &Roster, moment: Timestamp) -> Vec<(Option<PersonId>, String)> {
    let rotation = roster.rotations.first().unwrap();
    let on_call = roster.schedule(rotation).on_call(moment);
    let mut who: Vec<_> = on_call
        .into_iter()
        .map(|one| (Some(one.person), one.because.to_string()))
        .collect();
    who.sort();
    who
}

/// Who the stints say is on call; a gap says nobody.
fn by_stints(stints: &[Stint], moment: Timestamp) -> Vec<(Option<PersonId>, String)> {
    let in_force = stints.iter().filter(|stint| stint.contains(moment));
    let mut who: Vec<_> = in_force
        .filter(|stint| !stint.is_gap())
        .map(|stint| (stint.person.clone(), stint.because.to_string()))
        .collect();
    who.sort();
    who
}

proptest! {
    #[test]
    fn the_stints_say_who_at_every_moment(roster in rosters(changes()), window in windows()) {
        let stints = roster.stints(window).unwrap();
        let step = SignedDuration::from_mins(15);
        let mut moment = window.from();
        while moment < window.until() {
            prop_assert_eq!(by_stints(&stints, moment), on_call(&roster, moment), "{}", moment);
            prop_assert!(stints.iter().any(|stint| stint.contains(moment)), "{}", moment);
            moment += step;
        }
        prop_assert!(stints.iter().all(|stint| window.from() <= stint.from
            && stint.from < stint.until
            && stint.until <= window.until()));
    }

    #[test]
    fn with_replacements_only_stints_cover_the_window_once(
        roster in rosters(replacements()),
        window in windows(),
    ) {
        let stints = roster.stints(window).unwrap();
        let mut reached = window.from();
        for stint in &stints {
            prop_assert_eq!(stint.from, reached);
            reached = stint.until;
        }
        prop_assert_eq!(reached, window.until());
        for (before, after) in stints.iter().zip(stints.iter().skip(1)) {
            let same = before.person == after.person && before.because == after.because;
            prop_assert!(!same, "two that tell the same are one");
        }
    }

    #[test]
    fn the_stints_of_a_moment_hold_it_and_say_the_same(roster in rosters(changes()), moment in moments()) {
        let stints = roster.stints_at(moment).unwrap();
        prop_assert!(!stints.is_empty());
        prop_assert!(stints.iter().all(|stint| stint.contains(moment)));
        prop_assert_eq!(by_stints(&stints, moment), on_call(&roster, moment));
    }
}
