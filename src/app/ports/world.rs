//! Time and chance, as the application asks for them.

use crate::domain::ids::ID_BYTES;
use jiff::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Draws what nobody can guess.
pub trait Ids: Send + Sync {
    /// 16 random bytes, fit for an identifier.
    fn random(&self) -> [u8; ID_BYTES];
}
