//! Sending: one outgoing message at a time, each failure classified once and visible in its row.

use crate::app::App;
use crate::app::faults::CrashPoint;
use crate::app::file::ticket_change;
use crate::app::ports::{
    Change, ClaimedOutgoing, Committed, Delivery, DeliveryRecord, SendFailure,
};
use crate::app::step::{LEASE, RACES, Step, StepError, retry_at};
use crate::domain::ids::TicketId;
use crate::domain::ticket::event::{Actor, TicketEvent};

/// Sends the next message that is due.
pub async fn deliver_step(app: &App) -> Result<Step, StepError> {
    let now = app.clock.now();
    let until = now.saturating_add(LEASE).unwrap_or(now);
    let Some(claimed) = app.store.claim_outgoing(now, until).await? else {
        return Ok(Step::Idle);
    };
    app.faults.reach(CrashPoint::BeforeSend);
    let delivery = app.sender.send(&claimed.mail).await;
    app.faults.reach(CrashPoint::Accepted);
    record(app, &claimed, delivery).await?;
    app.faults.reach(CrashPoint::Recorded);
    app.wake.settled.notify_one();
    Ok(Step::Worked)
}

async fn record(app: &App, claimed: &ClaimedOutgoing, delivery: Delivery) -> Result<(), StepError> {
    let now = app.clock.now();
    let (record, event) = match delivery {
        Delivery::Done => {
            tracing::info!(outbox = %claimed.id, outcome = "sent", "mail {} sent", claimed.id);
            (
                DeliveryRecord::Done,
                Some(TicketEvent::ReplySent {
                    outbox: claimed.id.clone(),
                }),
            )
        }
        Delivery::Retry(failure) => {
            let at = retry_at(now, claimed.attempts);
            warn(claimed, failure, "retry");
            (DeliveryRecord::RetryAt(at), None)
        }
        Delivery::GivenUp(failure) => {
            warn(claimed, failure, "given-up");
            let outbox = claimed.id.clone();
            let reason = failure.as_str().to_owned();
            (
                DeliveryRecord::GivenUp,
                Some(TicketEvent::ReplyFailed { outbox, reason }),
            )
        }
    };
    let on_ticket = claimed.ticket.as_ref().zip(event);
    for _ in 0..RACES {
        let mut change = Change {
            delivery: Some((claimed.id.clone(), record)),
            ..Change::default()
        };
        if let Some((ticket, event)) = &on_ticket {
            change.ticket = Some(note(app, ticket, event.clone()).await?);
        }
        if app.store.commit(change, now).await? == Committed::Done {
            return Ok(());
        }
    }
    Err(StepError::Contended)
}

async fn note(
    app: &App,
    ticket: &TicketId,
    event: TicketEvent,
) -> Result<crate::app::ports::TicketChange, StepError> {
    let history = app.store.history(ticket).await?;
    Ok(ticket_change(
        ticket,
        &history,
        vec![(Actor::Bot, event)],
        app.clock.now(),
    ))
}

fn warn(claimed: &ClaimedOutgoing, failure: SendFailure, outcome: &'static str) {
    let attempt = claimed.attempts.saturating_add(1);
    tracing::warn!(
        outbox = %claimed.id, failure = failure.as_str(), outcome, attempt,
        "mail {} was not taken", claimed.id
    );
}
