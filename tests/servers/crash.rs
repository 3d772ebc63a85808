//! Kill -9 at each crash point, on real servers: nothing lost, no second reply with another Message-ID.

use crate::servers::command::{on, tickets};
use crate::support::servers::{Mail, MailServers, ServiceProcess, write_config};
use eerstelijn::adapters::mail::parse::MailParserReader;
use eerstelijn::app::faults::CrashPoint;
use eerstelijn::app::ports::{Extent, MailReader};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(40);
const AN: &str = "an.peeters@hackegem.example";
const CRT: &str = "crt@crt.example";

const REPORT: &str = "From: An <an.peeters@hackegem.example>\r\nTo: crt@crt.example\r\nSubject: Hulp\r\n\
    Message-ID: <melding@hackegem.example>\r\nDate: Mon, 23 Nov 2026 21:40:00 +0100\r\n\r\n\
    ik heb op een link geklikt en mijn paswoord ingegeven\r\n";

#[test]
fn killed_at_each_point_and_restarted() {
    for point in CrashPoint::ALL {
        killed_at(*point);
    }
}

fn killed_at(point: CrashPoint) {
    let Some(servers) = MailServers::start() else {
        return;
    };
    let config = write_config(&servers, "");
    let mut service = ServiceProcess::start(&config, &[("EERSTELIJN_HALT_AT", point.as_str())]);
    service.wait_until(|log| log.contains("ready"), SOON);
    servers.send(&Mail::new(AN, CRT, REPORT));
    service.wait_until(|log| log.contains(&format!("halted at {point}")), SOON);
    service.kill9();
    let in_hand = in_hand(&config.with_file_name("data").join("eerstelijn.db"));

    let mut service = ServiceProcess::start(&config, &[]);
    // Moved away: decided, and everything that it caused has left.
    servers.wait_for(CRT, "Verwerkt", |mails| mails.len() == 1, SOON);
    let received = servers.wait_for(AN, "INBOX", |mails| !mails.is_empty(), SOON);
    let reader = MailParserReader::default();
    let ids: BTreeSet<String> = received
        .iter()
        .filter_map(|raw| reader.read(raw, Extent::Whole).message_id)
        .map(|id| id.to_string())
        .collect();
    assert_eq!(ids.len(), 1, "{point}: replies with different Message-IDs");
    // Only between the server's yes and our note of it is a copy unavoidable; while the point is one of
    // deciding, the part that sends may be just there.
    let most = match point {
        CrashPoint::BeforeSend | CrashPoint::Recorded => 1,
        _ => 1 + in_hand,
    };
    assert!(received.len() <= most, "{point}: {} copies", received.len());
    assert_eq!(tickets(&config).len(), 1, "{point}");
    assert!(
        servers.fetch_all(CRT, "INBOX").is_empty(),
        "{point}: the original was left behind"
    );
    let verified = on(&config, &["audit", "verify"]);
    assert_eq!(verified.code, 0, "{point}: {}", verified.stdout);
    service.terminate();
    assert!(
        service.wait_exit(SOON).success(),
        "{point}: {}",
        service.log()
    );
}

/// How many mails the dead service had taken to send and not yet noted.
fn in_hand(database: &Path) -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let count: i64 = runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(database);
        let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query_scalar("SELECT count(*) FROM outbox WHERE route = 'mail' AND state = 'sending'")
            .fetch_one(&mut conn)
            .await
            .unwrap()
    });
    usize::try_from(count).unwrap()
}
