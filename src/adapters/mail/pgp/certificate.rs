//! Certificates: taken out of what a stranger sent, stripped to what their owner vouches for, judged by date.
//!
//! Signatures of others, photos and whatever isn't bound by a valid self-signature are thrown away first
//! (RFC 9580, 10.1): nothing of them is ever used or kept.

use crate::adapters::mail::pgp::armor::without_armour;
use crate::domain::pgp::certificate::{Certificate, Fingerprint};
use crate::domain::pgp::course::KeyState;
use jiff::Timestamp;
use pgp::composed::{Deserializable, SignedPublicKey, SignedPublicSubKey};
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::{PublicKey, PublicSubkey, Signature, SignatureType};
use pgp::ser::Serialize;
use pgp::types::{KeyDetails, SignedUser, Tag, VerifyingKey};

/// Most bytes of certificates that are looked at in one place. Keys with thousands of signatures exist to make
/// their readers slow.
pub const MOST_BYTES: usize = 64 * 1024;
/// Most certificates in one place.
const MOST_CERTIFICATES: usize = 2;
/// Most user ids or subkeys of one certificate that are looked at.
const MOST_OF_EACH: usize = 8;
/// Most signatures on one of them that are computed.
const MOST_SIGNATURES: usize = 6;

/// The certificates in these bytes, armoured or not, each stripped to what is valid.
pub fn certificates_in(bytes: &[u8]) -> Vec<Certificate> {
    if bytes.len() > MOST_BYTES {
        return Vec::new();
    }
    let Some(binary) = without_armour(bytes) else {
        return Vec::new();
    };
    let Ok(found) = SignedPublicKey::from_bytes_many(binary.as_slice()) else {
        return Vec::new();
    };
    found
        .take(MOST_CERTIFICATES)
        .filter_map(Result::ok)
        .filter(|key| is_of_a_sound_kind(key.algorithm()))
        .filter_map(|key| as_certificate(&stripped(key)))
        .collect()
}

/// Is it a kind of key that is still used? DSA was given up (RFC 9580, 9.1), and its larger forms are slow enough to
/// keep a reader busy.
fn is_of_a_sound_kind(kind: PublicKeyAlgorithm) -> bool {
    matches!(
        kind,
        PublicKeyAlgorithm::RSA
            | PublicKeyAlgorithm::ECDSA
            | PublicKeyAlgorithm::EdDSALegacy
            | PublicKeyAlgorithm::Ed25519
            | PublicKeyAlgorithm::Ed448
    )
}

/// Two forms of one certificate as one: all that either holds. Nothing where they aren't the same, or where it would
/// be too large.
pub fn merged(known: &Certificate, seen: &Certificate) -> Option<Certificate> {
    let (mut key, other) = (key_of(known)?, key_of(seen)?);
    if key.primary_key != other.primary_key {
        return None;
    }
    let details = &mut key.details;
    add_new(
        &mut details.revocation_signatures,
        other.details.revocation_signatures,
    );
    add_new(
        &mut details.direct_signatures,
        other.details.direct_signatures,
    );
    for user in other.details.users {
        match details.users.iter_mut().find(|known| known.id == user.id) {
            Some(known) => add_new(&mut known.signatures, user.signatures),
            None => details.users.push(user),
        }
    }
    for subkey in other.public_subkeys {
        let known = key
            .public_subkeys
            .iter_mut()
            .find(|known| known.key == subkey.key);
        match known {
            Some(known) => add_new(&mut known.signatures, subkey.signatures),
            None => key.public_subkeys.push(subkey),
        }
    }
    as_certificate(&key).filter(|merged| merged.bytes.len() <= MOST_BYTES)
}

fn add_new(known: &mut Vec<Signature>, seen: Vec<Signature>) {
    for signature in seen {
        if !known.contains(&signature) {
            known.push(signature);
        }
    }
}

/// A key as a certificate. Nothing where it can't be written out.
pub fn as_certificate(key: &SignedPublicKey) -> Option<Certificate> {
    let addresses = key.details.users.iter().filter_map(|user| {
        let name = user.id.as_str()?;
        let address = name
            .rsplit_once('<')
            .and_then(|(_, rest)| rest.split_once('>'))
            .map_or(name, |(address, _)| address);
        address.contains('@').then(|| address.trim().to_lowercase())
    });
    Some(Certificate {
        fingerprint: Fingerprint::from_digits(&key.fingerprint().to_string()),
        addresses: addresses.collect(),
        bytes: key.to_bytes().ok()?,
    })
}

/// The key again, out of a certificate that was stripped before.
pub fn key_of(certificate: &Certificate) -> Option<SignedPublicKey> {
    SignedPublicKey::from_bytes(certificate.bytes.as_slice()).ok()
}

/// What can be done with a certificate now.
pub fn state_of(certificate: &Certificate, now: Timestamp) -> KeyState {
    let Some(key) = key_of(certificate) else {
        return KeyState::Lapsed;
    };
    if is_revoked(&key) {
        KeyState::Revoked
    } else if is_expired(&key, now) || encryption_subkey(&key, now).is_none() {
        KeyState::Lapsed
    } else {
        KeyState::Usable
    }
}

/// Has its owner said that it must not be used? Any valid revocation counts, for whatever reason it was made.
pub fn is_revoked(key: &SignedPublicKey) -> bool {
    !key.details.revocation_signatures.is_empty()
}

/// Is the whole key past its date? The newest signature on a user id or on the key itself says so
/// (RFC 9580, 5.2.3.13).
pub fn is_expired(key: &SignedPublicKey, now: Timestamp) -> bool {
    let users = key.details.users.iter().flat_map(|user| &user.signatures);
    let newest = users
        .chain(&key.details.direct_signatures)
        .max_by_key(|signature| signature.created());
    newest.is_none_or(|newest| is_past(newest, &key.primary_key, now))
}

/// The subkey that answers are encrypted to: the newest that is valid. Only subkeys: a primary key that encrypts
/// is of a kind that was given up long ago.
pub fn encryption_subkey(key: &SignedPublicKey, now: Timestamp) -> Option<&SignedPublicSubKey> {
    let encrypts = |signature: &Signature| {
        let flags = signature.key_flags();
        flags.encrypt_comms() || flags.encrypt_storage()
    };
    subkeys(key, now, encrypts).max_by_key(|subkey| subkey.key.created_at())
}

/// A key that may have made a signature.
#[derive(Clone, Copy)]
pub enum Signer<'a> {
    /// The primary key.
    Primary(&'a PublicKey),
    /// A subkey for signing.
    Subkey(&'a PublicSubkey),
}

impl<'a> Signer<'a> {
    /// The key itself.
    pub fn key(self) -> &'a dyn VerifyingKey {
        match self {
            Self::Primary(key) => key,
            Self::Subkey(key) => key,
        }
    }

    /// Did it make this signature over these bytes?
    pub fn has_signed(self, signature: &Signature, content: &[u8]) -> bool {
        match self {
            Self::Primary(key) => signature.verify(key, content).is_ok(),
            Self::Subkey(key) => signature.verify(key, content).is_ok(),
        }
    }
}

/// The keys that may have made a signature: the primary key and the valid subkeys for signing.
pub fn signers(key: &SignedPublicKey, now: Timestamp) -> impl Iterator<Item = Signer<'_>> {
    let signs = |signature: &Signature| signature.key_flags().sign();
    let subkeys = subkeys(key, now, signs).map(|subkey| Signer::Subkey(&subkey.key));
    let users = key.details.users.iter().flat_map(|user| &user.signatures);
    let newest = users
        .chain(&key.details.direct_signatures)
        .max_by_key(|signature| signature.created());
    // A key without flags is of the time when each key did everything.
    let primary_signs = newest.is_some_and(|newest| {
        let flags = newest.key_flags();
        flags.sign() || !(flags.certify() || flags.encrypt_comms() || flags.encrypt_storage())
    });
    primary_signs
        .then_some(Signer::Primary(&key.primary_key))
        .into_iter()
        .chain(subkeys)
}

fn subkeys(
    key: &SignedPublicKey,
    now: Timestamp,
    may: impl Fn(&Signature) -> bool,
) -> impl Iterator<Item = &SignedPublicSubKey> {
    key.public_subkeys.iter().filter(move |subkey| {
        let is = |signature: &&Signature, kind| signature.typ() == Some(kind);
        let revoked = subkey
            .signatures
            .iter()
            .any(|signature| is(&signature, SignatureType::SubkeyRevocation));
        let newest = subkey
            .signatures
            .iter()
            .filter(|signature| is(signature, SignatureType::SubkeyBinding))
            .max_by_key(|signature| signature.created());
        !revoked && newest.is_some_and(|newest| may(newest) && !is_past(newest, &subkey.key, now))
    })
}

/// Does this signature say that the key ended before now, or is it itself past its date?
fn is_past(signature: &Signature, key: &impl KeyDetails, now: Timestamp) -> bool {
    let now = u64::try_from(now.as_second()).unwrap_or_default();
    let over = |from: u32, lasts: Option<pgp::types::Duration>| {
        let lasts = lasts
            .map(|lasts| u64::from(lasts.as_secs()))
            .filter(|lasts| *lasts > 0);
        lasts.is_some_and(|lasts| u64::from(from).saturating_add(lasts) <= now)
    };
    let made = signature.created().map(pgp::types::Timestamp::as_secs);
    over(key.created_at().as_secs(), signature.key_expiration_time())
        || made.is_some_and(|made| over(made, signature.signature_expiration_time()))
}

/// Keeps what a valid signature of the key itself binds to it.
fn stripped(mut key: SignedPublicKey) -> SignedPublicKey {
    let primary = key.primary_key.clone();
    let users = std::mem::take(&mut key.details.users);
    key.details.users = users
        .into_iter()
        .take(MOST_OF_EACH)
        .filter_map(|user| own_user(user, &primary))
        .collect();
    key.details.user_attributes.clear();
    for signatures in [
        &mut key.details.revocation_signatures,
        &mut key.details.direct_signatures,
    ] {
        first_by(signatures, &primary);
        signatures.retain(|signature| signature.verify_key(&primary).is_ok());
    }
    let subkeys = std::mem::take(&mut key.public_subkeys);
    key.public_subkeys = subkeys
        .into_iter()
        .take(MOST_OF_EACH)
        .filter_map(|subkey| own_subkey(subkey, &primary))
        .collect();
    key
}

/// Keeps the newest signatures that name this key as their maker, at most a few. A famous key has thousands of others:
/// whose they are is told before anything is computed.
fn first_by(signatures: &mut Vec<Signature>, primary: &PublicKey) {
    let id = primary.legacy_key_id();
    let fingerprint = primary.fingerprint();
    signatures.retain(|signature| {
        signature.issuer_key_id().contains(&&id)
            || signature.issuer_fingerprint().contains(&&fingerprint)
    });
    signatures.sort_by_key(|signature| std::cmp::Reverse(signature.created()));
    signatures.truncate(MOST_SIGNATURES);
}

fn own_user(mut user: SignedUser, primary: &PublicKey) -> Option<SignedUser> {
    first_by(&mut user.signatures, primary);
    user.signatures.retain(|signature| {
        signature
            .verify_certification(primary, Tag::UserId, &user.id)
            .is_ok()
    });
    let revoked = user
        .signatures
        .iter()
        .any(|signature| signature.typ() == Some(SignatureType::CertRevocation));
    (!revoked && !user.signatures.is_empty()).then_some(user)
}

fn own_subkey(mut subkey: SignedPublicSubKey, primary: &PublicKey) -> Option<SignedPublicSubKey> {
    first_by(&mut subkey.signatures, primary);
    let key = subkey.key.clone();
    subkey.signatures.retain(|signature| {
        let bound = signature.verify_subkey_binding(primary, &key).is_ok();
        // A key that signs must agree to be bound, else somebody could claim another's (RFC 9580, 5.2.1.8).
        let agrees = !signature.key_flags().sign()
            || signature
                .embedded_signature()
                .is_some_and(|back| back.verify_primary_key_binding(&key, primary).is_ok());
        bound && agrees
    });
    (!subkey.signatures.is_empty()).then_some(subkey)
}
