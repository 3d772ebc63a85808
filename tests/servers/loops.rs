//! Programs that answer every mail, and the bot beside them: it ends after one reply. Real Postfix, which runs
//! the answering program, and a second bot.

use crate::servers::command::{on, tickets};
use crate::support::servers::{Mail, MailServers, ServiceProcess, write_config};
use std::path::Path;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(60);
const CRT: &str = "crt@crt.example";
/// The team of another country, with the same program.
const OTHER: &str = "crt@csirt.example";

fn report(from: &str, to: &str) -> String {
    format!(
        "From: <{from}>\r\nTo: {to}\r\nSubject: Hulp\r\nMessage-ID: <melding.{from}>\r\n\
         Date: Mon, 23 Nov 2026 21:40:00 +0100\r\n\r\n\
         ik heb op een link geklikt en mijn paswoord ingegeven\r\n"
    )
}

fn ready(config: &Path) -> ServiceProcess {
    let mut service = ServiceProcess::start(config, &[]);
    service.wait_until(|log| log.contains("A mailbox is open"), SOON);
    service
}

/// Everything that has arrived is decided, and everything that was written has left.
fn is_at_rest(config: &Path) -> bool {
    let listed = on(config, &["tickets", "list", "--json"]);
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    listed["undecided"] == 0 && listed["unsent"] == 0
}

#[test]
fn whatever_answers_by_itself_gets_one_reply() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    let config = write_config(&servers, "[smtp]\nplus_addressing = true\n");
    let mut service = ready(&config);
    let forms = ["vacation", "exchange", "oud", "loket"];
    for form in forms {
        let from = format!("{form}@afwezig.example");
        servers.send(&Mail::new(&from, CRT, &report(&from, CRT)));
    }
    // Each ticket holds its report and the answer of the program to the first help.
    let story = |n: usize| on(&config, &["tickets", "show", &format!("CRT-2026-000{n}")]).stdout;
    let answered = |n: usize| {
        let story = story(n);
        story.matches("message-received").count() + story.matches("machine-heard").count() == 2
    };
    let all_came = |_: &[Vec<u8>]| (1..=forms.len()).all(answered) && is_at_rest(&config);
    servers.wait_for(CRT, "INBOX", all_came, SOON);
    assert_eq!(tickets(&config).len(), forms.len());
    for form in forms {
        assert_eq!(servers.auto_replied(form), 1, "{form}");
    }
    let sent = service.log().matches(" sent outbox=").count();
    assert_eq!(sent, forms.len(), "{}", service.log());
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
}

#[test]
fn two_bots_that_write_to_each_other_end_after_one_reply() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    let config = write_config(&servers, "");
    let other = write_config(
        &servers,
        &format!(
            "[organisation]\naddress = \"{OTHER}\"\n\
             [[mailbox]]\nuser = \"{OTHER}\"\nown_addresses = [\"{OTHER}\"]\n\
             [smtp]\nfrom = \"{OTHER}\"\nbounce_address = \"{OTHER}\"\n"
        ),
    );
    let mut bots = [ready(&config), ready(&other)];
    // Somebody who knows both forges a report of one to the other.
    servers.send(&Mail::new(
        "iemand@elders.example",
        CRT,
        &report(OTHER, CRT),
    ));
    let heard = |_: &[Vec<u8>]| {
        // Moved away: the other one has decided that a machine wrote it.
        servers.fetch_all(OTHER, "Verwerkt").len() == 1 && is_at_rest(&other) && is_at_rest(&config)
    };
    servers.wait_for(OTHER, "INBOX", heard, SOON);
    let sent = |bot: &ServiceProcess| bot.log().matches(" sent outbox=").count();
    assert_eq!(sent(&bots[0]), 1, "the one first help");
    assert_eq!(sent(&bots[1]), 0, "no bot answers a bot");
    for bot in &mut bots {
        bot.terminate();
        assert!(bot.wait_exit(SOON).success(), "{}", bot.log());
    }
}
