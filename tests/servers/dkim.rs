//! The own check of signatures: a real name server holds the keys, another implementation signs.

use crate::servers::command::{eerstelijn, on, tickets};
use crate::support::servers::dns::{DkimKey, How, NameServer};
use crate::support::servers::{Mail, MailServers, ServiceProcess, write_config};
use eerstelijn::adapters::mail::dkim::DnsDkimVerifier;
use eerstelijn::adapters::mail::parse::MailParserReader;
use eerstelijn::app::ports::mail::DkimVerifier;
use eerstelijn::app::ports::{Extent, MailReader};
use eerstelijn::domain::address::EmailAddress;
use eerstelijn::domain::intake::sender::Verdict;
use std::time::Duration;
use tempfile::TempDir;

const AN: &str = "an@hackegem.example";
const CRT: &str = "crt@crt.example";
const SOON: Duration = Duration::from_secs(30);

fn report(id: &str) -> Vec<u8> {
    format!(
        "From: An Peeters <{AN}>\r\nTo: {CRT}\r\nSubject: Verdachte mail\r\nMessage-ID: <{id}@hackegem.example>\r\n\
         Date: Mon, 23 Nov 2026 21:40:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         Dag,\r\n\r\nwij kregen een valse factuur en een collega heeft de bijlage geopend.\r\n\r\nAn\r\n"
    )
    .into_bytes()
}

fn with(mail: &[u8], what: &str, instead: &str) -> Vec<u8> {
    let text = std::str::from_utf8(mail).unwrap();
    assert!(text.contains(what), "{what} isn't in the mail");
    text.replacen(what, instead, 1).into_bytes()
}

/// The signature alone, as a field.
fn signature(key: &DkimKey, mail: &[u8]) -> String {
    let mut signed = key.sign(mail, How::USUAL);
    signed.truncate(signed.len() - mail.len());
    String::from_utf8(signed).unwrap()
}

async fn verdict(verifier: &DnsDkimVerifier, mail: &[u8], from: &str) -> Verdict {
    verifier
        .verify(mail, &EmailAddress::parse(from).unwrap())
        .await
}

/// Keys of towns, each in its own state.
struct Keys {
    usual: DkimKey,
    house: DkimKey,
    small: DkimKey,
    trying: DkimKey,
    revoked: DkimKey,
    absent: DkimKey,
    provider: DkimKey,
}

impl Keys {
    fn new(dir: &TempDir) -> Option<Self> {
        let key = |kind, selector, domain| DkimKey::new(dir, kind, selector, domain);
        Some(Self {
            usual: key("rsa", "s1", "hackegem.example")?,
            house: key("rsa", "s1", "mail.hackegem.example")?,
            small: key("ed25519", "s2", "hackegem.example")?,
            trying: key("rsa", "s3", "hackegem.example")?,
            revoked: key("rsa", "s4", "hackegem.example")?,
            absent: key("rsa", "s5", "hackegem.example")?,
            provider: key("rsa", "s1", "mailhuis.example")?,
        })
    }

    fn records(&self) -> Vec<(String, String)> {
        vec![
            self.usual.record(),
            self.house.record(),
            self.small.record(),
            self.trying.record_with("v=DKIM1; t=y"),
            self.revoked.revoked(),
            self.provider.record(),
        ]
    }
}

const BY_PART: How = How {
    extent: "length",
    ..How::USUAL
};
const BY_SHA1: How = How {
    algorithm: "rsa-sha1",
    ..How::USUAL
};
const BY_ED25519: How = How {
    algorithm: "ed25519-sha256",
    ..How::USUAL
};
const WITHOUT_SUBJECT: How = How {
    headers: "from,to,date",
    ..How::USUAL
};

#[tokio::test]
async fn what_a_signature_proves() {
    let dir = TempDir::new().unwrap();
    let Some(keys) = Keys::new(&dir) else { return };
    let names = NameServer::start(&keys.records());
    let verifier = DnsDkimVerifier::asking(&[names.address()]).unwrap();
    let mail = report("1");
    let Keys {
        usual,
        house,
        small,
        trying,
        revoked,
        absent,
        provider,
    } = &keys;
    for (signer, by, how, expected) in [
        ("usual", usual, How::USUAL, Verdict::Pass),
        (
            "another house of the same town",
            house,
            How::USUAL,
            Verdict::Pass,
        ),
        ("Ed25519 (RFC 8463)", small, BY_ED25519, Verdict::Pass),
        (
            "the mail provider's alone",
            provider,
            How::USUAL,
            Verdict::None,
        ),
        ("SHA-1", usual, BY_SHA1, Verdict::None),
        ("a part of the body", usual, BY_PART, Verdict::None),
        (
            "a subject that isn't covered",
            usual,
            WITHOUT_SUBJECT,
            Verdict::None,
        ),
        ("a key under test", trying, How::USUAL, Verdict::None),
        (
            "a key that was revoked",
            revoked,
            How::USUAL,
            Verdict::Neutral,
        ),
        (
            "a key that isn't there",
            absent,
            How::USUAL,
            Verdict::Neutral,
        ),
    ] {
        let signed = by.sign(&mail, how);
        assert_eq!(verdict(&verifier, &signed, AN).await, expected, "{signer}");
    }
    let asked = names.asked_for();
    let of_the_town = |name: &String| name.ends_with(".hackegem.example");
    assert!(asked.iter().all(of_the_town), "{asked:?}");
}

#[tokio::test]
async fn what_breaks_a_signature() {
    let dir = TempDir::new().unwrap();
    let Some(keys) = Keys::new(&dir) else { return };
    let names = NameServer::start(&keys.records());
    let verifier = DnsDkimVerifier::asking(&[names.address()]).unwrap();
    let mail = report("1");
    let signed = keys.usual.sign(&mail, How::USUAL);
    let on_top = |field: &str| [field.as_bytes(), &signed].concat();
    let unix = signed.iter().copied().filter(|byte| *byte != b'\r');
    for (case, mail, expected) in [
        ("line ends of a file", unix.collect(), Verdict::Pass),
        (
            "a trial beside it",
            on_top(&signature(&keys.trying, &mail)),
            Verdict::Pass,
        ),
        (
            "a changed body",
            with(&signed, "valse factuur", "echte factuur"),
            Verdict::Fail,
        ),
        (
            "a changed subject",
            with(&signed, "Verdachte", "Gewone"),
            Verdict::Fail,
        ),
        (
            "a banner of the border",
            with(&signed, "Dag,", "[EXTERN]\r\nDag,"),
            Verdict::Fail,
        ),
        (
            "a second subject",
            on_top("Subject: Dringend\r\n"),
            Verdict::Neutral,
        ),
        (
            "the same, with a blank",
            on_top("Subject : Dringend\r\n"),
            Verdict::Neutral,
        ),
        (
            "a second kind of body",
            on_top("Content-Type: text/html\r\n"),
            Verdict::Neutral,
        ),
        (
            "a line that is no field",
            on_top("Dringend\r\n"),
            Verdict::Neutral,
        ),
        (
            "an addressee with a blank",
            on_top("Cc : crt@crt.example\r\n"),
            Verdict::Neutral,
        ),
        (
            "a line that begins for us alone",
            with(&signed, "valse factuur", "valse\r factuur"),
            Verdict::Neutral,
        ),
        ("no signature", mail.clone(), Verdict::None),
    ] {
        assert_eq!(verdict(&verifier, &mail, AN).await, expected, "{case}");
    }
}

/// One key of the town, in the DNS that is asked.
fn one_key(dir: &TempDir) -> Option<(DkimKey, NameServer, DnsDkimVerifier)> {
    let key = DkimKey::new(dir, "rsa", "s1", "hackegem.example")?;
    let names = NameServer::start(&[key.record()]);
    let verifier = DnsDkimVerifier::asking(&[names.address()]).unwrap();
    Some((key, names, verifier))
}

/// Another boundary would show another mail in the same bytes.
#[tokio::test]
async fn where_there_are_parts_it_covers_where_they_begin() {
    let dir = TempDir::new().unwrap();
    let Some((key, _names, verifier)) = one_key(&dir) else {
        return;
    };
    let mail = with(
        &report("1"),
        "text/plain; charset=utf-8\r\n",
        "multipart/mixed; boundary=a\r\n",
    );
    let mail = with(&mail, "Dag,", "--a\r\n\r\nDag,");
    let covering = How {
        headers: "from,to,subject,date,message-id,content-type",
        ..How::USUAL
    };
    let signed = key.sign(&mail, covering);
    assert_eq!(verdict(&verifier, &signed, AN).await, Verdict::Pass);
    let signed = key.sign(&mail, How::USUAL);
    assert_eq!(verdict(&verifier, &signed, AN).await, Verdict::None);
}

/// The time that a check takes grows with the square of their number.
#[tokio::test]
async fn a_signature_over_very_many_fields_is_not_looked_at() {
    let dir = TempDir::new().unwrap();
    let Some((key, names, verifier)) = one_key(&dir) else {
        return;
    };
    let mail = report("1");
    let field = signature(&key, &mail);
    let covering = |most: usize, length: usize| {
        let more: Vec<String> = (0..most)
            .map(|n| format!("x{n}{}", "y".repeat(length)))
            .collect();
        // Not the `bh=` beside it: the body's hash stays right, so that the key would be asked for.
        let wide = field
            .replace("bh=", "BH")
            .replace("h=", &format!("h={}:", more.join(":")));
        [wide.replace("BH", "bh=").as_bytes(), &mail].concat()
    };
    for mail in [covering(200, 1), covering(2, 9_000)] {
        assert_eq!(verdict(&verifier, &mail, AN).await, Verdict::None);
    }
    assert_eq!(names.asked_for(), [""; 0]);
    // A few more are looked at: they weren't signed.
    assert_eq!(verdict(&verifier, &covering(2, 1), AN).await, Verdict::Fail);
    assert_eq!(names.asked_for().len(), 1);
}

#[tokio::test]
async fn whoever_writes_many_signatures_makes_us_ask_four_times() {
    let dir = TempDir::new().unwrap();
    let Some((key, names, verifier)) = one_key(&dir) else {
        return;
    };
    let mail = report("1");
    let field = signature(&key, &mail);
    let fields: String = (0..300)
        .map(|n| field.replace("s=s1;", &format!("s=x{n};")))
        .collect();
    let mail = [fields.as_bytes(), &mail].concat();
    assert_eq!(verdict(&verifier, &mail, AN).await, Verdict::Neutral);
    let mut asked = names.asked_for();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), 4, "{asked:?}");
}

#[tokio::test]
async fn a_name_server_that_is_silent_leaves_it_open() {
    let dir = TempDir::new().unwrap();
    let Some(key) = DkimKey::new(&dir, "rsa", "s1", "hackegem.example") else {
        return;
    };
    // Takes every question and never answers.
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let verifier = DnsDkimVerifier::asking(&[silent.local_addr().unwrap()]).unwrap();
    let signed = key.sign(&report("1"), How::USUAL);
    assert_eq!(verdict(&verifier, &signed, AN).await, Verdict::Neutral);
    let questions = || {
        silent.set_nonblocking(true).unwrap();
        let mut question = [0; 512];
        std::iter::from_fn(|| silent.recv(&mut question).ok()).count()
    };
    assert_ne!(questions(), 0);
    // Who wrote after him doesn't wait for it again.
    assert_eq!(verdict(&verifier, &signed, AN).await, Verdict::Neutral);
    assert_eq!(questions(), 0);
    assert!(!verifier.answers("crt.example").await);
}

#[test]
fn a_constituent_is_proven_without_a_word_of_the_border() {
    let dir = TempDir::new().unwrap();
    let Some(key) = DkimKey::new(&dir, "rsa", "s1", "hackegem.example") else {
        return;
    };
    let Some(servers) = MailServers::start() else {
        return;
    };
    let names = NameServer::start(&[key.record()]);
    let overrides = format!(
        "[[mailbox]]\ntrusted_authserv_ids = []\n[dkim]\nnameservers = [\"{}\"]\n",
        names.address()
    );
    let config = write_config(&servers, &overrides);
    let checked = on(&config, &["check"]);
    assert!(
        checked.stdout.contains("a name server answers"),
        "{}",
        checked.stdout
    );
    assert!(
        !checked.stdout.contains("no sender can be proven"),
        "{}",
        checked.stdout
    );

    let mut service = ServiceProcess::start(&config, &[]);
    service.wait_until(|log| log.contains("ready"), SOON);
    let send = |from: &str, mail: &[u8]| {
        servers.send(&Mail::new(from, CRT, std::str::from_utf8(mail).unwrap()));
    };
    let signed = key.sign(&report("getekend"), How::USUAL);
    send(AN, &signed);
    send(
        "bart@hackegem.example",
        &with(&report("zonder"), AN, "bart@hackegem.example"),
    );
    // Whoever isn't listed can't make us ask for names of his choice.
    send(
        "c@vreemd.example",
        &with(
            &key.sign(&report("vreemd"), How::USUAL),
            AN,
            "c@vreemd.example",
        ),
    );

    let reply_to = |who: &str| {
        let received = servers.wait_for(who, "INBOX", |mails| !mails.is_empty(), SOON);
        MailParserReader::default().read(&received[0], Extent::Whole)
    };
    let (proven, unproven) = (reply_to(AN), reply_to("bart@hackegem.example"));
    servers.wait_for("c@vreemd.example", "INBOX", |mails| !mails.is_empty(), SOON);
    let numbers: Vec<String> = tickets(&config)
        .iter()
        .filter_map(|ticket| ticket["number"].as_str().map(str::to_owned))
        .collect();
    assert!(
        numbers.iter().any(|number| proven.text.contains(number)),
        "{}",
        proven.text
    );
    assert!(
        !numbers.iter().any(|number| unproven.text.contains(number)),
        "{}",
        unproven.text
    );
    let asked = names.asked_for();
    assert!(
        asked.iter().all(|name| !name.contains("vreemd")),
        "{asked:?}"
    );
    let file = config.with_file_name("mail.eml");
    std::fs::write(&file, &signed).unwrap();
    let seen = eerstelijn(
        &[
            "--config",
            config.to_str().unwrap(),
            "triage",
            "--json",
            "--ask-dns",
            file.to_str().unwrap(),
        ],
        b"",
    );
    let seen: serde_json::Value = serde_json::from_str(&seen.stdout).unwrap();
    assert_eq!(seen["authentication"]["dkim"], "pass");
    assert_eq!(seen["authentication"]["dmarc"], "unchecked");

    // The DNS isn't asked again.
    drop(names);
    let number = numbers.iter().find(|number| proven.text.contains(*number));
    let again = on(&config, &["replay", "--then", "--json", number.unwrap()]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    let again: serde_json::Value = serde_json::from_str(&again.stdout).unwrap();
    assert_eq!(again["messages"][0]["differences"], serde_json::json!([]));
}
