//! Sealing an answer: signed by the team, encrypted to the one who asked, as PGP/MIME (RFC 3156, 4 and 6.2).

use crate::adapters::mail::pgp::certificate::{encryption_subkey, key_of, state_of};
use crate::adapters::mail::pgp::team_key::TeamKey;
use crate::domain::pgp::certificate::Certificate;
use crate::domain::pgp::course::KeyState;
use jiff::Timestamp;
use pgp::composed::{ArmorOptions, MessageBuilder};
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::types::Password;
use rand08::rngs::OsRng;

/// Signs these bytes, encrypts them to a certificate, and puts armour around them. Not to the team as well: its
/// words are on the ticket, and who once gets its key needs no copy of its answers. Not compressed: a size would tell
/// of the content.
///
/// Nothing where the certificate can't be used at this time.
pub fn seal(team: &TeamKey, to: &Certificate, plain: Vec<u8>, at: Timestamp) -> Option<String> {
    if state_of(to, at) != KeyState::Usable {
        return None;
    }
    let theirs = key_of(to)?;
    let mut message =
        MessageBuilder::from_bytes("", plain).seipd_v1(OsRng, SymmetricKeyAlgorithm::AES256);
    message
        .encrypt_to_key(OsRng, encryption_subkey(&theirs, at)?)
        .ok()?;
    message.sign(
        team.signing_key()?,
        Password::empty(),
        HashAlgorithm::Sha512,
    );
    message
        .to_armored_string(OsRng, ArmorOptions::default())
        .ok()
}
