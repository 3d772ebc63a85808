//! The knowledge folder edited while the real service runs: the next answer is the new text, and a broken file keeps
//! its old one and calls whoever coordinates.

use crate::support::servers::{Mail, MailServers, ServiceProcess, write_config};
use eerstelijn::adapters::knowledge::copy::copy_shipped;
use std::path::{Path, PathBuf};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(60);
const AN: &str = "an.peeters@hackegem.example";
const BART: &str = "bart.claes@hackegem.example";
const CRT: &str = "crt@crt.example";

/// A copy of the shipped folder, below this one.
fn copy_of_the_knowledge(below: &Path) -> PathBuf {
    let copy = below.join("knowledge");
    copy_shipped(&copy).unwrap();
    copy
}

fn ask(servers: &MailServers, from: &str, id: &str) {
    let mail = format!(
        "From: <{from}>\r\nTo: {CRT}\r\nSubject: vraag\r\nMessage-ID: <{id}@hackegem.example>\r\n\
         Date: Mon, 23 Nov 2026 21:40:00 +0100\r\n\r\n\
         Welke logs van DHCP, DNS en webserver moeten wij bewaren?\r\n"
    );
    servers.send(&Mail::new(from, CRT, &mail));
}

fn replace(file: &Path, old: &str, new: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(old), "{} has no {old:?}", file.display());
    std::fs::write(file, text.replacen(old, new, 1)).unwrap();
}

/// How often the service read its knowledge again.
fn read_again(log: &str) -> usize {
    log.matches("the knowledge was read again").count()
}

#[test]
fn an_edited_file_answers_within_seconds_and_a_broken_one_keeps_its_old_text() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    let knowledge = copy_of_the_knowledge(servers.dir());
    let config = write_config(
        &servers,
        &format!("[knowledge]\ndir = \"{}\"\n", knowledge.display()),
    );
    let mut service = ServiceProcess::start(&config, &[]);
    service.wait_until(|log| log.contains("ready"), SOON);
    let log = service.log();
    assert!(
        !log.contains("shipped knowledge"),
        "it is edited here: {log}"
    );

    let logging = knowledge.join("memos/logging.md");
    replace(&logging, "Begin bovenaan.", "Dit is van vandaag.");
    service.wait_until(|log| read_again(log) == 1, SOON);
    ask(&servers, AN, "een");
    let answers = servers.wait_for(AN, "INBOX", |mails| mails.len() == 1, SOON);
    assert!(says(&answers, "van vandaag"), "{answers:?}");

    // Broken: its last good text stays, another file that was changed with it counts.
    replace(&logging, "owner = ", "ownr = ");
    replace(&logging, "van vandaag.", "van nooit.");
    replace(
        &knowledge.join("memos/wifi.md"),
        "title = \"",
        "title = \"Nieuw: ",
    );
    service.wait_until(|log| read_again(log) == 2, SOON);
    service.wait_until(|log| log.contains("memos/logging.md:"), SOON);
    ask(&servers, BART, "twee");
    let answers = servers.wait_for(BART, "INBOX", |mails| mails.len() == 1, SOON);
    assert!(
        says(&answers, "van vandaag") && !says(&answers, "van nooit"),
        "{answers:?}"
    );

    // Mended: it counts again.
    replace(&logging, "ownr = ", "owner = ");
    service.wait_until(|log| read_again(log) == 3, SOON);
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
}

/// Do these mails say this, whatever their encoding?
fn says(mails: &[Vec<u8>], words: &str) -> bool {
    let parser = mail_parser::MessageParser::default();
    mails.iter().any(|mail| {
        let parsed = parser.parse(mail);
        let text = parsed.and_then(|mail| mail.body_text(0).map(std::borrow::Cow::into_owned));
        text.is_some_and(|text| text.contains(words))
    })
}
