//! Mails of people that look like those of machines, and the other way round.

use crate::domain::intake::machine::verdict::tests::{from, mail, with_subject};
use crate::domain::intake::machine::verdict::*;
use crate::domain::intake::message::{Attachment, DeliveryReport, Lock};

fn file(name: &str, mime: &str) -> Attachment {
    Attachment {
        name: name.to_owned(),
        mime: mime.to_owned(),
        size: 1,
        sha256: String::new(),
        content: None,
        lock: Lock::None,
    }
}

/// Each of these was taken for a machine once, and disappeared.
#[test]
fn a_person_who_may_be_a_machine_is_silenced_and_seen() {
    let person = || from("jan@gemeente.example", "Jan Peeters");
    let hacked = "Onze mailbox is gehackt, graag hulp.";
    let with_file = |name, mime| {
        let mut mail = with_subject(person(), "Mailbox gehackt", hacked);
        "multipart/mixed".clone_into(&mut mail.media_type);
        mail.attachments = vec![file(name, mime)];
        mail
    };
    let mut headers_of_the_phish = with_file("header.txt", "text/rfc822-headers");
    headers_of_the_phish.delivery_report = Some(DeliveryReport::default());
    let with_list_field = IncomingMail {
        headers: mail(&[("List-Unsubscribe", "<https://a.example>")]).headers,
        ..with_subject(person(), "Gehackt", hacked)
    };
    for mail in [
        with_file("invite.ics", "text/calendar"),
        with_file("details.txt", "message/delivery-status"),
        with_file("receipt", "message/disposition-notification"),
        with_file("complaint", "message/feedback-report"),
        with_file(
            "google.com!a.example!1700000000!1700086399.zip",
            "application/zip",
        ),
        headers_of_the_phish,
        with_subject(
            from("postmaster@gemeente.example", "Postmaster"),
            "Mail delivery problem sinds vannacht",
            "De mailserver is gehackt.",
        ),
        with_subject(
            person(),
            "Afwezig",
            "Collega is met verlof en zijn mailbox is gehackt.",
        ),
        with_subject(
            person(),
            "Ontvangstbevestiging van valse site",
            "Goed ontvangen?",
        ),
        with_subject(person(), "Out of Office misbruikt", hacked),
        with_subject(from("product-owner@stad.example", ""), "Gehackt", hacked),
        with_list_field,
    ] {
        let verdict = judge(&mail, &[]);
        assert_eq!(
            verdict.kind,
            Some(Kind::Alert),
            "{}: {verdict:?}",
            mail.subject
        );
        assert!(!verdict.answerable, "{}", mail.subject);
        let explained = verdict
            .because
            .iter()
            .all(|why| why.starts_with("perhaps: "));
        assert!(explained, "{verdict:?}");
    }
}

#[test]
fn auto_submitted_no_says_the_opposite() {
    let mut mail = with_subject(
        mail(&[("Auto-Submitted", "no")]),
        "Bounce: onze mailbox verstuurt spam",
        "Wat nu?",
    );
    assert_eq!(judge(&mail, &[]).kind, None);
    "Gelezen: uw mail".clone_into(&mut mail.subject);
    assert_eq!(judge(&mail, &[]).kind, None);
}

#[test]
fn the_same_parts_are_sure_in_a_report_or_from_nobody() {
    for mime in [
        "message/delivery-status",
        "message/disposition-notification",
    ] {
        let mut report = mail(&[]);
        report.attachments = vec![file("", mime)];
        report.return_path = ReturnPath::Null;
        assert_ne!(judge(&report, &[]).kind, Some(Kind::Alert), "{mime}");
        report.return_path = ReturnPath::Missing;
        "multipart/report".clone_into(&mut report.media_type);
        assert_ne!(judge(&report, &[]).kind, Some(Kind::Alert), "{mime}");
    }
}

#[test]
fn what_calendars_and_statistics_send_is_of_machines() {
    let mut answer = with_subject(mail(&[]), "Geaccepteerd: overleg", "");
    answer.attachments = vec![file("", "text/calendar")];
    assert_eq!(judge(&answer, &[]).kind, Some(Kind::MachineReport));
    let name = "google.com!a.example!1700000000!1700086399.zip";
    let mut statistics = from("noreply-dmarc-support@google.example", "");
    statistics.attachments = vec![file(name, "application/zip")];
    assert_eq!(judge(&statistics, &[]).kind, Some(Kind::MachineReport));
}
