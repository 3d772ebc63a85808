//! Logging in with access tokens that a command prints (Microsoft 365, Google), on a real Dovecot that checks
//! them, for reading and for sending.

use crate::servers::command::on;
use crate::support::servers::{Dovecot, Mail, MailServers, ServiceProcess, write_config};
use std::path::{Path, PathBuf};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(40);
const AN: &str = "an.peeters@hackegem.example";
const BART: &str = "bart.claes@hackegem.example";
const CRT: &str = "crt@crt.example";
/// Moments after which a token is worth nothing, in seconds since 1970: 2001, and 2096.
const OLD: u64 = 1_000_000_000;
const FRESH: u64 = 4_000_000_000;

/// Settings that log in with whatever token stands in a file.
fn with_tokens(servers: &MailServers) -> (PathBuf, PathBuf) {
    let token = servers.dir().join("token");
    let command = format!("token_command = [\"cat\", \"{}\"]", token.display());
    let config = write_config(
        servers,
        &format!(
            "[[mailbox]]\nauth = \"xoauth2\"\n{command}\n\
             [smtp]\nuser = \"{CRT}\"\nauth = \"xoauth2\"\n{command}\n"
        ),
    );
    let text = std::fs::read_to_string(&config).unwrap();
    let kept: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("password_file"))
        .collect();
    std::fs::write(&config, kept.join("\n")).unwrap();
    (config, token)
}

fn report(servers: &MailServers, from: &str, id: &str) {
    let mail = format!(
        "From: <{from}>\r\nTo: {CRT}\r\nSubject: {id}\r\nMessage-ID: <{id}@hackegem.example>\r\n\
         Date: Mon, 23 Nov 2026 21:40:00 +0100\r\n\r\n\
         ik heb op een link geklikt en mijn paswoord ingegeven, dit is melding {id}\r\n"
    );
    servers.send(&Mail::new(from, CRT, &mail));
}

fn put(token: &Path, until: u64) {
    std::fs::write(token, Dovecot::token(CRT, until)).unwrap();
}

#[test]
fn reading_and_sending_log_in_with_a_token_that_is_asked_for_anew() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    let (config, token) = with_tokens(&servers);
    let refused = on(&config, &["check"]);
    assert_eq!(refused.code, 1);
    assert!(
        refused
            .stdout
            .contains("mailbox[0].token_command: the token command ended with exit code 1;")
            && refused
                .stdout
                .contains("smtp.token_command: the token command ended with exit code 1;"),
        "{}",
        refused.stdout
    );
    put(&token, OLD);
    let refused = on(&config, &["check"]);
    for said in [
        "the server refused the login",
        "smtp.user: refuses the login",
    ] {
        assert!(refused.stdout.contains(said), "{}", refused.stdout);
    }

    put(&token, FRESH);
    let good = on(&config, &["check"]);
    assert!(!good.stdout.contains("login"), "{}", good.stdout);
    let mut service = ServiceProcess::start(&config, &[]);
    service.wait_until(|log| log.contains("ready"), SOON);
    report(&servers, AN, "een");
    servers.wait_for(AN, "INBOX", |mails| mails.len() == 1, SOON);
    let logs = servers.logs();
    assert!(logs.contains("sasl_method=XOAUTH2"), "{logs}");

    // The connection ends when no fresh token can be had; it comes back with one.
    put(&token, OLD);
    servers.stop_dovecot();
    servers.start_dovecot();
    service.wait_until(|log| log.contains("the server refused the login"), SOON);
    put(&token, FRESH);
    report(&servers, BART, "twee");
    servers.wait_for(BART, "INBOX", |mails| mails.len() == 1, SOON);
    let stood = std::fs::read_to_string(&token).unwrap();
    assert!(!service.log().contains(&stood), "a token stands in the log");
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
}
