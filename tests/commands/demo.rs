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

/// What one scene shows, without its moral.
fn scene<'a>(text: &'a str, title: &str) -> &'a str {
    let (_, from) = text.split_once(title).expect(title);
    from.split_once("  → ").expect(title).0
}

#[test]
fn the_team_is_called_takes_over_answers_and_closes() {
    let text = script(&TempDir::new().unwrap());
    let called = scene(&text, "servers being encrypted.");
    assert!(
        called.contains("on-call room  │ bot: CRT-"),
        "the card: {called}"
    );
    let page = Regex::new(r"on-call room  │     bot: CRT-\d{4}-\d{4} · Ransomware \(gijzelsoftware\) · kritiek\n +│ +Schrijf hier !ack .*  ← @els is called").unwrap();
    assert!(page.is_match(called), "the page, in its thread: {called}");
    assert!(!called.contains("│   >"), "nothing of the report: {called}");
    let awake = scene(&text, "Els is awake.");
    assert!(awake.contains("│     @els: !ack\n"), "{awake}");
    assert!(awake.contains("the card now says: gezien door"), "{awake}");
    let taken = scene(&text, "She takes the ticket.");
    let room = Regex::new(r"(?m)^  (CRT-\d{4}-\d{4}) │ a new room, only for @els$").unwrap();
    let room = room.captures(taken).expect(taken)[1].to_owned();
    for arrived in [
        "Bart Claes",
        "op dit moment versleuteld",
        "Trek bij elk getroffen toestel",
    ] {
        assert!(
            taken.contains(arrived),
            "the conversation so far: {arrived}: {taken}"
        );
    }
    let waits = scene(&text, "She answers Bart from that room.");
    assert!(
        waits.contains("Nog niet verzonden") && !waits.contains("┌ From:"),
        "{waits}"
    );
    let sent = scene(&text, "She puts the sign on her own message.");
    let scene_of_report = Regex::new(r"│ Answers: (<scene-\d+@demo\.example>)").unwrap();
    let answered = |text: &str| scene_of_report.captures(text).expect("a thread")[1].to_owned();
    assert!(sent.contains("┌ From:    Els De Smet"), "{sent}");
    assert_eq!(
        answered(sent),
        answered(called),
        "in the thread of his own report"
    );
    let back = scene(&text, "Bart answers that mail.");
    assert!(back.contains(&format!("{room} │ bot: ")) && back.contains("> De twee fileservers"));
    assert!(!back.contains("┌ From:"), "a human has the word: {back}");
    let aside = scene(&text, "Els thinks aloud.");
    assert!(!aside.contains("┌ From:"), "it stays there: {aside}");
    let closed = scene(&text, "She closes the ticket.");
    assert!(closed.contains("the card now says: afgesloten"), "{closed}");
    let team = text.split_once("━━ What the team sees").unwrap().1;
    let line = team
        .lines()
        .find(|line| line.trim_start().starts_with(&room));
    assert!(line.is_some_and(|line| line.contains("closed")), "{team}");
}

#[test]
fn at_the_terminal_a_person_reports_and_works_as_els() {
    let tmp = TempDir::new().unwrap();
    let typed = "Mijn laptop met dossiers van 300 burgers is gestolen.\n\n!ack\n!take\n!reply Wij bellen u.\n+\nquit\n";
    let told = outcome(
        program().arg("demo").env("TMPDIR", tmp.path()),
        typed.as_bytes(),
    );
    assert_eq!((told.code, told.stderr.as_str()), (0, ""), "{told:?}");
    let turn = told.stdout.split_once("Your turn").unwrap().1;
    for shown in [
        "│     @els: !ack\n",
        "│ a new room, only for @els\n",
        "> Mijn laptop met dossiers",
        "To:      u@hackegem.example\n",
        "│ Wij bellen u.\n",
        "@els puts ✅ on: !reply Wij bellen u.",
    ] {
        assert!(turn.contains(shown), "{shown}: {turn}");
    }
}

#[test]
fn the_script_says_what_it_said_before() {
    let text = script(&TempDir::new().unwrap());
    let masked = [
        (r"CRT-\d{4}-", "CRT-YEAR-"),
        (r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} CES?T", "TIME"),
        (r"om \d{2}:\d{2}", "om TIME"),
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
        let quoted = line.trim_start().starts_with("│   > ");
        if quoted || in_body && line.starts_with("  │") {
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
