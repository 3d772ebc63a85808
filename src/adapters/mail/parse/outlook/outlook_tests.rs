//! Forwards that Outlook attached as a message file, as it writes them and as an attacker would.

use crate::adapters::mail::parse::outlook::made::Made;
use crate::adapters::mail::parse::reader::MailParserReader;
use crate::app::ports::arrival::Extent;
use crate::app::ports::mail::MailReader;
use crate::domain::intake::message::{Defect, ForwardedMail, IncomingMail, Via};
use data_encoding::BASE64_MIME;
use proptest::prelude::*;
use std::fmt::Write as _;

const SENT: (u32, u64) = (0x0039_0040, 134_399_400_000_000_000);

/// A report with these files.
fn report(files: &[(&str, &str, &[u8])]) -> IncomingMail {
    let mut raw = "From: els@hackegem.example\nSubject: verdacht\n\
                   Content-Type: multipart/mixed; boundary=q\n\n--q\n\nIs dit echt?\n"
        .to_owned();
    for (kind, name, bytes) in files {
        let _ = write!(
            raw,
            "--q\nContent-Type: {kind}; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\n\
             Content-Transfer-Encoding: base64\n\n{}\n",
            BASE64_MIME.encode(bytes)
        );
    }
    raw.push_str("--q--\n");
    MailParserReader::default().read(raw.as_bytes(), Extent::Whole)
}

fn reported(bytes: &[u8]) -> IncomingMail {
    let mail = report(&[("application/vnd.ms-outlook", "Factuur.msg", bytes)]);
    assert_eq!(mail.text, "Is dit echt?");
    assert!(!mail.defects.contains(&Defect::Unreadable));
    mail
}

fn only(mail: &IncomingMail) -> &ForwardedMail {
    let [only] = mail.attached_mails.as_slice() else {
        panic!("{} mails", mail.attached_mails.len());
    };
    assert_eq!(only.via, Via::Msg);
    only
}

/// A lure as Outlook saves it: Unicode, the sender known by its mail address.
fn lure() -> Made {
    Made::empty()
        .fixed("", 32, &[SENT, (0x3ffd_0003, 1252)])
        .text("", 0x0037, "Uw factuur")
        .text("", 0x0042, "De Bank")
        .text("", 0x0064, "SMTP")
        .text("", 0x0065, "bank@evil.example")
        .text(
            "",
            0x1000,
            "Klik hier <https://evil.example/in>\r\nDe bank\r\n",
        )
}

#[test]
fn a_message_file_is_a_forwarded_mail() {
    let bytes = lure().bytes();
    let mail = reported(&bytes);
    let lure = only(&mail);
    assert_eq!(lure.from_name, "De Bank");
    assert_eq!(lure.from_address, "bank@evil.example");
    assert_eq!(lure.subject, "Uw factuur");
    assert_eq!(lure.date, "Mon, 23 Nov 2026 20:40:00 +0000");
    assert_eq!(lure.text, "Klik hier <https://evil.example/in>\nDe bank");
    let [file] = mail.attachments.as_slice() else {
        panic!("the file itself is listed, and nothing else")
    };
    assert_eq!(file.name, "Factuur.msg");
    assert_eq!(file.size, u64::try_from(bytes.len()).unwrap());
    assert!(mail.defects.is_empty(), "{:?}", mail.defects);
}

#[test]
fn it_is_known_by_its_bytes_whatever_it_is_called() {
    let bytes = lure().bytes();
    for (kind, name) in [
        ("application/octet-stream", "bericht"),
        ("application/x-msg", "a.bin"),
        ("text/plain", "lees.txt"),
        ("message/rfc822", "forward.eml"),
    ] {
        let mail = report(&[(kind, name, &bytes)]);
        assert_eq!(only(&mail).from_address, "bank@evil.example", "{kind}");
        assert_eq!(mail.text, "Is dit echt?", "{kind}");
    }
}

#[test]
fn another_compound_file_is_only_a_file() {
    let word = Made::empty().stream("/WordDocument", b"tekst").bytes();
    let mail = report(&[("application/msword", "brief.doc", &word)]);
    assert!(mail.attached_mails.is_empty());
    assert_eq!(mail.attachments.len(), 1);
    assert!(mail.defects.is_empty());
}

#[test]
fn who_sent_it_is_told_by_the_best_of_what_is_there() {
    let ex = "/O=HACKEGEM/OU=EXCHANGE/CN=RECIPIENTS/CN=JAN";
    let header = "Microsoft Mail Internet Headers Version 2.0\r\nReceived: from x.example\r\n\
                  From: \"Kop\" <kop@evil.example>\r\nDate: Mon, 4 May 2026 10:12:33 +0200\r\n\r\n";
    for (properties, expected) in [
        // The name in which it was sent, before the one who sent it.
        (
            &[(0x5d02, "a@x.example"), (0x5d01, "b@x.example")][..],
            "a@x.example",
        ),
        (&[(0x5d01, "b@x.example")], "b@x.example"),
        // A place in a directory is no mail address.
        (
            &[(0x0064, "EX"), (0x0065, ex), (0x5d02, "a@x.example")],
            "a@x.example",
        ),
        (
            &[(0x0064, "EX"), (0x0065, ex), (0x007d, header)],
            "kop@evil.example",
        ),
        (&[(0x0064, "EX"), (0x0065, ex)], ex),
        (&[(0x0c1e, "SMTP"), (0x0c1f, "c@x.example")], "c@x.example"),
        (&[(0x0c1f, "c@x.example")], "c@x.example"),
        (&[(0x007d, header)], "kop@evil.example"),
        (&[], ""),
    ] {
        let mut made = Made::empty().fixed("", 32, &[]);
        for (id, text) in properties {
            made = made.text("", *id, text);
        }
        let mail = reported(&made.bytes());
        assert_eq!(only(&mail).from_address, expected);
        if properties.iter().any(|(id, _)| *id == 0x007d) {
            assert_eq!(only(&mail).from_name, "Kop");
            assert_eq!(only(&mail).date, "Mon, 4 May 2026 10:12:33 +0200");
        }
    }
}

#[test]
fn texts_that_are_not_unicode_are_in_the_character_set_of_the_message() {
    for (codepage, bytes, expected) in [
        (Some(1252), &b"caf\xe9"[..], "caf\u{e9}"),
        (Some(1251), b"\xef\xf0\xe8", "\u{43f}\u{440}\u{438}"),
        (Some(65_001), b"caf\xc3\xa9\0", "caf\u{e9}"),
        (None, b"caf\xe9", "caf\u{e9}"),
        (Some(7), b"caf\xe9", "caf\u{e9}"),
    ] {
        let fixed: Vec<(u32, u64)> = codepage
            .map(|page| (0x3ffd_0003, page))
            .into_iter()
            .collect();
        let made = Made::empty()
            .fixed("", 32, &fixed)
            .ansi("", 0x0037, bytes)
            .ansi("", 0x1000, bytes);
        let mail = reported(&made.bytes());
        assert_eq!(only(&mail).subject, expected);
        assert_eq!(only(&mail).text, expected);
    }
}

#[test]
fn html_stands_in_for_a_text_and_gives_its_links_beside_one() {
    let html = b"<p>Betaal caf\xe9 <a href=\"https://evil.example/pay\">hier</a></p>";
    let made = || Made::empty().fixed("", 32, &[(0x3fde_0003, 1252)]);
    let mail = reported(&made().binary("", 0x1013, html).bytes());
    assert!(only(&mail).text.starts_with("Betaal caf\u{e9} "));
    assert!(only(&mail).text.contains("https://evil.example/pay"));
    let mail = reported(
        &made()
            .text("", 0x1000, "Betaal nu")
            .binary("", 0x1013, html)
            .bytes(),
    );
    assert!(only(&mail).text.starts_with("Betaal nu\n"));
    assert!(only(&mail).text.contains("https://evil.example/pay"));
    let mail = reported(&made().text("", 0x1013, "<b>Betaal</b>").bytes());
    assert_eq!(only(&mail).text.trim(), "Betaal");
}

#[test]
fn what_is_attached_to_it_is_listed_and_read_like_the_rest() {
    let inner = "/__attach_version1.0_#00000002";
    let message = format!("{inner}/__substg1.0_3701000D");
    let eml = b"From: derde@evil.example\nSubject: drie\n\nDerde tekst\n";
    let made = lure()
        .attach(0, "factuur.pdf", "application/pdf", b"%PDF-1.7")
        .attach(1, "oud.eml", "message/rfc822", eml)
        .folder(inner)
        .fixed(inner, 8, &[(0x3705_0003, 5)])
        .folder(&message)
        .fixed(&message, 24, &[SENT])
        .text(&message, 0x0037, "Binnenin")
        .text(&message, 0x5d02, "tweede@evil.example")
        .text(&message, 0x1000, "Tweede tekst");
    let mail = reported(&made.bytes());
    let senders: Vec<(&str, Via)> = mail
        .attached_mails
        .iter()
        .map(|mail| (mail.from_address.as_str(), mail.via))
        .collect();
    assert_eq!(
        senders,
        [
            ("bank@evil.example", Via::Msg),
            ("derde@evil.example", Via::Rfc822),
            ("tweede@evil.example", Via::Msg),
        ]
    );
    assert_eq!(
        mail.attached_mails[2].date,
        "Mon, 23 Nov 2026 20:40:00 +0000"
    );
    let files: Vec<(&str, &str, u64)> = mail
        .attachments
        .iter()
        .map(|file| (file.name.as_str(), file.mime.as_str(), file.size))
        .skip(1)
        .collect();
    assert_eq!(
        files,
        [
            ("factuur.pdf", "application/pdf", 8),
            ("oud.eml", "message/rfc822", 52),
        ]
    );
}

#[test]
fn a_signed_message_is_its_attachment() {
    let signed = b"Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n\r\nGetekende tekst\r\n\
                   --s\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nx\r\n--s--\r\n";
    let made = Made::empty()
        .fixed("", 32, &[])
        .text("", 0x001a, "IPM.Note.SMIME.MultipartSigned")
        .attach(0, "smime.p7m", "multipart/signed", signed);
    assert_eq!(only(&reported(&made.bytes())).text, "Getekende tekst");
}

#[test]
fn messages_in_messages_end_somewhere() {
    let mut made = lure();
    let mut folder = String::new();
    for _ in 0..60 {
        let attachment = format!("{folder}/__attach_version1.0_#00000000");
        folder = format!("{attachment}/__substg1.0_3701000D");
        made = made
            .folder(&attachment)
            .fixed(&attachment, 8, &[(0x3705_0003, 5)])
            .folder(&folder)
            .fixed(&folder, 24, &[])
            .text(&folder, 0x1000, "dieper");
    }
    let mail = reported(&made.bytes());
    assert!(mail.attached_mails.len() <= 10);
    assert_eq!(mail.attached_mails[0].from_address, "bank@evil.example");
    assert!(mail.defects.contains(&Defect::TooComplex));
}

#[test]
fn hundreds_of_attachments_are_too_many() {
    let mut made = lure();
    for number in 0..=250 {
        made = made.attach(number, "a.txt", "text/plain", b"x");
    }
    let mail = reported(&made.bytes());
    assert!(mail.attachments.len() <= 200);
    assert!(only(&mail).text.starts_with("Klik hier"));
    assert!(mail.defects.contains(&Defect::TooComplex));
}

#[test]
fn a_table_of_sectors_that_is_listed_without_end_is_not_read() {
    let mut bytes = lure().bytes();
    // The list goes on in a sector that holds its own number as the next one, and the one after it.
    let sector = u32::try_from(bytes.len() / 512 - 1).unwrap();
    bytes[68..72].copy_from_slice(&sector.to_le_bytes());
    for number in 1..2_000_u32 {
        let mut listing = vec![0; 508];
        listing.extend((sector + number).to_le_bytes());
        bytes.extend(listing);
    }
    let mail = reported(&bytes);
    assert!(mail.attached_mails.is_empty());
    assert_eq!(mail.attachments.len(), 1);
}

#[test]
fn a_file_cut_anywhere_is_read() {
    let bytes = lure().attach(0, "a.bin", "", &[7; 5_000]).bytes();
    let whole = reported(&bytes);
    assert_eq!(whole.attached_mails.len(), 1);
    for end in (0..bytes.len()).step_by(31) {
        assert_eq!(
            reported(&bytes[..end]).attachments[0].size,
            u64::try_from(end).unwrap()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_file_with_flipped_bytes_is_read(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut bytes = lure().attach(0, "a.bin", "", &[7; 5_000]).bytes();
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        prop_assert!(!reported(&bytes).attachments.is_empty());
    }
}
