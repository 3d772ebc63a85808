//! OpenPGP with the other side played by `gpg`: what it encrypts is read, what we seal it opens, and which key is
//! believed.

// So that clippy takes the functions beside the tests for what they are.
#![cfg(test)]

mod keys;
mod letters;
mod reading;
mod replies;

use crate::support::gnupg::{GnuPg, entity, sealed};
use crate::support::mails::AN;
use crate::support::town::Town;
use eerstelijn::adapters::mail::compose::MimeComposer;
use eerstelijn::adapters::mail::parse::MailParserReader;
use eerstelijn::adapters::mail::pgp::team_key::TeamKey;
use std::sync::{Arc, LazyLock};

/// The team's key; making one in each test would only cost time.
static TEAM: LazyLock<Arc<TeamKey>> = LazyLock::new(|| {
    let text = TeamKey::generate("Cyber Response Team <crt@crt.example>").unwrap();
    Arc::new(TeamKey::parse(&text).unwrap())
});

const AN_ADDRESS: &str = "an.peeters@hackegem.example";
/// What An writes where only the team may read it.
const WORDS: &str =
    "Goeienavond,\n\nonze servers worden versleuteld, er staat een losgeldbrief op. Wat nu?\n\nAn";
const HIDDEN: &str = "Ransomware in het gemeentehuis";

/// The town, once the team has a key.
fn with_key(mut town: Town) -> Town {
    let team = Some(Arc::clone(&TEAM));
    town.app.reader = Arc::new(MailParserReader::opening_with(team.clone()));
    town.app.composer = Arc::new(MimeComposer::signing_with(team));
    town
}

/// An, who knows the team's key.
fn an() -> GnuPg {
    GnuPg::of("An Peeters", AN_ADDRESS).knows(&TEAM.public_text().unwrap())
}

/// An's report: encrypted, signed, her key inside.
fn report(an: &GnuPg, id: &str) -> Vec<u8> {
    let plain = entity(HIDDEN, WORDS, Some(&an.public()));
    sealed(AN, id, &an.encrypts(&plain, &["--sign"]))
}

/// Did any of these words go to a reporter in the open? A page to the team holds closed facts, as for any report.
fn leaked(town: &Town) -> Option<String> {
    let secret = [HIDDEN, "losgeld", "Ransomware", "servers"];
    town.received()
        .into_iter()
        .filter(|mail| !mail.to.ends_with("@crt.example"))
        .map(|mail| String::from_utf8(mail.raw).unwrap())
        .find(|raw| secret.iter().any(|word| raw.contains(word)))
}
