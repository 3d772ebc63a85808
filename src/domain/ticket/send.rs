//! May a message still leave? Asked again at the moment of sending: much can have changed since it was
//! written.

use crate::domain::ids::OutboxId;
use crate::domain::ticket::decide::{Mode, Word};
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Silence;
use jiff::{SignedDuration, Timestamp};

/// Guidance older than this no longer leaves by itself: a human decides what still helps.
pub const LATEST: SignedDuration = SignedDuration::from_hours(24);

/// May a mail that wakes somebody leave now? Not where somebody acknowledged in the meantime, or it was closed.
///
/// # Errors
/// Why not: it is to be withdrawn.
pub fn may_still_wake(ticket: Option<&Ticket>) -> Result<(), Silence> {
    let awake = ticket.is_some_and(|ticket| {
        let acked = ticket
            .page
            .as_ref()
            .is_some_and(|page| page.acked.is_some());
        acked || ticket.closed_at.is_some()
    });
    let taken_back = ticket.is_some_and(|ticket| {
        let page = ticket.page.as_ref();
        page.is_some_and(|page| page.stopped_at.is_some())
    });
    if awake {
        Err(Silence::HumanSpeaks)
    } else if taken_back {
        Err(Silence::TakenBack)
    } else {
        Ok(())
    }
}

/// May a person's letter leave now? It bears the label that its ticket had when it was written, in its words and in
/// the way that was chosen for it. Where the ticket became stricter neither is right any more.
///
/// # Errors
/// Why not: it is to be withdrawn, and its author told.
pub fn may_letter_leave(ticket: Option<&Ticket>, outbox: &OutboxId) -> Result<(), Silence> {
    let became_stricter = ticket.is_some_and(|ticket| {
        let letter = ticket.work.letter(outbox);
        letter.is_some_and(|letter| letter.tlp < Some(ticket.tlp))
    });
    if became_stricter {
        Err(Silence::StricterLabel)
    } else {
        Ok(())
    }
}

/// May an automatic reply that was written at `written_at` leave now? `ticket` is the ticket as it is
/// now, where there is one. What a person approved is as old as the approval.
///
/// # Errors
/// Why not: it is to be withdrawn.
pub fn may_still_leave(
    ticket: Option<&Ticket>,
    outbox: &OutboxId,
    mode: Mode,
    written_at: Timestamp,
    now: Timestamp,
) -> Result<(), Silence> {
    let reply = ticket.and_then(|ticket| ticket.reply(outbox));
    let approved_at = reply.and_then(|reply| reply.approved_at);
    let age = now.duration_since(approved_at.unwrap_or(written_at));
    if ticket.is_some_and(|ticket| ticket.word() == Word::Human) {
        Err(Silence::HumanSpeaks)
    } else if mode == Mode::Observe || (mode == Mode::Approve && approved_at.is_none()) {
        Err(Silence::ModeChanged)
    } else if age > LATEST {
        Err(Silence::TooOld)
    } else {
        Ok(())
    }
}

/// May fixed words of the bot leave now? They need no approval.
///
/// # Errors
/// Why not: they are to be withdrawn.
pub fn may_notice_leave(
    ticket: Option<&Ticket>,
    mode: Mode,
    written_at: Timestamp,
    now: Timestamp,
) -> Result<(), Silence> {
    if ticket.is_some_and(|ticket| ticket.word() == Word::Human) {
        Err(Silence::HumanSpeaks)
    } else if mode == Mode::Observe {
        Err(Silence::ModeChanged)
    } else if now.duration_since(written_at) > LATEST {
        Err(Silence::TooOld)
    } else {
        Ok(())
    }
}
