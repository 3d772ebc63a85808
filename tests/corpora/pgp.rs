//! OpenPGP mails of other programs, with the keys that came with them.

use crate::corpora::{cases, corpus, read_text, say, text};
use eerstelijn::adapters::mail::parse::MailParserReader;
use eerstelijn::adapters::mail::pgp::team_key::TeamKey;
use eerstelijn::app::ports::arrival::Extent;
use eerstelijn::app::ports::mail::MailReader;
use eerstelijn::domain::pgp::form::{Opening, PgpForm};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;

/// A reader with every secret key in this folder.
fn reader_with(folder: &Path) -> Option<MailParserReader> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .ok()?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().contains("secret"))
        .collect();
    files.sort();
    let now = "2026-11-23T20:40:00Z".parse().ok()?;
    let keys: Vec<_> = files
        .iter()
        .filter_map(|file| TeamKey::import(&read_text(file), "", now).ok())
        .collect();
    let keys: String = keys.iter().map(|key| key.as_str()).collect();
    let team = TeamKey::parse(&keys).ok()?;
    Some(MailParserReader::opening_with(Some(Arc::new(team))))
}

fn form_of(case: &str) -> PgpForm {
    match case {
        "pgp-mime-encrypted" => PgpForm::MimeEncrypted,
        "pgp-mime-signed" => PgpForm::MimeSigned,
        "pgp-inline-encrypted" => PgpForm::InlineEncrypted,
        "pgp-inline-signed" => PgpForm::InlineSigned,
        _ => PgpForm::None,
    }
}

/// Is a mail opened that `gpg` opens? The keys of the other folders aren't at hand, or are of a kind that is refused.
fn opened(case: &Value, reader: &MailParserReader, raw: &[u8]) -> Option<bool> {
    let decrypts = case.get("gnupg_decrypts").and_then(Value::as_bool) == Some(true);
    if !decrypts || !text(case, "file").starts_with("deltachat") {
        return None;
    }
    let mail = reader.read(raw, Extent::Whole);
    let is_open = mail.pgp.opening == Opening::Opened && !mail.text.trim().is_empty();
    if !is_open {
        say(&format!("{}: {}", text(case, "file"), mail.pgp.opening));
    }
    Some(is_open)
}

#[test]
fn forms_are_told_and_what_is_ours_is_opened() {
    let Some(folder) = corpus("pgp") else {
        return;
    };
    let root = folder.parent().unwrap();
    let reader = reader_with(&root.join("deltachat/key")).unwrap();
    let (mut forms, mut ours) = ((0, 0), Vec::new());
    for case in cases(&folder.join("cases.jsonl")) {
        let file = text(&case, "file");
        let raw = std::fs::read(root.join(file)).unwrap();
        let mail = MailParserReader::default().read(&raw, Extent::Whole);
        forms.1 += 1;
        let expected = form_of(text(&case, "form"));
        if mail.pgp.form == expected {
            forms.0 += 1;
        } else {
            say(&format!("{file}: {} and not {expected}", mail.pgp.form));
        }
        ours.extend(opened(&case, &reader, &raw));
    }
    say(&format!(
        "OpenPGP: form told {} of {}, opened {} of {}",
        forms.0,
        forms.1,
        ours.iter().filter(|open| **open).count(),
        ours.len()
    ));
    // The three others: a setup message for another device, a mail inside a bounce, and one whose outer type a
    // server changed, which is labelled by what is left of it.
    assert!(forms.0 + 3 >= forms.1);
    assert!(ours.len() >= 5 && ours.iter().all(|open| *open));
}

#[test]
fn a_subject_in_the_open_is_never_taken_for_a_hidden_one() {
    let Some(folder) = corpus("pgp") else {
        return;
    };
    let root = folder.parent().unwrap();
    let delta = reader_with(&root.join("deltachat/key")).unwrap();
    for case in cases(&folder.join("protected-subjects.jsonl")) {
        let raw = std::fs::read(root.join(text(&case, "file"))).unwrap();
        // None of these keys is at hand: what stands in the open part of the body must not be believed.
        let mail = delta.read(&raw, Extent::Whole);
        let (header, _) = std::str::from_utf8(&raw)
            .unwrap()
            .split_once("\n\n")
            .unwrap();
        let outer = header
            .lines()
            .find_map(|line| line.strip_prefix("Subject: "));
        assert_eq!(
            mail.subject,
            outer.unwrap_or_default(),
            "{}",
            text(&case, "file")
        );
        assert!(mail.pgp.opening.has_failed(), "{}", text(&case, "file"));
    }
    let hidden = root.join("deltachat/message/thunderbird_encrypted_unsigned.eml");
    let mail = delta.read(&std::fs::read(hidden).unwrap(), Extent::Whole);
    assert_eq!(mail.subject, "Hello!");
}
