//! OpenPGP: the team's key, opening what was encrypted to it, checking signatures, sealing answers.
//!
//! All of rPGP stays in this folder. What is decided about keys stands in `domain::pgp::course`. The library
//! leaves expiry, revocation and weak hashes to its caller: they are checked in `certificate` and `signature`.

pub mod armor;
pub mod certificate;
pub mod open;
pub mod seal;
pub mod signature;
pub mod team_key;

use crate::adapters::mail::pgp::certificate::{merged, state_of};
use crate::adapters::mail::pgp::signature::judge;
use crate::app::ports::pgp::OpenPgp;
use crate::domain::pgp::certificate::Certificate;
use crate::domain::pgp::course::KeyState;
use crate::domain::pgp::reading::{Signature, SignedContent};
use jiff::Timestamp;

/// OpenPGP by rPGP.
#[derive(Debug, Clone, Copy, Default)]
pub struct RpgpKeys;

impl OpenPgp for RpgpKeys {
    fn check(
        &self,
        signed: &[SignedContent],
        candidates: &[&Certificate],
        now: Timestamp,
    ) -> Signature {
        judge(signed, candidates, now)
    }

    fn merged(&self, known: &Certificate, seen: &Certificate) -> Certificate {
        merged(known, seen).unwrap_or_else(|| known.clone())
    }

    fn state(&self, certificate: &Certificate, now: Timestamp) -> KeyState {
        state_of(certificate, now)
    }
}
