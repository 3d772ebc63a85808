//! Sealing: the master key, the data keys that it wraps, and what is sealed with those.
//!
//! Every ticket and every message has a data key of its own, so that purging one is destroying a
//! key. A sealed value is bound to its place (table, column, row): moved elsewhere it doesn't open.
//! Keyed hashes for look-up stand in [`crate::adapters::store::lookup`], chains in
//! [`crate::adapters::store::chain`]. This is the only module that draws randomness by itself.

use chacha20poly1305::aead::rand_core::RngCore;
use chacha20poly1305::aead::{Aead, KeyInit, OsRng, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::BASE64;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

/// Bytes in every key here.
pub const KEY_BYTES: usize = 32;
/// Bytes in a keyed hash.
pub const HASH_BYTES: usize = 32;
/// The form of a sealed value: version, nonce, ciphertext with its tag.
const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;
/// HMAC fills a short key up to this with zeros (RFC 2104, 2).
const SHA256_BLOCK: usize = 64;

/// The key over all others. It stands in the operator's key file, never in the database.
///
/// It has no `Debug`, and its memory is wiped when it goes.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; KEY_BYTES]>);

/// A text that is no master key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a master key: expected 32 bytes in base64 (44 characters)")]
pub struct NotAMasterKey;

impl MasterKey {
    /// Makes a key from 32 random bytes that the caller brings.
    pub fn generate(random: [u8; KEY_BYTES]) -> Self {
        Self(Zeroizing::new(random))
    }

    /// Draws a new key from the operating system.
    pub fn draw() -> Self {
        Self(random_key())
    }

    /// Reads a key from the text of a key file: base64, blanks around it don't matter.
    pub fn parse(text: &str) -> Result<Self, NotAMasterKey> {
        let mut decoded = BASE64
            .decode(text.trim().as_bytes())
            .map_err(|_| NotAMasterKey)?;
        let key = <[u8; KEY_BYTES]>::try_from(decoded.as_slice()).map_err(|_| NotAMasterKey);
        decoded.zeroize();
        Ok(Self(Zeroizing::new(key?)))
    }

    /// A key for another part of the program that keeps things beside the database. The same every time.
    pub fn derive(&self, purpose: &str) -> Zeroizing<[u8; KEY_BYTES]> {
        Zeroizing::new(keyed_hash(
            &self.0,
            &[b"eerstelijn/1/beside", purpose.as_bytes()],
        ))
    }

    /// The key as text for a key file. Whoever sees it can read everything.
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64.encode(self.0.as_slice()))
    }
}

/// A place in the database that a sealed value is bound to.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// What tells the row.
    pub row: &'a str,
}

/// A seal that doesn't open: changed, moved, or made with another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a seal doesn't open")]
pub struct BrokenSeal;

/// Everything that is derived from the master key.
#[derive(Clone)]
pub struct Vault {
    wrap: Zeroizing<[u8; KEY_BYTES]>,
    pub(crate) lookup: Zeroizing<[u8; KEY_BYTES]>,
    pub(crate) chain: Zeroizing<[u8; KEY_BYTES]>,
}

/// The key of one ticket, one message or one log, with the name that it is stored under.
pub struct DataKey {
    id: String,
    key: Zeroizing<[u8; KEY_BYTES]>,
}

impl Vault {
    /// Derives the keys for wrapping, look-up and chains from the master key, which isn't kept.
    pub fn new(master: &MasterKey) -> Self {
        let derive = |label: &str| keyed_hash(&master.0, &[b"eerstelijn/1", label.as_bytes()]);
        Self {
            wrap: Zeroizing::new(derive("wrap")),
            lookup: Zeroizing::new(derive("lookup")),
            chain: Zeroizing::new(derive("chain")),
        }
    }

    /// A new data key, and the form in which it is stored.
    pub fn new_data_key(&self, id: &str) -> Result<(DataKey, Vec<u8>), BrokenSeal> {
        let key = random_key();
        let wrapped = seal_with(&self.wrap, key_place(id), "master", key.as_slice())?;
        let id = id.to_owned();
        Ok((DataKey { id, key }, wrapped))
    }

    /// Takes a stored data key back into use.
    pub fn unwrap_data_key(&self, id: &str, wrapped: &[u8]) -> Result<DataKey, BrokenSeal> {
        let opened = Zeroizing::new(open_with(&self.wrap, key_place(id), "master", wrapped)?);
        let key = <[u8; KEY_BYTES]>::try_from(opened.as_slice()).map_err(|_| BrokenSeal)?;
        Ok(DataKey {
            id: id.to_owned(),
            key: Zeroizing::new(key),
        })
    }

    /// A value that only this master key opens.
    pub fn seal_check(&self) -> Result<Vec<u8>, BrokenSeal> {
        seal_with(&self.wrap, CHECK_PLACE, "master", CHECK_VALUE)
    }

    /// Was this value sealed with this master key?
    pub fn opens_check(&self, sealed: &[u8]) -> Result<(), BrokenSeal> {
        let opened = open_with(&self.wrap, CHECK_PLACE, "master", sealed)?;
        (opened == CHECK_VALUE).then_some(()).ok_or(BrokenSeal)
    }
}

const CHECK_VALUE: &[u8] = b"eerstelijn";
const CHECK_PLACE: Place<'static> = Place {
    table: "vault",
    column: "sealed",
    row: "check",
};

fn key_place(id: &str) -> Place<'_> {
    Place {
        table: "data_keys",
        column: "wrapped",
        row: id,
    }
}

impl DataKey {
    /// Seals a value for a place.
    pub fn seal(&self, place: Place<'_>, plain: &[u8]) -> Result<Vec<u8>, BrokenSeal> {
        seal_with(&self.key, place, &self.id, plain)
    }

    /// Opens a value that was sealed for this place.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, BrokenSeal> {
        open_with(&self.key, place, &self.id, sealed)
    }
}

/// HMAC-SHA256 over parts. Each part is preceded by its length, so that no two lists of parts give
/// the same bytes.
pub(crate) fn keyed_hash(key: &[u8; KEY_BYTES], parts: &[&[u8]]) -> [u8; HASH_BYTES] {
    let mut block = Zeroizing::new([0; SHA256_BLOCK]);
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = <Hmac<Sha256> as Mac>::new((&*block).into());
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// A key that nobody had before.
pub(super) fn random_key() -> Zeroizing<[u8; KEY_BYTES]> {
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    OsRng.fill_bytes(key.as_mut_slice());
    key
}

fn bound_to(place: Place<'_>, key_id: &str) -> Vec<u8> {
    let mut bytes = vec![VERSION];
    for part in [place.table, place.column, place.row, key_id] {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes
}

fn seal_with(
    key: &[u8; KEY_BYTES],
    place: Place<'_>,
    key_id: &str,
    plain: &[u8],
) -> Result<Vec<u8>, BrokenSeal> {
    let mut nonce = [0; NONCE_BYTES];
    OsRng.fill_bytes(&mut nonce);
    let aad = bound_to(place, key_id);
    let payload = Payload {
        msg: plain,
        aad: &aad,
    };
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(XNonce::from_slice(&nonce), payload)
        .map_err(|_| BrokenSeal)?;
    let mut blob = Vec::with_capacity(1 + NONCE_BYTES + sealed.len());
    blob.push(VERSION);
    blob.extend_from_slice(&nonce);
    blob.extend_from_slice(&sealed);
    Ok(blob)
}

fn open_with(
    key: &[u8; KEY_BYTES],
    place: Place<'_>,
    key_id: &str,
    blob: &[u8],
) -> Result<Vec<u8>, BrokenSeal> {
    let (version, rest) = blob.split_first().ok_or(BrokenSeal)?;
    let (nonce, sealed) = rest.split_at_checked(NONCE_BYTES).ok_or(BrokenSeal)?;
    if *version != VERSION {
        return Err(BrokenSeal);
    }
    let aad = bound_to(place, key_id);
    let payload = Payload {
        msg: sealed,
        aad: &aad,
    };
    XChaCha20Poly1305::new(key.into())
        .decrypt(XNonce::from_slice(nonce), payload)
        .map_err(|_| BrokenSeal)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'static> = Place {
        table: "inbox",
        column: "sealed",
        row: "a",
    };

    fn vault() -> Vault {
        Vault::new(&MasterKey::generate([7; KEY_BYTES]))
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_and_nowhere_else() {
        let (key, wrapped) = vault().new_data_key("inbox/a").unwrap();
        let sealed = key.seal(HERE, b"hallo").unwrap();
        assert_ne!(sealed, key.seal(HERE, b"hallo").unwrap(), "nonces differ");
        let again = vault().unwrap_data_key("inbox/a", &wrapped).unwrap();
        assert_eq!(again.open(HERE, &sealed).unwrap(), b"hallo");
        for elsewhere in [
            Place { row: "b", ..HERE },
            Place {
                column: "sealed_decision",
                ..HERE
            },
            Place {
                table: "outbox",
                ..HERE
            },
        ] {
            assert_eq!(again.open(elsewhere, &sealed), Err(BrokenSeal));
        }
        let (other, _) = vault().new_data_key("inbox/a").unwrap();
        assert_eq!(other.open(HERE, &sealed), Err(BrokenSeal));
    }

    #[test]
    fn a_changed_or_cut_seal_does_not_open() {
        let (key, _) = vault().new_data_key("k").unwrap();
        let sealed = key.seal(HERE, b"hallo").unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(key.open(HERE, &changed), Err(BrokenSeal), "byte {at}");
            assert_eq!(
                key.open(HERE, &sealed[..at]),
                Err(BrokenSeal),
                "cut at {at}"
            );
        }
    }

    #[test]
    fn a_wrapped_key_opens_under_its_own_name_and_master_key_only() {
        let (_, wrapped) = vault().new_data_key("ticket/a").unwrap();
        assert!(vault().unwrap_data_key("ticket/b", &wrapped).is_err());
        let other = Vault::new(&MasterKey::generate([8; KEY_BYTES]));
        assert!(other.unwrap_data_key("ticket/a", &wrapped).is_err());
        let check = vault().seal_check().unwrap();
        assert!(vault().opens_check(&check).is_ok());
        assert!(other.opens_check(&check).is_err());
    }

    #[test]
    fn a_master_key_reads_back_what_it_writes() {
        let key = MasterKey::draw();
        let text = key.reveal();
        assert_eq!(text.len(), 44);
        let again = MasterKey::parse(&format!(" {}\n", *text)).unwrap();
        assert_eq!(*again.0, *key.0);
        assert_eq!(*again.derive("matrix"), *key.derive("matrix"));
        assert_ne!(*key.derive("matrix"), *key.derive("other"));
        for wrong in ["", "abc", "AAAA", text.trim_end_matches('=')] {
            assert!(MasterKey::parse(wrong).is_err());
        }
    }

    #[test]
    fn a_keyed_hash_is_hmac_with_lengths_and_tells_parts_apart() {
        let key = [1; KEY_BYTES];
        let mut by_hand = <Hmac<Sha256> as Mac>::new_from_slice(&key).unwrap();
        by_hand.update(&2u64.to_be_bytes());
        by_hand.update(b"ab");
        let expected: [u8; HASH_BYTES] = by_hand.finalize().into_bytes().into();
        assert_eq!(keyed_hash(&key, &[b"ab"]), expected);
        assert_ne!(
            keyed_hash(&key, &[b"a", b"b"]),
            keyed_hash(&key, &[b"ab", b""])
        );
    }
}
