//! What sending does against servers that answer by script.

use crate::adapters::mail::login::Password;
use crate::adapters::mail::smtp::*;
use crate::adapters::mail::token::TokenCommand;
use crate::domain::address::EmailAddress;
use data_encoding::BASE64;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

fn settings(port: u16, tls: Tls) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        tls,
        ca_file: None,
        login: None,
        hello_name: "bot.crt.example".to_owned(),
    }
}

fn mail() -> OutgoingMail {
    OutgoingMail {
        envelope_from: None,
        to: EmailAddress::parse("an@hackegem.example").unwrap(),
        bytes: b"Subject: x\r\n\r\nhallo\r\n".to_vec(),
    }
}

/// A server that answers each command by its first word, and says what it was sent.
#[expect(clippy::disallowed_methods, reason = "a server for one test")]
fn server(answers: &'static [(&'static str, &'static str)]) -> (u16, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let said = Arc::new(Mutex::new(String::new()));
    let shared = Arc::clone(&said);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            answer(&mut stream.unwrap(), answers, &shared);
        }
    });
    (port, said)
}

/// One connection of the server.
fn answer(
    stream: &mut std::net::TcpStream,
    answers: &'static [(&'static str, &'static str)],
    shared: &Mutex<String>,
) {
    {
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let mut in_data = false;
        let mut lines = BufReader::new(stream.try_clone().unwrap());
        let say = |stream: &mut std::net::TcpStream, word: &str| {
            let found = answers.iter().find(|(key, _)| *key == word);
            let answer = found.map_or("250 ok", |(_, answer)| answer);
            write!(stream, "{answer}\r\n").is_ok()
        };
        say(stream, "GREETING");
        let mut line = String::new();
        while lines.read_line(&mut line).is_ok_and(|n| n > 0) {
            let word = line
                .split([' ', '\r', ':'])
                .next()
                .unwrap_or_default()
                .to_owned();
            shared.lock().unwrap().push_str(&line);
            if !in_data || word == "." {
                in_data = word == "DATA";
                if !say(stream, &word) || word == "QUIT" {
                    break;
                }
            }
            line.clear();
        }
    }
}

#[tokio::test]
async fn a_mail_goes_with_the_null_sender() {
    let (port, said) = server(&[("GREETING", "220 hi"), ("DATA", "354 go")]);
    let sender = SmtpSender::new(settings(port, Tls::None)).unwrap();
    assert_eq!(sender.send(&mail()).await, Delivery::Done);
    let log = said.lock().unwrap().clone();
    assert!(log.contains("MAIL FROM:<>\r\n"), "{log}");
    assert!(log.contains("RCPT TO:<an@hackegem.example>\r\n"), "{log}");
    assert!(log.contains("Subject: x\r\n\r\nhallo\r\n.\r\n"), "{log}");
}

#[tokio::test]
async fn refusals_are_told_apart() {
    for (word, answer, expected) in [
        (
            "RCPT",
            "450 4.2.0 later",
            Delivery::Retry(SendFailure::RefusedForNow),
        ),
        (
            "GREETING",
            "421 busy",
            Delivery::Retry(SendFailure::RefusedForNow),
        ),
        (
            "RCPT",
            "550 5.1.1 no such user",
            Delivery::GivenUp(SendFailure::Refused),
        ),
        (
            "RCPT",
            "550 5.7.1 relaying denied",
            Delivery::Retry(SendFailure::ServerRefuses),
        ),
        (
            "RCPT",
            "550 no such user",
            Delivery::GivenUp(SendFailure::Refused),
        ),
        (
            ".",
            "552 5.3.4 too large",
            Delivery::GivenUp(SendFailure::Refused),
        ),
        (
            ".",
            "554 5.6.0 not like this",
            Delivery::GivenUp(SendFailure::Refused),
        ),
        // Of these every mail would die.
        (
            "GREETING",
            "554 no SMTP service here",
            Delivery::Retry(SendFailure::ServerRefuses),
        ),
        (
            "GREETING",
            "550 you are on a list",
            Delivery::Retry(SendFailure::ServerRefuses),
        ),
        (
            "EHLO",
            "550 who are you",
            Delivery::Retry(SendFailure::ServerRefuses),
        ),
        (
            "MAIL",
            "550 5.1.8 sender has no such domain",
            Delivery::Retry(SendFailure::ServerRefuses),
        ),
        (
            "MAIL",
            "553 sender rejected",
            Delivery::Retry(SendFailure::ServerRefuses),
        ),
        (
            "MAIL",
            "550 5.1.1 no such bounce address",
            Delivery::Retry(SendFailure::ServerRefuses),
        ),
        (
            "MAIL",
            "530 5.7.0 log in first",
            Delivery::Retry(SendFailure::Login),
        ),
        ("MAIL", "535 wrong", Delivery::Retry(SendFailure::Login)),
        (
            "MAIL",
            "503 5.5.1 out of step",
            Delivery::Retry(SendFailure::RefusedForNow),
        ),
        (
            "GREETING",
            "hello I am no SMTP",
            Delivery::Retry(SendFailure::Unreachable),
        ),
    ] {
        let answers: &'static [(&'static str, &'static str)] = if word == "GREETING" {
            vec![("GREETING", answer)].leak()
        } else {
            vec![("GREETING", "220 hi"), ("DATA", "354 go"), (word, answer)].leak()
        };
        let (port, _) = server(answers);
        let sender = SmtpSender::new(settings(port, Tls::None)).unwrap();
        assert_eq!(sender.send(&mail()).await, expected, "{answer}");
    }
}

#[tokio::test]
async fn failures_before_the_mail_are_told_apart() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let sender = SmtpSender::new(settings(closed, Tls::None)).unwrap();
    assert_eq!(
        sender.send(&mail()).await,
        Delivery::Retry(SendFailure::Unreachable)
    );
    assert_eq!(
        sender.test_connection().await,
        Err(SendFailure::Unreachable)
    );

    let (port, _) = server(&[("GREETING", "220 hi"), ("EHLO", "250 plain")]);
    let sender = SmtpSender::new(settings(port, Tls::StartTls)).unwrap();
    assert_eq!(
        sender.send(&mail()).await,
        Delivery::Retry(SendFailure::Tls)
    );

    let (port, _) = server(&[("GREETING", "220 this is not TLS")]);
    let sender = SmtpSender::new(settings(port, Tls::Implicit)).unwrap();
    assert_eq!(sender.test_connection().await, Err(SendFailure::Tls));

    let (port, _) = server(&[("GREETING", "220 hi")]);
    let mut with_login = settings(port, Tls::None);
    with_login.login = Some(Login {
        user: "crt".to_owned(),
        proof: Proof::Password(Password::new("geheim".to_owned())),
    });
    let sender = SmtpSender::new(with_login).unwrap();
    assert!(!format!("{sender:?}").contains("geheim"));
    assert_eq!(sender.test_connection().await, Err(SendFailure::Login));
}

#[tokio::test]
async fn a_sender_that_is_refused_shows_before_any_mail() {
    type Answers = &'static [(&'static str, &'static str)];
    let bounces = EmailAddress::parse("bounces@crt.example").unwrap();
    let takes: Answers = &[("GREETING", "220 hi")];
    let refuses: Answers = &[("GREETING", "220 hi"), ("MAIL", "553 5.7.1 not yours")];
    let waits: Answers = &[("GREETING", "220 hi"), ("MAIL", "450 4.7.1 later")];
    for (answers, expected) in [
        (takes, Ok(())),
        (refuses, Err(SendFailure::ServerRefuses)),
        (waits, Err(SendFailure::RefusedForNow)),
    ] {
        let (port, said) = server(answers);
        let sender = SmtpSender::new(settings(port, Tls::None)).unwrap();
        assert_eq!(
            sender.test_sender(Some(&bounces)).await,
            expected,
            "{answers:?}"
        );
        let said = said.lock().unwrap();
        assert!(said.contains("MAIL FROM:<bounces@crt.example>"), "{said}");
        assert!(!said.contains("RCPT") && !said.contains("DATA"), "{said}");
    }
}

/// Microsoft and Google answer a token that has run out with a challenge: it says nothing about the mail.
#[tokio::test]
async fn a_token_that_is_refused_loses_no_mail() {
    let (port, said) = server(&[
        ("GREETING", "220 hi"),
        ("EHLO", "250-hi\r\n250 AUTH LOGIN XOAUTH2"),
        ("AUTH", "334 eyJzdGF0dXMiOiI0MDAifQ=="),
    ]);
    let with_token = |command: &[&str]| {
        let words = command.iter().map(|word| (*word).to_owned()).collect();
        let mut settings = settings(port, Tls::None);
        settings.login = Some(Login {
            user: "crt@crt.example".to_owned(),
            proof: Proof::Token(TokenCommand::new(words)),
        });
        SmtpSender::new(settings).unwrap()
    };
    assert_eq!(
        with_token(&["echo", "fresh"]).send(&mail()).await,
        Delivery::Retry(SendFailure::Login)
    );
    let initial = BASE64.encode(b"user=crt@crt.example\x01auth=Bearer fresh\x01\x01");
    assert!(
        said.lock()
            .unwrap()
            .contains(&format!("AUTH XOAUTH2 {initial}"))
    );
    assert_eq!(
        with_token(&["false"]).send(&mail()).await,
        Delivery::Retry(SendFailure::Login)
    );
}

#[tokio::test]
async fn an_address_that_the_server_cannot_write_is_unsendable() {
    let (port, _) = server(&[("GREETING", "220 hi")]);
    let sender = SmtpSender::new(settings(port, Tls::None)).unwrap();
    let mut odd = mail();
    odd.to = EmailAddress::parse("renée@hackegem.example").unwrap();
    assert_eq!(
        sender.send(&odd).await,
        Delivery::GivenUp(SendFailure::Unsendable)
    );
}

#[test]
fn plain_to_another_machine_is_refused() {
    let mut elsewhere = settings(25, Tls::None);
    elsewhere.host = "mx.crt.example".to_owned();
    assert!(matches!(
        SmtpSender::new(elsewhere),
        Err(TlsSetupError::PlainToOtherMachine)
    ));
}
