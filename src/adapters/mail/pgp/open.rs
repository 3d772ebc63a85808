//! Opening a message that was encrypted to the team, in memory and within bounds.
//!
//! Nothing is given out before the message was proven unchanged: no data without integrity protection
//! (RFC 9580, 13.7), and of protected data none before its end was checked.

use crate::adapters::mail::pgp::armor::without_armour;
use crate::adapters::mail::pgp::signature::over;
use crate::adapters::mail::pgp::team_key::TeamKey;
use crate::domain::pgp::form::Opening;
use crate::domain::pgp::reading::{Over, SignedContent};
use pgp::composed::{DecryptionOptions, Edata, Message, TheRing};
use pgp::errors::Error;
use pgp::types::{Password, Seipdv1ReadMode};
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Most bytes that come out of one message: a compressed one can be a thousand times as large inside.
const MOST_PLAIN: u64 = 32 * 1024 * 1024;
/// Most layers of compression and signature inside.
const MOST_LAYERS: usize = 6;
/// Most signatures of one message that are kept.
const MOST_SIGNATURES: usize = 4;

/// What was inside.
pub struct Opened {
    /// The bytes.
    pub plain: Vec<u8>,
    /// The signatures over them, not yet checked.
    pub signed: Vec<SignedContent>,
}

/// Opens a message, armoured or not.
///
/// # Errors
/// Why it can't be opened: [`Opening::NoKey`] or [`Opening::Damaged`].
pub fn open(team: &TeamKey, message: &[u8]) -> Result<Opened, Opening> {
    let binary = without_armour(message).ok_or(Opening::Damaged)?;
    let opened = catch_unwind(AssertUnwindSafe(|| decrypt(team, &binary)));
    opened.unwrap_or(Err(Opening::Damaged))
}

fn decrypt(team: &TeamKey, binary: &[u8]) -> Result<Opened, Opening> {
    let damaged = |_| Opening::Damaged;
    let message = Message::from_bytes(binary).map_err(damaged)?;
    if let Message::Encrypted {
        edata: Edata::SymEncryptedData { .. },
        ..
    } = &message
    {
        return Err(Opening::Damaged);
    }
    let password = Password::empty();
    let ring = TheRing {
        secret_keys: team.keys().collect(),
        key_passwords: vec![&password],
        decrypt_options: DecryptionOptions::new()
            .enable_gnupg_aead()
            .set_seipdv1_read_mode(Seipdv1ReadMode::CheckFirst {
                max_message_size: usize::try_from(MOST_PLAIN).unwrap_or(usize::MAX),
            }),
        ..TheRing::default()
    };
    let (mut message, _) = message
        .decrypt_the_ring(ring, true)
        .map_err(|error| match error {
            Error::MissingKey => Opening::NoKey,
            _ => Opening::Damaged,
        })?;
    for _ in 0..MOST_LAYERS {
        if !message.is_compressed() {
            break;
        }
        message = message.decompress().map_err(damaged)?;
    }
    if message.is_compressed() {
        return Err(Opening::Damaged);
    }
    let mut plain = Vec::new();
    let read = message
        .by_ref()
        .take(MOST_PLAIN + 1)
        .read_to_end(&mut plain)
        .map_err(|_| Opening::Damaged)?;
    if u64::try_from(read).unwrap_or(u64::MAX) > MOST_PLAIN {
        return Err(Opening::Damaged);
    }
    Ok(Opened {
        signed: signatures_of(&message),
        plain,
    })
}

fn signatures_of(message: &Message<'_>) -> Vec<SignedContent> {
    let Message::Signed { reader, .. } = message else {
        return Vec::new();
    };
    (0..reader.num_signatures().min(MOST_SIGNATURES))
        .filter_map(|index| {
            let hash = reader.hash(index)?.to_vec();
            over(reader.signature(index)?, Over::Hash(hash))
        })
        .collect()
}
