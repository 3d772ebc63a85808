//! `matrix init` and `check` as a person runs them, against a real homeserver.

use crate::support::matrix_people::{Encryption, Keys, Person};
use crate::support::servers::{MATRIX_PASSWORD, SERVER_NAME, Synapse, shared};
use eerstelijn::domain::chat::ids::UserId;
use std::path::Path;
use std::process::{Command, Output, Stdio};

pub(super) fn eerstelijn(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_eerstelijn"))
        .args(arguments)
        .current_dir(dir)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A configuration with a mailbox that needs no server.
pub(super) fn write_config(dir: &Path, server: &Synapse, user: &str, more: &str) {
    let config = format!(
        r#"
[organisation]
name = "CRT"
address = "crt@crt.example"
[[mailbox]]
kind = "maildir"
path = "mail"
[smtp]
host = "localhost"
port = 9
tls = "none"
[store]
key_file = "master.key"
data_dir = "data"
[matrix]
homeserver = "{}"
user = "{user}"
password_file = "password"
recovery_key_file = "recovery-key"
{more}
"#,
        server.url()
    );
    std::fs::write(dir.join("config.toml"), config).unwrap();
    std::fs::write(dir.join("password"), MATRIX_PASSWORD).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_logs_in_once_keeps_the_key_and_checks_it() {
    let Some(server) = shared() else { return };
    let user = server.register("bot-command").await;
    let an = Person::arrive(server, "an-command", Keys::None).await;
    let id = UserId::parse(&user).unwrap();
    let lobby = an.make_room(&[&id], Encryption::Off).await;
    let dir = tempfile::tempdir().unwrap();
    let rooms = format!(
        "oncall_room = \"!wacht:{SERVER_NAME}\"\nlobby_rooms = [\"{lobby}\"]\ntrusted_servers = [\"{SERVER_NAME}\"]"
    );
    write_config(dir.path(), server, &user, &rooms);
    assert!(
        eerstelijn(dir.path(), &["keys", "new", "master.key"])
            .status
            .success()
    );

    let early = text(&eerstelijn(dir.path(), &["check"]).stdout);
    assert!(
        early.contains("BAD      matrix: there is no Matrix session yet"),
        "{early}"
    );
    std::fs::write(dir.path().join("password"), "fout").unwrap();
    let wrong = eerstelijn(dir.path(), &["matrix", "init"]);
    assert_eq!(wrong.status.code(), Some(1));
    let said = text(&wrong.stderr);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(
        said.contains("the homeserver refused the login; check matrix.user"),
        "{said}"
    );
    std::fs::write(dir.path().join("password"), MATRIX_PASSWORD).unwrap();

    let done = eerstelijn(dir.path(), &["matrix", "init"]);
    let said = text(&done.stdout);
    assert!(done.status.success(), "{said}{}", text(&done.stderr));
    assert_eq!(text(&done.stderr), "", "no library talks beside the answer");
    let key = said.lines().find(|line| line.starts_with("    ")).unwrap();
    let again = eerstelijn(dir.path(), &["matrix", "init"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("has a Matrix session already"));

    let without = text(&eerstelijn(dir.path(), &["check"]).stdout);
    assert!(
        without.contains("warning  matrix.recovery_key_file: no key is there"),
        "{without}"
    );
    std::fs::write(dir.path().join("recovery-key"), key).unwrap();
    let with = text(&eerstelijn(dir.path(), &["check"]).stdout);
    for line in [
        "good     matrix: the homeserver accepts our session",
        "good     matrix: our device is signed by our account",
        "good     matrix.recovery_key_file: opens the account's secrets",
        "BAD      matrix.lobby_rooms[0]: we aren't in it",
        "BAD      matrix.oncall_room: we aren't in it",
    ] {
        assert!(with.contains(line), "{line}\n{with}");
    }
    assert!(!with.contains(MATRIX_PASSWORD));
}
