//! What became of a try to send: the record in the outbox and the event on the ticket, in one transaction.
//!
//! The same for mail and chat. What a failure means was classified before, by the adapter.

use crate::app::App;
use crate::app::file::put_on;
use crate::app::leave::readable_history;
use crate::app::ports::{
    Change, ClaimedOutgoing, Committed, DeliveryDone, DeliveryRecord, StoreError, Voice,
};
use crate::app::step::{RACES, StepError};
use crate::app::trouble::show_to_a_human;
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Trouble;

/// How often writing down is tried while the database is away; each try waits for a connection.
const MOST_AWAY: u32 = 4;

/// Does this instance still hold it? Asked right before it is handed over: a process that was stopped for a
/// while doesn't know that another one has sent it.
pub(crate) async fn is_ours(app: &App, claimed: &ClaimedOutgoing) -> Result<bool, StepError> {
    let (id, now) = (&claimed.id, app.clock.now());
    let until = app.settings.held_until(now);
    let ours = app
        .store
        .holds_outgoing(id, claimed.attempt, now, until)
        .await?;
    if !ours {
        taken_over(claimed);
    }
    Ok(ours)
}

fn taken_over(claimed: &ClaimedOutgoing) {
    let id = &claimed.id;
    tracing::info!(outbox = %id, outcome = "taken-over", "message {id} is another instance's now");
}

/// Writes what became of a try. `note` says what the ticket remembers of it, seeing it as it is then. An
/// answer without a ticket that nobody gets becomes one.
pub(crate) async fn record(
    app: &App,
    claimed: &ClaimedOutgoing,
    record: DeliveryRecord,
    note: impl Fn(&Ticket) -> Option<TicketEvent>,
) -> Result<(), StepError> {
    let mut away = 0;
    for _ in 0..RACES {
        let now = app.clock.now();
        let mut change = Change {
            delivery: Some(DeliveryDone {
                id: claimed.id.clone(),
                attempt: claimed.attempt,
                record,
            }),
            ..Change::default()
        };
        let lost = matches!(record, DeliveryRecord::GivenUp | DeliveryRecord::Withdrawn);
        match (&claimed.ticket, &claimed.cause) {
            (Some(id), _) => {
                let history = readable_history(app, id).await?.unwrap_or_default();
                let event = Ticket::replay(id, &history).and_then(|ticket| note(&ticket));
                if let Some(event) = event {
                    put_on(
                        app,
                        &mut change,
                        id,
                        &history,
                        vec![(Actor::Bot, event)],
                        now,
                    );
                }
            }
            (None, Some(cause)) if lost && claimed.voice == Voice::Bot => {
                show_to_a_human(app, &mut change, cause, Trouble::NotDelivered, now).await?;
            }
            _ => {}
        }
        let committed = match app.store.commit(change, now).await {
            // It has left: while the database is away a moment, forgetting that would send it again.
            Err(StoreError::Unavailable(_)) if away < MOST_AWAY => {
                away += 1;
                continue;
            }
            committed => committed?,
        };
        match committed {
            Committed::Done => {
                app.wake.outgoing();
                return Ok(());
            }
            Committed::NotOurs => {
                taken_over(claimed);
                return Ok(());
            }
            Committed::Conflict | Committed::Duplicate => {}
        }
    }
    Err(StepError::Contended)
}
