//! Who reads and who approves is written down by his user id, beside the name that he claims; times are
//! those of the organisation.

use crate::commands::{Desk, outcome};
use std::os::unix::fs::MetadataExt;

#[test]
fn an_approval_names_the_user_id_beside_the_claimed_name() {
    let desk = Desk::new();
    desk.write_config(|text| text.replace("[[mailbox]]", "mode = \"approve\"\n[[mailbox]]"));
    let desk = desk.after_one_report();
    let number = desk.numbers().remove(0);
    let uid = std::fs::metadata(desk.path("config.toml")).unwrap().uid();
    let mut approve = desk.command(&["tickets", "approve", &number]);
    approve.env("SUDO_USER", "an").env("USER", "bart");
    let approved = outcome(&mut approve, b"");
    assert_eq!(approved.code, 0, "{approved:?}");
    let name = if uid == 0 { "an" } else { "bart" };
    let shown = desk.run(&["tickets", "show", &number]);
    assert!(
        shown.stdout.contains(&format!("by uid {uid} ({name})")),
        "{shown:?}"
    );
}

#[test]
fn people_read_local_time_and_machines_utc() {
    let desk = Desk::with_a_ticket();
    let number = desk.numbers().remove(0);
    let seen = |arguments: &[&str]| desk.run(arguments).stdout;
    let zones = [
        ("", [" CET", " CEST"]),
        ("time_zone = \"UTC\"\n", [" UTC", " UTC"]),
    ];
    for (setting, abbreviations) in zones {
        desk.write_config(|text| text.replace("[[mailbox]]", &format!("{setting}[[mailbox]]")));
        for text in [
            seen(&["tickets", "list"]),
            seen(&["tickets", "show", &number]),
        ] {
            let named = abbreviations.iter().any(|zone| text.contains(zone));
            assert!(named, "{setting}: {text}");
        }
        let json = seen(&["tickets", "list", "--json"]);
        let object: serde_json::Value = serde_json::from_str(&json).unwrap();
        let at = object["tickets"][0]["updated_at"].as_str().unwrap();
        assert!(
            at.ends_with('Z') && at.parse::<jiff::Timestamp>().is_ok(),
            "{at}"
        );
    }
}
