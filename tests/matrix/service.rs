//! The whole service with a real homeserver: a report at night, its card in the encrypted on-call room, the
//! mention below it, and the expert who takes it from there.

use crate::matrix::command::{eerstelijn, text, write_config};
use crate::support::matrix_people::{Encryption, Keys, PATIENCE, Person};
use crate::support::servers::{ServiceProcess, shared};
use eerstelijn::domain::chat::ids::UserId;
use serde_json::Value;
use std::path::Path;

const REPORT: &str = "Return-Path: <bart@hackegem.example>\r\nFrom: Bart <bart@hackegem.example>\r\n\
    To: crt@crt.example\r\nSubject: DRINGEND\r\nMessage-ID: <brand@hackegem.example>\r\n\r\n\
    Onze servers worden op dit moment versleuteld, overal staat een losgeldbrief.\r\n";

fn words(event: &Value) -> String {
    let content = &event["content"];
    let newest = content.get("m.new_content").unwrap_or(content);
    newest["body"].as_str().unwrap_or_default().to_owned()
}

fn deliver(dir: &Path) {
    for part in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(dir.join("mail").join(part)).unwrap();
    }
    std::fs::write(dir.join("mail/tmp/1.a.b"), REPORT).unwrap();
    std::fs::rename(dir.join("mail/tmp/1.a.b"), dir.join("mail/new/1.a.b")).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expert_is_woken_in_the_room_and_takes_the_ticket() {
    let Some(server) = shared() else { return };
    let bot = UserId::parse(&server.register("bot-service").await).unwrap();
    let els = Person::arrive(server, "els-service", Keys::Signed).await;
    let room = els.make_room(&[], Encryption::On).await;
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let more = format!(
        r#"oncall_room = "{room}"
[[oncall.people]]
id = "els"
name = "Els"
matrix = "{}"
[oncall.policy.critical]
steps = [{{ after = "0m", notify = ["person:els"] }}]
"#,
        els.id()
    );
    write_config(dir, server, bot.as_str(), &more);
    assert!(
        eerstelijn(dir, &["keys", "new", "master.key"])
            .status
            .success()
    );
    let login = eerstelijn(dir, &["matrix", "init"]);
    assert!(login.status.success(), "{}", text(&login.stderr));

    for part in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(dir.join("mail").join(part)).unwrap();
    }
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_eerstelijn"));
    command.arg("run").current_dir(dir);
    let mut service = ServiceProcess::spawn(command, dir);
    service.wait_until(|log| log.contains("ready"), PATIENCE);
    els.invite(&room, &bot).await;
    els.sees(&room, &bot).await;
    deliver(dir);

    let card = els
        .reads(&room, |event| words(event).contains("CRT-"))
        .await;
    assert!(!words(&card).contains("losgeldbrief"), "{card}");
    let root = card["event_id"].as_str().unwrap();
    let root = eerstelijn::domain::chat::ids::EventId::parse(root).unwrap();
    let below = |event: &Value| event["content"]["m.relates_to"]["event_id"] == root.as_str();
    let page = els
        .reads(&room, |event| {
            below(event) && event["content"]["m.mentions"]["user_ids"][0] == els.id().as_str()
        })
        .await;
    assert!(words(&page).contains("kritiek"), "{page}");

    els.say_in_thread(&room, &root, "!take").await;
    els.reads(&room, |event| {
        words(event).contains("Ik schrijf de melder niets meer")
    })
    .await;
    els.reads(&room, |event| words(event).contains("op naam van els"))
        .await;
    let listed = text(&eerstelijn(dir, &["tickets", "list"]).stdout);
    assert!(listed.contains("taken"), "{listed}");
    service.terminate();
    assert!(service.wait_exit(PATIENCE).success(), "{}", service.log());
    assert!(!service.log().contains("losgeldbrief"));
    assert!(!server.database_holds("losgeldbrief") && !server.database_holds("op naam van els"));
}
