//! Timers: due and not done, so that an hour of downtime delays and never loses.

use crate::app::App;
use crate::app::chat::missed::nobody_came;
use crate::app::number::next_number;
use crate::app::on_ticket::{Decision, on_ticket};
use crate::app::step::{Step, StepError};
use crate::app::wake::{page_again, reach_nobody, reach_rung};
use crate::domain::ticket::due::TimerKind;
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::state::Ticket;
use jiff::Timestamp;

/// Does the next timer that is due. One whose ticket no longer waits for it changes nothing but itself.
pub async fn timer_step(app: &App) -> Result<Step, StepError> {
    let now = app.clock.now();
    let until = app.settings.held_until(now);
    let Some(timer) = app.store.claim_timer(now, until).await? else {
        return Ok(Step::Idle);
    };
    on_ticket(app, &timer.ticket, |ticket: Ticket, now| async move {
        let waits = ticket
            .timers(&app.settings.roster)
            .get(&timer.kind)
            .is_some_and(|at| *at <= now);
        if !waits {
            return Ok(Decision::default());
        }
        match timer.kind {
            TimerKind::ReleaseFromPen => release_from_pen(app, now).await,
            TimerKind::NextRung => reach_rung(app, &ticket, now),
            TimerKind::NobodyReached => reach_nobody(app, &ticket, now).await,
            TimerKind::Silence => Ok(page_again(&ticket)),
            TimerKind::DirectChatMissed => nobody_came(app, &ticket, now).await,
        }
    })
    .await?;
    Ok(Step::Worked)
}

/// What nobody placed within the wait becomes a ticket of its own.
async fn release_from_pen(app: &App, now: Timestamp) -> Result<Decision, StepError> {
    let number = next_number(app, now).await?;
    Ok(Decision {
        events: vec![(Actor::Bot, TicketEvent::Released { number })],
        ..Decision::default()
    })
}
