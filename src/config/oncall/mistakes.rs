//! Every mistake in a roster is named by its key.

use crate::config::oncall::written::{GOOD, read};

#[track_caller]
fn assert_mistakes(cases: &[(&str, &str, &str)]) {
    for (from, to, expected) in cases {
        assert!(GOOD.contains(from), "{from}");
        let found = read(&GOOD.replacen(from, to, 1)).err().unwrap_or_default();
        assert!(found.contains(expected), "{from} -> {to}: {found}");
    }
}

#[test]
fn mistakes_about_people() {
    assert_mistakes(&[
        ("name =", "naam =", "oncall.people[0].naam: unknown field"),
        (
            "id = \"anna\"",
            "id = \"an na\"",
            "config.toml: oncall.people[0].id: use letters",
        ),
        (
            "id = \"bob\"",
            "id = \"anna\"",
            "oncall.people[1].id: anna is already the id of people[0]",
        ),
        (
            "@anna:crt.example",
            "anna",
            "oncall.people[0].matrix: expected @name",
        ),
        (
            "\"anna@crt.example\"",
            "\"anna\"",
            "oncall.people[0].mail: is not",
        ),
        (
            "https://pager",
            "http://pager",
            "oncall.people[1].webhook: expected https",
        ),
        ("\"nl\", \"fr\"", "\"xx\"", "oncall.people[0].languages[0]"),
        (
            "roles = [\"expert\", \"coordinator\"]",
            "roles = []",
            "oncall.people[0].roles: name",
        ),
        ("\"coordinator\"]", "\"boss\"]", "oncall.people[0].roles[1]"),
        (
            "mail = \"bob@crt.example\"\nwebhook = \"https://pager.example/hook\"",
            "",
            "oncall.people[1]: bob can't be reached; name matrix, mail or webhook",
        ),
    ]);
}

#[test]
fn mistakes_about_turns_and_exceptions() {
    assert_mistakes(&[
        (
            "[\"anna\", \"bob\"]",
            "[\"anna\", \"eva\"]",
            "config.toml: oncall.rotations[0].people: nobody in oncall.people has the id \"eva\"",
        ),
        (
            "[\"anna\", \"bob\"]",
            "[]",
            "oncall.rotations[0].people: name at least one",
        ),
        (
            "id = \"second\"",
            "id = \"first\"",
            "oncall.rotations[1].id: first is already",
        ),
        (
            "every = \"1w\"",
            "every = \"0w\"",
            "oncall.rotations[0].every: expected hours, days or weeks",
        ),
        (
            "every = \"1w\"",
            "every = \"-1w\"",
            "oncall.rotations[0].every: expected hours",
        ),
        (
            "every = \"1w\"",
            "every = 7",
            "oncall.rotations[0].every: invalid type",
        ),
        (
            "09:00:00[Europe/Brussels]\"\nevery",
            "25:00[Europe/Brussels]\"\nevery",
            "oncall.rotations[0].start: expected a date with a time",
        ),
        (
            "start = 2026-11-23T09:00:00",
            "start = 2026-11-23",
            "oncall.rotations[1].start: expected a date with a time",
        ),
        (
            "start = 2026-11-23T09:00:00",
            "start = 7",
            "oncall.rotations[1].start: expected a date or time",
        ),
        (
            "tz = \"Europe/Brussels\"",
            "tz = \"Europe/Brussel\"",
            "oncall.rotations[0].tz: unknown",
        ),
        (
            "tz = \"Europe/Brussels\"",
            "tz = \"Europe/London\"",
            "oncall.rotations[0].tz: is not the time zone",
        ),
        (
            "rotation = \"first\"",
            "rotation = \"third\"",
            "oncall.overrides[0].rotation: no rotation",
        ),
        (
            "\"2026-12-26T09:00\"",
            "\"2026-12-24T17:00\"",
            "oncall.overrides[0].until: must come after from",
        ),
        (
            "\"2026-12-26T09:00\"",
            "\"morgen\"",
            "oncall.overrides[0].until: expected a date",
        ),
        (
            "person = \"bob\", by",
            "person = \"eva\", by",
            "oncall.overrides[0].replace.person: nobody",
        ),
        (
            "by = \"anna\"",
            "by = \"bob\"",
            "oncall.overrides[0].replace.by: must be somebody else",
        ),
        (
            "add = \"bob\"",
            "add = \"bob\"\nremove = \"anna\"",
            "oncall.overrides[1]: needs exactly one of",
        ),
        (
            "add = \"bob\"",
            "",
            "oncall.overrides[1]: needs exactly one of",
        ),
        (
            "add = \"bob\"",
            "ad = \"bob\"",
            "oncall.overrides[1].ad: unknown field",
        ),
    ]);
}

#[test]
fn mistakes_about_policies() {
    assert_mistakes(&[
        (
            "policy.critical",
            "policy.urgent",
            "oncall.policy.urgent: unknown field",
        ),
        (
            "hours = \"office\"",
            "hours = \"never\"",
            "oncall.policy.medium.hours",
        ),
        (
            "repeat = 2",
            "repeat = 11",
            "oncall.policy.critical.repeat: at most 10",
        ),
        ("repeat = 2", "repeat = -1", "oncall.policy.critical.repeat"),
        (
            "repeat_after = \"20m\"",
            "repeat_after = \"20s\"",
            "oncall.policy.critical.repeat_after: at least 1m",
        ),
        (
            "silence_after = \"45m\"",
            "silence_after = \"200h\"",
            "oncall.policy.critical.silence_after: at least 1m and at most 7 days",
        ),
        (
            "ack_confirm = \"5m\"",
            "ack_confirm = \"0m\"",
            "oncall.policy.critical.ack_confirm: expected a duration",
        ),
        (
            "after = \"10m\"",
            "after = \"0m\"",
            "oncall.policy.critical.steps[1].after: each step must come later",
        ),
        (
            "after = \"10m\"",
            "after = \"-1m\"",
            "oncall.policy.critical.steps[1].after: expected a duration",
        ),
        (
            "after = \"10m\"",
            "after = \"169h\"",
            "oncall.policy.critical.steps[1].after: a step comes at least 0",
        ),
    ]);
}

#[test]
fn mistakes_about_targets_and_the_office() {
    assert_mistakes(&[
        (
            "\"rotation:first\"]",
            "\"rotation:third\"]",
            "oncall.policy.critical.steps[0].notify: no rotation",
        ),
        (
            "\"person:bob\"",
            "\"person:eva\"",
            "oncall.policy.medium.steps[0].notify: nobody",
        ),
        (
            "\"person:bob\"",
            "\"bob\"",
            "oncall.policy.medium.steps[0].notify: expected \"rotation:ID\"",
        ),
        (
            "\"person:bob\"",
            "",
            "oncall.policy.medium.steps[0].notify: reaches nobody",
        ),
        (
            "\"expert\", \"coordinator\"",
            "\"expert\"",
            "oncall.policy.critical.steps[1].notify: reaches nobody: nobody in oncall.people has the role coordinator",
        ),
        (
            "channels = [\"matrix\", \"mail\"]",
            "channels = [\"matrix\"]",
            "oncall.policy.critical.steps[0].notify: reaches nobody while bob is on call, who has no matrix",
        ),
        (
            "channels = [\"mail\"]",
            "channels = [\"matrix\"]",
            "oncall.policy.medium.steps[0].notify: reaches nobody: name somebody who has matrix",
        ),
        (
            "channels = [\"mail\"]",
            "channels = []",
            "oncall.policy.medium.steps[0].channels: name at least one",
        ),
        (
            "channels = [\"mail\"]",
            "channels = [\"sms\"]",
            "oncall.policy.medium.steps[0].channels[0]",
        ),
        (
            "steps = [{ after = \"1h\", notify = [\"person:bob\"], channels = [\"mail\"] }]",
            "steps = []",
            "oncall.policy.medium.steps: name at least one step",
        ),
        (
            "from = \"08:30\"",
            "from = \"18:00\"",
            "oncall.office.to: the office must close later",
        ),
        (
            "from = \"08:30\"",
            "from = \"half negen\"",
            "oncall.office.from: expected a time",
        ),
        (
            "days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]",
            "days = []",
            "oncall.office.days: name at least one",
        ),
        ("\"mon\"", "\"ma\"", "oncall.office.days[0]"),
        (
            "\"07-11\"",
            "\"11 juli\"",
            "oncall.office.closed_on[2]: expected a date",
        ),
    ]);
}
