//! A ticket for what the bot could not deal with: a message it can't decide, an answer it can't deliver.
//!
//! Nothing is lost quietly. The ticket holds little more than the original, and calls for a human.

use crate::app::App;
use crate::app::arrival::year_of;
use crate::app::file::ticket_change;
use crate::app::ports::TicketChange;
use crate::app::step::StepError;
use crate::domain::ids::{InboxId, TicketId};
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::words::Trouble;
use jiff::Timestamp;

/// A new ticket that shows a message to a human, and says why.
pub(crate) async fn shown_to_a_human(
    app: &App,
    inbox: &InboxId,
    because: Trouble,
    now: Timestamp,
) -> Result<TicketChange, StepError> {
    let id = TicketId::from_random(app.ids.random());
    let number = app
        .store
        .next_number(&app.settings.ticket_prefix, year_of(app, now))
        .await?;
    let events = [
        TicketEvent::Opened {
            number,
            constituent: None,
        },
        TicketEvent::NeedsHuman {
            inbox: inbox.clone(),
            because,
        },
    ];
    let events = events.map(|event| (Actor::Bot, event)).into();
    ticket_change(&id, &[], events, now).ok_or(StepError::NoTicket)
}
