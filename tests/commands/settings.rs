//! A setting that can't work is named by its key, with the path and the remedy; exit code 2.

use crate::commands::Desk;

#[test]
fn a_folder_that_is_no_folder_is_named_by_its_key() {
    let desk = Desk::new();
    std::fs::write(desk.path("file"), b"").unwrap();
    for (from, to, said) in [
        (
            "/data\"",
            "/file/data\"",
            ["store.data_dir: ", "/file", "check the path"],
        ),
        (
            "/data\"",
            "/data\"\nurl = \"sqlite:/proc/nowhere/x.db\"",
            ["store.url: ", "/proc/nowhere", "check the path"],
        ),
        (
            "[store]",
            "[knowledge]\ndir = \"/nowhere/knowledge\"\n[store]",
            ["knowledge.dir: ", "/nowhere/knowledge", "leave the key out"],
        ),
        (
            "/master.key",
            "/missing.key",
            [
                "store.key_file: ",
                "/missing.key; bring back the key",
                "eerstelijn keys new",
            ],
        ),
    ] {
        desk.write_config(|text| text.replace(from, to));
        let told = desk.run(&["run"]);
        assert_eq!(told.code, 2, "{to}: {told:?}");
        for part in said {
            assert!(told.stderr.contains(part), "{to}, {part}: {told:?}");
        }
        assert_eq!(told.stderr.lines().count(), 1, "one sentence: {told:?}");
    }
}

#[test]
fn check_says_where_the_database_can_not_be_made() {
    let desk = Desk::new();
    desk.write_config(|text| text.replace("/data\"", "/data\"\nurl = \"sqlite:/proc/x.db\""));
    let told = desk.run(&["check"]);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(
        told.stdout.contains("BAD      store: ")
            && told.stdout.contains("nothing can be written in /proc"),
        "{told:?}"
    );
}

#[test]
fn check_says_that_languages_have_no_effect() {
    let desk = Desk::new();
    assert!(
        !desk
            .run(&["check"])
            .stdout
            .contains("organisation.languages")
    );
    desk.write_config(|text| text.replace("[[mailbox]]", "languages = [\"fr\"]\n[[mailbox]]"));
    let told = desk.run(&["check"]).stdout;
    assert!(
        told.contains("warning  organisation.languages: has no effect"),
        "{told}"
    );
}

#[test]
fn check_tells_all_mistakes_of_the_configuration_at_once() {
    let desk = Desk::new();
    let list = desk.path("towns.csv");
    let columns = "domain,name,kind,status,contact,callback_phone\n";
    std::fs::write(&list, format!("{columns}a.example,A,gemeente,actve,,\n")).unwrap();
    desk.write_config(|text| {
        let text = text.replace("/master.key", "/missing.key");
        let text = text.replace("host = \"127.0.0.1\"", "host = \"mx.example\"");
        format!("{text}[constituents]\nfile = \"{}\"\n", list.display())
    });
    let told = desk.run(&["check"]);
    assert_eq!(told.code, 2, "{told:?}");
    let lines: Vec<&str> = told.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{told:?}");
    for (line, said) in lines.iter().zip([
        "smtp.tls: \"none\" is only for",
        "store.key_file: names a file that isn't there",
        "line 2: the status \"actve\" is unknown; write active",
    ]) {
        assert!(
            line.starts_with("BAD      ") && line.contains(said),
            "{told:?}"
        );
    }
    assert_eq!(told.stderr.lines().count(), 1, "{told:?}");
    let run = desk.run(&["run"]);
    assert_eq!((run.code, run.stderr.lines().count()), (2, 1), "{run:?}");
}

#[test]
fn check_names_the_key_of_a_mailbox_and_of_a_mail_server_that_say_no() {
    let desk = Desk::new();
    let told = desk.run(&["check"]);
    assert!(
        told.stdout
            .contains("smtp 127.0.0.1: smtp.host: can't be reached"),
        "{told:?}"
    );
    desk.write_config(|text| text.replace("/mail\"", "/nowhere\""));
    let told = desk.run(&["check"]);
    assert!(
        told.stdout
            .contains("mailbox[0].path: there is no Maildir at "),
        "{told:?}"
    );
    desk.write_config(|text| {
        text.replace(
            "start = \"all\"",
            "start = \"all\"\nprocessed_folder = \"../x\"",
        )
    });
    let told = desk.run(&["check"]);
    assert!(
        told.stdout
            .contains("mailbox[0].processed_folder: must be a plain name"),
        "{told:?}"
    );
}

#[test]
fn check_says_how_to_see_whether_the_border_fits() {
    let desk = Desk::new();
    let told = desk.run(&["check"]).stdout;
    assert!(
        told.contains("to test  mailbox[0].trusted_authserv_ids: ") && told.contains("triage MAIL"),
        "{told}"
    );
    desk.write_config(|text| {
        text.replace(
            "trusted_authserv_ids = [\"mx.crt.example\"]",
            "own_hops = 1",
        )
    });
    let told = desk.run(&["check"]).stdout;
    assert!(
        told.contains("warning  mailbox[0].trusted_authserv_ids: empty")
            && told.contains("warning  mailbox[0].own_hops: has no effect"),
        "{told}"
    );
}

#[test]
fn check_says_what_is_wrong_with_a_token_command() {
    let desk = Desk::new();
    for (command, said) in [
        (
            "\"/nowhere/token\"",
            "smtp.token_command: the token command isn't there",
        ),
        (
            "\"sh\", \"-c\", \"echo geheim; exit 3\"",
            "ended with exit code 3; run it by hand",
        ),
        (
            "\"true\"",
            "smtp.token_command: the token command printed nothing",
        ),
        (
            "\"echo\", \"geheim token\"",
            "printed something else than one token",
        ),
    ] {
        let login =
            format!("port = 1\nuser = \"crt\"\nauth = \"xoauth2\"\ntoken_command = [{command}]");
        desk.write_config(|text| text.replace("port = 1", &login));
        let told = desk.run(&["check"]);
        assert!(told.stdout.contains(said), "{command}: {told:?}");
        assert!(
            !told.stdout.contains("geheim") && !told.stderr.contains("geheim"),
            "{told:?}"
        );
    }
}
