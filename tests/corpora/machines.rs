//! The machine gate over labelled mails: who is silenced, who was not reached, and that neither line ends
//! nor damage change that.

use crate::corpora::{cases, corpus, per_cent, say, text};
use eerstelijn::adapters::mail::parse::reader::MailParserReader;
use eerstelijn::app::ports::arrival::Extent;
use eerstelijn::app::ports::mail::MailReader;
use eerstelijn::domain::intake::machine::failed::failed_recipients;
use eerstelijn::domain::intake::machine::{MachineVerdict, judge};
use eerstelijn::domain::intake::message::{HeaderField, IncomingMail};
use eerstelijn::domain::triage::category::Kind;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

fn read_bytes(raw: &[u8]) -> IncomingMail {
    MailParserReader::default().read(raw, Extent::Whole)
}

/// Every labelled case with the bytes of its mail.
fn labelled(dir: &Path) -> Vec<(Value, Vec<u8>)> {
    let root = dir.parent().unwrap_or(dir);
    cases(&dir.join("labels.jsonl"))
        .into_iter()
        .map(|case| {
            let raw = std::fs::read(root.join(text(&case, "file"))).unwrap_or_default();
            assert!(!raw.is_empty(), "no mail {}", text(&case, "file"));
            (case, raw)
        })
        .collect()
}

fn is_person(case: &Value) -> bool {
    matches!(text(case, "expect"), "human" | "not-bounce")
}

/// Is a machine recognised outright, and not only doubted? A doubtful mail isn't answered either, and is
/// shown to humans.
fn is_outright(verdict: &MachineVerdict) -> bool {
    let doubt = |why: &String| why.starts_with("perhaps: ") || why == "x-auto-response-suppress";
    verdict.kind.is_some() && !verdict.because.iter().all(doubt)
}

#[test]
fn machines_are_never_answered_and_people_are_heard() {
    let Some(dir) = corpus("mail-kind") else {
        return;
    };
    let (mut machines, mut silenced, mut outright, mut same_kind) = (0, 0, 0, 0);
    let (mut people, mut lost) = (0, 0);
    for (case, raw) in labelled(&dir) {
        let verdict = judge(&read_bytes(&raw), &[]);
        let (file, expected) = (text(&case, "file"), text(&case, "expect"));
        if is_person(&case) {
            people += 1;
            // People who write to a list are people, but a list is never answered.
            let heard = matches!(verdict.kind, None | Some(Kind::List));
            if !heard {
                lost += 1;
                say(&format!("  person lost: {file} {verdict:?}"));
            }
        } else {
            machines += 1;
            silenced += usize::from(!verdict.answerable);
            outright += usize::from(is_outright(&verdict));
            let right = is_kind(expected, &verdict);
            same_kind += usize::from(right);
            if !right {
                say(&format!("  {expected}: {file} {verdict:?}"));
            }
        }
    }
    say(&format!(
        "machine gate: {silenced} of {machines} machines silenced ({:.1} %), {outright} outright ({:.1} %), {} only doubtful; kind right {:.1} %; {lost} of {people} people lost ({:.1} %)",
        per_cent(silenced, machines),
        per_cent(outright, machines),
        silenced - outright,
        per_cent(same_kind, machines),
        per_cent(lost, people),
    ));
    // What is asked is 99 and 0.5; silenced is kept at what is reached.
    assert!(per_cent(silenced, machines) >= 99.5);
    assert!(per_cent(outright, machines) >= 99.0);
    assert!(per_cent(same_kind, machines) >= 98.5);
    assert!(per_cent(lost, people) <= 0.5);
}

/// Labels name the addresses that the senders wrote to; some letters hold a name without a domain.
#[test]
fn who_was_not_reached_is_named() {
    let Some(dir) = corpus("mail-kind") else {
        return;
    };
    let (mut named, mut right, mut all) = (0, 0, 0);
    let (mut bounces, mut with_names, mut late_with_names) = (0, 0, 0);
    for (case, raw) in labelled(&dir) {
        let found: BTreeSet<String> = failed_recipients(&read_bytes(&raw))
            .iter()
            .map(|address| address.to_lowercase())
            .collect();
        let expected = text(&case, "expect");
        bounces += usize::from(expected == "bounce");
        with_names += usize::from(expected == "bounce" && !found.is_empty());
        late_with_names += usize::from(expected == "delay-warning" && !found.is_empty());
        assert!(
            !is_person(&case) || found.is_empty(),
            "{}",
            text(&case, "file")
        );
        let Some(failed) = case.get("failed").and_then(Value::as_array) else {
            continue;
        };
        let failed: BTreeSet<String> = failed
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_lowercase)
            .collect();
        all += failed.len();
        named += found.len();
        let both = found.intersection(&failed).count();
        right += both;
        if found != failed {
            say(&format!(
                "  {both} of {} named: {}",
                failed.len(),
                text(&case, "file")
            ));
        }
    }
    say(&format!(
        "failed recipients: {right} of {all} found ({:.1} %), {right} of {named} right ({:.1} %); {with_names} of {bounces} bounces name somebody, {late_with_names} delays do",
        per_cent(right, all),
        per_cent(right, named),
    ));
    assert!(per_cent(right, all) >= 92.0);
    assert!(per_cent(right, named) >= 97.0);
    assert!(per_cent(with_names, bounces) >= 93.0);
    assert_eq!(late_with_names, 0);
}

/// The same mail from a file, from the wire: one verdict. Slow machines get more time than is asked.
#[test]
fn line_ends_change_nothing_and_no_mail_takes_long() {
    let Some(dir) = corpus("mail-kind") else {
        return;
    };
    let (mut all, mut slowest) = (0, Duration::ZERO);
    for (case, raw) in labelled(&dir) {
        let unix = with_line_ends(&raw, b"\n");
        let wire = with_line_ends(&raw, b"\r\n");
        #[expect(clippy::disallowed_methods, reason = "a test that measures time")]
        let began = Instant::now();
        let verdict = judge(&read_bytes(&wire), &[]);
        slowest = slowest.max(began.elapsed());
        let same = judge(&read_bytes(&unix), &[]);
        assert_eq!(verdict, same, "{}", text(&case, "file"));
        all += 1;
    }
    say(&format!(
        "{all} mails with either line end alike, slowest {slowest:?}"
    ));
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
}

fn with_line_ends(raw: &[u8], end: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(raw.len());
    let mut before = 0;
    for &byte in raw {
        match byte {
            b'\n' if before == b'\r' => {}
            b'\r' | b'\n' => lines.extend_from_slice(end),
            other => lines.push(other),
        }
        before = byte;
    }
    lines
}

/// Cut anywhere, or with bits turned over: read and judged, whatever comes out. The places are chosen by
/// the bytes of the mail and a fixed step, so that a failure comes back.
#[test]
fn damaged_mails_are_judged_without_panic() {
    let Some(dir) = corpus("mail-kind") else {
        return;
    };
    let mut judged = 0_usize;
    let mut state = 0x2026_1126_u64;
    let mut next = |most: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or_default() % most.max(1)
    };
    for (_, raw) in labelled(&dir) {
        for _ in 0..4 {
            let cut = raw.get(..next(raw.len())).unwrap_or_default();
            let mut flipped = raw.clone();
            for _ in 0..16 {
                let (place, bit) = (next(raw.len().min(8_192)), next(8));
                if let Some(byte) = flipped.get_mut(place) {
                    *byte ^= 1 << bit;
                }
            }
            for damaged in [cut, flipped.as_slice()] {
                let mail = read_bytes(damaged);
                let verdict = judge(&mail, &[]);
                assert!(verdict.kind.is_none() || !verdict.answerable);
                assert!(failed_recipients(&mail).len() <= 100);
                judged += 1;
            }
        }
    }
    say(&format!("{judged} damaged mails judged"));
}

fn is_kind(expected: &str, verdict: &MachineVerdict) -> bool {
    let kind = verdict.kind;
    match expected {
        "bounce" | "delay-warning" => kind == Some(Kind::Bounce),
        "bounce-or-dsn" => matches!(kind, Some(Kind::Bounce | Kind::MachineReport)),
        "auto-reply" => kind == Some(Kind::AutoReply),
        "auto-generated" => kind == Some(Kind::Alert),
        _ => kind == Some(Kind::MachineReport),
    }
}

#[test]
fn header_sets_of_other_help_desks_get_their_outcome() {
    let Some(dir) = corpus("mail-kind") else {
        return;
    };
    for case in cases(&dir.join("auto-headers.jsonl")) {
        let headers: Vec<HeaderField> = case
            .get("headers")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| HeaderField {
                name: name.to_owned(),
                value: value.trim().to_owned(),
            })
            .collect();
        // Our own Message-ID is recognised by the store, which knows all that were sent.
        if headers
            .iter()
            .any(|field| field.value.contains("{our-fqdn}"))
        {
            continue;
        }
        let mail = IncomingMail {
            headers,
            subject: text(&case, "subject").to_owned(),
            ..IncomingMail::default()
        };
        let verdict = judge(&mail, &[]);
        assert!(!verdict.answerable, "{}", text(&case, "src"));
        if case.get("expect_auto") == Some(&Value::Bool(true)) {
            assert!(verdict.kind.is_some(), "{}", text(&case, "src"));
        }
    }
}
