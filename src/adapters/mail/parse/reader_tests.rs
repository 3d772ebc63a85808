//! What the reader makes of whole mails: our own fixtures, and mangled forms of them.

use crate::adapters::mail::parse::reader::MailParserReader;
use crate::app::ports::arrival::Extent;
use crate::app::ports::mail::MailReader;
use crate::domain::address::MessageId;
use crate::domain::intake::machine::judge;
use crate::domain::intake::message::{Defect, IncomingMail, ReturnPath, Via};
use crate::domain::triage::category::Kind;
use proptest::prelude::*;
use std::fmt::Write as _;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/mail")
}

fn fixtures() -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect();
    all.sort();
    assert!(all.len() >= 18, "the fixtures are gone");
    all
}

fn read(raw: &[u8]) -> IncomingMail {
    MailParserReader::default().read(raw, Extent::Whole)
}

fn fixture(name: &str) -> IncomingMail {
    read(&std::fs::read(folder().join(name)).unwrap())
}

/// Everything that was read, to compare two readings: a mail has no debug output of its own.
fn told(mail: &IncomingMail) -> String {
    let mut told = format!(
        "{} | {} | {:?} | {:?} | {} | {:?}\n{}\n",
        mail.subject,
        mail.media_type,
        mail.report_type,
        mail.date,
        mail.headers.len(),
        mail.defects,
        mail.text
    );
    for mailbox in mail
        .from
        .iter()
        .chain(&mail.to)
        .chain(&mail.cc)
        .chain(&mail.reply_to)
    {
        let _ = writeln!(told, "{} <{}>", mailbox.name, mailbox.address);
    }
    for header in &mail.headers {
        let _ = writeln!(told, "{}: {}", header.name, header.value);
    }
    for file in &mail.attachments {
        let _ = writeln!(
            told,
            "{} {} {} {}",
            file.name, file.mime, file.size, file.sha256
        );
    }
    for inner in &mail.attached_mails {
        let _ = writeln!(
            told,
            "{} {} {} {} {}",
            inner.from_name, inner.from_address, inner.subject, inner.date, inner.text
        );
    }
    if let Some(report) = &mail.delivery_report {
        let original = report.original.as_ref().map(MessageId::as_str);
        let _ = writeln!(told, "{:?} {original:?}", report.failed_recipients);
    }
    told
}

fn with_crlf(raw: &[u8]) -> Vec<u8> {
    let mut lines = Vec::new();
    for &byte in raw {
        if byte == b'\n' {
            lines.push(b'\r');
        }
        lines.push(byte);
    }
    lines
}

#[test]
fn line_ends_make_no_difference() {
    for (name, raw) in fixtures() {
        assert!(!raw.contains(&b'\r'), "{name} must have LF line ends");
        assert_eq!(told(&read(&raw)), told(&read(&with_crlf(&raw))), "{name}");
    }
}

#[test]
fn what_is_odd_about_a_mail() {
    for (name, defects) in [
        ("nl-latin1.eml", &[][..]),
        ("fr-utf8.eml", &[]),
        ("outlook-html.eml", &[]),
        ("alternative.eml", &[]),
        ("nested.eml", &[]),
        ("null-sender.eml", &[]),
        ("no-from.eml", &[Defect::NoFrom]),
        ("two-froms.eml", &[Defect::SeveralFrom]),
        ("two-addresses.eml", &[Defect::SeveralFrom]),
        ("odd-header.eml", &[Defect::OddHeaders]),
        ("broken-charset.eml", &[Defect::BadCharset]),
        ("empty.eml", &[Defect::Empty]),
        ("only-header.eml", &[Defect::Empty]),
        ("blank-before-colon.eml", &[]),
    ] {
        assert_eq!(fixture(name).defects, defects, "{name}");
    }
}

#[test]
fn a_person_who_attaches_what_machines_send_is_no_machine() {
    for name in ["with-invitation.eml", "with-bounces.eml"] {
        let mail = fixture(name);
        let verdict = judge(&mail, &[]);
        assert_eq!(
            (verdict.kind, verdict.answerable),
            (Some(Kind::Alert), false),
            "{name}"
        );
        assert!(
            !mail.text.is_empty() && !mail.attachments.is_empty(),
            "{name}"
        );
    }
    let files = fixture("with-bounces.eml").attachments;
    assert_eq!(files.len(), 2, "what is read is listed too");
}

#[test]
fn the_text_of_a_mail_may_carry_a_file_name() {
    let mail = fixture("named-text.eml");
    assert_eq!(mail.text, "Wij zijn gehackt.");
    let names: Vec<&str> = mail
        .attachments
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    assert_eq!(names, ["log.txt"]);
}

#[test]
fn a_careless_header_hides_nobody() {
    let mail = fixture("blank-before-colon.eml");
    assert!(mail.single_from().is_some());
    let disguised = b"From : An <an@hackegem.example>\nFrom: Jan <jan@hackegem.example>\n\nhallo\n";
    assert!(read(disguised).single_from().is_none());
}

#[test]
fn a_dutch_report() {
    let mail = fixture("nl-latin1.eml");
    let from = mail.single_from().unwrap();
    assert_eq!(from.name, "An Peeters - Gemeente Hackegèm");
    assert_eq!(from.address.as_str(), "an.peeters@hackegem.example");
    assert_eq!(mail.subject, "Verdachte e-mail geïnfecteerd?");
    assert!(matches!(&mail.return_path, ReturnPath::Address(a) if *a == from.address));
    assert_eq!(
        mail.text,
        "Goedenavond,\n\nEén van onze medewerkers heeft op een link geklikt in een verdachte e-mail \
         en zijn wachtwoord ingevuld.\n\nMet vriendelijke groet,\nAn Peeters"
    );
}

#[test]
fn a_french_report_in_a_thread() {
    let mail = fixture("fr-utf8.eml");
    assert_eq!(mail.single_from().unwrap().name, "Dupont, Éric");
    assert_eq!(mail.subject, "Courriel suspect reçu");
    assert_eq!(mail.cc[0].name, "Collège");
    assert_eq!(mail.reply_to[0].address.as_str(), "eric@prive.example");
    let ids: Vec<&str> = mail.references.iter().map(MessageId::as_str).collect();
    assert_eq!(ids, ["p0@crt.example", "p1@crt.example"]);
    assert_eq!(mail.date.unwrap().to_string(), "2026-11-23T20:40:00Z");
}

#[test]
fn html_keeps_its_links_and_files_their_hashes() {
    let mail = fixture("outlook-html.eml");
    assert!(mail.text.contains("Is dit echt?"), "{}", mail.text);
    assert!(
        mail.text
            .contains("https://postvak.evil.example/login?u=1&s=2"),
        "{}",
        mail.text
    );
    assert!(!mail.text.contains("MsoNormal"), "{}", mail.text);
    let files: Vec<(&str, &str, u64)> = mail
        .attachments
        .iter()
        .map(|file| (file.name.as_str(), file.mime.as_str(), file.size))
        .collect();
    assert_eq!(
        files,
        [
            ("image001.png", "image/png", 8),
            ("factuur_één.pdf", "application/octet-stream", 13)
        ]
    );
    assert_eq!(
        mail.attachments[1].sha256,
        "f9707cdc037888b2ade22cf19b646a3e481091904852a8fb0f624a2a375b1460"
    );
}

#[test]
fn of_two_forms_the_plain_one_is_read() {
    assert_eq!(fixture("alternative.eml").text, "De gewone tekst.");
}

#[test]
fn attached_mails_are_evidence() {
    let mail = fixture("nested.eml");
    assert_eq!(mail.text, "Zie de bijlage.");
    let [first, second] = mail.attached_mails.as_slice() else {
        panic!("{} attached mails", mail.attached_mails.len());
    };
    assert_eq!(first.from_name, "Microsoft Bevéiliging");
    assert_eq!(first.from_address, "no-reply@evil.example");
    assert_eq!(first.subject, "Uw account wordt geblokkeerd");
    assert_eq!(first.date, "Sun, 22 Nov 2026 03:00:00 -0500");
    assert_eq!(first.via, Via::Rfc822);
    assert!(
        first.text.contains("https://evil.example/bevestig"),
        "{}",
        first.text
    );
    assert_eq!(second.text, "Doe dit nu.");
    assert_eq!(mail.attachments.len(), 2);
}

#[test]
fn delivery_reports_name_whom_and_what() {
    for (name, original, kind) in [
        (
            "null-sender.eml",
            "outbox1@crt.example",
            Some("delivery-status"),
        ),
        ("exim-bounce.eml", "outbox2@crt.example", None),
    ] {
        let mail = fixture(name);
        assert!(mail.return_path == ReturnPath::Null, "{name}");
        assert_eq!(mail.report_type.as_deref(), kind, "{name}");
        let report = mail.delivery_report.unwrap();
        assert_eq!(
            report.failed_recipients,
            ["an.peeters@hackegem.example"],
            "{name}"
        );
        assert_eq!(report.original.unwrap().as_str(), original, "{name}");
        assert!(mail.attached_mails.is_empty(), "{name}");
    }
}

#[test]
fn a_report_that_is_only_attached_is_no_delivery_report() {
    let bounce = std::fs::read_to_string(folder().join("null-sender.eml")).unwrap();
    let mail = read(
        format!(
            "From: els@hackegem.example\nContent-Type: multipart/mixed; boundary=q\n\n--q\n\n\
             Wat is dit?\n--q\nContent-Type: message/rfc822\n\n{bounce}\n--q--\n"
        )
        .as_bytes(),
    );
    assert!(mail.delivery_report.is_none());
    assert_eq!(mail.attached_mails.first().unwrap().subject, "Onbestelbaar");
}

#[test]
fn a_known_trick_does_not_change_the_sender() {
    let mail = fixture("odd-header.eml");
    assert_eq!(mail.from.len(), 1);
    assert_eq!(
        mail.from[0].address.as_str(),
        "burgemeester@hackegem.example"
    );
    assert!(mail.single_from().is_none());
}

#[test]
fn the_beginning_of_a_large_mail_says_so() {
    let raw = std::fs::read(folder().join("nested.eml")).unwrap();
    let mail = MailParserReader::default().read(&raw[..400], Extent::Beginning);
    assert!(mail.defects.contains(&Defect::TooLarge));
    assert_eq!(mail.subject, "Doorgestuurd als bijlage");
}

#[test]
fn bounds_hold() {
    let many = "X-Y: z\n".repeat(20_000);
    let mail = read(format!("From: a@x.example\n{many}From: b@x.example\n\nx").as_bytes());
    assert_eq!(mail.headers.len(), 400);
    assert!(mail.defects.contains(&Defect::OddHeaders));
    let mail = read(
        format!(
            "Subject: {}\n\n{}",
            "s".repeat(100_000),
            "é".repeat(300_000)
        )
        .as_bytes(),
    );
    assert!(mail.subject.len() <= 4 * 1024);
    assert_eq!(mail.text.chars().count(), 256 * 1024);
    assert!(mail.defects.contains(&Defect::TooLarge));
}

#[test]
fn nothing_at_all_is_a_mail_too() {
    for raw in [
        &b""[..],
        b"\n",
        b"\0",
        b"\xff\xfe",
        b":",
        b"From:",
        b"\r\r\r\n",
    ] {
        let mail = read(raw);
        assert!(mail.defects.contains(&Defect::NoFrom));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_mail_cut_anywhere_is_read(pick in any::<prop::sample::Index>(), at in any::<prop::sample::Index>()) {
        let all = fixtures();
        let (_, raw) = pick.get(&all);
        let end = at.index(raw.len() + 1);
        prop_assert!(!read(&raw[..end]).defects.contains(&Defect::Unreadable));
    }

    #[test]
    fn a_mail_with_flipped_bytes_is_read(
        pick in any::<prop::sample::Index>(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
    ) {
        let all = fixtures();
        let (_, raw) = pick.get(&all);
        let mut raw = raw.clone();
        for (at, byte) in flips {
            let at = at.index(raw.len());
            raw[at] = byte;
        }
        let mail = read(&raw);
        prop_assert!(!mail.defects.contains(&Defect::Unreadable));
        let _ = MailParserReader::default().authentication(&mail, &vec!["x".to_owned()].into());
    }

    #[test]
    fn any_bytes_are_read(raw in prop::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert!(!read(&raw).defects.contains(&Defect::Unreadable));
    }
}
