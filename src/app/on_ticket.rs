//! Changing a ticket that is there: read, decide, write, and again where somebody else was first.
//!
//! Every use case that isn't the arrival of a message comes through here, so that the race for a ticket is
//! run in one place.

use crate::app::App;
use crate::app::file::put_on;
use crate::app::limit_alarm::raise_where_all_is_used_up;
use crate::app::ports::{Change, Committed};
use crate::app::step::{RACES, StepError};
use crate::domain::ids::TicketId;
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::state::Ticket;
use jiff::Timestamp;

/// What a decision adds: events on the ticket, and what is written with them.
#[derive(Default)]
pub struct Decision {
    /// The new events, in order.
    pub events: Vec<(Actor, TicketEvent)>,
    /// What else is written in the same transaction. Its list of tickets is filled here.
    pub with: Change,
}

/// Decides on a ticket as it is, and writes what was decided. `decide` may be called several times, each
/// time with the ticket as it is then. Timers of the ticket are written anew in any case.
///
/// # Errors
/// When the store fails, the ticket doesn't exist, or others keep winning the race; and whatever `decide`
/// refuses with.
pub async fn on_ticket<E, F>(
    app: &App,
    id: &TicketId,
    decide: impl Fn(Ticket, Timestamp) -> F,
) -> Result<(), E>
where
    E: From<StepError>,
    F: Future<Output = Result<Decision, E>>,
{
    for _ in 0..RACES {
        let now = app.clock.now();
        let history = app.store.history(id).await.map_err(StepError::from)?;
        let ticket = Ticket::replay(id, &history).ok_or(StepError::NoTicket)?;
        let Decision { events, mut with } = decide(ticket, now).await?;
        put_on(app, &mut with, id, &history, events, now);
        raise_where_all_is_used_up(app, &mut with, now);
        let leaves = !with.outgoing.is_empty() || !with.approved.is_empty() || with.alarm.is_some();
        let committed = app.store.commit(with, now).await.map_err(StepError::from)?;
        if committed == Committed::Done {
            if leaves {
                app.wake.outgoing();
            }
            app.wake.timers.notify_one();
            return Ok(());
        }
    }
    Err(StepError::Contended.into())
}
