//! How somebody outside the team stands with the bot in chat: his tickets, whether he can read what it
//! writes.

use crate::app::App;
use crate::app::chat::hear::Heard;
use crate::app::ports::Trace;
use crate::app::step::StepError;
use crate::domain::chat::ids::UserId;
use crate::domain::chat::trust::Trust;
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Trouble;

/// Most tickets of one person that are looked at: those that changed last.
const MOST_TICKETS: usize = 8;

/// The tickets about which there is a chat with this person alone, most recently changed first.
pub(super) async fn tickets_apart_with(app: &App, user: &UserId) -> Result<Vec<Ticket>, StepError> {
    let traces = [Trace::Reporter(user.clone())];
    let mut tickets = Vec::new();
    for id in app.store.find_by_traces(&traces, MOST_TICKETS).await? {
        let ticket = Ticket::replay(&id, &app.store.history(&id).await?);
        tickets.extend(ticket.filter(|ticket| is_with(ticket, user)));
    }
    Ok(tickets)
}

/// Is this the ticket's chat with him?
pub(super) fn is_with(ticket: &Ticket, user: &UserId) -> bool {
    ticket
        .direct
        .as_ref()
        .is_some_and(|chat| &chat.user == user)
}

/// Room keys go to signed devices only: from any other he can write to us and can't read our answer. Humans
/// are told once for each ticket.
pub(super) fn unsigned(heard: &Heard<'_>, known: Option<&Ticket>) -> Option<(Actor, TicketEvent)> {
    let chat = known.and_then(|known| known.direct.as_ref());
    let told = chat.is_some_and(|chat| chat.cannot_read_since.is_some());
    let unsigned = heard.event.trust == Trust::UnsignedDevice;
    (unsigned && !told).then(|| {
        let event = TicketEvent::NeedsHuman {
            inbox: heard.arrival.id.clone(),
            because: Trouble::CannotReadUs,
        };
        (Actor::Bot, event)
    })
}
