//! The demonstration: runs through with nothing installed, shows what it says, leaves nothing behind.

use crate::commands::{names_in, outcome, program};
use regex::Regex;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use tempfile::TempDir;

fn script(tmp: &TempDir) -> String {
    let told = outcome(
        program()
            .args(["demo", "--script"])
            .env("TMPDIR", tmp.path()),
        b"",
    );
    assert_eq!((told.code, told.stderr.as_str()), (0, ""), "{told:?}");
    told.stdout
}

#[test]
fn the_script_runs_through_and_leaves_nothing_behind() {
    let tmp = TempDir::new().unwrap();
    let text = script(&tmp);
    let (story, team) = text.split_once("━━ What the team sees").unwrap();
    let number = Regex::new(r"CRT-\d{4}-\d{4}").unwrap();
    assert!(number.find_iter(team).count() >= 2, "{team}");
    assert!(story.contains("Subject: Auto: "), "a reply is shown");
    assert!(
        !text.contains("panic") && !text.contains("{number}"),
        "{text}"
    );
    let claimed = team.split_once("possibly ").unwrap().1;
    let claimed = number.find(claimed).unwrap().as_str();
    assert!(
        team.lines()
            .any(|line| line.trim_start().starts_with(claimed)),
        "the number that a stranger names is that of a ticket: {team}"
    );
    assert_eq!(names_in(tmp.path()), [""; 0]);
}

#[test]
fn the_script_says_what_it_said_before() {
    let text = script(&TempDir::new().unwrap());
    let masked = [
        (r"CRT-\d{4}-", "CRT-YEAR-"),
        (r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} CES?T", "TIME"),
    ]
    .iter()
    .fold(text, |text, (what, mask)| {
        let what = Regex::new(what).unwrap();
        what.replace_all(&text, *mask).into_owned()
    });
    insta::assert_snapshot!(without_bodies(&masked));
}

/// The words of the replies change with the knowledge, and have snapshots of their own.
fn without_bodies(text: &str) -> String {
    let mut in_body = false;
    let mut kept = String::new();
    for line in text.lines() {
        if in_body && line.starts_with("  │") {
            continue;
        }
        in_body = line == "  │";
        kept.push_str(if in_body { "  │ ..." } else { line });
        kept.push('\n');
    }
    kept
}

#[test]
fn stopped_by_a_signal_it_leaves_nothing_behind() {
    for signal in ["TERM", "INT", "HUP"] {
        let tmp = TempDir::new().unwrap();
        let mut child = program()
            .arg("demo")
            .env("TMPDIR", tmp.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Held open: its end would end the demonstration too.
        let keyboard = child.stdin.take();
        let mut told = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("Your turn") {
            line.clear();
            assert!(told.read_line(&mut line).unwrap() > 0, "it ended early");
        }
        assert_eq!(names_in(tmp.path()).len(), 1, "there is something to leave");
        let sent = Command::new("sh")
            .args(["-c", "kill -s \"$1\" \"$2\"", "kill", signal])
            .arg(child.id().to_string())
            .status();
        assert!(sent.unwrap().success());
        let ended = child.wait().unwrap();
        drop(keyboard);
        let mut said = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        assert_eq!(ended.code(), Some(1), "{signal}: {said}");
        assert!(
            said.contains("nothing of it is left behind"),
            "{signal}: {said}"
        );
        assert_eq!(names_in(tmp.path()), [""; 0], "{signal}");
    }
}
