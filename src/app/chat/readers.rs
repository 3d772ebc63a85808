//! Reading what waits in the holding pen: whoever decides asks for it, and comes into a chat with the bot alone.
//!
//! He may be quicker than our record of the room that was made for him, and may have asked for several messages at
//! once. So where he is is written down on each that has no room yet; the record of the room then says which one
//! it was (`domain::ticket::readers`). Nothing is guessed, and nothing waits in memory.

use crate::app::App;
use crate::app::chat::hear::Heard;
use crate::app::chat::team::{Hearing, Presence};
use crate::app::chat::words;
use crate::app::file::{history_as_seen, put_on};
use crate::app::ports::{Change, Outcome, Trace};
use crate::app::step::StepError;
use crate::domain::chat::ids::RoomId;
use crate::domain::command::spec::Place;
use crate::domain::ids::OutboxId;
use crate::domain::oncall::people::{Person, PersonId};
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::readers::Reader;
use crate::domain::ticket::state::{Ticket, TicketState};

/// Most tickets of one reader that are looked at: those that changed last.
const MOST_TICKETS: usize = 32;

/// Whoever decides reads it first, in a chat with the bot alone: what the on-call room shows is too little.
pub(super) fn show(hearing: &mut Hearing<'_>, waiting: &Ticket) {
    if waiting.state() != TicketState::Held {
        hearing.says(words::NOT_HELD);
        return;
    }
    let by = hearing.person.id.clone();
    let reader = waiting.work.readers.get(&by);
    hearing.says(match reader.map(|reader| reader.came_at) {
        Some(Some(_)) => words::SHOWN_AGAIN,
        Some(None) | None => words::SHOWN_APART,
    });
    let outbox = OutboxId::from_random(hearing.app().ids.random());
    hearing.events.push(TicketEvent::ReadAsked { by, outbox });
}

/// Somebody of the team comes into a chat with the bot, or is no longer there. `in_room` are the tickets of that
/// room.
pub(super) async fn comes_or_goes(
    heard: &Heard<'_>,
    person: &Person,
    presence: Presence,
    in_room: Vec<Ticket>,
) -> Result<Change, StepError> {
    let app = heard.app;
    let room = &heard.event.room;
    let mut change = heard.done(Outcome::NoTicket, Place::DirectChat.as_str());
    let is_his = |ticket: &Ticket| {
        let reader = ticket.work.readers.get(&person.id);
        reader.is_some_and(|reader| reader.room.as_ref() == Some(room))
    };
    let mut tickets = in_room;
    let is_known = !tickets.is_empty();
    tickets.retain(is_his);
    if !is_known {
        tickets = perhaps_here(app, &person.id, room).await?;
    }
    for ticket in tickets {
        let Some(reader) = ticket.work.readers.get(&person.id) else {
            continue;
        };
        let Some(event) = moved(heard, reader, presence) else {
            continue;
        };
        let actor = Actor::Person(person.id.as_str().to_owned());
        let history = history_as_seen(app, &ticket.id, ticket.last_seq).await?;
        let events = vec![(actor, event)];
        put_on(app, &mut change, &ticket.id, &history, events, heard.now);
    }
    if let Some(arrival) = &mut change.arrival
        && !change.tickets.is_empty()
    {
        arrival.outcome = Outcome::OnTicket;
    }
    Ok(change)
}

fn moved(heard: &Heard<'_>, reader: &Reader, presence: Presence) -> Option<TicketEvent> {
    let by = reader.by.clone();
    let room = heard.event.room.clone();
    match presence {
        Presence::Here if reader.may_come_into(&room) => {
            let room = Some(room);
            Some(TicketEvent::ReaderCame { by, room })
        }
        Presence::Gone if reader.may_leave(&room) => Some(TicketEvent::ReaderLeft { by, room }),
        _ => None,
    }
}

/// What he asked to read, where the chat isn't on record yet, or came on record since somebody looked for this room.
async fn perhaps_here(app: &App, by: &PersonId, room: &RoomId) -> Result<Vec<Ticket>, StepError> {
    let traces = [Trace::Reader(by.clone())];
    let mut tickets = Vec::new();
    for id in app.store.find_by_traces(&traces, MOST_TICKETS).await? {
        let ticket = Ticket::replay(&id, &app.store.history(&id).await?);
        tickets.extend(ticket.filter(|ticket| {
            let reader = ticket.work.readers.get(by);
            reader.is_some_and(|reader| reader.room.as_ref().is_none_or(|own| own == room))
        }));
    }
    Ok(tickets)
}
