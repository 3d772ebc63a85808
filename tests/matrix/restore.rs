//! After a restore the bot is a new device of its account, and the people on call can read what it writes.

use crate::matrix::command::{eerstelijn, text, write_config};
use crate::support::matrix_people::{Encryption, Keys, PATIENCE, Person};
use crate::support::servers::{ServiceProcess, shared};
use eerstelijn::domain::chat::ids::UserId;
use std::path::Path;

const REPORT: &str = "From: An <an.peeters@hackegem.example>\r\nTo: crt@crt.example\r\n\
    Subject: Hulp\r\nMessage-ID: <melding@hackegem.example>\r\n\r\n\
    Alles is versleuteld en er staat een losgeldbrief op de servers.\r\n";

fn done(dir: &Path, arguments: &[&str]) -> String {
    let output = eerstelijn(dir, arguments);
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    said
}

fn roster(els: &Person, room: &str) -> String {
    format!(
        r#"oncall_room = "{room}"
[[oncall.people]]
id = "els"
name = "Els"
matrix = "{}"
[oncall.policy.critical]
steps = [{{ after = "0m", notify = ["person:els"] }}]
"#,
        els.id()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_the_restored_service_is_read_in_the_encrypted_room() {
    let Some(server) = shared() else { return };
    let user = server.register("bot-restored").await;
    let bot = UserId::parse(&user).unwrap();
    let els = Person::arrive(server, "els-restored", Keys::Signed).await;
    let oncall = els.make_room(&[], Encryption::On).await;
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    write_config(dir, server, &user, &roster(&els, oncall.as_str()));
    for part in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(dir.join("mail").join(part)).unwrap();
    }
    done(dir, &["keys", "new", "master.key"]);
    let said = done(dir, &["matrix", "init"]);
    let key = said.lines().find(|line| line.starts_with("    ")).unwrap();
    std::fs::write(dir.join("recovery-key"), key).unwrap();
    let mut service = ready(dir);
    els.invite(&oncall, &bot).await;
    els.sees(&oncall, &bot).await;
    done(dir, &["backup", "monday"]);
    service.terminate();
    assert!(service.wait_exit(PATIENCE).success(), "{}", service.log());

    // The machine is lost, and with it the keys of its device.
    std::fs::remove_dir_all(dir.join("data")).unwrap();
    let restored = done(dir, &["restore", "monday"]);
    assert!(
        restored.contains("its recovery key signed this device"),
        "{restored}"
    );
    assert!(restored.contains(oncall.as_str()), "{restored}");
    let mut service = ready(dir);
    let written = dir.join("mail/tmp/1.a.b");
    std::fs::write(&written, REPORT).unwrap();
    std::fs::rename(written, dir.join("mail/new/1.a.b")).unwrap();
    let called = els.id();
    let page = els
        .reads(&oncall, |event| {
            let mentioned = &event["content"]["m.mentions"]["user_ids"];
            event["sender"] == user.as_str() && mentioned[0] == called.as_str()
        })
        .await;
    assert_eq!(page["type"], "m.room.message", "{page}");
    service.terminate();
    assert!(service.wait_exit(PATIENCE).success(), "{}", service.log());
}

/// The service, once it is in touch with its rooms.
fn ready(dir: &Path) -> ServiceProcess {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_eerstelijn"));
    command.args(["run"]).current_dir(dir);
    let mut service = ServiceProcess::spawn(command, dir);
    service.wait_until(|log| log.contains("ready"), PATIENCE);
    service
}
