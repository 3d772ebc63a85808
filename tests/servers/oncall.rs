//! `oncall` as a coordinator runs it at night.

use crate::servers::command::on;
use std::path::{Path, PathBuf};

/// No file that it names exists: who asks at night may not read secrets.
const CONFIG: &str = r#"
[organisation]
name = "CRT"
address = "crt@crt.example"
[[mailbox]]
kind = "maildir"
path = "/nowhere"
[smtp]
host = "localhost"
tls = "none"
[store]
key_file = "/nowhere/key"
data_dir = "/nowhere"
"#;

const ROSTER: &str = r#"
[[oncall.people]]
id = "anna"
name = "Anna Peeters"
matrix = "@anna:crt.example"
webhook = "https://pager.example/geheim"
[[oncall.people]]
id = "bob"
mail = "bob@crt.example"
[[oncall.rotations]]
id = "first"
people = ["anna", "bob"]
start = "2026-10-19T09:00:00[Europe/Brussels]"
every = "1w"
[[oncall.overrides]]
rotation = "first"
from = 2026-10-27T09:00:00+01:00
until = "2026-10-28T09:00"
remove = "bob"
[[oncall.overrides]]
rotation = "first"
from = "2026-10-29T09:00"
until = "2026-10-30T09:00"
replace = { person = "bob", by = "anna" }
"#;

fn config(dir: &Path, roster: &str) -> PathBuf {
    let path = dir.join("config.toml");
    std::fs::write(&path, format!("{CONFIG}{roster}")).unwrap();
    path
}

#[test]
fn oncall_tells_the_stint_of_a_moment() {
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path(), ROSTER);
    for (time, expected) in [
        (
            "2026-10-20T12:00:00[Europe/Brussels]",
            r#"[{"rotation":"first","person":"anna","from":"2026-10-19T09:00:00+02:00","until":"2026-10-26T09:00:00+01:00","because":"rotation"}]"#,
        ),
        (
            "2026-10-27T09:00:00+01:00",
            r#"[{"rotation":"first","person":null,"from":"2026-10-27T09:00:00+01:00","until":"2026-10-28T09:00:00+01:00","because":"override: bob removed"}]"#,
        ),
        (
            "2026-10-29T12:00",
            r#"[{"rotation":"first","person":"anna","from":"2026-10-29T09:00:00+01:00","until":"2026-10-30T09:00:00+01:00","because":"override: replaces bob"}]"#,
        ),
    ] {
        let told = on(&config, &["oncall", "--at", time, "--json"]);
        assert_eq!(told.code, 0, "{}", told.stderr);
        assert_eq!(told.stdout.trim_end(), expected, "{time}");
    }
    let now = on(&config, &["oncall", "--json"]);
    assert_eq!(now.code, 0, "{}", now.stderr);
    let told: serde_json::Value = serde_json::from_str(&now.stdout).unwrap();
    assert_eq!(told.as_array().map(Vec::len), Some(1), "{told}");
}

#[test]
fn oncall_tells_a_window_cut_off_at_its_ends() {
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path(), ROSTER);
    let window = ["--from", "2026-10-25T00:00", "--to", "2026-10-29T10:00"];
    let told = on(&config, &[&["oncall", "--json"][..], &window].concat());
    assert_eq!(told.code, 0, "{}", told.stderr);
    let stints: Vec<serde_json::Value> = serde_json::from_str(&told.stdout).unwrap();
    let stints: Vec<String> = stints
        .iter()
        .map(|stint| format!("{} {} {}", stint["from"], stint["until"], stint["person"]))
        .collect();
    assert_eq!(
        stints,
        [
            r#""2026-10-25T00:00:00+02:00" "2026-10-26T09:00:00+01:00" "anna""#,
            r#""2026-10-26T09:00:00+01:00" "2026-10-27T09:00:00+01:00" "bob""#,
            r#""2026-10-27T09:00:00+01:00" "2026-10-28T09:00:00+01:00" null"#,
            r#""2026-10-28T09:00:00+01:00" "2026-10-29T09:00:00+01:00" "bob""#,
            r#""2026-10-29T09:00:00+01:00" "2026-10-29T10:00:00+01:00" "anna""#,
        ]
    );
    let told = on(&config, &[&["oncall"][..], &window].concat());
    assert!(told.stdout.contains("NOBODY"), "{}", told.stdout);
    assert!(told.stdout.contains("1 gap"), "{}", told.stdout);
}

#[test]
fn oncall_is_readable_at_night_and_keeps_secrets() {
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path(), ROSTER);
    let told = on(&config, &["oncall", "--at", "2026-10-20T03:00"]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    assert_eq!(
        told.stdout,
        "At Tue 20 Oct 2026 03:00 CEST:\n\
         first: Anna Peeters (anna)\n    \
             until Mon 26 Oct 2026 09:00 CET, since Mon 19 Oct 2026 09:00 CEST (rotation)\n    \
             @anna:crt.example\n"
    );
}

#[test]
fn oncall_says_what_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let good = config(dir.path(), ROSTER);
    for (arguments, said) in [
        (&["--at", "straks"][..], "--at: expected a date with a time"),
        (&["--at", "2026-10-20"], "--at: expected a date with a time"),
        (&["--from", "2026-10-20T09:00"], "--to"),
        (
            &["--from", "2026-10-20T09:00", "--to", "2026-10-20T09:00"],
            "--to must come after --from",
        ),
        (
            &["--from", "2026-10-20T09:00", "--to", "gisteren"],
            "--to: expected",
        ),
        (
            &["--from", "0001-01-01T00:00", "--to", "9999-01-01T00:00"],
            "ask for a shorter one",
        ),
    ] {
        let told = on(&good, &[&["oncall"], arguments].concat());
        assert_eq!(told.code, 2, "{arguments:?}: {}", told.stderr);
        assert!(told.stderr.contains(said), "{arguments:?}: {}", told.stderr);
        assert!(told.stdout.is_empty(), "{arguments:?}: {}", told.stdout);
    }
    let nobody = config(dir.path(), "");
    let told = on(&nobody, &["oncall", "--json"]);
    assert_eq!(told.code, 1, "{}", told.stderr);
    assert!(told.stderr.contains("nobody is on call"), "{}", told.stderr);
    let wrong = config(dir.path(), &ROSTER.replace("\"anna\", \"bob\"", "\"eva\""));
    let told = on(&wrong, &["oncall"]);
    assert_eq!(told.code, 2, "{}", told.stderr);
    assert!(
        told.stderr
            .contains("config.toml: oncall.rotations[0].people: nobody"),
        "{}",
        told.stderr
    );
}
