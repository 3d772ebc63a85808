//! `tickets export`: what the receiver finds in the file, who can open it, and what is on record of it.

use crate::commands::{Desk, Outcome, REPORT};
use age::secrecy::SecretString;
use age::x25519;
use eerstelijn::adapters::store::{MasterKey, SqlStore, StoreSettings, Vault};
use eerstelijn::app::ports::{ReadRecord, Store};
use eerstelijn::domain::ids::InstanceId;
use regex::Regex;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;

const REASON: &str = "aangifte bij de politie, PV 12/2026";

fn exports(desk: &Desk, number: &str, more: &[&str]) -> Outcome {
    let file = desk.path("dossier.age");
    let to = file.to_str().unwrap();
    let mut arguments = vec!["tickets", "export", number, "--reason", REASON, "--to", to];
    arguments.extend(more);
    desk.run(&arguments)
}

/// The files in a hand-over, opened with this.
fn opened(desk: &Desk, with: &impl age::Identity) -> BTreeMap<String, Vec<u8>> {
    let sealed = std::fs::read(desk.path("dossier.age")).unwrap();
    let plain = age::decrypt(with, &sealed).unwrap();
    let mut archive = tar::Archive::new(plain.as_slice());
    let entries = archive.entries().unwrap();
    let read = entries.map(|entry| {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().display().to_string();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (name, bytes)
    });
    read.collect()
}

/// Who read the ticket, as the database keeps it.
fn reads(desk: &Desk, number: &str) -> Vec<ReadRecord> {
    let key = std::fs::read_to_string(desk.path("master.key")).unwrap();
    let vault = Vault::new(&MasterKey::parse(key.trim()).unwrap());
    let file = desk.path("data/eerstelijn.db");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let instance = InstanceId::from_stored("reader");
        let store = SqlStore::open_existing(StoreSettings::Sqlite(file), vault, instance)
            .await
            .unwrap();
        let ticket = store.find_by_number(&number.parse().unwrap()).await;
        let reads = store.reads_of(&ticket.unwrap().unwrap()).await.unwrap();
        store.close().await;
        reads
    })
}

#[test]
fn the_receiver_of_the_passphrase_finds_everything_as_it_came() {
    let desk = Desk::with_a_ticket();
    let number = desk.numbers().remove(0);
    let told = exports(&desk, &number, &[]);
    assert_eq!((told.code, told.stderr.as_str()), (0, ""), "{told:?}");
    let phrase = told.stdout.lines().last().unwrap();
    let form = Regex::new("^([a-z2-7]{5}-){5}[a-z2-7]{5}$").unwrap();
    assert!(form.is_match(phrase), "{phrase}");
    let masked = told
        .stdout
        .replace(phrase, "PASSPHRASE")
        .replace(desk.dir.path().to_str().unwrap(), "FOLDER");
    insta::assert_snapshot!(masked);

    let file = desk.path("dossier.age");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let identity = age::scrypt::Identity::new(SecretString::from(phrase.to_owned()));
    let found = opened(&desk, &identity);
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "MANIFEST.sha256",
            "decisions/1.json",
            "messages/1-in.eml",
            "ticket.json",
            "timeline.txt"
        ]
    );
    assert_eq!(
        found["messages/1-in.eml"],
        REPORT.replace('\n', "\r\n").as_bytes()
    );
    let shown = desk.run(&["tickets", "show", &number]).stdout;
    assert_eq!(found["timeline.txt"], shown.as_bytes());
    let shown = desk.run(&["tickets", "show", &number, "--json"]).stdout;
    assert_eq!(found["ticket.json"], shown.trim_end().as_bytes());
    let decision: serde_json::Value = serde_json::from_slice(&found["decisions/1.json"]).unwrap();
    assert_eq!(decision["course"], "new open");
    let manifest = String::from_utf8(found["MANIFEST.sha256"].clone()).unwrap();
    assert_eq!(manifest.lines().count(), found.len() - 1);
    for line in manifest.lines() {
        let (hash, name) = line.split_once("  ").unwrap();
        let digest = Sha256::digest(&found[name]);
        assert_eq!(data_encoding::HEXLOWER.encode(&digest), hash, "{name}");
    }

    let reads = reads(&desk, &number);
    assert_eq!(reads[0].through, "tickets export");
    assert_eq!(reads[0].reason.as_deref(), Some(REASON));
    assert!(reads.len() == 3 && reads[1].reason.is_none(), "{reads:?}");
    let audited = desk.run(&["audit", "verify"]);
    assert!(
        audited.code == 0 && audited.stdout.starts_with("intact: "),
        "{audited:?}"
    );
}

#[test]
fn each_recipient_opens_it_and_nothing_secret_is_shown() {
    let desk = Desk::with_a_ticket();
    let number = desk.numbers().remove(0);
    let (one, other) = (x25519::Identity::generate(), x25519::Identity::generate());
    let keys = [&one, &other].map(|identity| identity.to_public().to_string());
    let more = ["--recipient", &keys[0], "--recipient", &keys[1]];
    let told = exports(&desk, &number, &more);
    let expected = format!("{} made\n", desk.path("dossier.age").display());
    assert_eq!((told.code, told.stdout), (0, expected));
    for identity in [&one, &other] {
        assert!(opened(&desk, identity).contains_key("ticket.json"));
    }
    let stranger = x25519::Identity::generate();
    let sealed = std::fs::read(desk.path("dossier.age")).unwrap();
    assert!(age::decrypt(&stranger, &sealed).is_err());
    let clear = String::from_utf8_lossy(&sealed).into_owned();
    assert!(!clear.contains("gestolen") && !clear.contains(&number));
}

#[test]
fn a_file_that_is_there_stays_and_wrong_usage_reads_nothing() {
    let desk = Desk::with_a_ticket();
    let number = desk.numbers().remove(0);
    let file = desk.path("dossier.age");
    let to = file.to_str().unwrap().to_owned();
    std::fs::write(&file, "theirs").unwrap();
    let there = exports(&desk, &number, &[]);
    assert_eq!((there.code, there.stdout.as_str()), (1, ""), "{there:?}");
    assert!(there.stderr.contains("never overwritten"), "{there:?}");
    assert_eq!(std::fs::read(&file).unwrap(), b"theirs");
    std::fs::remove_file(&file).unwrap();
    let malformed = exports(&desk, &number, &["--recipient", "age1nonsense"]);
    assert_eq!(
        (malformed.code, malformed.stdout.as_str()),
        (2, ""),
        "{malformed:?}"
    );
    for reason in ["", "  "] {
        let told = desk.run(&[
            "tickets", "export", &number, "--reason", reason, "--to", &to,
        ]);
        assert_eq!((told.code, told.stdout.as_str()), (2, ""), "{told:?}");
    }
    let without = desk.run(&["tickets", "export", &number, "--to", &to]);
    assert_eq!(without.code, 2, "{without:?}");
    let nobodys = exports(&desk, "CRT-2026-9999", &[]);
    assert_eq!(
        (nobodys.code, nobodys.stdout.as_str()),
        (1, ""),
        "{nobodys:?}"
    );
    let names = super::names_in(desk.dir.path());
    assert!(
        names.iter().all(|name| !name.contains("dossier")),
        "{names:?}"
    );
    assert_eq!(reads(&desk, &number), []);
}
