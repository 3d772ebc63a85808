//! A roster as it is written, and what comes of it.

use crate::config::oncall::roster;
use crate::config::oncall::sections::Oncall;
use crate::domain::oncall::policy::Hours;
use crate::domain::oncall::roster::Roster;
use crate::domain::triage::category::Severity;
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::path::Path;

/// A roster that uses every key.
pub(crate) const GOOD: &str = r#"
[[oncall.people]]
id = "anna"
name = "Anna Peeters"
matrix = "@anna:crt.example"
mail = "anna@crt.example"
languages = ["nl", "fr"]
roles = ["expert", "coordinator"]
[[oncall.people]]
id = "bob"
mail = "bob@crt.example"
webhook = "https://pager.example/hook"
[[oncall.rotations]]
id = "first"
people = ["anna", "bob"]
start = "2026-11-23T09:00:00[Europe/Brussels]"
every = "1w"
tz = "Europe/Brussels"
[[oncall.rotations]]
id = "second"
people = ["bob"]
start = 2026-11-23T09:00:00
every = "12h"
[[oncall.overrides]]
rotation = "first"
from = 2026-12-24T17:00:00+01:00
until = "2026-12-26T09:00"
replace = { person = "bob", by = "anna" }
[[oncall.overrides]]
rotation = "first"
from = "2026-12-31T12:00:00[Europe/Brussels]"
until = "2027-01-01T12:00:00Z"
add = "bob"
[oncall.policy.critical]
steps = [
  { after = "0m", notify = ["rotation:first"], channels = ["matrix", "mail"] },
  { after = "10m", notify = ["rotation:second", "role:coordinator"] },
]
repeat = 2
repeat_after = "20m"
silence_after = "45m"
ack_confirm = "5m"
[oncall.policy.medium]
hours = "office"
steps = [{ after = "1h", notify = ["person:bob"], channels = ["mail"] }]
[oncall.office]
from = "08:30"
to = 17:30:00
days = ["mon", "tue", "wed", "thu", "fri"]
closed_on = [2026-12-24, "2027-05-07", "07-11"]
"#;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    oncall: Oncall,
}

/// Reads a roster in Brussels, or says what is wrong.
pub(crate) fn read(text: &str) -> Result<Roster, String> {
    let deserializer = toml::de::Deserializer::parse(text).map_err(|error| error.to_string())?;
    let whole: Whole = serde_path_to_error::deserialize(deserializer)
        .map_err(|error| format!("{}: {}", error.path(), error.inner().message()))?;
    let zone = TimeZone::get("Europe/Brussels").unwrap();
    roster(Path::new("config.toml"), &whole.oncall, &zone).map_err(|error| error.to_string())
}

#[test]
fn a_roster_is_read() {
    let roster = read(GOOD).unwrap();
    let people: Vec<&str> = roster.people.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(people, ["Anna Peeters", "bob"]);
    let starts: Vec<String> = roster
        .rotations
        .iter()
        .map(|one| one.started().to_string())
        .collect();
    assert_eq!(starts, ["2026-11-23T08:00:00Z"; 2]);
    let exceptions: Vec<String> = roster
        .overrides
        .iter()
        .map(|one| format!("{}..{}", one.window.from(), one.window.until()))
        .collect();
    assert_eq!(
        exceptions,
        [
            "2026-12-24T16:00:00Z..2026-12-26T08:00:00Z",
            "2026-12-31T11:00:00Z..2027-01-01T12:00:00Z"
        ]
    );
    let critical = roster.policies.of(Severity::Critical).unwrap();
    assert_eq!((critical.steps().len(), critical.repeat().times), (2, 2));
    let waits = [
        critical.repeat().after,
        critical.silence_after(),
        critical.ack_confirm(),
    ];
    assert_eq!(waits.map(|wait| wait.as_mins()), [20, 45, 5]);
    let medium = roster.policies.of(Severity::Medium).unwrap();
    assert_eq!(medium.hours(), Hours::Office);
    assert_eq!(medium.ack_confirm().as_mins(), 10);
    assert!(roster.policies.of(Severity::High).is_none());
    let open = "2026-12-23T07:30:00Z".parse().unwrap();
    assert!(roster.office.is_open(open));
    let closed = "2026-12-24T10:00:00Z".parse().unwrap();
    assert!(!roster.office.is_open(closed));
}

#[test]
fn no_section_is_nobody() {
    let empty = read("[oncall]").unwrap();
    assert!(empty.people.is_empty() && empty.rotations.is_empty());
    assert_eq!(
        empty.policies,
        crate::domain::oncall::policy::Policies::default()
    );
}

#[test]
fn the_example_is_a_good_roster_once_its_lines_count() {
    let example = include_str!("../../../config.example.toml");
    let counts = |line: &&str| line.starts_with('#') && !line.starts_with("# ");
    let text: Vec<&str> = example
        .lines()
        .filter(counts)
        .filter_map(|line| line.strip_prefix('#'))
        .collect();
    let roster = read(&text.join("\n")).unwrap();
    assert_eq!((roster.people.len(), roster.overrides.len()), (2, 2));
    assert!(roster.policies.of(Severity::Critical).is_some());
    let keys = GOOD.lines().filter_map(|line| line.split_once(" = "));
    for (key, _) in keys.filter(|(key, _)| !key.starts_with(' ')) {
        assert!(
            example.contains(&format!("\n#{key} = ")),
            "{key} isn't shown"
        );
    }
}
