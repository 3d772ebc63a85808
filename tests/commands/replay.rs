//! `replay` at a terminal: the same with the knowledge of then, what differs with that of today.

use crate::commands::Desk;
use regex::Regex;
use serde_json::Value;

/// What differs from run to run.
fn masked(text: &str) -> String {
    [
        (r"CRT-\d{4}-", "CRT-YEAR-"),
        (r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} CES?T", "TIME"),
        (r"\b[0-9a-f]{12}\b", "VERSION"),
        (r"program \d+\.\d+\.\d+", "program X.Y.Z"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (what, mask)| {
        let what = Regex::new(what).unwrap();
        what.replace_all(&text, *mask).into_owned()
    })
}

/// From now on the knowledge is that of a folder in which the playbook was edited, and "gestolen" is only
/// known by a slip of the pen.
fn changes_the_knowledge(desk: &Desk) {
    let folder = desk.path("knowledge");
    for (path, text) in eerstelijn::adapters::knowledge::files::embedded() {
        let file = folder.join(&path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let text = match path.as_str() {
            "playbooks/lost-device.md" => text + "\n",
            path if path.starts_with("lexicon/nl") => text.replace("gestolen", "gestoolen"),
            _ => text,
        };
        std::fs::write(file, text).unwrap();
    }
    let dir = folder.display().to_string();
    desk.write_config(|text| format!("{text}\n[knowledge]\ndir = \"{dir}\"\n"));
}

#[test]
fn then_is_the_same_and_now_shows_what_other_knowledge_changes() {
    let desk = Desk::with_a_ticket();
    let number = desk.numbers().remove(0);
    let then = desk.run(&["replay", &number, "--then"]);
    assert_eq!((then.code, then.stderr.as_str()), (0, ""), "{then:?}");
    insta::assert_snapshot!("then", masked(&then.stdout));
    changes_the_knowledge(&desk);
    let then = desk.run(&["replay", &number, "--then"]);
    assert!(then.stdout.ends_with("     the same\n"), "{then:?}");
    let now = desk.run(&["replay", &number, "--now"]);
    assert_eq!((now.code, now.stderr.as_str()), (0, ""), "{now:?}");
    insta::assert_snapshot!("now", masked(&now.stdout));
    let audited = desk.run(&["audit", "verify"]);
    assert!(audited.stdout.contains("3 reads"), "{audited:?}");
}

#[test]
fn as_json_each_message_has_both_decisions() {
    let desk = Desk::with_a_ticket();
    let number = desk.numbers().remove(0);
    let told = desk.run(&["replay", &number, "--now", "--json"]);
    assert_eq!(told.code, 0, "{told:?}");
    let object: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(object["number"], number.as_str());
    assert_eq!(object["against"], "now");
    let messages = object["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 1);
    let message = &messages[0];
    assert_eq!(
        (&message["n"], &message["outcome"]),
        (&1.into(), &"same".into())
    );
    assert_eq!(message["channel"], "mail");
    assert_eq!(message["differences"], Value::Array(Vec::new()));
    assert_eq!(message["then"]["course"], "new open");
    assert_eq!(
        message["again"]["assessment"],
        message["then"]["assessment"]
    );
}

#[test]
fn exactly_one_of_then_and_now_and_a_ticket_that_is_there() {
    let desk = Desk::with_a_ticket();
    let number = desk.numbers().remove(0);
    for (arguments, code) in [
        (vec!["replay", &number], 2),
        (vec!["replay", &number, "--then", "--now"], 2),
        (vec!["replay", "nonsense", "--now"], 2),
        (vec!["replay", "CRT-2026-9999", "--now"], 1),
    ] {
        let told = desk.run(&arguments);
        assert_eq!((told.code, told.stdout.as_str()), (code, ""), "{told:?}");
    }
}
