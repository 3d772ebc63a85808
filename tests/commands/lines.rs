//! JSON lines: any id comes back as it was, order is kept, a wrong line is named. And `triage` with a
//! configuration knows our servers and our addresses.

use crate::commands::{Desk, eerstelijn, outcome};
use serde_json::Value;

#[test]
fn any_json_value_is_an_id() {
    let ids = [
        "7",
        "\"a\"",
        "null",
        "[1,\"b\"]",
        "{\"n\":1}",
        "123456789012345678901234567890",
        "1.50",
    ];
    for (command, fields) in [
        ("ask", "\"text\":\"back-ups\""),
        (
            "triage",
            "\"channel\":\"chat\",\"text\":\"onze server is gehackt\"",
        ),
        (
            "triage",
            "\"channel\":\"chat\",\"turns\":[\"onze server is gehackt\"]",
        ),
    ] {
        let lines: Vec<String> = ids
            .iter()
            .map(|id| format!("{{\"id\":{id},{fields}}}\n"))
            .collect();
        let told = eerstelijn(&[command, "--jsonl"], &lines.concat());
        assert_eq!(told.code, 0, "{told:?}");
        for (line, id) in told.stdout.lines().zip(ids) {
            assert!(line.starts_with(&format!("{{\"id\":{id},")), "{id}: {line}");
        }
        assert_eq!(told.stdout.lines().count(), ids.len());
    }
}

#[test]
fn a_wrong_line_is_named_and_what_stood_before_it_is_answered() {
    for (wrong, said) in [
        ("{\"id\":2}", "missing field `text`"),
        ("{\"id\":2,", "EOF while parsing"),
        ("geen json", "expected value"),
    ] {
        let input = format!(
            "{{\"id\":1,\"text\":\"back-ups\"}}\n\n{wrong}\n{{\"id\":3,\"text\":\"mfa\"}}\n"
        );
        let told = eerstelijn(&["ask", "--jsonl"], &input);
        assert_eq!(told.code, 1, "{told:?}");
        assert!(
            told.stderr
                .starts_with("eerstelijn: line 3 is not what --jsonl expects: ")
                && told.stderr.contains(said)
                && !told.stderr.contains("line 1"),
            "{told:?}"
        );
        assert_eq!(told.stdout.lines().count(), 1, "{told:?}");
        assert!(told.stdout.starts_with("{\"id\":1,"), "{told:?}");
    }
}

#[test]
fn triage_with_a_configuration_knows_our_servers_and_addresses() {
    let desk = Desk::new();
    let object = |mail: &str, config: bool| -> Value {
        let told = if config {
            outcome(&mut desk.command(&["triage", "--json"]), mail.as_bytes())
        } else {
            eerstelijn(&["triage", "--json"], mail)
        };
        assert_eq!(told.code, 0, "{told:?}");
        serde_json::from_str(&told.stdout).unwrap()
    };
    let proven = "Authentication-Results: mx.crt.example; spf=pass; dmarc=pass header.from=hackegem.example\n\
        From: an@hackegem.example\nTo: crt@crt.example\nSubject: x\n\nonze server is gehackt\n";
    assert_eq!(
        object(proven, false)["authentication"]["dmarc"],
        "unchecked"
    );
    assert_eq!(object(proven, true)["authentication"]["dmarc"], "pass");
    let ours = "From: crt@crt.example\nTo: crt@crt.example\nSubject: x\n\nonze server is gehackt\n";
    assert_eq!(object(ours, false)["answerable"], true);
    assert_eq!(object(ours, true)["answerable"], false);
    assert_eq!(object(ours, true)["reply"], Value::Null);
}
