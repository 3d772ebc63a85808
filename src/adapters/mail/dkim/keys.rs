//! The keys that were used for one mail, with the flags that mail-auth keeps to itself.

use mail_auth::common::verify::DomainKey;
use mail_auth::dkim::Signature;
use mail_auth::{ResolverCache, Txt};
use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// The flag `t=y` of a key: its owner is trying out (RFC 6376, 3.6.1), as mail-auth keeps it.
const UNDER_TEST: u64 = 0x10;

/// Sees the keys that mail-auth uses, whose flags it keeps to itself. Keeps them for one mail only: the resolver keeps
/// what the DNS allows to keep.
#[derive(Default)]
pub(super) struct KeysInUse(Mutex<Vec<(Box<str>, Arc<DomainKey>)>>);

impl KeysInUse {
    pub(super) fn is_under_test(&self, signature: &Signature) -> bool {
        let name = format!("{}._domainkey.{}.", signature.s, signature.d);
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut of = keys
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(&name));
        of.any(|(_, key)| key.has_flag(UNDER_TEST))
    }
}

impl ResolverCache<Box<str>, Txt> for KeysInUse {
    fn get<Q>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn remove<Q>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, name: Box<str>, record: Txt, _: std::time::Instant) {
        if let Txt::DomainKey(key) = record {
            let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            keys.push((name, key));
        }
    }
}
