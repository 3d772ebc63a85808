//! Secrets: from a file or from the environment, never beside the data, and readable by few.

use crate::commands::{Desk, SOON, outcome};
use std::os::unix::fs::PermissionsExt;

#[test]
fn the_environment_stands_in_for_a_secret_file() {
    let desk = Desk::with_a_ticket();
    let key = std::fs::read_to_string(desk.path("master.key")).unwrap();
    std::fs::remove_file(desk.path("master.key")).unwrap();
    let without = desk.run(&["tickets", "list"]);
    assert_eq!(without.code, 2, "{without:?}");
    desk.write_config(|text| {
        let dir = desk.dir.path().display();
        text.replace(&format!("key_file = \"{dir}/master.key\"\n"), "")
    });
    let lacks = desk.run(&["tickets", "list"]);
    assert_eq!(lacks.code, 2, "{lacks:?}");
    for said in ["store.key_file: ", "EERSTELIJN_STORE_KEY", "keys new"] {
        assert!(lacks.stderr.contains(said), "{said}: {lacks:?}");
    }
    let mut command = desk.command(&["tickets", "list"]);
    let listed = outcome(command.env("EERSTELIJN_STORE_KEY", key.trim()), b"");
    assert_eq!(listed.code, 0, "{listed:?}");
    assert!(listed.stdout.contains("-0001 "), "{listed:?}");
    let mut service = desk.start(&[("EERSTELIJN_STORE_KEY", key.trim())]);
    service.wait_until(|log| log.contains("ready"), SOON);
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
}

#[test]
fn a_missing_password_names_its_file_and_its_variable() {
    let desk = Desk::new();
    for (change, key, variable) in [
        (
            (
                "kind = \"maildir\"",
                "kind = \"imap\"\nhost = \"localhost\"\nuser = \"crt\"",
            ),
            "mailbox[0].password_file: ",
            "EERSTELIJN_MAILBOX_0_PASSWORD",
        ),
        (
            ("port = 1\n", "port = 1\nuser = \"crt\"\n"),
            "smtp.password_file: ",
            "EERSTELIJN_SMTP_PASSWORD",
        ),
    ] {
        desk.write_config(|text| text.replace(change.0, change.1));
        let lacks = desk.run(&["tickets", "list"]);
        assert_eq!(lacks.code, 2, "{lacks:?}");
        assert!(
            lacks.stderr.contains(key) && lacks.stderr.contains(variable),
            "{lacks:?}"
        );
        let mut command = desk.command(&["tickets", "list"]);
        let found = outcome(command.env(variable, "geheim"), b"");
        assert!(found.stderr.contains("no database"), "{found:?}");
    }
}

#[test]
fn the_key_may_not_lie_with_the_data() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("data")).unwrap();
    std::fs::rename(desk.path("master.key"), desk.path("data/master.key")).unwrap();
    desk.write_config(|text| text.replace("/master.key", "/data/../data/master.key"));
    for command in ["run", "check"] {
        let told = desk.run(&[command]);
        assert_eq!(told.code, 2, "{told:?}");
        assert!(
            told.stderr.contains("store.key_file: ") && told.stderr.contains("move the key"),
            "{told:?}"
        );
    }
}

#[test]
fn check_warns_of_a_key_that_everybody_can_read() {
    let desk = Desk::new();
    let warned = |mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(desk.path("master.key"), mode).unwrap();
        let told = desk.run(&["check"]).stdout;
        told.contains("warning  store.key_file: everybody") && told.contains("chmod 600")
    };
    assert!(warned(0o644));
    assert!(!warned(0o640) && !warned(0o600));
}
