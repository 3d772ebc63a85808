//! The core story on real servers: a report at night, first help in the reporter's mailbox, her answer
//! on the same ticket, a stranger who has only the number, nothing readable on disk or in logs.

use crate::servers::command::{on, tickets};
use crate::support::servers::{Mail, MailServers, ServiceProcess, write_config};
use eerstelijn::adapters::mail::parse::MailParserReader;
use eerstelijn::app::ports::{Extent, MailReader};
use eerstelijn::domain::intake::message::IncomingMail;
use std::path::Path;
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_secs(30);
const AN: &str = "an.peeters@hackegem.example";
const CRT: &str = "crt@crt.example";
const CANARY: &str = "KANARIEPIET";

fn mail(from: &str, to: &str, id: &str, subject: &str, headers: &str, text: &str) -> String {
    format!(
        "From: {CANARY} Peeters <{from}>\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{id}>\r\n{headers}\
         Date: Mon, 23 Nov 2026 21:40:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    )
}

fn read(raw: &[u8]) -> IncomingMail {
    MailParserReader::default().read(raw, Extent::Whole)
}

fn ready(config: &Path) -> ServiceProcess {
    let mut service = ServiceProcess::start(config, &[]);
    service.wait_until(|log| log.contains("ready"), SOON);
    service
}

/// Asks until the tickets are as wanted; there is no event to wait for from outside.
fn wait_for_tickets(
    config: &Path,
    wanted: impl Fn(&[serde_json::Value]) -> bool,
) -> Vec<serde_json::Value> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a deadline of a test against real servers"
    )]
    let started = Instant::now();
    loop {
        let found = tickets(config);
        if wanted(&found) {
            return found;
        }
        assert!(
            started.elapsed() < SOON,
            "the tickets never came: {found:?}"
        );
    }
}

#[test]
fn a_report_at_night_all_the_way_through() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    let config = write_config(&servers, "");
    let mut service = ready(&config);

    let text = format!(
        "Goeienavond,\n\nik heb op een link geklikt en mijn paswoord ingegeven. {CANARY}\n\nAn"
    );
    let report = mail(AN, CRT, "melding-1@hackegem.example", "Hulp aub", "", &text);
    servers.send(&Mail::new(AN, CRT, &report));
    let received = servers.wait_for(AN, "INBOX", |mails| !mails.is_empty(), SOON);
    let reply = read(&received[0]);
    let header = |name| reply.header(name).next().unwrap_or_default().to_owned();
    assert_eq!(header("Auto-Submitted"), "auto-replied");
    assert_eq!(reply.in_reply_to[0].as_str(), "melding-1@hackegem.example");
    assert_eq!(reply.references[0].as_str(), "melding-1@hackegem.example");
    assert_eq!(
        reply.subject,
        "Auto: Uw bericht aan het Cyber Response Team"
    );
    let first_line = reply.text.lines().next().unwrap_or_default();
    assert!(
        first_line.contains("ander toestel") && first_line.contains("wachtwoord"),
        "{first_line}"
    );
    assert!(
        !reply.text.contains("ik heb op een link") && !reply.text.contains(CANARY),
        "nothing is quoted"
    );
    assert!(reply.text.trim_end().lines().count() <= 25);
    assert!(
        !reply.text.contains("CRT-20"),
        "the attacker may be reading along"
    );

    let first = tickets(&config);
    assert_eq!(first.len(), 1);
    let number = first[0]["number"].as_str().unwrap().to_owned();
    assert_eq!(first[0]["category"], "account-compromise");

    let ours = reply.message_id.clone().unwrap();
    let thread =
        format!("In-Reply-To: <{ours}>\r\nReferences: <melding-1@hackegem.example> <{ours}>\r\n");
    let answer = mail(
        AN,
        CRT,
        "melding-2@hackegem.example",
        "Re: uw bericht",
        &thread,
        &format!(
            "Er vertrekken nu mails uit mijn naam. {CANARY}\n\nOp 23 november schreef het team:\n> Neem een ander toestel"
        ),
    );
    servers.send(&Mail::new(AN, CRT, &answer));
    servers.wait_for(CRT, "Verwerkt", |mails| mails.len() == 2, SOON);
    let shown = on(&config, &["tickets", "show", &number, "--json"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert_eq!(
        shown.stdout.matches("\"message-received\"").count(),
        2,
        "the answer is on the same ticket"
    );
    assert!(shown.stdout.contains(CANARY), "who may read it reads it");
    assert_eq!(tickets(&config).len(), 1);

    // A stranger who knows the number.
    let stranger = "nieuws@krant.example";
    let claim = mail(
        stranger,
        CRT,
        "claim@krant.example",
        &format!("Re: [{number}] stand van zaken"),
        "",
        "Wat is de stand van zaken? Onze server is gehackt.",
    );
    servers.send(&Mail::new(stranger, CRT, &claim));
    let both = wait_for_tickets(&config, |found| found.len() == 2);
    let held = both
        .iter()
        .find(|ticket| ticket["state"] == "held")
        .unwrap();
    assert_eq!(held["possibly"], number.as_str());
    let public = servers.wait_for(stranger, "INBOX", |mails| !mails.is_empty(), SOON);
    assert!(
        !read(&public[0]).text.contains("CRT-20"),
        "the number is not confirmed"
    );

    let verified = on(&config, &["audit", "verify"]);
    assert_eq!(
        (verified.code, verified.stderr.as_str()),
        (0, ""),
        "{}",
        verified.stdout
    );
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
    nothing_is_readable(config.parent().unwrap(), &service.log());
}

/// No file of the service but its settings holds a word of the report; no log line either.
fn nothing_is_readable(dir: &Path, log: &str) {
    for word in [
        CANARY,
        "an.peeters",
        "paswoord ingegeven",
        "Hulp aub",
        "krant.example",
    ] {
        assert!(!log.contains(word), "{word} is in the log:\n{log}");
        let mut files = 0;
        for entry in std::fs::read_dir(dir.join("data")).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            files += 1;
            let found = bytes
                .windows(word.len())
                .any(|window| window == word.as_bytes());
            assert!(!found, "{word} lies readable in {}", path.display());
        }
        assert!(files > 0, "there is a database to look at");
    }
}

#[test]
fn in_approve_a_person_lets_the_reply_go() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    let config = write_config(&servers, "[organisation]\nmode = \"approve\"");
    let mut service = ready(&config);
    let report = mail(
        AN,
        CRT,
        "m@hackegem.example",
        "Hulp",
        "",
        "mijn laptop is gestolen",
    );
    servers.send(&Mail::new(AN, CRT, &report));
    let found = wait_for_tickets(&config, |found| found.len() == 1);
    let number = found[0]["number"].as_str().unwrap();
    assert_eq!(found[0]["awaiting_approval"], 1);
    assert!(servers.fetch_all(AN, "INBOX").is_empty());
    let approved = on(&config, &["tickets", "approve", number]);
    assert_eq!(approved.code, 0, "{}", approved.stderr);
    servers.wait_for(AN, "INBOX", |mails| mails.len() == 1, SOON);
    service.terminate();
    service.wait_exit(SOON);
}

#[test]
fn servers_that_are_away_delay_and_lose_nothing() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    let config = write_config(&servers, "");
    let mut service = ready(&config);
    servers.stop_dovecot();
    service.wait_until(
        |log| log.contains("The connection to a mailbox ended"),
        SOON,
    );
    servers.start_dovecot();
    let report = mail(
        AN,
        CRT,
        "m@hackegem.example",
        "Hulp",
        "",
        "wij hebben een phishingmail gekregen, niet geklikt",
    );
    servers.send(&Mail::new(AN, CRT, &report));
    servers.wait_for(
        AN,
        "INBOX",
        |mails| mails.len() == 1,
        Duration::from_secs(60),
    );
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
}

#[test]
fn a_second_service_on_the_same_data_is_refused() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    let config = write_config(&servers, "");
    let mut first = ready(&config);
    let mut second = ServiceProcess::start(&config, &[]);
    assert_eq!(second.wait_exit(SOON).code(), Some(1));
    assert!(
        second.log().contains("another service is running"),
        "{}",
        second.log()
    );
    first.terminate();
    assert!(first.wait_exit(SOON).success());
}
