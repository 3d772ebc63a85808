//! Any bytes as a mail: never a panic, and the same with LF and CRLF.
#![no_main]

use eerstelijn::adapters::mail::parse::MailParserReader;
use eerstelijn::app::ports::{Extent, MailReader};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let reader = MailParserReader::default();
    let mail = reader.read(raw, Extent::Whole);
    assert!(mail.text.chars().count() <= 256 * 1024);
    assert!(mail.attachments.len() <= 400);
    let _ = reader.authentication(&mail, &vec!["mx.crt.example".to_owned()].into());
});
