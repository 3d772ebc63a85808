//! The team's own key: made, imported, read from its file. The first in the file is the current one; those after
//! it only open what was encrypted to them.

use crate::adapters::mail::pgp::armor::{next_block, without_armour};
use crate::adapters::mail::pgp::certificate::{
    as_certificate, certificates_in, encryption_subkey, is_expired, is_revoked, key_of,
};
use crate::domain::pgp::certificate::{Certificate, Fingerprint};
use jiff::Timestamp;
use pgp::composed::{
    ArmorOptions, Deserializable, EncryptionCaps, KeyType, SecretKeyParamsBuilder, SignedPublicKey,
    SignedSecretKey, SubkeyParamsBuilder,
};
use pgp::crypto::ecc_curve::ECCCurve;
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::types::{KeyDetails, Password, SigningKey};
use rand08::rngs::OsRng;
use zeroize::Zeroizing;

/// Most keys in one file.
const MOST_KEYS: usize = 20;

/// Why a text is no key that the team can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotATeamKey {
    /// There is no secret key in it.
    #[error("it holds no OpenPGP secret key")]
    NoSecretKey,
    /// A key in it can't be read.
    #[error("a key in it is damaged")]
    Damaged,
    /// A passphrase is needed, or it is another one.
    #[error("a key in it is locked with a passphrase")]
    Locked,
    /// Nobody could encrypt to it, or it is past its date.
    #[error("it is expired or revoked, or has no subkey for encryption")]
    Unusable,
    /// It can't sign.
    #[error("it has no secret key that signs")]
    CannotSign,
    /// It could not be made or written out.
    #[error("it can't be made on this machine")]
    NotMade,
}

/// The team's keys. Their memory is wiped when they go; there is no `Debug`.
pub struct TeamKey {
    keys: Vec<SignedSecretKey>,
    certificate: Certificate,
}

impl TeamKey {
    /// Reads a key file.
    ///
    /// # Errors
    /// When no key in it can be used without a passphrase.
    pub fn parse(text: &str) -> Result<Self, NotATeamKey> {
        let keys = secret_keys(text)?;
        let current = keys.first().ok_or(NotATeamKey::NoSecretKey)?;
        if keys.iter().any(is_locked) {
            return Err(NotATeamKey::Locked);
        }
        signing_key(current).ok_or(NotATeamKey::CannotSign)?;
        let certificate =
            as_certificate(&current.to_public_key()).ok_or(NotATeamKey::NoSecretKey)?;
        // Only what it vouches for itself.
        let certificate = certificates_in(&certificate.bytes)
            .into_iter()
            .next()
            .ok_or(NotATeamKey::NoSecretKey)?;
        Ok(Self { keys, certificate })
    }

    /// Makes a key for the team: Ed25519 to sign and Curve25519 to encrypt, which every OpenPGP program of the
    /// last ten years can use. It doesn't end by itself: a key that lapses at night locks reporters out.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn generate(user_id: &str) -> Result<Zeroizing<String>, NotATeamKey> {
        let subkey = SubkeyParamsBuilder::default()
            .key_type(KeyType::ECDH(ECCCurve::Curve25519Legacy))
            .can_encrypt(EncryptionCaps::All)
            .build()
            .map_err(|_| NotATeamKey::NotMade)?;
        let key = SecretKeyParamsBuilder::default()
            .key_type(KeyType::Ed25519Legacy)
            .can_certify(true)
            .can_sign(true)
            .primary_user_id(user_id.to_owned())
            .preferred_symmetric_algorithms(
                [SymmetricKeyAlgorithm::AES256, SymmetricKeyAlgorithm::AES128]
                    .into_iter()
                    .collect(),
            )
            .preferred_hash_algorithms(
                [HashAlgorithm::Sha512, HashAlgorithm::Sha256]
                    .into_iter()
                    .collect(),
            )
            .subkey(subkey)
            .build()
            .map_err(|_| NotATeamKey::NotMade)?
            .generate(OsRng)
            .map_err(|_| NotATeamKey::NotMade)?;
        written(&key)
    }

    /// Takes a key over that was made elsewhere: without its passphrase, in the form of a key file.
    ///
    /// # Errors
    /// When it can't be unlocked with this passphrase, or can't be used.
    pub fn import(
        text: &str,
        passphrase: &str,
        now: Timestamp,
    ) -> Result<Zeroizing<String>, NotATeamKey> {
        let mut key = secret_keys(text)?
            .into_iter()
            .next()
            .ok_or(NotATeamKey::NoSecretKey)?;
        unlock(&mut key, passphrase)?;
        let text = written(&key)?;
        let team = Self::parse(&text)?;
        if !team.is_usable(now) {
            return Err(NotATeamKey::Unusable);
        }
        Ok(text)
    }

    /// Can others encrypt to it now?
    pub fn is_usable(&self, now: Timestamp) -> bool {
        key_of(&self.certificate).is_some_and(|key| {
            !is_revoked(&key) && !is_expired(&key, now) && encryption_subkey(&key, now).is_some()
        })
    }

    /// The fingerprint of the current key.
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.certificate.fingerprint
    }

    /// The certificate of the current key.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The certificate of the current key, armoured, for people to publish.
    ///
    /// # Errors
    /// When it can't be written out.
    pub fn public_text(&self) -> Result<String, NotATeamKey> {
        key_of(&self.certificate)
            .and_then(|key: SignedPublicKey| key.to_armored_string(ArmorOptions::default()).ok())
            .ok_or(NotATeamKey::NotMade)
    }

    /// All keys, the current one first.
    pub fn keys(&self) -> impl Iterator<Item = &SignedSecretKey> {
        self.keys.iter()
    }

    /// The key that signs for the team.
    pub fn signing_key(&self) -> Option<&dyn SigningKey> {
        signing_key(self.keys.first()?)
    }
}

/// The newest subkey that signs and is there, else the primary key where that signs.
fn signing_key(key: &SignedSecretKey) -> Option<&dyn SigningKey> {
    let signs = |subkey: &&pgp::composed::SignedSecretSubKey| {
        let revoked = |signature: &pgp::packet::Signature| {
            signature.typ() == Some(pgp::packet::SignatureType::SubkeyRevocation)
        };
        !subkey.signatures.iter().any(revoked)
            && subkey
                .signatures
                .iter()
                .any(|signature| signature.key_flags().sign())
    };
    let subkey = key
        .secret_subkeys
        .iter()
        .filter(signs)
        .max_by_key(|subkey| subkey.key.created_at());
    if let Some(subkey) = subkey {
        return Some(&subkey.key);
    }
    let users = key.details.users.iter().flat_map(|user| &user.signatures);
    let mut signatures = users.chain(&key.details.direct_signatures);
    let primary_signs = signatures.any(|signature| signature.key_flags().sign());
    primary_signs.then_some(&key.primary_key as &dyn SigningKey)
}

/// All keys in order. One that can't be read is an error: the next would quietly become the current one.
fn secret_keys(text: &str) -> Result<Vec<SignedSecretKey>, NotATeamKey> {
    let mut keys = Vec::new();
    let mut at = 0;
    while let Some(block) = next_block(text, at).filter(|_| keys.len() < MOST_KEYS) {
        at = block.place.end;
        if block.kind != "PRIVATE KEY BLOCK" {
            continue;
        }
        let binary = text
            .get(block.place)
            .and_then(|block| without_armour(block.as_bytes()))
            .map(Zeroizing::new)
            .ok_or(NotATeamKey::Damaged)?;
        let found = SignedSecretKey::from_bytes_many(binary.as_slice())
            .map_err(|_| NotATeamKey::Damaged)?;
        for key in found.take(MOST_KEYS) {
            keys.push(key.map_err(|_| NotATeamKey::Damaged)?);
        }
    }
    Ok(keys)
}

fn is_locked(key: &SignedSecretKey) -> bool {
    let subkeys = key.secret_subkeys.iter().map(|subkey| &subkey.key);
    key.primary_key.secret_params().is_encrypted()
        || subkeys
            .into_iter()
            .any(|subkey| subkey.secret_params().is_encrypted())
}

fn unlock(key: &mut SignedSecretKey, passphrase: &str) -> Result<(), NotATeamKey> {
    let password = Password::from(passphrase);
    if key.primary_key.secret_params().is_encrypted() {
        key.primary_key
            .remove_password(&password)
            .map_err(|_| NotATeamKey::Locked)?;
    }
    for subkey in &mut key.secret_subkeys {
        if subkey.key.secret_params().is_encrypted() {
            subkey
                .key
                .remove_password(&password)
                .map_err(|_| NotATeamKey::Locked)?;
        }
    }
    Ok(())
}

fn written(key: &SignedSecretKey) -> Result<Zeroizing<String>, NotATeamKey> {
    key.to_armored_string(ArmorOptions::default())
        .map(Zeroizing::new)
        .map_err(|_| NotATeamKey::NotMade)
}
