//! The own check of DKIM signatures (RFC 6376), by mail-auth, with the keys that the DNS gives.
//!
//! Stricter than the standard asks, because what passes here opens a ticket's number to its sender: only signatures of
//! the sender's own domain, over sender, subject, what says where the parts begin, and the whole body (no `l=`, 8.2); no
//! SHA-1 (RFC 8301), no signature in the name of a third party, no key under test (3.6.1); and no mail that another
//! program may read otherwise than we do, as one with a field twice that may stand once (8.15): who adds a second
//! subject above the signed one keeps the signature, and we would read his.
//!
//! `verifier` is the way in; `reading` and `strength` say what is looked at at all.

mod keys;
mod reading;
mod silence;
mod strength;
mod verifier;

pub use verifier::{DnsDkimVerifier, NoNameServers};
