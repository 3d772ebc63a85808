//! May a message still leave? Asked again at the moment of sending: much can have changed since it was
//! written.

use crate::domain::ticket::decide::Mode;
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Silence;
use jiff::{SignedDuration, Timestamp};

/// Guidance older than this no longer leaves by itself: a human decides what still helps.
pub const LATEST: SignedDuration = SignedDuration::from_hours(24);

/// May an automatic reply that was written at `written_at` leave now? `ticket` is the ticket as it is
/// now, where there is one.
///
/// # Errors
/// Why not: it is to be withdrawn.
pub fn may_still_leave(
    ticket: Option<&Ticket>,
    mode: Mode,
    written_at: Timestamp,
    now: Timestamp,
) -> Result<(), Silence> {
    let _ = ticket;
    if mode == Mode::Observe {
        Err(Silence::ModeChanged)
    } else if now.duration_since(written_at) > LATEST {
        Err(Silence::TooOld)
    } else {
        Ok(())
    }
}
