//! Who answers from the mailbox itself, on a real Dovecot: the folder for sent mail is read before the mailbox, by
//! IMAP with IDLE.

use crate::servers::command::on;
use crate::support::servers::{Mail, MailServers, ServiceProcess, write_config};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(40);
const AN: &str = "an.peeters@hackegem.example";
const CRT: &str = "crt@crt.example";

fn mail(from: &str, to: &str, id: &str, headers: &str, text: &str) -> String {
    format!(
        "From: {from}\r\nTo: {to}\r\nSubject: Hulp\r\nMessage-ID: <{id}>\r\n{headers}\
         Date: Mon, 23 Nov 2026 21:40:00 +0100\r\n\r\n{text}\r\n"
    )
}

/// An reports, and the bot answers.
fn gets_first_help(servers: &MailServers) {
    let text = "ik heb op een link geklikt en mijn paswoord ingegeven";
    let report = mail(AN, CRT, "een@hackegem.example", "", text);
    servers.send(&Mail::new(AN, CRT, &report));
    servers.wait_for(AN, "INBOX", |mails| mails.len() == 1, SOON);
}

#[test]
fn an_answer_in_the_folder_for_sent_mail_silences_the_bot() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    let config = write_config(&servers, "[[mailbox]]\nsent_folder = \"Verzonden\"\n");
    let mut service = ServiceProcess::start(&config, &[]);
    service.wait_until(|log| log.contains("A mailbox is open"), SOON);
    gets_first_help(&servers);
    // A colleague answers with Outlook; then she writes again.
    let answer = mail(
        CRT,
        AN,
        "outlook@crt.example",
        "In-Reply-To: <een@hackegem.example>\r\n",
        "ik bel u binnen vijf minuten",
    );
    servers.append(CRT, "Verzonden", answer.as_bytes());
    let again = mail(
        AN,
        CRT,
        "twee@hackegem.example",
        "In-Reply-To: <outlook@crt.example>\r\n",
        "er vertrekken nu mails uit mijn naam",
    );
    servers.send(&Mail::new(AN, CRT, &again));
    let shown = || on(&config, &["tickets", "show", "CRT-2026-0001"]).stdout;
    servers.wait_for(
        AN,
        "INBOX",
        |_| shown().contains("er vertrekken nu mails"),
        SOON,
    );
    let story = shown();
    for part in ["from the mailbox itself", "> ik bel u", "human-speaks"] {
        assert!(story.contains(part), "{part} in {story}");
    }
    assert_eq!(servers.fetch_all(AN, "INBOX").len(), 1, "the first help");
    assert_eq!(
        servers.fetch_all(CRT, "Verzonden").len(),
        1,
        "nothing is moved there"
    );
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
    let verified = on(&config, &["audit", "verify"]);
    assert_eq!(verified.code, 0, "{}", verified.stdout);
}

#[test]
fn a_folder_that_is_not_there_is_said_and_the_mailbox_is_read_all_the_same() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    let config = write_config(&servers, "[[mailbox]]\nsent_folder = \"Bestaat niet\"\n");
    let checked = on(&config, &["check"]);
    assert_eq!(checked.code, 1);
    assert!(
        checked.stdout.contains("no such folder"),
        "{}",
        checked.stdout
    );
    let mut service = ServiceProcess::start(&config, &[]);
    service.wait_until(
        |log| log.contains("The folder for sent mail can't be read"),
        SOON,
    );
    gets_first_help(&servers);
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
}
