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
                "/missing.key: there is nothing of that name",
                "check the path",
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
