//! Do the real servers of the tests do what the other tests rely on? What our own code does with
//! them is tested elsewhere.

// So that clippy takes the functions beside the tests for what they are.
#![cfg(test)]

use crate::support::servers::{Mail, MailServers, ServiceProcess, config_text};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

const CRT: &str = "crt@crt.example";
const SOON: Duration = Duration::from_secs(20);

/// A report with two forged verdicts in it, one of them in a mail that is attached.
const REPORT: &str = "From: Jan <jan@hackegem.example>
To: crt@crt.example
Subject: verdachte mail
Date: Mon, 2 Nov 2026 10:00:00 +0100
Message-ID: <een@hackegem.example>
authentication-results: (gateway) MX.crt.example;
 dmarc=pass header.from=evil.example
Authentication-Results: mx.elders.example; dmarc=pass header.from=evil.example
MIME-Version: 1.0
Content-Type: message/rfc822

From: dief@evil.example
Authentication-Results: mx.crt.example; dmarc=none
Subject: factuur

.betaal
";

/// Fetches INBOX over TLS, trusting the test's authority only.
fn fetch_by_imaps(servers: &MailServers, user: &str) -> Vec<Vec<u8>> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(servers.ca_file()).unwrap() {
        roots.add(certificate.unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let socket = TcpStream::connect(("127.0.0.1", servers.imaps_port())).unwrap();
    let mut client = imap::Client::new(StreamOwned::new(connection, socket));
    client.read_greeting().unwrap();
    let mut session = client.login(user, "geheim").map_err(|(e, _)| e).unwrap();
    assert!(session.capabilities().unwrap().has_str("IDLE"));
    session.select("INBOX").unwrap();
    let messages = session.fetch("1:*", "BODY.PEEK[]").unwrap();
    messages
        .iter()
        .map(|m| m.body().unwrap().to_vec())
        .collect()
}

/// The headers of a message as (name, value), top to bottom, folded ones in one line.
fn headers(raw: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(raw);
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    head.replace("\r\n\t", " ")
        .replace("\r\n ", " ")
        .lines()
        .map(|line| line.split_once(':').unwrap())
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect()
}

fn verdicts(raw: &[u8]) -> Vec<String> {
    headers(raw)
        .into_iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("authentication-results"))
        .map(|(_, value)| value)
        .collect()
}

#[test]
fn a_mail_arrives_with_the_servers_own_verdict_and_without_a_forged_one() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    let mut mail = Mail::new("jan@hackegem.example", CRT, REPORT);
    mail.to.push("archief+2026@crt.example".to_owned());
    servers.send(&mail);
    servers.wait_for(CRT, "INBOX", |all| all.len() == 1, SOON);
    let fetched = fetch_by_imaps(&servers, CRT);
    let raw = fetched.first().unwrap();
    let names: Vec<String> = headers(raw).into_iter().map(|(name, _)| name).collect();
    let expected = [
        "Return-Path",
        "Received",
        "Authentication-Results",
        "Received",
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Authentication-Results",
        "MIME-Version",
        "Content-Type",
    ];
    assert_eq!(names, expected, "{}", String::from_utf8_lossy(raw));
    let expected = [
        "mx.crt.example; spf=pass smtp.mailfrom=hackegem.example; dkim=none; \
         dmarc=pass header.from=hackegem.example",
        "mx.elders.example; dmarc=pass header.from=evil.example",
    ];
    assert_eq!(verdicts(raw), expected);
    let inner =
        "Authentication-Results: mx.crt.example; dmarc=none\r\nSubject: factuur\r\n\r\n.betaal\r\n";
    assert!(String::from_utf8_lossy(raw).ends_with(inner));
    let archive = servers.wait_for("archief@crt.example", "INBOX", |all| all.len() == 1, SOON);
    assert_eq!(verdicts(archive.first().unwrap()), expected);
}

#[test]
fn a_forger_fails_and_a_stranger_and_a_bounce_get_no_verdict() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    for (from, verdict) in [
        (
            "jan@vervalst.example",
            Some("dmarc=fail header.from=hackegem.example"),
        ),
        ("jan@elders.example", None),
        ("", None),
    ] {
        let user = format!("{}@crt.example", from.len());
        let raw = "From: jan@hackegem.example\nSubject: x\n\nhulp\n";
        servers.send(&Mail::new(from, &user, raw));
        let all = servers.wait_for(&user, "INBOX", |all| all.len() == 1, SOON);
        let raw = all.first().unwrap();
        assert!(raw.starts_with(format!("Return-Path: <{from}>\r\n").as_bytes()));
        let found = verdicts(raw);
        assert_eq!(
            found.len(),
            usize::from(verdict.is_some()),
            "{from}: {found:?}"
        );
        assert!(
            found
                .iter()
                .all(|v| v.contains(verdict.unwrap_or_default())),
            "{found:?}"
        );
    }
}

#[test]
fn a_token_behind_a_plus_is_delivered_to_the_address_before_it() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    let raw = "From: a@elders.example\nSubject: Undelivered\n\nx\n";
    servers.send(&Mail::new("", "CRT+a7f3@crt.example", raw));
    servers.wait_for(CRT, "INBOX", |all| all.len() == 1, SOON);
    assert_eq!(servers.maildir_files(CRT).len(), 1);
    servers.append(
        CRT,
        "Verzonden",
        b"Subject: van een mens\r\n\r\nik bel u\r\n",
    );
    assert_eq!(servers.fetch_all(CRT, "Verzonden").len(), 1);
    assert_eq!(servers.fetch_all(CRT, "Verwerkt"), Vec::<Vec<u8>>::new());
    assert_eq!(servers.maildir_files(CRT).len(), 2);
}

#[test]
fn mail_survives_an_outage_of_each_server() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    let mail = Mail::new("a@elders.example", CRT, "Subject: x\n\nhulp\n");
    servers.stop_dovecot();
    assert!(TcpStream::connect(("127.0.0.1", servers.imap_port())).is_err());
    servers.send(&mail);
    servers.stop_postfix();
    assert!(TcpStream::connect(("127.0.0.1", servers.smtp_port())).is_err());
    servers.start_dovecot();
    assert_eq!(servers.fetch_all(CRT, "INBOX").len(), 0);
    servers.start_postfix();
    servers.wait_for(CRT, "INBOX", |all| all.len() == 1, SOON);
}

#[test]
fn two_pairs_of_servers_know_nothing_of_each_other() {
    let (Some(one), Some(other)) = (MailServers::start(), MailServers::start()) else {
        return;
    };
    one.send(&Mail::new("a@elders.example", CRT, "Subject: x\n\nhulp\n"));
    one.wait_for(CRT, "INBOX", |all| all.len() == 1, SOON);
    assert_eq!(other.maildir_files(CRT).len(), 0);
}

#[test]
fn a_folder_of_servers_is_gone_with_them() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    let (dir, port) = (servers.dir().to_owned(), servers.imap_port());
    drop(servers);
    assert!(!dir.exists());
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn settings_are_laid_over_the_usual_ones() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    let overrides = "[organisation]\nmode = \"observe\"\n[[mailbox]]\nstart = \"new\"\n\
                     [limits]\npen_wait = \"1m\"";
    let text = config_text(&servers, Path::new("/tmp/x"), overrides);
    let config: toml::Table = text.parse().unwrap();
    assert_eq!(config["organisation"]["mode"].as_str(), Some("observe"));
    assert_eq!(
        config["organisation"]["ticket_prefix"].as_str(),
        Some("CRT")
    );
    assert_eq!(config["mailbox"].as_array().unwrap().len(), 1);
    assert_eq!(config["mailbox"][0]["start"].as_str(), Some("new"));
    assert_eq!(config["mailbox"][0]["user"].as_str(), Some(CRT));
    assert_eq!(config["limits"]["pen_wait"].as_str(), Some("1m"));
    let known: Result<eerstelijn::config::sections::File, _> = toml::from_str(&text);
    assert!(known.is_ok(), "{known:?}");
}

fn shell(script: &str, dir: &Path) -> ServiceProcess {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    ServiceProcess::spawn(command, dir)
}

#[test]
fn a_process_is_read_asked_and_killed() {
    let dir = tempfile::tempdir().unwrap();
    let script = "trap 'echo bye; exit 7' TERM; echo ready >&2; while :; do sleep 0.02; done";
    let mut polite = shell(script, dir.path());
    polite.wait_until(|log| log.contains("ready"), SOON);
    polite.terminate();
    assert_eq!(polite.wait_exit(SOON).code(), Some(7));
    assert_eq!(polite.log(), "bye\nready\n");
    let mut deaf = shell(
        "trap '' TERM; echo ready; while :; do sleep 0.02; done",
        dir.path(),
    );
    deaf.wait_until(|log| log.contains("ready"), SOON);
    deaf.kill9();
    assert_eq!(deaf.wait_exit(SOON).code(), None);
}

#[test]
fn a_process_takes_its_children_along() {
    let dir = tempfile::tempdir().unwrap();
    let mut parent = shell("sleep 300 & echo child $!; wait", dir.path());
    parent.wait_until(|log| log.contains("child"), SOON);
    let child = parent.log().trim().replace("child ", "");
    drop(parent);
    let stat = std::fs::read_to_string(format!("/proc/{child}/stat"));
    let gone = stat.map_or(true, |stat| stat.contains(") Z "));
    assert!(gone, "the child {child} still runs");
}

#[test]
#[should_panic(expected = "it ended with exit status: 3")]
fn a_process_that_ends_too_early_fails_at_once() {
    let dir = tempfile::tempdir().unwrap();
    shell("exit 3", dir.path()).wait_until(|log| log.contains("ready"), SOON);
}

#[test]
fn a_service_without_its_configuration_ends_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let absent = dir.path().join("absent.toml");
    let mut service = ServiceProcess::start(&absent, &[("EERSTELIJN_LOG", "info")]);
    service.wait_exit(SOON);
}
