//! The people on call of the stories: Els first, then Bram; Chris coordinates.

use eerstelijn::domain::address::EmailAddress;
use eerstelijn::domain::chat::ids::UserId;
use eerstelijn::domain::oncall::office::Office;
use eerstelijn::domain::oncall::people::{Channel, Person, Role};
use eerstelijn::domain::oncall::policy::{Hours, Policies, Policy, Repeat, Step, Target};
use eerstelijn::domain::oncall::roster::Roster;
use eerstelijn::domain::triage::category::Severity;
use eerstelijn::domain::triage::language::Language;
use jiff::SignedDuration;
use jiff::tz::TimeZone;

pub(crate) const ELS: &str = "els@crt.example";
pub(crate) const BRAM: &str = "bram@crt.example";
pub(crate) const CHRIS: &str = "chris@crt.example";

fn person(id: &str, mail: &str, role: Role) -> Person {
    Person {
        id: id.parse().unwrap(),
        name: id.to_owned(),
        matrix: None,
        mail: EmailAddress::parse(mail),
        webhook: None,
        languages: vec![Language::Nl],
        roles: vec![role],
    }
}

fn step(minutes: i64, who: &str) -> Step {
    Step {
        after: SignedDuration::from_mins(minutes),
        notify: vec![Target::Person(who.parse().unwrap())],
        channels: vec![Channel::Mail],
    }
}

/// Els at once, Bram after 10 minutes, nobody left after 25; silent after 30.
pub(crate) fn roster() -> Roster {
    let steps = vec![step(0, "els"), step(10, "bram")];
    let repeat = Repeat {
        times: 0,
        after: SignedDuration::from_mins(15),
    };
    let policy = Policy::new(Hours::Always, steps)
        .and_then(|policy| policy.with_repeat(repeat))
        .and_then(|policy| policy.with_silence_after(SignedDuration::from_mins(30)))
        .unwrap();
    Roster {
        people: vec![
            person("els", ELS, Role::Expert),
            person("bram", BRAM, Role::Expert),
            person("chris", CHRIS, Role::Coordinator),
        ],
        rotations: Vec::new(),
        overrides: Vec::new(),
        policies: Policies {
            critical: Some(policy.clone()),
            high: Some(policy),
            medium: None,
            low: None,
        },
        office: Office::usual(TimeZone::get("Europe/Brussels").unwrap()),
    }
}

/// Els after so many minutes, and nobody else.
pub(crate) fn after_minutes(minutes: i64) -> Policy {
    Policy::new(Hours::Always, vec![step(minutes, "els")]).unwrap()
}

/// The same people; Els and Bram are in the on-call room too, and are woken both ways.
pub(crate) fn roster_in_chat() -> Roster {
    let mut roster = roster();
    roster.people[0].matrix = UserId::parse("@els:crt.example");
    roster.people[1].matrix = UserId::parse("@bram:crt.example");
    let both = |step: &Step| Step {
        channels: vec![Channel::Matrix, Channel::Mail],
        ..step.clone()
    };
    let steps = roster.policies.of(Severity::Critical).unwrap().steps();
    let steps = steps.iter().map(both).collect();
    roster.policies.critical = Policy::new(Hours::Always, steps).ok();
    roster
}
