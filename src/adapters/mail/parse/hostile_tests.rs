//! Mails that are more than is read, and files that aren't what they are called.

use crate::adapters::mail::parse::reader::MailParserReader;
use crate::app::ports::arrival::Extent;
use crate::app::ports::mail::MailReader;
use crate::domain::intake::message::{Defect, IncomingMail, Lock};
use std::fmt::Write as _;

fn read(raw: &[u8]) -> IncomingMail {
    MailParserReader::default().read(raw, Extent::Whole)
}

/// A mail of so many multiparts in each other around a text.
fn nested(levels: usize, text: &str) -> String {
    let mut mail = "From: els@hackegem.example\nSubject: hulp\n".to_owned();
    for level in 0..levels {
        let _ = write!(
            mail,
            "Content-Type: multipart/mixed; boundary=grens{level}\n\n--grens{level}\n"
        );
    }
    let _ = writeln!(mail, "Content-Type: text/plain\n\n{text}");
    for level in (0..levels).rev() {
        let _ = writeln!(mail, "--grens{level}--");
    }
    mail
}

#[test]
fn fifty_levels_lose_no_word_and_are_said_to_be_odd() {
    for (levels, whole) in [
        (3, true),
        (10, true),
        (11, false),
        (50, false),
        (2_000, false),
    ] {
        let mail = read(nested(levels, "de servers zijn versleuteld").as_bytes());
        assert!(
            mail.text.contains("de servers zijn versleuteld"),
            "{levels}"
        );
        assert_eq!(
            mail.defects.contains(&Defect::TooComplex),
            !whole,
            "{levels}"
        );
    }
}

#[test]
fn the_words_before_two_hundred_parts_are_read_and_the_rest_is_said_to_be_odd() {
    let with_files = |count| {
        let part = "--q\nContent-Type: image/png; name=foto.png\n\nx\n";
        let mail = format!(
            "From: els@hackegem.example\nContent-Type: multipart/mixed; boundary=q\n\n--q\n\n\
             Onze servers zijn versleuteld.\n{}--q--\n",
            part.repeat(count)
        );
        read(mail.as_bytes())
    };
    let many = with_files(300);
    assert_eq!(many.text, "Onze servers zijn versleuteld.");
    assert_eq!(many.attachments.len(), 198);
    assert!(many.defects.contains(&Defect::TooComplex));
    let few = with_files(150);
    assert_eq!((few.attachments.len(), few.defects.len()), (150, 0));
}

#[test]
fn a_file_is_named_by_what_it_is_and_by_its_lock() {
    let mail = read(
        b"From: els@hackegem.example\nContent-Type: multipart/mixed; boundary=q\n\n--q\n\nZie bijlage\n\
          --q\nContent-Type: application/pdf; name=factuur.pdf\nContent-Transfer-Encoding: base64\n\nTVqQAAMA\n\
          --q\nContent-Type: application/zip; name=factuur.zip\nContent-Transfer-Encoding: base64\n\n\
          UEsDBBQAAQAIAAAAAAA=\n--q--\n",
    );
    let seen: Vec<_> = mail
        .attachments
        .iter()
        .map(|file| (file.content.as_deref(), file.lock, file.size))
        .collect();
    assert_eq!(
        seen,
        [
            (
                Some("application/vnd.microsoft.portable-executable"),
                Lock::None,
                6
            ),
            (Some("application/zip"), Lock::Password, 14),
        ]
    );
}
