//! The wall clock and the system's random source: the only place that asks for either.

use crate::app::ports::{Clock, Ids};
use crate::domain::ids::ID_BYTES;
use chacha20poly1305::aead::OsRng;
use chacha20poly1305::aead::rand_core::RngCore;
use jiff::Timestamp;

/// The wall clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one owner of the wall clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The system's random source.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    fn random(&self) -> [u8; ID_BYTES] {
        let mut bytes = [0; ID_BYTES];
        OsRng.fill_bytes(&mut bytes);
        bytes
    }
}
