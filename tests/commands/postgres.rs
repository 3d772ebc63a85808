//! A database on a server, as a person meets it who sets one up: each no of the server is told apart, with what
//! mends it, and never with a password.

use crate::commands::{Desk, SOON};
use crate::support::servers::ServiceProcess;
use crate::support::servers::postgres::{self, Postgres};

const PASSWORD: &str = "hemelblauw-kanarie";

impl Desk {
    /// The same desk with its database there, and a password where one is given.
    fn on_server(&self, url: &str, password: Option<&str>) {
        let file = self.path("database-password");
        let named = match password {
            Some(password) => {
                std::fs::write(&file, password).unwrap();
                format!("password_file = \"{}\"\n", file.display())
            }
            None => String::new(),
        };
        self.write_config(|text| {
            text.replace("data_dir", &format!("url = \"{url}\"\n{named}data_dir"))
        });
    }

    /// `check` says it, marked as bad, and `run` ends with it as a mistake in the settings.
    fn is_refused(&self, said: &[&str]) {
        let checked = self.run(&["check"]);
        let store = checked
            .stdout
            .lines()
            .find(|line| line.contains("  store: "));
        let store = store.unwrap_or_default();
        assert!(store.starts_with("BAD"), "{checked:?}");
        let started = self.run(&["run"]);
        assert_eq!(started.code, 2, "{started:?}");
        for part in said {
            assert!(store.contains(part), "{part}: {store}");
            assert!(started.stderr.contains(part), "{part}: {started:?}");
        }
        let all = format!("{checked:?}{started:?}");
        assert!(
            !all.contains(PASSWORD) && !all.contains("verkeerd"),
            "{all}"
        );
    }
}

/// The server with the users of these tests. Nothing where the machine has none.
fn server() -> Option<&'static Postgres> {
    static MADE: std::sync::Once = std::sync::Once::new();
    let server = postgres::shared()?;
    MADE.call_once(|| {
        let by_password = format!("CREATE ROLE by_password LOGIN PASSWORD '{PASSWORD}'");
        server.sql("postgres", &by_password);
        for role in ["by_account", "by_no_line", "plain"] {
            server.sql("postgres", &format!("CREATE ROLE {role} LOGIN"));
        }
    });
    Some(server)
}

#[test]
fn each_no_of_the_server_is_told_apart() {
    let Some(server) = server() else { return };
    let database = server.new_database();
    let (port, name) = (database.port, database.name);
    server.sql(
        &name,
        &format!("REVOKE CONNECT ON DATABASE {name} FROM PUBLIC"),
    );
    let socket = server.socket_folder().display();
    let desk = Desk::new();
    let grant = format!("GRANT CONNECT ON DATABASE {name} TO plain");
    for (user, password, said) in [
        (
            "nobody_here",
            None,
            &[
                "there is no user nobody_here",
                "createuser --pwprompt nobody_here",
            ][..],
        ),
        (
            "by_password",
            None,
            &["asks for a password", "name that in store.password_file"],
        ),
        (
            "by_password",
            Some(""),
            &["asks for a password", "name that in store.password_file"],
        ),
        (
            "by_password",
            Some("verkeerd"),
            &["the password in store.password_file is wrong"],
        ),
        (
            "by_no_line",
            None,
            &[
                "lets nobody in from this machine as by_no_line",
                "pg_hba.conf",
            ],
        ),
        ("plain", None, &[&grant]),
    ] {
        let place = format!("postgres://{user}@127.0.0.1:{port}/{name}");
        desk.on_server(&place, password);
        desk.is_refused(&[said, &[&place]].concat());
    }
    desk.on_server(
        &format!("postgres://by_account@:{port}/{name}?host={socket}"),
        None,
    );
    desk.is_refused(&["postgres://by_account@/", "run as that account"]);
    desk.on_server(&format!("postgres://plain@127.0.0.1:{port}/nowhere"), None);
    desk.is_refused(&["createdb --owner plain nowhere"]);
}

#[test]
fn a_user_who_may_make_no_tables_is_noticed_before_the_start() {
    let Some(server) = server() else { return };
    let database = server.new_database();
    let (port, name) = (database.port, database.name);
    // What PostgreSQL does by itself since version 15.
    server.sql(&name, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    let desk = Desk::new();
    desk.on_server(
        &format!("postgres://by_password@127.0.0.1:{port}/{name}"),
        Some(PASSWORD),
    );
    let remedy = format!("ALTER DATABASE {name} OWNER TO by_password");
    desk.is_refused(&[
        "by_password may not make tables in postgres://by_password@127.0.0.1",
        &remedy,
    ]);
    server.sql(&name, &remedy);
    // The schema belongs to whoever owns the database.
    server.sql(&name, "ALTER SCHEMA public OWNER TO pg_database_owner");
    let checked = desk.run(&["check"]).stdout;
    let empty = format!(
        "good     store: the database at postgres://by_password@127.0.0.1:{port}/{name} is empty, as it must be for a first start and for a restore"
    );
    assert!(checked.contains(&empty), "{checked}");
    let listed = desk.run(&["tickets", "list"]);
    assert_eq!(listed.code, 1, "{listed:?}");
    assert!(
        listed
            .stderr
            .contains("is empty; `eerstelijn run` makes its tables"),
        "{listed:?}"
    );
    let mut service = desk.start(&[]);
    service.wait_until(|log| log.contains("ready"), SOON);
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
    let checked = desk.run(&["check"]).stdout;
    assert!(
        checked.contains("good     store: the database opens"),
        "{checked}"
    );
    // Somebody else, whom all of it isn't.
    desk.on_server(&format!("postgres://plain@127.0.0.1:{port}/{name}"), None);
    desk.is_refused(&["belong to somebody else than plain"]);
}

/// How often the service said it.
fn times(service: &ServiceProcess, said: &str) -> usize {
    service.log().matches(said).count()
}

#[test]
fn a_service_that_starts_before_its_database_waits_for_it_and_says_so_once() {
    let Some(mut server) = Postgres::start() else {
        return;
    };
    let database = server.new_database();
    let desk = Desk::new();
    let place = format!(
        "postgres://admin@127.0.0.1:{}/{}",
        database.port, database.name
    );
    desk.on_server(&place, None);
    server.kill();
    let mut service = desk.start(&[]);
    service.wait_until(|log| log.contains("waiting for the database"), SOON);
    assert!(service.log().contains(&place), "{}", service.log());
    server.start_again();
    service.wait_until(|log| log.contains("ready"), SOON);
    for said in ["waiting for the database", "the database is back"] {
        assert_eq!(times(&service, said), 1, "{}", service.log());
    }
    // And once more, while it runs.
    server.kill();
    service.wait_until(
        |log| log.contains("the connection to the database is lost"),
        SOON,
    );
    server.start_again();
    service.wait_until(|log| log.matches("the database is back").count() == 2, SOON);
    assert_eq!(
        times(&service, "the connection to the database is lost"),
        1,
        "{}",
        service.log()
    );
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
    assert!(
        service.log().trim_end().ends_with("INFO stopped"),
        "{}",
        service.log()
    );
}

#[test]
fn a_service_that_waits_for_its_database_can_be_stopped() {
    let Some(mut server) = Postgres::start() else {
        return;
    };
    let database = server.new_database();
    let desk = Desk::new();
    desk.on_server(
        &format!(
            "postgres://admin@127.0.0.1:{}/{}",
            database.port, database.name
        ),
        None,
    );
    server.kill();
    let mut service = desk.start(&[]);
    service.wait_until(|log| log.contains("waiting for the database"), SOON);
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
}

/// A neighbour with the same key, database and, because the folder was copied, name.
fn copied(desk: &Desk, url: &str) -> Desk {
    let copy = Desk::new();
    std::fs::copy(desk.path("master.key"), copy.path("master.key")).unwrap();
    std::fs::create_dir(copy.path("data")).unwrap();
    std::fs::copy(desk.path("data/instance"), copy.path("data/instance")).unwrap();
    copy.on_server(url, None);
    copy
}

fn refused_for_its_name(service: &mut ServiceProcess) {
    assert_eq!(service.wait_exit(SOON).code(), Some(2), "{}", service.log());
    for said in [
        "store.data_dir: another service works on this database",
        "/data/instance",
        "a data_dir of its own",
    ] {
        assert!(service.log().contains(said), "{said}: {}", service.log());
    }
}

#[test]
fn two_with_one_name_are_noticed_and_one_that_died_is_not_in_its_own_way() {
    let Some(server) = server() else { return };
    let database = server.new_database();
    let url = format!(
        "postgres://admin@127.0.0.1:{}/{}",
        database.port, database.name
    );
    let desk = Desk::new();
    desk.on_server(&url, None);
    let mut first = desk.start(&[]);
    first.wait_until(|log| log.contains("ready"), SOON);
    let copy = copied(&desk, &url);
    refused_for_its_name(&mut copy.start(&[]));
    first.kill9();
    let mut again = desk.start(&[]);
    again.wait_until(|log| log.contains("ready"), SOON);
    // One that is stopped doesn't speak up, and loses its name to whoever comes.
    again.freeze();
    let mut second = copy.start(&[]);
    second.wait_until(|log| log.contains("ready"), SOON);
    assert!(
        second.log().contains("our name is still in use"),
        "{}",
        second.log()
    );
    again.thaw();
    assert_eq!(again.wait_exit(SOON).code(), Some(1), "{}", again.log());
    assert!(
        again.log().contains("another service works under our name"),
        "{}",
        again.log()
    );
    second.terminate();
    assert!(second.wait_exit(SOON).success(), "{}", second.log());
}

#[test]
fn a_restore_into_a_database_that_is_in_use_says_where_to_restore_to() {
    let Some(server) = server() else { return };
    let database = server.new_database();
    let (port, name) = (database.port, database.name);
    let desk = Desk::new();
    desk.on_server(&format!("postgres://admin@127.0.0.1:{port}/{name}"), None);
    let mut service = desk.start(&[]);
    service.wait_until(|log| log.contains("ready"), SOON);
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
    let file = desk.path("monday").display().to_string();
    assert_eq!(desk.run(&["backup", &file]).code, 0);
    let refused = desk.run(&["restore", &file]);
    assert_eq!(refused.code, 1, "{refused:?}");
    for said in ["restore into an empty database", "createdb --owner"] {
        assert!(refused.stderr.contains(said), "{said}: {refused:?}");
    }
    assert!(!refused.stderr.contains("move it away"), "{refused:?}");
}
