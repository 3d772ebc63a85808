//! OpenPGP, as the application asks for it: checking signatures, telling whether a key can be used.
//!
//! Opening a mail is part of reading it, sealing one of composing it.

use crate::domain::pgp::certificate::Certificate;
use crate::domain::pgp::course::KeyState;
use crate::domain::pgp::reading::{Signature, SignedContent};
use jiff::Timestamp;

/// Checks signatures and keys.
pub trait OpenPgp: Send + Sync {
    /// What the signatures of a mail prove, with these certificates at hand. One good one is enough.
    fn check(
        &self,
        signed: &[SignedContent],
        candidates: &[&Certificate],
        now: Timestamp,
    ) -> Signature;
    /// What is known of a certificate once another form of the same is seen: all that its owner vouches for in either.
    /// Nothing that was revoked comes back, and nothing is lost because somebody leaves it out. The first where they
    /// aren't the same.
    fn merged(&self, known: &Certificate, seen: &Certificate) -> Certificate;
    /// What can be done with a certificate now.
    fn state(&self, certificate: &Certificate, now: Timestamp) -> KeyState;
}
