//! Whole mails through all layers.

use crate::domain::address::{Mailbox, MessageId};
use crate::domain::intake::machine::verdict::*;
use crate::domain::intake::message::{DeliveryReport, HeaderField};

/// A mail of a person, with these header fields added.
pub(crate) fn mail(fields: &[(&str, &str)]) -> IncomingMail {
    IncomingMail {
        headers: fields
            .iter()
            .map(|(name, value)| HeaderField {
                name: (*name).to_owned(),
                value: (*value).to_owned(),
            })
            .collect(),
        text: "Wij hebben op een link geklikt.".to_owned(),
        ..from("jan@gemeente.example", "")
    }
}

pub(crate) fn from(address: &str, name: &str) -> IncomingMail {
    IncomingMail {
        from: vec![Mailbox {
            name: name.to_owned(),
            address: EmailAddress::parse(address).unwrap(),
        }],
        return_path: ReturnPath::Address(EmailAddress::parse(address).unwrap()),
        ..IncomingMail::default()
    }
}

pub(crate) fn with_subject(mut mail: IncomingMail, subject: &str, text: &str) -> IncomingMail {
    subject.clone_into(&mut mail.subject);
    text.clone_into(&mut mail.text);
    mail
}

fn own() -> Vec<EmailAddress> {
    vec![EmailAddress::parse("crt@team.example").unwrap()]
}

#[test]
fn header_fields_give_machines_away() {
    for (fields, kind) in [
        (vec![("Auto-Submitted", "no")], None),
        (
            vec![("auto-submitted", "auto-replied (zimbra; vacation)")],
            Some(Kind::AutoReply),
        ),
        (
            vec![("Auto-Submitted", "no"), ("Auto-Submitted", "auto-replied")],
            Some(Kind::AutoReply),
        ),
        (
            vec![("Auto-Submitted", "auto-generated")],
            Some(Kind::Alert),
        ),
        (
            vec![(
                "Auto-Submitted",
                "auto-notified; owner-email=\"a@b.example\"",
            )],
            Some(Kind::Alert),
        ),
        (vec![("Auto-Submitted", "something-new")], Some(Kind::Alert)),
        (
            vec![
                ("Auto-Submitted", "auto-generated"),
                ("List-Id", "<a.b.example>"),
            ],
            Some(Kind::List),
        ),
    ] {
        let verdict = judge(&mail(&fields), &own());
        assert_eq!(verdict.kind, kind, "{fields:?}");
        assert_eq!(verdict.answerable, kind.is_none(), "{fields:?}");
    }
}

#[test]
fn older_marks_and_those_of_lists_do_too() {
    for (fields, kind) in [
        (
            vec![("X-Autoreply", "yes"), ("Precedence", "bulk")],
            Some(Kind::AutoReply),
        ),
        (vec![("Precedence", "auto_reply")], Some(Kind::AutoReply)),
        (
            vec![("Precedence", "never-bounce"), ("Precedence", "Bulk")],
            Some(Kind::Alert),
        ),
        (vec![("Precedence", "list")], Some(Kind::List)),
        (
            vec![("List-Unsubscribe", "<https://a.example>")],
            Some(Kind::Alert),
        ),
        (
            vec![
                ("List-Unsubscribe", "<https://a.example>"),
                ("Precedence", "bulk"),
            ],
            Some(Kind::List),
        ),
        (
            vec![("X-Failed-Recipients", "a@b.example")],
            Some(Kind::Bounce),
        ),
        (vec![("X-Eerstelijn", "1")], Some(Kind::AutoReply)),
        (
            vec![("X-MS-Exchange-Inbox-Rules-Loop", "jan@gemeente.example")],
            Some(Kind::Alert),
        ),
        (
            vec![("Content-Class", "urn:content-classes:calendarmessage")],
            Some(Kind::Alert),
        ),
        (
            vec![("X-Priority", "1"), ("X-Mailer", "Microsoft Outlook 16.0")],
            None,
        ),
    ] {
        let verdict = judge(&mail(&fields), &own());
        assert_eq!(verdict.kind, kind, "{fields:?}");
        assert_eq!(verdict.answerable, kind.is_none(), "{fields:?}");
    }
}

#[test]
fn who_asks_for_silence_gets_it_and_is_a_person_all_the_same() {
    for (value, answerable) in [
        ("All", false),
        ("DR, OOF, AutoReply", false),
        ("oof", false),
        ("DR, RN, NRN", true),
        ("None", true),
    ] {
        let verdict = judge(&mail(&[("X-Auto-Response-Suppress", value)]), &[]);
        assert_eq!(
            (verdict.kind, verdict.answerable),
            (None, answerable),
            "{value}"
        );
    }
}

#[test]
fn the_null_sender_silences_and_a_missing_one_does_not() {
    let mut report = mail(&[]);
    report.return_path = ReturnPath::Missing;
    assert!(judge(&report, &[]).answerable);
    report.return_path = ReturnPath::Null;
    let verdict = judge(&report, &[]);
    assert_eq!(
        (verdict.kind, verdict.answerable),
        (Some(Kind::Alert), false)
    );
    assert_eq!(verdict.because, ["null-sender"]);
}

#[test]
fn a_delivery_report_is_a_bounce_even_when_it_says_auto_replied() {
    let mut bounce = mail(&[("Auto-Submitted", "auto-replied")]);
    bounce.report_type = Some("delivery-status".to_owned());
    "Onbestelbaar: uw melding".clone_into(&mut bounce.subject);
    assert_eq!(judge(&bounce, &[]).kind, Some(Kind::Bounce));
    "Delivery Status Notification (Delay)".clone_into(&mut bounce.subject);
    assert_eq!(judge(&bounce, &[]).kind, Some(Kind::Bounce));
    "Delivered: uw melding".clone_into(&mut bounce.subject);
    assert_eq!(judge(&bounce, &[]).kind, Some(Kind::MachineReport));
    bounce.delivery_report = Some(DeliveryReport {
        failed_recipients: vec!["a@b.example".to_owned()],
        ..DeliveryReport::default()
    });
    assert_eq!(judge(&bounce, &[]).kind, Some(Kind::Bounce));
}

#[test]
fn subjects_alone_prove_nothing() {
    let person = || from("jan@gemeente.example", "Jan Peeters");
    for (mail, kind) in [
        (
            with_subject(
                person(),
                "Onbestelbaar: honderden mails",
                "Wij krijgen bounces.",
            ),
            None,
        ),
        (
            with_subject(person(), "FW: Undeliverable: x", "Wat is dit?"),
            None,
        ),
        (
            with_subject(from("postmaster@a.example", ""), "Undeliverable: x", ""),
            Some(Kind::Alert),
        ),
        (
            with_subject(
                from("postmaster@a.example", ""),
                "Undeliverable: x",
                "<b@c.example>: host mx.c.example said: 550 5.1.1 unknown",
            ),
            Some(Kind::Bounce),
        ),
        (
            with_subject(from("postmaster@a.example", ""), "Wij zijn gehackt", "help"),
            None,
        ),
        (
            with_subject(from("MAILER-DAEMON@a.example", ""), "x", ""),
            Some(Kind::Bounce),
        ),
        (
            with_subject(
                person(),
                "Undeliverable: x",
                "Your message to a@b.example\nfailed",
            ),
            Some(Kind::Alert),
        ),
    ] {
        assert_eq!(judge(&mail, &[]).kind, kind, "{}", mail.subject);
    }
}

#[test]
fn absence_needs_words_that_only_a_machine_writes_or_more_than_one_sign() {
    let person = || from("jan@gemeente.example", "Jan Peeters");
    for (mail, kind) in [
        (with_subject(person(), "Gelezen: uw mail", "Ja"), None),
        (
            with_subject(
                person(),
                "Automatisch antwoord: melding",
                "Ik ben terug op maandag.",
            ),
            Some(Kind::Alert),
        ),
        (
            with_subject(person(), "Afwezig", "Ik ben afwezig tot maandag."),
            Some(Kind::Alert),
        ),
        (
            with_subject(person(), "Afwezig", "De backup is verdwenen."),
            None,
        ),
        (
            with_subject(
                person(),
                "Met verlof en nu gehackt",
                "Mijn mailbox verstuurt spam.",
            ),
            None,
        ),
    ] {
        assert_eq!(judge(&mail, &[]).kind, kind, "{}", mail.subject);
    }
}

#[test]
fn a_mail_with_such_a_subject_is_sure_only_as_a_label_in_a_thread() {
    let long = "Er is iets gebeurd. ".repeat(60);
    let mut mail = with_subject(from("jan@a.example", ""), "Out of Office misbruikt", &long);
    assert_eq!(judge(&mail, &[]).kind, None);
    mail.in_reply_to = MessageId::parse("<a@b.example>").into_iter().collect();
    assert_eq!(judge(&mail, &[]).kind, Some(Kind::Alert));
    "Automatisch antwoord: uw vraag".clone_into(&mut mail.subject);
    assert_eq!(judge(&mail, &[]).kind, Some(Kind::AutoReply));
}

#[test]
fn some_senders_are_never_answered() {
    for (address, kind) in [
        ("no-reply@a.example", Some(Kind::Alert)),
        ("security.noreply@a.example", Some(Kind::Alert)),
        ("NoReply+tag@a.example", Some(Kind::Alert)),
        ("niet-beantwoorden@a.example", Some(Kind::Alert)),
        ("alerts@a.example", Some(Kind::Alert)),
        ("owner-nieuws@a.example", Some(Kind::Alert)),
        ("nieuws-bounces@a.example", Some(Kind::Alert)),
        ("product-owner@stad.example", Some(Kind::Alert)),
        ("CRT@team.example", Some(Kind::Alert)),
        ("crt+ticket@team.example", Some(Kind::Alert)),
        ("postmaster@a.example", None),
        ("info@a.example", None),
        ("crt@other.example", None),
    ] {
        let verdict = judge(&from(address, ""), &own());
        assert_eq!(verdict.kind, kind, "{address}");
    }
}

#[test]
fn reports_of_machines_are_known_by_their_type() {
    for (report_type, kind) in [
        ("disposition-notification", Kind::MachineReport),
        ("feedback-report", Kind::MachineReport),
        ("tlsrpt", Kind::MachineReport),
        ("delivery-status", Kind::Bounce),
    ] {
        let mut report = mail(&[]);
        report.report_type = Some(report_type.to_owned());
        let verdict = judge(&report, &[]);
        assert_eq!(
            (verdict.kind, verdict.answerable),
            (Some(kind), false),
            "{report_type}"
        );
    }
}

#[test]
fn reasons_hold_no_content() {
    let mut report = mail(&[
        ("X-Loop", "geheim"),
        ("Precedence", "bulk"),
        ("List-Id", "geheim"),
    ]);
    "Automatisch antwoord: geheim".clone_into(&mut report.subject);
    report.return_path = ReturnPath::Null;
    let because = judge(&report, &[]).because.join(" ");
    assert!(
        !because.contains("geheim") && because.contains("null-sender"),
        "{because}"
    );
}
