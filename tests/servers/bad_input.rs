//! Bad input gives a clear sentence and an exit code, and the service survives it.

use crate::servers::command::{eerstelijn, on, tickets};
use crate::support::servers::{Mail, MailServers, ServiceProcess, write_config};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(60);
const AN: &str = "an.peeters@hackegem.example";
const CRT: &str = "crt@crt.example";

#[test]
fn commands_say_what_is_wrong_and_what_to_do() {
    for (arguments, input, code, said) in [
        (&["foo"][..], &b""[..], 2, "unrecognized subcommand 'foo'"),
        (&["tickets", "show"], b"", 2, "<NUMBER>"),
        (
            &["--config", "missing.toml", "run"],
            b"",
            2,
            "can't read missing.toml",
        ),
        (&["triage", "missing.eml"], b"", 1, "can't read missing.eml"),
        (&["triage"], b"", 1, "the mail is empty"),
        (&["triage", "-"], b"\n\n", 1, "the mail is empty"),
        (
            &["triage", "--jsonl"],
            b"{\"id\":\"1\"}\n",
            1,
            "line 1 is not what --jsonl expects",
        ),
        (&["ask", " "], b"", 2, "the question is empty"),
    ] {
        let outcome = eerstelijn(arguments, input);
        assert_eq!(outcome.code, code, "{arguments:?}: {}", outcome.stderr);
        assert!(
            outcome.stderr.contains(said),
            "{arguments:?}: {}",
            outcome.stderr
        );
        assert!(
            outcome.stdout.is_empty(),
            "{arguments:?}: {}",
            outcome.stdout
        );
    }
}

#[test]
fn odd_mails_are_triaged_with_a_note() {
    let huge = [
        b"From: a@x.example\r\nTo: c@x.example\r\n\r\nonze server is gehackt ".to_vec(),
        vec![b'a'; 30 * 1024 * 1024],
    ]
    .concat();
    for (mail, said) in [
        (b"To: c@x.example\r\n\r\nonze server is gehackt".to_vec(), "names no sender"),
        (b"From: a@x.example\r\nFrom: b@x.example\r\n\r\nonze server is gehackt".to_vec(), "names several senders"),
        (b"From: a@x.example\r\nContent-Type: text/plain; charset=klingon\r\n\r\nonze server is gehackt \xff".to_vec(), "character set"),
        (huge, "larger than 25 MB"),
    ] {
        let outcome = eerstelijn(&["triage", "--json"], &mail);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        assert!(outcome.stderr.contains(said), "{said}: {}", outcome.stderr);
        let object: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
        assert_eq!(object["category"], "intrusion", "{said}");
    }
}

#[test]
fn a_wrong_setting_is_named_with_its_path() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    for (overrides, code, said) in [
        ("[organisation]\nnaam = \"x\"", 2, "organisation.naam"),
        ("[[mailbox]]\nport = \"x\"", 2, "mailbox[0].port"),
        ("[smtp]\nhost = \"mx.elsewhere.example\"", 2, "smtp.tls"),
        (
            "[store]\nkey_file = \"/nowhere/key\"",
            2,
            "store.key_file: names a file that isn't there, /nowhere/key",
        ),
    ] {
        let config = write_config(&servers, overrides);
        for command in ["run", "check"] {
            let outcome = on(&config, &[command]);
            assert_eq!(
                outcome.code, code,
                "{command} {overrides}: {}",
                outcome.stderr
            );
            assert!(
                outcome.stderr.contains(said),
                "{command} {overrides}: {}",
                outcome.stderr
            );
        }
    }
}

#[test]
fn check_finds_each_fault_and_names_the_remedy() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    let good = on(&write_config(&servers, ""), &["check"]);
    assert_eq!(good.code, 0, "{}{}", good.stdout, good.stderr);

    let config = write_config(&servers, "");
    std::fs::write(config.with_file_name("password"), "verkeerd").unwrap();
    let wrong_password = on(&config, &["check"]);
    assert_eq!(wrong_password.code, 1);
    assert!(
        wrong_password.stdout.contains("password"),
        "{}",
        wrong_password.stdout
    );

    let config = write_config(&servers, "[[mailbox]]\nport = 1\n[smtp]\nport = 1");
    let unreachable = on(&config, &["check"]);
    assert_eq!(unreachable.code, 1);
    assert_eq!(
        unreachable.stdout.matches("BAD ").count(),
        2,
        "{}",
        unreachable.stdout
    );

    let config = write_config(&servers, "");
    std::fs::write(config.with_file_name("master.key"), "geen sleutel").unwrap();
    let no_key = on(&config, &["check"]);
    assert_eq!(no_key.code, 1);
    assert!(no_key.stdout.contains("keys new"), "{}", no_key.stdout);
}

#[test]
fn a_key_is_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("key");
    let file = file.to_str().unwrap();
    assert_eq!(eerstelijn(&["keys", "new", file], b"").code, 0);
    let before = std::fs::read(file).unwrap();
    let again = eerstelijn(&["keys", "new", file], b"");
    assert_eq!(again.code, 1);
    assert!(
        again.stderr.contains("never overwritten"),
        "{}",
        again.stderr
    );
    assert_eq!(std::fs::read(file).unwrap(), before);
}

#[test]
fn the_service_survives_every_odd_mail_and_keeps_it() {
    let Some(servers) = MailServers::start() else {
        return;
    };
    let config = write_config(&servers, "");
    let mut service = ServiceProcess::start(&config, &[]);
    service.wait_until(|log| log.contains("ready"), SOON);
    let huge = [
        b"From: a@hackegem.example\r\nTo: crt@crt.example\r\n\r\nonze server is gehackt ".to_vec(),
        vec![b'a'; 30 * 1024 * 1024],
    ]
    .concat();
    let odd: [&[u8]; 6] = [
        b"\r\n\r\n",
        b"To: crt@crt.example\r\n\r\nonze server is gehackt\r\n",
        b"From: a@hackegem.example\r\nFrom: b@hackegem.example\r\nTo: crt@crt.example\r\n\r\nonze server is gehackt\r\n",
        b"From: a@hackegem.example\r\nTo: crt@crt.example\r\nContent-Type: text/plain; charset=klingon\r\n\r\nonze server is gehackt \xff\r\n",
        b"\xff\xfe\x01garbage\r\n",
        &huge,
    ];
    for raw in odd {
        servers.append(CRT, "INBOX", raw);
    }
    let report = "From: An <an.peeters@hackegem.example>\r\nTo: crt@crt.example\r\nSubject: Hulp\r\n\
        Message-ID: <m@hackegem.example>\r\n\r\nmijn laptop is gestolen\r\n";
    servers.send(&Mail::new(AN, CRT, report));
    servers.wait_for(AN, "INBOX", |mails| mails.len() == 1, SOON);
    assert_eq!(
        tickets(&config).len(),
        odd.len() + 1,
        "each has a ticket that a human can see"
    );
    // Only what was answered leaves the inbox: the report, and the odd mail with a sender and a text.
    servers.wait_for(CRT, "Verwerkt", |mails| mails.len() == 2, SOON);
    assert_eq!(servers.fetch_all(CRT, "INBOX").len(), odd.len() - 1);
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
}
