//! Commands open the database that the service made. They make none, change none, and say so.

use crate::commands::{Desk, SOON, names_in, outcome};
use crate::support::servers::ServiceProcess;
use std::os::unix::fs::PermissionsExt;

const READERS: [&[&str]; 4] = [
    &["tickets", "list"],
    &["tickets", "show", "CRT-2026-0001"],
    &["tickets", "approve", "CRT-2026-0001"],
    &["audit", "verify"],
];

#[test]
fn without_a_database_commands_say_so_and_make_none() {
    let desk = Desk::new();
    for arguments in READERS {
        let told = desk.run(arguments);
        assert_eq!(told.code, 1, "{arguments:?}: {told:?}");
        assert_eq!(
            told.stderr,
            format!(
                "eerstelijn: there is no database at {}; `eerstelijn run` makes it\n",
                desk.path("data/eerstelijn.db").display()
            )
        );
        assert_eq!(told.stdout, "", "{arguments:?}");
    }
    let checked = desk.run(&["check"]);
    assert!(
        checked.stdout.contains("yet; `eerstelijn run` makes it"),
        "{checked:?}"
    );
    assert!(!checked.stdout.contains("BAD      store"), "{checked:?}");
    assert_eq!(
        names_in(desk.dir.path()),
        ["config.toml", "mail", "master.key"],
        "nothing was made"
    );
}

#[test]
fn a_mistyped_name_is_no_new_database() {
    let desk = Desk::with_a_ticket();
    let before = names_in(desk.dir.path());
    desk.write_config(|text| text.replace("data_dir", "url = \"sqlite:dta/x.db\"\ndata_dir"));
    let told = outcome(
        desk.command(&["audit", "verify"])
            .current_dir(desk.dir.path()),
        b"",
    );
    assert_eq!(told.code, 1, "{told:?}");
    assert!(told.stderr.contains("no database at dta/x.db"), "{told:?}");
    let lists = |names: &[String]| {
        names
            .iter()
            .filter(|n| !n.starts_with("service"))
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(lists(&names_in(desk.dir.path())), lists(&before));
}

#[test]
fn a_file_that_is_something_else_is_left_alone() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("data")).unwrap();
    let file = desk.path("data/eerstelijn.db");
    for content in [
        &b""[..],
        b"geen database, maar een lange tekst die er toevallig staat",
    ] {
        std::fs::write(&file, content).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        let told = desk.run(&["audit", "verify"]);
        let (code, said) = if content.is_empty() {
            (1, "is empty; `eerstelijn run` makes its tables")
        } else {
            (2, "store.data_dir: ")
        };
        assert_eq!(told.code, code, "{told:?}");
        assert!(told.stderr.contains(said), "{told:?}");
        assert!(!told.stdout.contains("intact"), "{told:?}");
        assert_eq!(std::fs::read(&file).unwrap(), content);
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o644);
        assert_eq!(names_in(&desk.path("data")), ["eerstelijn.db"]);
    }
}

#[test]
fn the_service_puts_nothing_into_a_database_of_another_program() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("data")).unwrap();
    let file = desk.path("data/eerstelijn.db");
    crate::commands::audit::on_file(&file, "CREATE TABLE foreign_table (a)");
    let before = std::fs::read(&file).unwrap();
    for command in [&["run"][..], READERS[0]] {
        let told = desk.run(command);
        assert_eq!(told.code, 2, "{told:?}");
        assert!(
            told.stderr.contains("is not a database of this program"),
            "{told:?}"
        );
        assert_eq!(std::fs::read(&file).unwrap(), before);
    }
}

#[test]
fn a_database_of_another_version_is_not_touched() {
    let desk = Desk::with_a_ticket();
    let file = desk.path("data/eerstelijn.db");
    for (deed, commands, said) in [
        (
            "INSERT INTO _sqlx_migrations VALUES (9999, 'later', 0, 1, x'00', 1);
             UPDATE schema_terms SET oldest = 9999",
            &["run", "check"][..],
            "made by a newer version",
        ),
        (
            "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations WHERE version < 9999);
             DELETE FROM _sqlx_migrations WHERE version = 9999",
            &[],
            "`eerstelijn run` brings it up to date",
        ),
    ] {
        crate::commands::audit::on_file(&file, deed);
        let told = desk.run(&["tickets", "list"]);
        assert_eq!(told.code, 1, "{told:?}");
        assert!(told.stderr.contains(said), "{told:?}");
        for command in commands {
            let told = desk.run(&[command]);
            assert_eq!(told.code, 1, "{told:?}");
            assert!(format!("{told:?}").contains(said), "{told:?}");
        }
    }
}

/// While instances are brought up to date one after the other, the older ones go on.
#[test]
fn a_newer_schema_that_only_adds_is_worked_on() {
    let desk = Desk::with_a_ticket();
    crate::commands::audit::on_file(
        &desk.path("data/eerstelijn.db"),
        "ALTER TABLE tickets ADD COLUMN later TEXT;
         INSERT INTO _sqlx_migrations VALUES (9999, 'later', 0, 1, x'00', 1)",
    );
    let told = desk.run(&["tickets", "list"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.stdout.contains("CRT-2026-0001"), "{told:?}");
    let mut service = desk.start(&[]);
    service.wait_until(|log| log.contains("ready"), SOON);
    ended(service);
    assert_eq!(desk.run(&["audit", "verify"]).code, 0);
}

#[test]
fn another_key_is_named_with_its_setting() {
    let desk = Desk::with_a_ticket();
    desk.new_key("other.key");
    desk.write_config(|text| text.replace("master.key", "other.key"));
    for arguments in [READERS[0], &["run"]] {
        let told = desk.run(arguments);
        assert_eq!(told.code, 2, "{told:?}");
        for said in [
            "store.key_file: ",
            "other.key is not the key",
            "eerstelijn.db",
        ] {
            assert!(told.stderr.contains(said), "{said}: {told:?}");
        }
    }
}

#[test]
fn two_services_on_one_database_are_refused_whatever_else_they_have() {
    let desk = Desk::new();
    let database = desk.path("data/eerstelijn.db").display().to_string();
    let mut first = desk.start(&[]);
    first.wait_until(|log| log.contains("ready"), SOON);
    // The same database, by another name, with another data_dir.
    std::os::unix::fs::symlink(&database, desk.path("link.db")).unwrap();
    desk.write_config(|text| {
        let url = desk.path("link.db").display().to_string();
        text.replace("/data\"", &format!("/other\"\nurl = \"sqlite:{url}\""))
    });
    let mut second = desk.start(&[]);
    assert_eq!(second.wait_exit(SOON).code(), Some(1), "{}", second.log());
    assert!(
        second.log().contains("another service is running"),
        "{}",
        second.log()
    );
    first.terminate();
    assert!(first.wait_exit(SOON).success(), "{}", first.log());
    let mut third = desk.start(&[]);
    third.wait_until(|log| log.contains("ready"), SOON);
    ended(third);
}

#[test]
fn ready_means_that_it_can_be_stopped() {
    let desk = Desk::new();
    for _ in 0..5 {
        let mut service = desk.start(&[]);
        service.wait_until(|log| log.contains("ready"), SOON);
        ended(service);
    }
}

fn ended(mut service: ServiceProcess) {
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
}
