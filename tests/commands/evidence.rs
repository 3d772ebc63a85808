//! What `triage --json` shows a person of one mail of each kind: why it is what it is, the reporter's own words,
//! the evidence that came along, what is proven of the sender. Guidance and scores are left out: they change
//! with the knowledge.

use crate::commands::{Desk, outcome};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

const SHOWN: &[&str] = &[
    "kind",
    "machine_because",
    "category",
    "severity",
    "page",
    "because",
    "from",
    "text",
    "attachments",
    "forwarded",
    "indicators",
    "failed_recipients",
    "authentication",
    "constituent",
    "look_alike",
    "answerable",
];

fn fixtures(folder: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(folder)
}

/// A desk that knows one town and believes its own server.
fn desk() -> Desk {
    let desk = Desk::new();
    let list = desk.path("towns.csv");
    std::fs::write(
        &list,
        "domain,name,kind,status,contact,callback_phone\n\
         hackegem.example,Gemeente Hackegem,gemeente,active,,\n",
    )
    .unwrap();
    let list = list.display();
    desk.write_config(|text| format!("{text}\n[constituents]\nfile = \"{list}\"\n"));
    desk
}

/// The object of one mail, cut to what is shown here, and what was said beside it.
fn shown(desk: &Desk, mail: &[u8]) -> String {
    let told = outcome(&mut desk.command(&["triage", "--json", "-"]), mail);
    assert_eq!(told.code, 0, "{told:?}");
    let object: Value = serde_json::from_str(&told.stdout).unwrap();
    let part = |name: &&str| ((*name).to_owned(), object[*name].clone());
    let cut: Map<String, Value> = SHOWN.iter().map(part).collect();
    let json = serde_json::to_string_pretty(&cut).unwrap();
    format!("{json}\n{}", told.stderr)
}

#[test]
fn one_mail_of_each_kind() {
    let desk = desk();
    let mut kinds = std::collections::BTreeSet::new();
    let mut names: Vec<String> = super::names_in(&fixtures("triage"));
    names.retain(|name| {
        Path::new(name)
            .extension()
            .is_some_and(|extension| extension == "eml")
    });
    for name in &names {
        let mail = std::fs::read(fixtures("triage").join(name)).unwrap();
        let shown = shown(&desk, &mail);
        kinds.insert(
            shown
                .lines()
                .find(|line| line.contains("\"kind\""))
                .unwrap()
                .to_owned(),
        );
        insta::assert_snapshot!(name.trim_end_matches(".eml"), shown);
    }
    assert_eq!(kinds.len(), 9, "a fixture of each kind: {kinds:?}");
}

#[test]
fn what_outlook_forwards_as_a_file() {
    let mail = std::fs::read(fixtures("mail").join("msg-forward.eml")).unwrap();
    insta::assert_snapshot!("msg-forward", shown(&desk(), &mail));
}

#[test]
fn more_parts_than_are_read() {
    let part = "--b\nContent-Type: image/png; name=foto.png\n\nx\n";
    let mail = format!(
        "From: Els Maes <els@hackegem.example>\nTo: crt@crt.example\nSubject: Hulp\n\
         Content-Type: multipart/mixed; boundary=b\n\n--b\n\nOnze servers zijn versleuteld.\n{}--b--\n",
        part.repeat(250)
    );
    let shown = shown(&desk(), mail.as_bytes());
    let files = shown.matches("\"name\": \"foto.png\"").count();
    assert_eq!(files, 198);
    assert!(shown.contains("Onze servers zijn versleuteld."));
    assert!(shown.contains("\"ransomware\""), "{shown}");
    assert!(
        shown.contains("too many or too deeply nested parts"),
        "{shown}"
    );
}
