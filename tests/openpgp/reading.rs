//! Forms of OpenPGP mail as GnuPG makes them, through the reader alone.

use crate::openpgp::{AN_ADDRESS, HIDDEN, TEAM, WORDS, an};
use crate::support::gnupg::{GnuPg, entity, inline, mime_mail, sealed, signed};
use crate::support::mails::AN;
use eerstelijn::adapters::mail::parse::MailParserReader;
use eerstelijn::adapters::mail::pgp::RpgpKeys;
use eerstelijn::adapters::mail::pgp::certificate::certificates_in;
use eerstelijn::app::ports::{Extent, MailReader, OpenPgp};
use eerstelijn::domain::intake::message::IncomingMail;
use eerstelijn::domain::pgp::form::{Opening, PgpForm};
use eerstelijn::domain::pgp::reading::Signature;
use std::sync::Arc;

fn read(raw: &[u8]) -> IncomingMail {
    MailParserReader::opening_with(Some(Arc::clone(&TEAM))).read(raw, Extent::Whole)
}

fn judged(mail: &IncomingMail, public: &str) -> Signature {
    let certificates = certificates_in(public.as_bytes());
    let candidates: Vec<_> = certificates.iter().collect();
    let now = "2027-11-23T20:40:00Z".parse().unwrap();
    RpgpKeys.check(&mail.pgp.signed, &candidates, now)
}

#[test]
fn each_form_is_told_opened_and_checked() {
    let an = an();
    let plain = entity(HIDDEN, WORDS, None);
    let text = format!("{WORDS}\n");
    for (case, raw, form, opening) in [
        (
            "encrypted and signed",
            sealed(AN, "a", &an.encrypts(&plain, &["--sign"])),
            PgpForm::MimeEncrypted,
            Opening::Opened,
        ),
        (
            "signed",
            signed(AN, "b", &plain, &an.signs(&plain)),
            PgpForm::MimeSigned,
            Opening::NotEncrypted,
        ),
        (
            "encrypted in the text",
            inline(AN, "c", &an.encrypts(&text, &["--sign"])),
            PgpForm::InlineEncrypted,
            Opening::Opened,
        ),
        (
            "signed in the text",
            inline(AN, "d", &an.clearsigns(&text)),
            PgpForm::InlineSigned,
            Opening::NotEncrypted,
        ),
    ] {
        let mail = read(&raw);
        assert_eq!((mail.pgp.form, mail.pgp.opening), (form, opening), "{case}");
        assert_eq!(mail.text.trim(), WORDS, "{case}");
        let signature = judged(&mail, &an.public());
        assert!(
            matches!(signature, Signature::Good(_)),
            "{case}: {signature:?}"
        );
        // The same mail with LF.
        let unix = String::from_utf8(raw.clone())
            .unwrap()
            .replace("\r\n", "\n");
        let again = read(unix.as_bytes());
        assert_eq!(judged(&again, &an.public()), signature, "{case} with LF");
        let stranger = crate::openpgp::TEAM.public_text().unwrap();
        assert_eq!(judged(&mail, &stranger), Signature::UnknownKey, "{case}");
    }
}

#[test]
fn words_that_were_changed_or_put_beside_have_no_good_signature() {
    let an = an();
    let plain = entity(HIDDEN, WORDS, None);
    let raw = signed(AN, "a", &plain, &an.signs(&plain));
    let text = String::from_utf8(raw).unwrap();
    let changed = read(text.replace("losgeldbrief", "bestelbon").as_bytes());
    assert_eq!(judged(&changed, &an.public()), Signature::Bad);
    // A list's footer, or an attacker's first sentence: the whole no longer bears a signature.
    let inner = text.split_once("\r\n\r\n").unwrap().1;
    let body = format!(
        "--list\r\nContent-Type: text/plain\r\n\r\nBetaal vandaag nog.\r\n--list\r\n\
         Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=\"outer\"\r\n\r\n{inner}\r\n--list--\r\n"
    );
    let beside = read(&mime_mail(
        AN,
        "b",
        "multipart/mixed; boundary=\"list\"",
        &body,
    ));
    assert!(beside.text.contains("Betaal vandaag") && beside.text.contains("losgeldbrief"));
    assert_eq!(judged(&beside, &an.public()), Signature::None);
    let clear = an.clearsigns("Alles is in orde.\n");
    let above = read(&inline(AN, "c", &format!("Betaal vandaag nog.\n\n{clear}")));
    assert!(above.text.contains("Betaal vandaag") && above.text.contains("Alles is in orde"));
    assert_eq!(judged(&above, &an.public()), Signature::None);
}

#[test]
fn a_sealed_mail_that_was_changed_is_not_opened() {
    let an = an();
    let armoured = an.encrypts(&entity(HIDDEN, WORDS, None), &[]);
    let whole = String::from_utf8(sealed(AN, "a", &armoured)).unwrap();
    assert_eq!(read(whole.as_bytes()).pgp.opening, Opening::Opened);
    let lines: Vec<&str> = armoured.lines().collect();
    for (place, line) in lines.iter().enumerate() {
        let is_data = line.len() == 64 && !line.contains('-');
        if !is_data || place % 3 != 0 {
            continue;
        }
        let swapped: String = line
            .chars()
            .map(|c| {
                if c.is_ascii_lowercase() {
                    c.to_ascii_uppercase()
                } else {
                    c
                }
            })
            .collect();
        if &swapped == line {
            continue;
        }
        let mail = read(whole.replace(line, &swapped).as_bytes());
        assert!(mail.pgp.opening.has_failed(), "line {place}");
        assert!(!mail.text.contains("losgeld"), "line {place}");
    }
}

#[test]
fn a_compressed_bomb_stops() {
    let an = an();
    let bomb = "0".repeat(40 * 1024 * 1024);
    let raw = sealed(AN, "a", &an.encrypts(&bomb, &["--compress-algo", "zlib"]));
    assert!(raw.len() < 200_000, "{}", raw.len());
    let mail = read(&raw);
    assert_eq!(mail.pgp.opening, Opening::Damaged);
    assert_eq!(mail.text, "");
}

#[test]
fn what_lies_inside_an_attached_mail_is_evidence_and_stays_closed() {
    let an = an();
    let stolen = sealed(
        "Bart <bart.claes@hackegem.example>",
        "s",
        &an.encrypts(&entity(HIDDEN, WORDS, None), &[]),
    );
    let body = format!(
        "--f\r\nContent-Type: text/plain\r\n\r\nKunt u dit voor mij openen?\r\n--f\r\nContent-Type: message/rfc822\r\n\r\n{}\r\n--f--\r\n",
        String::from_utf8(stolen).unwrap()
    );
    let mail = read(&mime_mail(
        AN,
        "b",
        "multipart/mixed; boundary=\"f\"",
        &body,
    ));
    assert_eq!(
        (mail.pgp.form, mail.pgp.opening),
        (PgpForm::None, Opening::NotEncrypted)
    );
    assert!(
        mail.attached_mails
            .iter()
            .all(|mail| !mail.text.contains("losgeld"))
    );
}

#[test]
fn a_key_that_is_sent_along_is_taken_out_of_the_words() {
    let an = an();
    let public = an.public();
    let mail = read(&inline(
        AN,
        "a",
        &format!("Mijn sleutel:\n\n{public}\nGroeten, An"),
    ));
    assert!(!mail.text.contains("BEGIN PGP"), "{}", mail.text);
    assert!(mail.text.contains("Mijn sleutel:") && mail.text.contains("Groeten, An"));
    let [offered] = mail.pgp.offered.as_slice() else {
        panic!("one key was expected");
    };
    assert_eq!(offered.addresses, [AN_ADDRESS]);
}

#[test]
fn a_signature_around_a_sealed_part_proves_nothing_of_its_words() {
    let (an, thief) = (an(), GnuPg::of("Dief", "dief@elders.example"));
    let caught = sealed(
        AN,
        "a",
        &an.encrypts(&entity(HIDDEN, WORDS, None), &["--sign"]),
    );
    let caught = String::from_utf8(caught).unwrap();
    let structure =
        "multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=\"outer\"";
    let (_, inner) = caught.split_once("\r\n\r\n").unwrap();
    let part = format!("Content-Type: {structure}\r\n\r\n{inner}");
    let around = "Dief <dief@elders.example>";
    let raw = String::from_utf8(signed(around, "b", &part, &thief.signs(&part))).unwrap();
    let mail = read(
        raw.replace(
            "boundary=\"outer\"\r\n\r\n--outer",
            "boundary=\"thief\"\r\n\r\n--thief",
        )
        .as_bytes(),
    );
    assert!(!matches!(
        judged(&mail, &thief.public()),
        Signature::Good(_)
    ));
}

#[test]
fn words_before_or_behind_a_sealed_part_bear_no_signature() {
    let an = an();
    let armoured = an
        .encrypts(&entity(HIDDEN, WORDS, None), &["--sign"])
        .replace('\n', "\r\n");
    let sealed = format!(
        "--o\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--o\r\nContent-Type: application/octet-stream\r\n\r\n{armoured}\r\n"
    );
    let words = "--o\r\nContent-Type: text/plain\r\n\r\nBetaal vandaag.\r\n";
    for body in [format!("{words}{sealed}"), format!("{sealed}{words}")] {
        let body = format!("{body}--o--\r\n");
        let mail = read(&mime_mail(
            AN,
            "a",
            "multipart/mixed; boundary=\"o\"",
            &body,
        ));
        assert_eq!(mail.pgp.opening, Opening::Opened);
        assert!(mail.text.contains("Betaal vandaag") && mail.text.contains("losgeld"));
        assert_eq!(judged(&mail, &an.public()), Signature::None);
    }
    let alone = read(&mime_mail(
        AN,
        "b",
        "multipart/mixed; boundary=\"o\"",
        &format!("{sealed}--o--\r\n"),
    ));
    assert!(matches!(judged(&alone, &an.public()), Signature::Good(_)));
}

#[test]
fn a_sealed_mail_is_known_in_whatever_form_it_comes() {
    let an = an();
    let armoured = an.encrypts(&format!("{WORDS}\n"), &[]);
    let html = format!("<html><body><pre>{armoured}</pre></body></html>");
    let mail = read(&mime_mail(AN, "a", "text/html; charset=utf-8", &html));
    assert_eq!(mail.pgp.form, PgpForm::InlineEncrypted);
    assert_ne!(mail.pgp.opening, Opening::NotEncrypted);
    assert!(!mail.text.contains("BEGIN PGP"), "{}", mail.text);
    // A file beside no words at all: it isn't opened, and it isn't ignored.
    let body = format!(
        "--f\r\nContent-Type: application/octet-stream; name=\"bericht.asc\"\r\nContent-Disposition: attachment; filename=\"bericht.asc\"\r\n\r\n{}\r\n--f--\r\n",
        armoured.replace('\n', "\r\n")
    );
    let mail = read(&mime_mail(
        AN,
        "b",
        "multipart/mixed; boundary=\"f\"",
        &body,
    ));
    assert!(mail.pgp.form.is_encrypted() && mail.pgp.opening.has_failed());
}

#[test]
fn a_key_or_file_beside_the_words_takes_nothing_from_their_signature() {
    let an = an();
    let block = an.encrypts(&format!("{WORDS}\n"), &["--sign"]);
    let body = format!(
        "--m\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n--m\r\nContent-Type: application/pgp-keys\r\n\r\n{}\r\n--m--\r\n",
        block.replace('\n', "\r\n"),
        an.public().replace('\n', "\r\n")
    );
    let mail = read(&mime_mail(
        AN,
        "a",
        "multipart/mixed; boundary=\"m\"",
        &body,
    ));
    assert!(matches!(judged(&mail, &an.public()), Signature::Good(_)));
    // Two texts inside the seal are both under the one signature.
    let two = "Content-Type: multipart/mixed; boundary=\"t\"\r\n\r\n--t\r\nContent-Type: text/plain\r\n\r\nEen.\r\n--t\r\nContent-Type: text/plain\r\n\r\nTwee.\r\n--t--\r\n";
    let mail = read(&sealed(AN, "b", &an.encrypts(two, &["--sign"])));
    assert!(mail.text.contains("Een.") && mail.text.contains("Twee."));
    assert!(matches!(judged(&mail, &an.public()), Signature::Good(_)));
}
