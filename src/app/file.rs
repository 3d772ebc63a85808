//! Putting events on a ticket: the change that the store writes, from the history that was read.

use crate::app::App;
use crate::app::follow::follow;
use crate::app::ports::{Change, StoreError, TicketChange, Trace};
use crate::domain::address::MessageId;
use crate::domain::ids::{TicketId, TicketNumber};
use crate::domain::ticket::event::{Actor, RecordedEvent, TicketEvent};
use crate::domain::ticket::message::ReceivedMessage;
use crate::domain::ticket::state::Ticket;
use jiff::Timestamp;

/// Appends `events` after `history`: with the ticket as it then is, all that it waits for, the number it
/// takes, the new ways to find it, and what is brought into chat because of them. Nothing where both are
/// empty: that is no ticket.
pub(crate) fn put_on(
    app: &App,
    change: &mut Change,
    id: &TicketId,
    history: &[RecordedEvent],
    events: Vec<(Actor, TicketEvent)>,
    now: Timestamp,
) {
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
    let Some(ticket) = Ticket::replay(id, &all) else {
        return;
    };
    change.outgoing.extend(follow(app, &ticket, history, &all));
    change.tickets.push(TicketChange {
        id: id.clone(),
        after_seq,
        summary: ticket.summary(),
        timers: ticket.timers(&app.settings.roster),
        traces: events
            .iter()
            .flat_map(|(_, event)| traces_of(event))
            .collect(),
        takes_number: events.iter().find_map(|(_, event)| number_of(event)),
        events,
    });
}

/// The events of a ticket as far as a decision saw them. Where there are more by now, the change that is
/// put on these loses the race, and is decided again.
pub(crate) async fn history_as_seen(
    app: &App,
    id: &TicketId,
    seen: u64,
) -> Result<Vec<RecordedEvent>, StoreError> {
    let mut history = app.store.history(id).await?;
    history.retain(|recorded| recorded.seq <= seen);
    Ok(history)
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
        TicketEvent::MessageReceived(message) => traces_of_message(message),
        TicketEvent::ReplyWritten {
            message_id, outbox, ..
        } => message_id
            .iter()
            .map(|id| Trace::MessageId(id.clone()))
            .chain([Trace::Token(outbox.as_str().to_owned())])
            .collect(),
        TicketEvent::CardPosted { root } => vec![Trace::Event(root.clone())],
        TicketEvent::CommandsRan { origin, .. } => vec![Trace::Event(origin.clone())],
        TicketEvent::PagePosted { posted } | TicketEvent::DraftShown { posted, .. } => {
            vec![Trace::Event(posted.clone())]
        }
        TicketEvent::RoomMade { room, .. } | TicketEvent::ReadersChatOpened { room, .. } => {
            vec![Trace::Room(room.clone())]
        }
        TicketEvent::ReadAsked { by, .. } => vec![Trace::Reader(by.clone())],
        TicketEvent::DirectChatOffered { user, asked, .. } => vec![
            Trace::Reporter(user.clone()),
            Trace::Event(asked.event.clone()),
        ],
        TicketEvent::DirectChatOpened { user, room } => {
            vec![Trace::Reporter(user.clone()), Trace::Room(room.clone())]
        }
        TicketEvent::Paged { mails, .. } | TicketEvent::NobodyReached { mails, .. } => {
            mails.iter().flat_map(traces_of_own_mail).collect()
        }
        TicketEvent::HumanWrote {
            message_id, outbox, ..
        } => message_id
            .iter()
            .map(|id| Trace::MessageId(id.clone()))
            .chain([Trace::Token(outbox.as_str().to_owned())])
            .collect(),
        // The reporter will answer it.
        TicketEvent::AnsweredFromMailbox { message_id, .. } => {
            message_id.iter().cloned().map(Trace::MessageId).collect()
        }
        _ => Vec::new(),
    }
}

/// A mail of ours comes back by its Message-ID, or by the token that is the left side of it.
fn traces_of_own_mail(id: &MessageId) -> Vec<Trace> {
    let token = id.as_str().split_once('@');
    let token = token.map(|(left, _)| Trace::Token(left.to_owned()));
    [Trace::MessageId(id.clone())]
        .into_iter()
        .chain(token)
        .collect()
}

/// Its own Message-ID leads to the ticket; what it refers to may stand in the mails of others too.
fn traces_of_message(message: &ReceivedMessage) -> Vec<Trace> {
    let own = message.message_id.iter().cloned().map(Trace::MessageId);
    let referred = message.in_reply_to.iter().chain(&message.references);
    own.chain(referred.cloned().map(Trace::Shared)).collect()
}
