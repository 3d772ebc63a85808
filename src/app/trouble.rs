//! A ticket for what the bot could not deal with: a message it can't decide, an answer it can't deliver.
//!
//! Nothing is lost quietly. The ticket holds little more than the original, and calls for a human.

use crate::app::App;
use crate::app::called::can_be_woken;
use crate::app::file::put_on;
use crate::app::number::next_number;
use crate::app::ports::Change;
use crate::app::step::StepError;
use crate::domain::ids::{InboxId, TicketId};
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::words::{PageReason, Trouble};
use crate::domain::triage::category::Severity;
use jiff::Timestamp;

/// Adds a new ticket that shows a message to a human, and says why.
pub(crate) async fn show_to_a_human(
    app: &App,
    change: &mut Change,
    inbox: &InboxId,
    because: Trouble,
    now: Timestamp,
) -> Result<(), StepError> {
    let id = TicketId::from_random(app.ids.random());
    let number = next_number(app, now).await?;
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
    let severity = Severity::High;
    let page = can_be_woken(app, severity, now).then_some(TicketEvent::PageRaised {
        climb: 1,
        severity,
        because: PageReason::Report,
    });
    let events = events
        .into_iter()
        .chain(page)
        .map(|event| (Actor::Bot, event))
        .collect();
    put_on(app, change, &id, &[], events, now);
    Ok(())
}
