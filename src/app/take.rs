//! Acknowledging and taking a ticket, however it is said: in chat or by mail.

use crate::app::App;
use crate::app::chat::accounts;
use crate::domain::ids::OutboxId;
use crate::domain::oncall::people::PersonId;
use crate::domain::ticket::event::TicketEvent;
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::AckWay;

/// A human is awake. Where somebody was first, it is a sign of life all the same.
pub(crate) fn acknowledge(ticket: &Ticket, by: &PersonId, way: AckWay) -> TicketEvent {
    match ticket.page.as_ref().filter(|page| page.acked.is_none()) {
        Some(page) => TicketEvent::Acknowledged {
            climb: page.climb,
            by: by.clone(),
            way,
        },
        None => TicketEvent::TeamSpoke { by: by.clone() },
    }
}

/// Somebody works on it from now on; its room is ordered where there is none and he can come into one.
///
/// Only who says so is awake: whoever was given it may be asleep.
pub(crate) fn take(
    app: &App,
    ticket: &Ticket,
    said_by: &PersonId,
    by: &PersonId,
    way: AckWay,
) -> Vec<TicketEvent> {
    let reopened = ticket.closed_at.map(|_| TicketEvent::Reopened);
    let mut events: Vec<TicketEvent> = reopened.into_iter().collect();
    events.extend([
        acknowledge(ticket, said_by, way),
        TicketEvent::Taken { by: by.clone() },
    ]);
    let can_come = !accounts(app, std::slice::from_ref(by)).is_empty();
    if app.settings.chat.is_some() && can_come && ticket.work.wants_a_room() {
        let outbox = OutboxId::from_random(app.ids.random());
        events.push(TicketEvent::RoomOrdered { outbox });
    }
    events
}
