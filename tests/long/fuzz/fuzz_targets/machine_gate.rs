//! Any bytes as a mail through the whole gate: a verdict without a panic.
#![no_main]

use eerstelijn::adapters::mail::parse::MailParserReader;
use eerstelijn::app::ports::{Extent, MailReader};
use eerstelijn::domain::address::EmailAddress;
use eerstelijn::domain::intake::machine;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static OURS: LazyLock<Vec<EmailAddress>> =
    LazyLock::new(|| EmailAddress::parse("crt@crt.example").into_iter().collect());

fuzz_target!(|raw: &[u8]| {
    let mail = MailParserReader::default().read(raw, Extent::Whole);
    let verdict = machine::judge(&mail, &OURS);
    // Whoever is silent says why.
    assert!(verdict.answerable || !verdict.because.is_empty());
});
