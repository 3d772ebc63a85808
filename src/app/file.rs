//! Putting events on a ticket: the change that the store writes, from the history that was read.

use crate::app::ports::{TicketChange, Trace};
use crate::domain::ids::{TicketId, TicketNumber};
use crate::domain::ticket::event::{Actor, RecordedEvent, TicketEvent};
use crate::domain::ticket::state::Ticket;
use jiff::Timestamp;

/// The change that appends `events` after `history`: with the ticket as it then is, the number it
/// takes, and the new ways to find it.
///
/// An empty `events` on an empty `history` would be no ticket at all; callers never ask for that.
pub fn ticket_change(
    id: &TicketId,
    history: &[RecordedEvent],
    events: Vec<(Actor, TicketEvent)>,
    now: Timestamp,
) -> TicketChange {
    let after_seq = history.last().map_or(0, |last| last.seq);
    let recorded = (after_seq.saturating_add(1)..)
        .zip(&events)
        .map(|(seq, (actor, event))| RecordedEvent {
            seq,
            at: now,
            actor: actor.clone(),
            event: event.clone(),
        });
    let all: Vec<RecordedEvent> = history.iter().cloned().chain(recorded).collect();
    let summary =
        Ticket::replay(id, &all).map_or_else(|| empty(id, now), |ticket| ticket.summary());
    TicketChange {
        id: id.clone(),
        after_seq,
        summary,
        traces: events
            .iter()
            .flat_map(|(_, event)| traces_of(event))
            .collect(),
        takes_number: events.iter().find_map(|(_, event)| number_of(event)),
        events,
    }
}

fn empty(id: &TicketId, now: Timestamp) -> crate::domain::ticket::state::TicketSummary {
    use crate::domain::ticket::state::{TicketState, TicketSummary};
    TicketSummary {
        id: id.clone(),
        number: None,
        possibly: None,
        state: TicketState::New,
        kind: None,
        category: None,
        severity: crate::domain::triage::category::Severity::Low,
        page: false,
        opened_at: now,
        updated_at: now,
        awaiting_approval: 0,
    }
}

fn number_of(event: &TicketEvent) -> Option<TicketNumber> {
    match event {
        TicketEvent::Opened { number, .. } | TicketEvent::Released { number } => {
            Some(number.clone())
        }
        _ => None,
    }
}

fn traces_of(event: &TicketEvent) -> Vec<Trace> {
    match event {
        // What the first mail itself referred to leads here too: a colleague in Cc may answer that.
        TicketEvent::MessageReceived(message) => message
            .message_id
            .iter()
            .chain(&message.in_reply_to)
            .chain(&message.references)
            .cloned()
            .map(Trace::MessageId)
            .collect(),
        TicketEvent::ReplyWritten {
            message_id, outbox, ..
        } => vec![
            Trace::MessageId(message_id.clone()),
            Trace::Token(outbox.as_str().to_owned()),
        ],
        _ => Vec::new(),
    }
}
