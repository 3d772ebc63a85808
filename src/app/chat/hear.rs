//! Who wrote in which kind of room: decided first, because it decides everything else.
//!
//! Rooms are told apart by the settings and by the tickets that they belong to, never by anything that is
//! said in them. Whoever isn't expected gets no word and learns nothing.

use crate::app::App;
use crate::app::chat::comings::{comes_in, leaves};
use crate::app::chat::direct::hear_in_a_direct_chat;
use crate::app::chat::doorway::{is_with, tickets_apart_with};
use crate::app::chat::lobby::hear_in_the_lobby;
use crate::app::chat::readers::comes_or_goes;
use crate::app::chat::team::{Presence, hear_the_team};
use crate::app::ports::{Arrival, ArrivalDone, Change, DecisionRecord, Leaves, Outcome, Trace};
use crate::app::step::StepError;
use crate::domain::chat::ids::EventId;
use crate::domain::chat::incoming::{ChatEvent, Happening};
use crate::domain::command::spec::Place;
use crate::domain::oncall::people::Person;
use crate::domain::ticket::direct::DirectChat;
use crate::domain::ticket::lobby::Asker;
use crate::domain::ticket::state::Ticket;
use crate::domain::triage::category::Kind;
use jiff::Timestamp;

/// Most tickets that one room is looked up for.
const MOST_TICKETS: usize = 8;

/// One round of deciding on what happened in chat.
pub(crate) async fn decide_chat(
    app: &App,
    arrival: &Arrival,
    attempt: u32,
    event: &ChatEvent,
    now: Timestamp,
) -> Result<Change, StepError> {
    let heard = Heard {
        app,
        arrival,
        attempt,
        event,
        now,
    };
    match spot(app, event).await? {
        Spot::Team {
            person,
            place,
            ticket,
        } => hear_the_team(&heard, person, place, ticket.map(|ticket| *ticket)).await,
        Spot::Reading {
            person,
            presence,
            tickets,
        } => comes_or_goes(&heard, person, presence, tickets).await,
        Spot::Lobby(asker) => hear_in_the_lobby(&heard, asker).await,
        Spot::Direct { asker, tickets } => match &event.what {
            Happening::Joined => comes_in(&heard, &tickets).await,
            Happening::Left => leaves(&heard, &tickets).await,
            _ => hear_in_a_direct_chat(&heard, asker, &tickets).await,
        },
        Spot::Nowhere => Ok(heard.done(Outcome::NoTicket, "nowhere")),
    }
}

/// What happened, and when it is decided.
#[derive(Clone, Copy)]
pub(super) struct Heard<'a> {
    pub(super) app: &'a App,
    pub(super) arrival: &'a Arrival,
    pub(super) attempt: u32,
    pub(super) event: &'a ChatEvent,
    pub(super) now: Timestamp,
}

impl Heard<'_> {
    /// The end of deciding, with nothing but a record of it.
    pub(super) fn done(&self, outcome: Outcome, course: &'static str) -> Change {
        let handbook = self.app.knowledge.handbook();
        let record = DecisionRecord::without_triage(course, &handbook.version, self.now);
        Change {
            arrival: Some(ArrivalDone {
                id: self.arrival.id.clone(),
                attempt: self.attempt,
                outcome,
                kind: Kind::Other,
                record: Some(record),
                fingerprint: None,
                leaves: Leaves::Never,
            }),
            ..Change::default()
        }
    }
}

/// Where something happened, seen from what the bot does there.
enum Spot<'a> {
    /// Somebody of the roster, where the team works.
    Team {
        person: &'a Person,
        place: Place,
        ticket: Option<Box<Ticket>>,
    },
    /// Somebody of the team comes into a chat with the bot, or goes: to read what waits in the holding pen. The
    /// tickets that are read there.
    Reading {
        person: &'a Person,
        presence: Presence,
        tickets: Vec<Ticket>,
    },
    /// Somebody outside the team, in the lobby.
    Lobby(Asker),
    /// Somebody outside the team, in a room with the bot. His tickets there.
    Direct { asker: Asker, tickets: Vec<Ticket> },
    /// Anybody else, anywhere else.
    Nowhere,
}

async fn spot<'a>(app: &'a App, event: &ChatEvent) -> Result<Spot<'a>, StepError> {
    let Some(chat) = &app.settings.chat else {
        return Ok(Spot::Nowhere);
    };
    let people = &app.settings.roster.people;
    let person = people
        .iter()
        .find(|person| person.matrix.as_ref() == Some(&event.sender));
    if event.room == chat.oncall_room {
        let Some(person) = person else {
            return Ok(Spot::Nowhere);
        };
        let ticket = match about(event) {
            Some(about) => by_event(app, about).await?,
            None => None,
        };
        return Ok(Spot::Team {
            person,
            place: match ticket {
                Some(_) => Place::OncallThread,
                None => Place::OncallRoom,
            },
            ticket: ticket.map(Box::new),
        });
    }
    let asker = if chat.serves(&event.sender) {
        Asker::Served
    } else {
        Asker::Stranger
    };
    if chat.lobby_rooms.contains(&event.room) {
        return Ok(match person {
            Some(_) => Spot::Nowhere,
            None => Spot::Lobby(asker),
        });
    }
    let tickets = in_room(app, event).await?;
    for ticket in &tickets {
        if ticket.work.room.as_ref() == Some(&event.room) {
            return Ok(match person {
                Some(person) => Spot::Team {
                    person,
                    place: Place::TicketRoom,
                    ticket: Some(Box::new(ticket.clone())),
                },
                None => Spot::Nowhere,
            });
        }
    }
    Ok(match (person, Presence::of(&event.what)) {
        (Some(person), Some(presence)) => Spot::Reading {
            person,
            presence,
            tickets,
        },
        (Some(person), None) => Spot::Team {
            person,
            place: Place::DirectChat,
            ticket: None,
        },
        (None, _) => Spot::Direct {
            asker,
            tickets: his(app, event, tickets).await?,
        },
    })
}

/// The tickets about which there is a chat with the sender in this room. He may be quicker than our record
/// of the room that was made for him: then it is his ticket that still waits for one.
async fn his(app: &App, event: &ChatEvent, in_room: Vec<Ticket>) -> Result<Vec<Ticket>, StepError> {
    let user = &event.sender;
    let mut tickets = in_room;
    tickets.retain(|ticket| is_with(ticket, user));
    if tickets.is_empty() && event.what == Happening::Joined {
        tickets = tickets_apart_with(app, user).await?;
        let waits = |ticket: &Ticket| {
            let chat = ticket.direct.as_ref();
            chat.is_some_and(DirectChat::is_being_made)
        };
        tickets.retain(waits);
    }
    Ok(tickets)
}

/// The message that leads to the ticket: the root of the thread, or what an edit or a sign is about.
fn about(event: &ChatEvent) -> Option<&EventId> {
    match &event.what {
        Happening::Said(said) => said.thread.as_ref().or(said.replaces.as_ref()),
        Happening::Reacted { target, .. } | Happening::Redacted { target } => Some(target),
        Happening::Shared { thread, .. } => thread.as_ref(),
        _ => None,
    }
}

async fn by_event(app: &App, event: &EventId) -> Result<Option<Ticket>, StepError> {
    let traces = [Trace::Event(event.clone())];
    match app.store.find_by_traces(&traces, 1).await?.first() {
        Some(id) => Ok(Ticket::replay(id, &app.store.history(id).await?)),
        None => Ok(None),
    }
}

async fn in_room(app: &App, event: &ChatEvent) -> Result<Vec<Ticket>, StepError> {
    let traces = [Trace::Room(event.room.clone())];
    let mut tickets = Vec::new();
    for id in app.store.find_by_traces(&traces, MOST_TICKETS).await? {
        tickets.extend(Ticket::replay(&id, &app.store.history(&id).await?));
    }
    Ok(tickets)
}
