//! The holding pen, as people decide on it: a ticket of its own, part of another, or nothing.
//!
//! How a message gets there is decided in `domain::intake::placement`.

use crate::app::called::page_event;
use crate::app::chat::team::{Beside, Hearing};
use crate::app::chat::words;
use crate::app::number::next_number;
use crate::app::step::StepError;
use crate::app::understand::assess_words;
use crate::domain::ids::TicketNumber;
use crate::domain::oncall::people::PersonId;
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::message::ReceivedMessage;
use crate::domain::ticket::state::{Ticket, TicketState};
use crate::domain::ticket::words::CloseReason;
use crate::domain::triage::assessment::Known;

/// A message in the holding pen becomes a ticket of its own.
pub(super) async fn release(
    hearing: &mut Hearing<'_>,
    state: TicketState,
) -> Result<(), StepError> {
    if state != TicketState::Held {
        hearing.says(words::NOT_HELD);
        return Ok(());
    }
    let app = hearing.app();
    let number = next_number(app, hearing.heard.now).await?;
    hearing.says(words::released(&number));
    hearing.events.push(TicketEvent::Released { number });
    Ok(())
}

/// A message in the holding pen is put away, never deleted.
pub(super) fn put_away(hearing: &mut Hearing<'_>, state: TicketState, by: PersonId) {
    if state != TicketState::Held {
        hearing.says(words::NOT_HELD);
        return;
    }
    hearing.says(words::PUT_AWAY);
    hearing.events.push(TicketEvent::Closed {
        by,
        reason: CloseReason::NoIncident,
        remark: None,
    });
}

/// A message in the holding pen goes on a ticket: it is brought there, triaged together with what is known
/// there, and wakes somebody where it makes that ticket worse.
pub(super) async fn belongs(
    hearing: &mut Hearing<'_>,
    waiting: &Ticket,
    number: &TicketNumber,
) -> Result<(), StepError> {
    if waiting.state() != TicketState::Held {
        hearing.says(words::NOT_HELD);
        return Ok(());
    }
    let app = hearing.app();
    let Some(id) = app.store.find_by_number(number).await? else {
        hearing.says(words::no_such_ticket(number));
        return Ok(());
    };
    let Some(target) = Ticket::replay(&id, &app.store.history(&id).await?) else {
        return Err(StepError::NoTicket);
    };
    let history = app.store.history(&waiting.id).await?;
    let messages: Vec<ReceivedMessage> = history
        .iter()
        .filter_map(|recorded| match &recorded.event {
            TicketEvent::MessageReceived(message) => Some(message.as_ref().clone()),
            _ => None,
        })
        .collect();
    let events = brought(hearing, waiting, &target, messages);
    hearing.beside.push(Beside {
        id,
        seen: target.last_seq,
        events,
    });
    let by = hearing.person.id.clone();
    hearing.events.push(TicketEvent::MergedInto {
        by,
        number: number.clone(),
    });
    hearing.says(words::belongs_to(number));
    Ok(())
}

fn brought(
    hearing: &Hearing<'_>,
    waiting: &Ticket,
    target: &Ticket,
    messages: Vec<ReceivedMessage>,
) -> Vec<(Actor, TicketEvent)> {
    let (app, now) = (hearing.app(), hearing.heard.now);
    let handbook = app.knowledge.handbook();
    let mut known = target.assessment.clone();
    let mut events = Vec::new();
    if target.closed_at.is_some() {
        events.push((hearing.actor(), TicketEvent::Reopened));
    }
    if waiting.tlp > target.tlp {
        let (by, label) = (hearing.person.id.clone(), waiting.tlp);
        events.push((hearing.actor(), TicketEvent::TlpSet { by, label }));
    }
    for message in messages {
        let talk = Known {
            earlier: known.as_ref(),
            // What was asked was asked of another.
            asked: &[],
        };
        let read_again = assess_words(&handbook, &message.text, talk);
        // The mail itself told more than its words: its subject, what was attached.
        let as_it_came = waiting.assessment.clone();
        let assessment = as_it_came
            .filter(|came| came.severity > read_again.severity)
            .unwrap_or(read_again);
        let inbox = message.inbox.clone();
        events.push((
            Actor::Reporter,
            TicketEvent::MessageReceived(Box::new(message)),
        ));
        events.push((
            Actor::Bot,
            TicketEvent::Assessed {
                inbox,
                assessment: Box::new(assessment.clone()),
                handbook: handbook.version.clone(),
            },
        ));
        known = Some(assessment);
    }
    let page = known
        .as_ref()
        .and_then(|known| page_event(app, Some(target), known, now));
    events.extend(page.map(|page| (Actor::Bot, page)));
    events
}
