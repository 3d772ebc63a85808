//! Timers: due and not done, so that an hour of downtime delays and never loses.

use crate::app::App;
use crate::app::arrival::year_of;
use crate::app::file::ticket_change;
use crate::app::ports::{Change, Committed, Timer, TimerKind};
use crate::app::step::{LEASE, RACES, Step, StepError};
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::state::{Ticket, TicketState};

/// Does the next timer that is due.
pub async fn timer_step(app: &App) -> Result<Step, StepError> {
    let now = app.clock.now();
    let until = now.saturating_add(LEASE).unwrap_or(now);
    let Some(timer) = app.store.claim_timer(now, until).await? else {
        return Ok(Step::Idle);
    };
    match timer.kind {
        TimerKind::ReleaseFromPen => release_from_pen(app, &timer).await?,
    }
    Ok(Step::Worked)
}

/// What nobody placed within the wait becomes a ticket of its own.
async fn release_from_pen(app: &App, timer: &Timer) -> Result<(), StepError> {
    for _ in 0..RACES {
        let now = app.clock.now();
        let history = app.store.history(&timer.ticket).await?;
        let held = Ticket::replay(&timer.ticket, &history)
            .is_some_and(|ticket| ticket.state == TicketState::Held);
        let mut change = Change {
            timers_done: vec![timer.id.clone()],
            ..Change::default()
        };
        if held {
            let year = year_of(app, now);
            let number = app
                .store
                .next_number(&app.settings.ticket_prefix, year)
                .await?;
            let events = vec![(Actor::Bot, TicketEvent::Released { number })];
            change.ticket = Some(ticket_change(&timer.ticket, &history, events, now));
        }
        if app.store.commit(change, now).await? == Committed::Done {
            return Ok(());
        }
    }
    Err(StepError::Contended)
}
