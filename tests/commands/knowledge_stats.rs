//! `knowledge stats`: the command on a database of questions, as text and as JSON, and the record of who read them.

use crate::commands::{Desk, SOON, eerstelijn};
use serde_json::Value;

const IN_VAIN: &str = "Welke kleur moet de nieuwe brandweerwagen van de gemeente hebben?";

fn mail(id: &str, text: &str) -> String {
    format!(
        "From: Jan Janssens <jan@hackegem.example>\nTo: crt@crt.example\nSubject: Vraag\n\
         Message-ID: <{id}@hackegem.example>\n\n{text}\n"
    )
}

/// A desk whose service answered one question, and found nothing for another.
fn desk_with_questions() -> Desk {
    let desk = Desk::new();
    desk.write_config(|text| text.replace("[[mailbox]]", "mode = \"answer\"\n[[mailbox]]"));
    let answered =
        "Hoe organiseren wij het best onze back-ups, en hoe vaak moeten we een hersteltest doen?";
    desk.deliver("1.a.b", &mail("een", answered));
    desk.deliver("2.a.b", &mail("twee", IN_VAIN));
    let mut service = desk.start(&[]);
    service.wait_until(|log| log.contains("ready"), SOON);
    service.wait_until(
        |_| {
            let stats = json(&desk, &["--questions", "0"]);
            stats["unanswered_count"] == 1 && stats["answered"] != Value::Array(Vec::new())
        },
        SOON,
    );
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
    // Nobody can edit it: on Mondays nobody is told what of it is due.
    let log = service.log();
    assert!(log.contains("the shipped knowledge is in use"), "{log}");
    desk
}

fn json(desk: &Desk, arguments: &[&str]) -> Value {
    let told = desk.run(&[&["knowledge", "stats", "--json"], arguments].concat());
    assert_eq!(told.code, 0, "{told:?}");
    assert_eq!(told.stdout.lines().count(), 1);
    serde_json::from_str(&told.stdout).unwrap()
}

fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

fn audited(desk: &Desk) -> String {
    let told = desk.run(&["audit", "verify"]);
    assert_eq!(told.code, 0, "{told:?}");
    told.stdout
}

#[test]
fn stats_tell_what_answered_and_what_was_asked_in_vain() {
    let desk = desk_with_questions();
    assert!(audited(&desk).contains("0 reads"), "{}", audited(&desk));
    let object = json(&desk, &[]);
    assert_eq!(
        keys(&object),
        [
            "answered",
            "never_found",
            "never_found_by_kind",
            "since",
            "unanswered",
            "unanswered_count",
            "unreadable"
        ]
    );
    assert_eq!(object["since"], Value::Null);
    let first = &object["answered"][0];
    assert_eq!(keys(first), ["id", "kind", "last_at", "section", "times"]);
    assert_eq!(first["id"], "backup-en-recovery");
    assert_eq!(keys(&object["never_found"][0]), ["id", "kind", "title"]);
    assert_eq!(
        keys(&object["never_found_by_kind"][0]),
        ["kind", "never", "of"]
    );
    assert_eq!(keys(&object["unreadable"]), ["messages", "tickets"]);
    let question = &object["unanswered"][0];
    assert_eq!(keys(question), ["asked_at", "channel", "language", "text"]);
    assert_eq!(
        (&question["channel"], &question["text"]),
        (&"mail".into(), &IN_VAIN.into())
    );
    assert!(audited(&desk).contains("1 reads"), "{}", audited(&desk));

    let told = desk.run(&["knowledge", "stats"]);
    assert_eq!((told.code, told.stderr.as_str()), (0, ""));
    assert!(told.stdout.lines().all(|line| line.chars().count() <= 80));
    for words in ["backup-en-recovery", "Never found (", IN_VAIN] {
        assert!(told.stdout.contains(words), "{words}: {}", told.stdout);
    }
    assert!(!told.stdout.contains("Jan"), "{}", told.stdout);
    assert!(!told.stdout.contains("can't be read"), "{}", told.stdout);
    assert!(!told.stdout.contains("usb-media"), "{}", told.stdout);
    let all = desk.run(&["knowledge", "stats", "--all", "--questions", "0"]);
    // A name is never cut: one that is too long for a line has one of its own.
    let fits = |line: &str| line.chars().count() <= 80 || !line.trim().contains(' ');
    assert!(all.stdout.lines().all(fits), "{}", all.stdout);
    assert!(all.stdout.contains("usb-media"), "{}", all.stdout);
    assert!(!all.stdout.contains("duty:"), "{}", all.stdout);

    let later = json(&desk, &["--since", "2199-01-01"]);
    assert_eq!(later["since"], "2199-01-01");
    assert_eq!(later["unanswered_count"], 0);
}

#[test]
fn stats_without_a_database_or_with_a_wrong_day_say_what_to_do() {
    let desk = Desk::new();
    let wrong = desk.run(&["knowledge", "stats", "--since", "gisteren"]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
    let none = desk.run(&["knowledge", "stats"]);
    assert_eq!((none.code, none.stdout.as_str()), (1, ""), "{none:?}");
    assert!(none.stderr.contains("`eerstelijn run`"), "{none:?}");
    let help = eerstelijn(&["knowledge", "stats", "--help"], "");
    assert!(help.stdout.contains("--since <DAY>"), "{}", help.stdout);
}
