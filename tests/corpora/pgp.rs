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

/// A reader with every secret key below this folder.
fn reader_with(folder: &Path, passphrase: &str) -> Option<MailParserReader> {
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
        .filter_map(|file| TeamKey::import(&read_text(file), passphrase, now).ok())
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

/// What of this folder is opened with its own keys, of what `gpg` opens.
fn opened(case: &Value, part: &str, reader: &MailParserReader, raw: &[u8]) -> Option<bool> {
    let decrypts = case.get("gnupg_decrypts").and_then(Value::as_bool) == Some(true);
    if !decrypts || !text(case, "file").starts_with(part) {
        return None;
    }
    let mail = reader.read(raw, Extent::Whole);
    let told = text(case, "must_contain");
    let is_open = mail.pgp.opening == Opening::Opened && mail.text.contains(told);
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
    let [delta, rt] = [("deltachat/key", ""), ("rt/gnupg/keys", "rt-test")]
        .map(|(keys, passphrase)| reader_with(&root.join(keys), passphrase));
    let mut forms = (0, 0);
    let (mut of_delta, mut of_rt) = (Vec::new(), Vec::new());
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
        let asked = |reader: &Option<MailParserReader>, part| {
            let reader = reader.as_ref()?;
            opened(&case, part, reader, &raw)
        };
        of_delta.extend(asked(&delta, "deltachat"));
        of_rt.extend(asked(&rt, "rt"));
    }
    let count = |all: &[bool]| all.iter().filter(|open| **open).count();
    say(&format!(
        "OpenPGP: form told {} of {}, opened {} of {}, with the keys of 2006 {} of {}",
        forms.0,
        forms.1,
        count(&of_delta),
        of_delta.len(),
        count(&of_rt),
        of_rt.len()
    ));
    // The three others: a setup message for another device, a mail inside a bounce, and one whose outer type a
    // server changed, which is labelled by what is left of it.
    assert!(forms.0 + 3 >= forms.1);
    assert!(of_delta.len() >= 5 && of_delta.iter().all(|open| *open));
}

#[test]
fn a_subject_in_the_open_is_never_taken_for_a_hidden_one() {
    let Some(folder) = corpus("pgp") else {
        return;
    };
    let root = folder.parent().unwrap();
    let delta = reader_with(&root.join("deltachat/key"), "").unwrap();
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
