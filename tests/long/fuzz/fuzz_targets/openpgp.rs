//! Any bytes as keys, messages and signatures; any text with armour in it: never a panic, never a good signature.
#![no_main]

use eerstelijn::adapters::mail::parse::MailParserReader;
use eerstelijn::adapters::mail::pgp::RpgpKeys;
use eerstelijn::adapters::mail::pgp::certificate::certificates_in;
use eerstelijn::adapters::mail::pgp::open::open;
use eerstelijn::adapters::mail::pgp::signature::{cleartext, detached};
use eerstelijn::adapters::mail::pgp::team_key::TeamKey;
use eerstelijn::app::ports::{Extent, MailReader, OpenPgp};
use libfuzzer_sys::fuzz_target;
use std::sync::{Arc, LazyLock};

static TEAM: LazyLock<Arc<TeamKey>> = LazyLock::new(|| {
    let text = TeamKey::generate("CRT <crt@crt.example>").expect("a key is made");
    Arc::new(TeamKey::parse(&text).expect("it is read"))
});

fuzz_target!(|raw: &[u8]| {
    let _ = open(&TEAM, raw);
    let now = "2026-11-23T20:40:00Z".parse().expect("a time");
    let offered = certificates_in(raw);
    for certificate in &offered {
        let _ = RpgpKeys.state(certificate, now);
    }
    let candidates: Vec<_> = offered.iter().chain([TEAM.certificate()]).collect();
    let signed = detached(raw, b"words");
    let _ = RpgpKeys.check(&signed, &candidates, now);
    let text = String::from_utf8_lossy(raw);
    let _ = cleartext(&text);
    let _ = TeamKey::parse(&text);
    let mail = MailParserReader::opening_with(Some(Arc::clone(&TEAM))).read(raw, Extent::Whole);
    let _ = RpgpKeys.check(&mail.pgp.signed, &candidates, now);
});
