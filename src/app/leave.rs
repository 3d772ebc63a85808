//! Before something leaves: the ticket as it is now, and whether it may still leave.
//!
//! The same for mail and chat. The rules themselves stand in `domain::ticket::send`.

use crate::app::App;
use crate::app::ports::{ClaimedOutgoing, StoreError, Voice};
use crate::domain::ids::TicketId;
use crate::domain::ticket::event::RecordedEvent;
use crate::domain::ticket::send::{
    may_letter_leave, may_notice_leave, may_still_leave, may_still_wake,
};
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Silence;
use jiff::Timestamp;

/// The events of a ticket, or nothing where they can't be read. What belongs to such a ticket is given up:
/// it would be tried for ever, and nothing could be noted.
pub(crate) async fn readable_history(
    app: &App,
    id: &TicketId,
) -> Result<Option<Vec<RecordedEvent>>, StoreError> {
    match app.store.history(id).await {
        Err(StoreError::Inconsistent { table, what }) => {
            tracing::error!(ticket = %id, "ticket {id} can't be read: {table}: {what}");
            Ok(None)
        }
        history => history.map(Some),
    }
}

/// May it leave now?
///
/// # Errors
/// Why not: it is to be withdrawn.
pub(crate) fn may_leave(
    app: &App,
    claimed: &ClaimedOutgoing,
    ticket: Option<&Ticket>,
    now: Timestamp,
) -> Result<(), Silence> {
    let (mode, written_at) = (app.settings.mode, claimed.created_at);
    match claimed.voice {
        Voice::Bot => may_still_leave(ticket, &claimed.id, mode, written_at, now),
        Voice::Notice => may_notice_leave(ticket, mode, written_at, now),
        Voice::Page => may_still_wake(ticket),
        Voice::Human => may_letter_leave(ticket, &claimed.id),
        Voice::Inside => Ok(()),
    }
}
