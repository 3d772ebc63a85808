//! The reporter's own words, and inline forwards.

use crate::corpora::{cases, corpus, per_cent, read_text, say, text};
use eerstelijn::adapters::mail::parse::reader::MailParserReader;
use eerstelijn::app::ports::arrival::Extent;
use eerstelijn::app::ports::mail::MailReader;
use eerstelijn::domain::intake::message::{ForwardedMail, IncomingMail};
use eerstelijn::domain::text::own_words::{OwnWords, own_words};
use serde_json::Value;
use std::path::Path;

fn read_mail(file: &Path) -> IncomingMail {
    let raw = std::fs::read(file).unwrap_or_default();
    MailParserReader::default().read(&raw, Extent::Whole)
}

/// Blank lines, rules and the blanks at line ends don't count.
fn folded(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| line.contains(char::is_alphanumeric) || line.contains('>'))
        .collect();
    lines.join("\n")
}

/// The own words of a case: of its text, or of the mail or the page that it is.
fn own_words_of(dir: &Path, case: &Value) -> (OwnWords, String) {
    let file = dir.join(text(case, "input"));
    match text(case, "format") {
        "eml" => {
            let mail = read_mail(&file);
            (own_words(&mail.text, &mail.subject), mail.text)
        }
        "html" => {
            let html = read_text(&file);
            let raw = format!(
                "From: a@b.example\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n{html}"
            );
            let mail = MailParserReader::default().read(raw.as_bytes(), Extent::Whole);
            (own_words(&mail.text, &mail.subject), mail.text)
        }
        _ => {
            let raw = read_text(&file);
            (own_words(&raw, ""), raw)
        }
    }
}

/// What a case says are the own words.
fn expected_of<'a>(case: &'a Value, whole: &'a str) -> Option<&'a str> {
    let expected = ["expect_text", "expect_before", "expect_shown"]
        .iter()
        .find_map(|field| case.get(*field).and_then(Value::as_str));
    let nothing = case.get("expect_nothing_stripped").is_some();
    expected.or(nothing.then_some(whole))
}

/// Parsers disagree on where a signature begins; both answers are right.
fn same_words(own: &OwnWords, expected: &str) -> bool {
    let signed = format!(
        "{}\n{}",
        own.text,
        own.signature.as_deref().unwrap_or_default()
    );
    let expected_unsigned = own_words(expected, "").text;
    let expected = folded(expected);
    folded(&own.text) == expected
        || folded(&signed) == expected
        || folded(&own.text) == folded(&expected_unsigned)
}

#[test]
fn own_words_are_found() {
    let Some(dir) = corpus("reply-stripping") else {
        return;
    };
    let labelled = cases(&dir.join("cases.jsonl"));
    let (mut all, mut exact, mut strict, mut kept) = (0, 0, 0, 0);
    for case in &labelled {
        let (own, whole) = own_words_of(&dir, case);
        let Some(expected) = expected_of(case, &whole) else {
            continue;
        };
        all += 1;
        strict += usize::from(same_words(&own, expected));
        // Where two labels of one and the same mail contradict each other, either is right.
        let answers = labelled
            .iter()
            .filter(|other| text(other, "input") == text(case, "input"))
            .filter_map(|other| expected_of(other, &whole));
        let right = answers.clone().any(|answer| same_words(&own, answer));
        exact += usize::from(right);
        let lost = answers.clone().all(|answer| loses_a_line(&own, answer));
        kept += usize::from(!lost);
        if !right || lost {
            let mark = if lost { "LOST" } else { "left over" };
            say(&format!(
                "  {mark}: {} {}",
                text(case, "set"),
                text(case, "input")
            ));
        }
    }
    say(&format!(
        "own words: {exact} of {all} exact ({:.1} %), {strict} by every label, no own line lost in {:.1} %",
        per_cent(exact, all),
        per_cent(kept, all)
    ));
    // The aim; the cases that are left lose words below the mark of a telephone, which stay here.
    assert!(per_cent(exact, all) >= 95.0);
    assert_eq!(kept, all);
}

/// Is one of the own lines neither in the words nor in the signature?
fn loses_a_line(own: &OwnWords, expected: &str) -> bool {
    let signature = own.signature.as_deref().unwrap_or_default();
    let everything = format!("{}\n{signature}", own.text);
    folded(expected)
        .lines()
        .any(|line| !line.starts_with('>') && !everything.contains(line))
}

#[test]
fn words_that_must_stay_stay_and_quoted_ones_go() {
    let Some(dir) = corpus("reply-stripping") else {
        return;
    };
    let (mut all, mut right) = (0, 0);
    for case in cases(&dir.join("cases.jsonl")) {
        let (own, _) = own_words_of(&dir, &case);
        let list = |field: &str| -> Vec<String> {
            let words = case.get(field).and_then(Value::as_array);
            let words = words.into_iter().flatten().filter_map(Value::as_str);
            words.map(str::to_owned).collect()
        };
        let (stay, go) = (list("must_contain"), list("must_not_contain"));
        if stay.is_empty() && go.is_empty() {
            continue;
        }
        all += 1;
        let holds = stay.iter().all(|words| own.text.contains(words))
            && !go.iter().any(|words| own.text.contains(words));
        right += usize::from(holds);
        if !holds {
            say(&format!(
                "  not so: {} {}",
                text(&case, "set"),
                text(&case, "input")
            ));
        }
    }
    say(&format!("must stay, must go: {right} of {all}"));
    assert_eq!(right, all);
}

#[test]
fn inline_forwards_are_taken_apart() {
    let Some(dir) = corpus("forward-parsing") else {
        return;
    };
    let (mut all, mut right) = (0, 0);
    for case in cases(&dir.join("cases.jsonl")) {
        let body = read_text(&dir.join(text(&case, "body_file")));
        let subject_file = text(&case, "subject_file");
        let subject = if subject_file.is_empty() {
            String::new()
        } else {
            read_text(&dir.join(subject_file))
        };
        let own = own_words(&body, subject.trim());
        let Some(expected) = case.get("expect") else {
            continue;
        };
        all += 1;
        let wrong = what_is_wrong(&own, expected);
        if wrong.is_empty() {
            right += 1;
        } else {
            say(&format!(
                "  {} {}: {}",
                text(&case, "body_file"),
                subject.trim(),
                wrong.join(", ")
            ));
        }
    }
    say(&format!(
        "inline forwards: {right} of {all} ({:.1} %)",
        per_cent(right, all)
    ));
    assert!(per_cent(right, all) >= 99.0);
}

fn what_is_wrong(own: &OwnWords, expected: &Value) -> Vec<&'static str> {
    let forwarded = expected.get("forwarded").and_then(Value::as_bool) == Some(true);
    if !forwarded {
        return if own.forwarded.is_empty() {
            vec![]
        } else {
            vec!["no forward"]
        };
    }
    let Some(mail) = own.forwarded.first() else {
        return vec!["not found"];
    };
    let mut wrong = Vec::new();
    if let Some(message) = expected.get("message") {
        let message = message.as_str().unwrap_or_default();
        if folded(&own.text) != folded(message) {
            wrong.push("own words");
        }
    }
    wrong.extend(what_is_wrong_in(mail, expected));
    wrong
}

fn what_is_wrong_in(mail: &ForwardedMail, expected: &Value) -> Vec<&'static str> {
    let fields = [
        ("subject", &mail.subject),
        ("from_address", &mail.from_address),
        ("from_name", &mail.from_name),
        ("body", &mail.text),
    ];
    let mut wrong = Vec::new();
    for (field, value) in fields {
        if expected.get(field).is_some() && folded(text(expected, field)) != folded(value) {
            wrong.push(field);
        }
    }
    wrong
}

#[test]
fn french_sentences_survive_the_cutting_of_signatures() {
    let Some(dir) = corpus("melusine-fr") else {
        return;
    };
    let (mut all, mut kept) = (0, 0);
    for case in cases(&dir.join("segments.jsonl")) {
        let own = own_words(text(&case, "text"), "Re: x");
        let tags = case.get("tags").and_then(Value::as_array);
        for tag in tags.into_iter().flatten() {
            // The name below a closing is tagged as body at first, and refined later.
            if text(tag, "refined_tag") != "BODY" {
                continue;
            }
            all += 1;
            let words = text(tag, "base_text").trim();
            // The labels were made after all blanks had been folded into one, or none.
            if without_blanks(&own.text).contains(&without_blanks(words)) {
                kept += 1;
            } else {
                say(&format!("  lost: {words}"));
            }
        }
    }
    say(&format!("French sentences: {kept} of {all} kept"));
    assert!(per_cent(kept, all) >= 95.0);
}

fn without_blanks(text: &str) -> String {
    text.split_whitespace().collect()
}
