//! Sending mail: one outgoing message at a time, each failure classified once and visible on its ticket.
//!
//! Whether it may leave is asked again right before it does: a human may have spoken, the mode may have
//! changed, it may have become too old.

use crate::app::App;
use crate::app::faults::CrashPoint;
use crate::app::leave::{may_leave, readable_history};
use crate::app::ports::{ClaimedOutgoing, Delivery, DeliveryRecord, Dispatch, Route, SendFailure};
use crate::app::record::{is_ours, record};
use crate::app::step::{Step, StepError, retry_at};
use crate::domain::ticket::event::TicketEvent;
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Silence;
use jiff::Timestamp;

/// Sends the next mail that is due.
pub async fn deliver_step(app: &App) -> Result<Step, StepError> {
    let now = app.clock.now();
    let until = app.settings.held_until(now);
    let Some(claimed) = app.store.claim_outgoing(Route::Mail, now, until).await? else {
        return Ok(Step::Idle);
    };
    let Some(end) = hand_over(app, &claimed).await? else {
        return Ok(Step::Worked);
    };
    let (written, event) = read_end(&claimed, end, &app.sender.server(), app.clock.now());
    record(app, &claimed, written, |_| event.clone()).await?;
    app.faults.reach(CrashPoint::Recorded);
    app.wake.settled.notify_one();
    Ok(Step::Worked)
}

/// Asks once more whether it may leave, and sends it. Nothing where another instance does that.
async fn hand_over(app: &App, claimed: &ClaimedOutgoing) -> Result<Option<End>, StepError> {
    let Some(Dispatch::Mail(mail)) = &claimed.dispatch else {
        return Ok(Some(End::Broken));
    };
    app.faults.reach(CrashPoint::BeforeSend);
    if !is_ours(app, claimed).await? {
        return Ok(None);
    }
    // Read before it is sent: what can't be read can't be noted either, and would be sent for ever.
    let ticket = match &claimed.ticket {
        Some(id) => match readable_history(app, id).await? {
            Some(history) => Ticket::replay(id, &history),
            None => return Ok(Some(End::Broken)),
        },
        None => None,
    };
    // Now, not when it was claimed: the process may have been stopped in between.
    if let Err(silence) = may_leave(app, claimed, ticket.as_ref(), app.clock.now()) {
        return Ok(Some(End::Withdrawn(silence)));
    }
    let delivery = app.sender.send(mail).await;
    app.faults.reach(CrashPoint::Accepted);
    Ok(Some(End::Tried(delivery)))
}

/// What became of it.
#[derive(Clone, Copy)]
enum End {
    Tried(Delivery),
    Withdrawn(Silence),
    /// It, or its ticket, can't be opened.
    Broken,
}

/// The record in the outbox, and the event on the ticket.
fn read_end(
    claimed: &ClaimedOutgoing,
    end: End,
    server: &str,
    now: Timestamp,
) -> (DeliveryRecord, Option<TicketEvent>) {
    let outbox = claimed.id.clone();
    match end {
        // Nothing can be noted on a ticket that doesn't open.
        End::Broken => (DeliveryRecord::GivenUp, None),
        End::Withdrawn(reason) => {
            tracing::info!(outbox = %outbox, outcome = reason.as_str(), "mail {outbox} taken back");
            let event = TicketEvent::ReplyWithdrawn { outbox, reason };
            (DeliveryRecord::Withdrawn, Some(event))
        }
        End::Tried(Delivery::Done) => {
            tracing::info!(outbox = %outbox, outcome = "sent", "mail {outbox} sent");
            let event = TicketEvent::ReplySent { outbox };
            (DeliveryRecord::Done, Some(event))
        }
        End::Tried(Delivery::Retry(failure)) => {
            let again = retry_at(now, claimed.attempt);
            warn(claimed, failure, "retry", server);
            tracing::warn!(outbox = %outbox, "mail {outbox} is tried again at {again:.0}");
            let reason = failure.as_str().to_owned();
            // Once: the ticket shows that it waits, not each try.
            let event =
                (claimed.attempt == 1).then_some(TicketEvent::ReplyDelayed { outbox, reason });
            (DeliveryRecord::RetryAt(again), event)
        }
        End::Tried(Delivery::GivenUp(failure)) => {
            warn(claimed, failure, "given-up", server);
            let reason = failure.as_str().to_owned();
            let event = TicketEvent::ReplyFailed { outbox, reason };
            (DeliveryRecord::GivenUp, Some(event))
        }
    }
}

fn warn(claimed: &ClaimedOutgoing, failure: SendFailure, outcome: &'static str, server: &str) {
    tracing::warn!(
        outbox = %claimed.id, failure = failure.as_str(), outcome, attempt = claimed.attempt,
        "mail {} was not taken by {server}", claimed.id
    );
}
