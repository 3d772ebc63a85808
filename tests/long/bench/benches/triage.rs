//! How long it takes to understand a report: one mail from its bytes to the reply that would leave, and a mail of a megabyte.

use criterion::{Criterion, criterion_group, criterion_main};
use eerstelijn::adapters::knowledge::{KnowledgeBase, OrganisationWords};
use eerstelijn::app::ports::{Extent, Knowledge};
use eerstelijn::app::triage::{Ours, TriageKeys, inspect_mail, read_as_ours};
use eerstelijn::domain::triage::assess::assess;
use eerstelijn::domain::triage::assessment::{Channel, Report};
use eerstelijn::runtime::team_key::{mail_reader_for, openpgp};
use eerstelijn_bench::{Told, reports};
use jiff::Timestamp;
use std::hint::black_box;

/// Bytes of the large mail.
const MEGABYTE: usize = 1_000_000;

fn mail(told: &Told) -> Vec<u8> {
    format!(
        "From: An <an@hackegem.example>\r\nTo: crt@crt.example\r\nSubject: {}\r\nMessage-ID: <{}@hackegem.example>\r\n\
         Date: Mon, 23 Nov 2026 21:40:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
        told.subject, told.id, told.text
    )
    .into_bytes()
}

fn triage(criterion: &mut Criterion) {
    let knowledge = KnowledgeBase::embedded(OrganisationWords::default()).expect("in order");
    knowledge.prepare().expect("an index");
    let handbook = knowledge.handbook();
    let reader = mail_reader_for(None).expect("a reader");
    let pgp = openpgp();
    let keys = TriageKeys {
        pgp: pgp.as_ref(),
        now: Timestamp::now(),
    };
    let ours = Ours::default();
    let inspect = |raw: &Vec<u8>| {
        let read = read_as_ours(reader.as_ref(), raw, Extent::Whole, &ours);
        black_box(inspect_mail(&knowledge, read, Extent::Whole, &ours, &keys).expect("read"));
    };
    let told = reports();
    let mut next = told.iter().cycle();
    criterion.bench_function("triage, the words of one report", |bencher| {
        bencher.iter(|| {
            let told = next.next().expect("a report");
            black_box(assess(
                &handbook.triage,
                &Report {
                    channel: Channel::Mail,
                    subject: &told.subject,
                    text: &told.text,
                    evidence: &[],
                    machine: None,
                    earlier: None,
                    asked: &[],
                },
            ))
        });
    });
    let mails: Vec<Vec<u8>> = told.iter().map(mail).collect();
    let mut next = mails.iter().cycle();
    criterion.bench_function("triage, one mail with its reply", |bencher| {
        bencher.iter(|| next.next().map(inspect));
    });
    let many: String = told
        .iter()
        .map(|told| told.text.as_str())
        .cycle()
        .take(100_000)
        .fold(String::new(), |all, text| {
            if all.len() < MEGABYTE {
                all + text + "\r\n"
            } else {
                all
            }
        });
    let large = Told {
        text: many,
        ..told.first().expect("a report").clone()
    };
    let large = mail(&large);
    criterion.bench_function("triage, one mail of a megabyte", |bencher| {
        bencher.iter(|| inspect(&large));
    });
}

criterion_group!(benches, triage);
criterion_main!(benches);
