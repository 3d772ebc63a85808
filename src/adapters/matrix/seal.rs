//! Sealing of the session file: the access token and who we are.
//!
//! The nonce is a keyed hash of the content, so that no randomness is drawn here and no two contents
//! share one (the idea of RFC 5297).

use crate::adapters::matrix::settings::{KEY_BYTES, StoreKey};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;
const PLACE: &[u8] = b"eerstelijn/matrix/session";

/// A seal that doesn't open: changed, or made with another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a seal doesn't open")]
pub(super) struct BrokenSeal;

/// Seals bytes.
pub(super) fn seal(key: &StoreKey, plain: &[u8]) -> Result<Vec<u8>, BrokenSeal> {
    let nonce_key = derived(key, b"nonce")?;
    let digest = keyed(&nonce_key, plain)?;
    let nonce = digest.get(..NONCE_BYTES).ok_or(BrokenSeal)?;
    let payload = Payload {
        msg: plain,
        aad: PLACE,
    };
    let sealed = XChaCha20Poly1305::new((&*derived(key, b"seal")?).into())
        .encrypt(XNonce::from_slice(nonce), payload)
        .map_err(|_| BrokenSeal)?;
    Ok([&[VERSION], nonce, &sealed].concat())
}

/// Opens what [`seal`] made.
pub(super) fn open(key: &StoreKey, blob: &[u8]) -> Result<Zeroizing<Vec<u8>>, BrokenSeal> {
    let (version, rest) = blob.split_first().ok_or(BrokenSeal)?;
    let (nonce, sealed) = rest.split_at_checked(NONCE_BYTES).ok_or(BrokenSeal)?;
    if *version != VERSION {
        return Err(BrokenSeal);
    }
    let payload = Payload {
        msg: sealed,
        aad: PLACE,
    };
    XChaCha20Poly1305::new((&*derived(key, b"seal")?).into())
        .decrypt(XNonce::from_slice(nonce), payload)
        .map(Zeroizing::new)
        .map_err(|_| BrokenSeal)
}

fn derived(key: &StoreKey, label: &[u8]) -> Result<Zeroizing<[u8; KEY_BYTES]>, BrokenSeal> {
    Ok(Zeroizing::new(keyed(key.bytes(), label)?))
}

fn keyed(key: &[u8; KEY_BYTES], bytes: &[u8]) -> Result<[u8; KEY_BYTES], BrokenSeal> {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).map_err(|_| BrokenSeal)?;
    mac.update(bytes);
    Ok(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_opens_with_its_key_and_unchanged_only() {
        let (key, other) = (StoreKey::new([1; 32]), StoreKey::new([2; 32]));
        let sealed = seal(&key, b"token").unwrap();
        assert_eq!(open(&key, &sealed).unwrap().as_slice(), b"token");
        assert_ne!(
            sealed[1..25],
            seal(&key, b"other").unwrap()[1..25],
            "nonces"
        );
        assert!(open(&other, &sealed).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open(&key, &changed).is_err(), "byte {at}");
            assert!(open(&key, &sealed[..at]).is_err(), "cut at {at}");
        }
    }
}
