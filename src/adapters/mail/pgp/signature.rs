//! Signatures: taken out of mails, and checked against the certificates that are at hand.

use crate::adapters::mail::pgp::armor::without_armour;
use crate::adapters::mail::pgp::certificate::{Signer, is_expired, is_revoked, key_of, signers};
use crate::domain::pgp::certificate::{Certificate, Fingerprint};
use crate::domain::pgp::reading::{self, Over, SignedContent};
use jiff::Timestamp;
use pgp::composed::{CleartextSignedMessage, Deserializable, DetachedSignature, SignedPublicKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{Packet, PacketParser, Signature};
use pgp::types::VerifyingKey;
use std::sync::Arc;

/// Most signatures over one text that are looked at.
const MOST_SIGNATURES: usize = 4;
/// Most bytes of signatures.
const MOST_BYTES: usize = 64 * 1024;

/// The signatures in a part `application/pgp-signature` over these bytes (RFC 3156, 5).
pub fn detached(signature: &[u8], content: &[u8]) -> Vec<SignedContent> {
    let binary = Some(signature)
        .filter(|signature| signature.len() <= MOST_BYTES)
        .and_then(without_armour);
    let Some(binary) = binary else {
        return Vec::new();
    };
    let Ok(found) = DetachedSignature::from_bytes_many(binary.as_slice()) else {
        return Vec::new();
    };
    let content: Arc<[u8]> = content.into();
    found
        .filter_map(Result::ok)
        .take(MOST_SIGNATURES)
        .filter_map(|detached| over(&detached.signature, Over::Content(Arc::clone(&content))))
        .collect()
}

/// A text signed in the open (RFC 9580, 7): its words without the signature's dashes, and its signatures.
pub fn cleartext(block: &str) -> Option<(String, Vec<SignedContent>)> {
    let (message, _) = CleartextSignedMessage::from_string(block).ok()?;
    let text = message.signed_text();
    let content: Arc<[u8]> = text.as_bytes().into();
    let signed = message
        .signatures()
        .iter()
        .take(MOST_SIGNATURES)
        .filter_map(|signature| over(signature, Over::Content(Arc::clone(&content))))
        .collect();
    Some((text.replace("\r\n", "\n"), signed))
}

/// A signature with what it is over. Nothing where it can't be written out.
pub fn over(signature: &Signature, over: Over) -> Option<SignedContent> {
    let mut bytes = Vec::new();
    pgp::packet::PacketTrait::to_writer_with_header(signature, &mut bytes).ok()?;
    Some(SignedContent {
        signature: bytes,
        over,
    })
}

/// What these signatures prove.
pub fn judge(
    signed: &[SignedContent],
    candidates: &[&Certificate],
    now: Timestamp,
) -> reading::Signature {
    let keys: Vec<(&Fingerprint, SignedPublicKey)> = candidates
        .iter()
        .filter_map(|certificate| Some((&certificate.fingerprint, key_of(certificate)?)))
        .collect();
    signed
        .iter()
        .map(|content| one(content, &keys, now))
        .min_by_key(rank)
        .unwrap_or_default()
}

/// The most telling first.
fn rank(signature: &reading::Signature) -> u8 {
    match signature {
        reading::Signature::Good(_) => 0,
        reading::Signature::Bad => 1,
        reading::Signature::Outdated => 2,
        reading::Signature::UnknownKey => 3,
        reading::Signature::None => 4,
    }
}

fn one(
    content: &SignedContent,
    keys: &[(&Fingerprint, SignedPublicKey)],
    now: Timestamp,
) -> reading::Signature {
    let Some(signature) = packet(&content.signature) else {
        return reading::Signature::Bad;
    };
    for (fingerprint, certificate) in keys {
        let Some(signer) = signers(certificate, now).find(|signer| names(&signature, signer.key()))
        else {
            continue;
        };
        if fits(&signature, signer, &content.over).is_none() {
            return reading::Signature::Bad;
        }
        let ended = is_revoked(certificate) || is_expired(certificate, now);
        return if ended || is_weak(&signature) {
            reading::Signature::Outdated
        } else {
            reading::Signature::Good((*fingerprint).clone())
        };
    }
    reading::Signature::UnknownKey
}

fn packet(bytes: &[u8]) -> Option<Signature> {
    PacketParser::new(bytes).find_map(|packet| match packet {
        Ok(Packet::Signature(signature)) => Some(signature),
        _ => None,
    })
}

/// Does the signature name this key as its maker?
fn names(signature: &Signature, key: &dyn VerifyingKey) -> bool {
    signature.issuer_fingerprint().contains(&&key.fingerprint())
        || signature.issuer_key_id().contains(&&key.legacy_key_id())
}

fn fits(signature: &Signature, signer: Signer<'_>, over: &Over) -> Option<()> {
    match over {
        Over::Content(content) => signer.has_signed(signature, content).then_some(()),
        Over::Hash(hash) => {
            let (algorithm, bytes) = (signature.hash_alg()?, signature.signature()?);
            (signature.signed_hash_value()? == *hash.get(..2)?).then_some(())?;
            signer.key().verify(algorithm, hash, bytes).ok()
        }
    }
}

/// Can somebody make two texts with one hash? Then it proves nothing (RFC 9580, 9.5).
fn is_weak(signature: &Signature) -> bool {
    matches!(
        signature.hash_alg(),
        None | Some(HashAlgorithm::Md5 | HashAlgorithm::Sha1 | HashAlgorithm::Ripemd160)
    )
}
