//! What happens in the on-call room: commands in a ticket's thread, signs of life, a reaction that holds.
//!
//! Only people on the roster are heard, and their commands only from a device that proves them. Whoever
//! else writes here gets no word and learns nothing.

use crate::app::App;
use crate::app::arrival::year_of;
use crate::app::card::{ROOM_LANGUAGE, card_row};
use crate::app::chat_words as words;
use crate::app::file::ticket_change;
use crate::app::ports::{
    Arrival, ArrivalDone, Change, ChatErrand, DecisionRecord, Dispatch, Extent, Lane, Leaves,
    NewOutgoing, Outcome, RoomAct, Secrecy, Trace, Voice,
};
use crate::app::step::StepError;
use crate::domain::chat::ids::EventId;
use crate::domain::chat::incoming::{ChatEvent, Happening, Said};
use crate::domain::chat::post::Post;
use crate::domain::command::help::{help, help_for};
use crate::domain::command::list::Command;
use crate::domain::command::read::read;
use crate::domain::command::spec::Place;
use crate::domain::ids::OutboxId;
use crate::domain::intake::sender::Authentication;
use crate::domain::oncall::people::{Person, PersonId};
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::state::{Ticket, TicketState};
use crate::domain::ticket::words::{AckWay, Release};
use crate::domain::triage::category::Kind;
use jiff::{SignedDuration, Timestamp};

/// Plain words are noted as a sign of life at most this often.
const SIGN_EVERY: SignedDuration = SignedDuration::from_mins(5);

/// One round of deciding on what happened in chat.
pub(crate) async fn decide_chat(
    app: &App,
    arrival: &Arrival,
    attempt: u32,
    event: &ChatEvent,
    now: Timestamp,
) -> Result<Change, StepError> {
    let mut change = Change::default();
    let here = app
        .settings
        .chat
        .as_ref()
        .is_some_and(|chat| chat.oncall_room == event.room);
    let person = app
        .settings
        .roster
        .people
        .iter()
        .find(|person| person.matrix.as_ref() == Some(&event.sender));
    if let Some(person) = person.filter(|_| here) {
        let heard = hear(app, arrival, event, person, now).await?;
        let actor = Actor::Person(person.id.as_str().to_owned());
        if let Some(ticket) = &heard.ticket {
            let history = app.store.history(&ticket.id).await?;
            let events = heard.events.into_iter().map(|event| (actor.clone(), event));
            let events: Vec<_> = events.collect();
            change.outgoing.extend(card_row(app, &ticket.id, &events));
            let roster = &app.settings.roster;
            if !events.is_empty() {
                change
                    .tickets
                    .extend(ticket_change(&ticket.id, &history, events, roster, now));
            }
        }
        change
            .outgoing
            .extend(answer(app, arrival, event, heard.answers));
    }
    change.arrival = Some(done(app, arrival, attempt, !change.tickets.is_empty(), now));
    Ok(change)
}

/// What one event leads to.
#[derive(Default)]
struct Heard {
    ticket: Option<Ticket>,
    events: Vec<TicketEvent>,
    answers: Vec<String>,
}

async fn hear(
    app: &App,
    arrival: &Arrival,
    event: &ChatEvent,
    person: &Person,
    now: Timestamp,
) -> Result<Heard, StepError> {
    let mut heard = Heard::default();
    match &event.what {
        Happening::Undecryptable if arrival.extent == Extent::Locked => {
            heard.answers.push(words::UNREADABLE.to_owned());
        }
        Happening::Reacted { target, .. } => {
            heard.ticket = ticket_of(app, target).await?;
            heard.events.extend(
                heard
                    .ticket
                    .as_ref()
                    .and_then(|ticket| held(app, ticket, person, now)),
            );
        }
        Happening::Said(said) => {
            if let Some(root) = &said.thread {
                heard.ticket = ticket_of(app, root).await?;
            }
            hear_words(app, event, said, person, &mut heard, now).await?;
        }
        _ => {}
    }
    Ok(heard)
}

async fn ticket_of(app: &App, event: &EventId) -> Result<Option<Ticket>, StepError> {
    let traces = [Trace::Event(event.clone())];
    match app.store.find_by_traces(&traces, 1).await?.first() {
        Some(id) => Ok(Ticket::replay(id, &app.store.history(id).await?)),
        None => Ok(None),
    }
}

/// A reaction is not encrypted: anybody on the way could have made it. It only holds the climb for a while.
fn held(app: &App, ticket: &Ticket, person: &Person, now: Timestamp) -> Option<TicketEvent> {
    let page = ticket.running_page().filter(|page| page.held.is_none())?;
    let climb = app.settings.roster.climb(page.severity, page.began_at)?;
    Some(TicketEvent::AckHeld {
        climb: page.climb,
        by: person.id.clone(),
        until: climb.held_until(now),
    })
}

async fn hear_words(
    app: &App,
    event: &ChatEvent,
    said: &Said,
    person: &Person,
    heard: &mut Heard,
    now: Timestamp,
) -> Result<(), StepError> {
    let place = if heard.ticket.is_some() {
        Place::OncallThread
    } else {
        Place::OncallRoom
    };
    let reading = read(&said.text, place);
    if reading.commands.is_empty() && reading.problem.is_none() {
        heard.events.extend(
            heard
                .ticket
                .as_ref()
                .and_then(|ticket| sign(ticket, event, person, now)),
        );
        return Ok(());
    }
    if !event.trust.proves_the_person() {
        heard.answers.push(words::NOT_THE_PERSON.to_owned());
        return Ok(());
    }
    if said.replaces.is_some() {
        heard.answers.push(words::EDITED.to_owned());
        return Ok(());
    }
    for command in &reading.commands {
        run(app, command, person, place, heard, now).await?;
    }
    heard
        .answers
        .extend(reading.problem.map(|problem| problem.text(ROOM_LANGUAGE)));
    Ok(())
}

/// Words without a command, in a ticket's thread: they confirm a reaction of the same person, or show that
/// somebody is there.
fn sign(
    ticket: &Ticket,
    event: &ChatEvent,
    person: &Person,
    now: Timestamp,
) -> Option<TicketEvent> {
    if !event.trust.proves_the_person() {
        return None;
    }
    let by = person.id.clone();
    if let Some(page) = ticket.running_page() {
        let confirms = page.held.as_ref().is_some_and(|(who, _)| *who == by);
        return confirms.then_some(TicketEvent::Acknowledged {
            climb: page.climb,
            by,
            way: AckWay::Reaction,
        });
    }
    let stale = |at: Timestamp| now.duration_since(at) > SIGN_EVERY;
    ticket
        .team_sign_at
        .is_none_or(stale)
        .then_some(TicketEvent::TeamSpoke { by })
}

async fn run(
    app: &App,
    command: &Command,
    person: &Person,
    place: Place,
    heard: &mut Heard,
    now: Timestamp,
) -> Result<(), StepError> {
    if let Command::Help(about) = command {
        heard.answers.push(match about {
            Some(name) => help_for(*name, ROOM_LANGUAGE),
            None => help(ROOM_LANGUAGE, place),
        });
        return Ok(());
    }
    let Some(ticket) = heard.ticket.clone() else {
        heard.answers.push(words::NO_TICKET.to_owned());
        return Ok(());
    };
    let by = person.id.clone();
    match command {
        Command::Ack => {
            heard.events.push(ack(&ticket, &by, AckWay::Command));
            heard.answers.push(words::acknowledged(&by));
        }
        Command::Take => take(&ticket, by, heard),
        Command::Hand(to) => match find(app, to.as_str()) {
            Some(colleague) => take(&ticket, colleague, heard),
            None => heard.answers.push(words::unknown_person(to.as_str())),
        },
        Command::Severity(severity) => heard.events.push(TicketEvent::SeveritySet {
            by,
            severity: *severity,
        }),
        Command::Category(category) => heard.events.push(TicketEvent::CategorySet {
            by,
            category: *category,
        }),
        Command::Close(closing) => {
            heard.answers.push(words::closed(closing));
            let remark = closing
                .remark
                .as_ref()
                .map(|words| words.as_str().to_owned());
            heard.events.push(TicketEvent::Closed {
                by,
                reason: closing.reason,
                remark,
            });
        }
        Command::New => release(app, ticket.state(), heard, now).await?,
        _ => heard.answers.push(words::NOT_YET.to_owned()),
    }
    Ok(())
}

/// Where somebody was first, it is a sign of life all the same.
fn ack(ticket: &Ticket, by: &PersonId, way: AckWay) -> TicketEvent {
    match ticket.page.as_ref().filter(|page| page.acked.is_none()) {
        Some(page) => TicketEvent::Acknowledged {
            climb: page.climb,
            by: by.clone(),
            way,
        },
        None => TicketEvent::TeamSpoke { by: by.clone() },
    }
}

fn take(ticket: &Ticket, by: PersonId, heard: &mut Heard) {
    let acknowledged = ack(ticket, &by, AckWay::Taking);
    heard.answers.push(words::taken(&by));
    heard
        .events
        .extend([acknowledged, TicketEvent::Taken { by }]);
}

/// A message in the holding pen becomes a ticket of its own.
async fn release(
    app: &App,
    state: TicketState,
    heard: &mut Heard,
    now: Timestamp,
) -> Result<(), StepError> {
    if state != TicketState::Held {
        heard.answers.push(words::NOT_HELD.to_owned());
        return Ok(());
    }
    let year = year_of(app, now);
    let prefix = &app.settings.ticket_prefix;
    let number = app.store.next_number(prefix, year).await?;
    heard.events.push(TicketEvent::Released { number });
    Ok(())
}

fn find(app: &App, written: &str) -> Option<PersonId> {
    let is_meant = |person: &&Person| {
        let by_id = person.id.as_str().eq_ignore_ascii_case(written);
        by_id
            || person
                .matrix
                .as_ref()
                .is_some_and(|user| user.as_str() == written)
    };
    let person = app.settings.roster.people.iter().find(is_meant)?;
    Some(person.id.clone())
}

/// One message with all answers, where the person wrote.
fn answer(
    app: &App,
    arrival: &Arrival,
    event: &ChatEvent,
    answers: Vec<String>,
) -> Option<NewOutgoing> {
    if answers.is_empty() {
        return None;
    }
    let thread = match &event.what {
        Happening::Said(said) => said.thread.clone(),
        _ => None,
    };
    let act = RoomAct::Post {
        room: event.room.clone(),
        thread,
        answers: Some(event.event.clone()),
        post: Post::notice(answers),
        secrecy: Secrecy::Encrypted,
    };
    Some(NewOutgoing {
        id: OutboxId::from_random(app.ids.random()),
        ticket: None,
        cause: Some(arrival.id.clone()),
        dispatch: Dispatch::Chat(ChatErrand::Act(act)),
        voice: Voice::Inside,
        lane: Lane::Direct,
        release: Release::AtOnce,
        counted: None,
    })
}

fn done(
    app: &App,
    arrival: &Arrival,
    attempt: u32,
    on_ticket: bool,
    now: Timestamp,
) -> ArrivalDone {
    ArrivalDone {
        id: arrival.id.clone(),
        attempt,
        outcome: if on_ticket {
            Outcome::OnTicket
        } else {
            Outcome::NoTicket
        },
        kind: Kind::Other,
        record: Some(DecisionRecord {
            at: now,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            kind: Kind::Other,
            machine_because: Vec::new(),
            authentication: Authentication::default(),
            standing: None,
            course: "on-call-room".to_owned(),
            assessment: None,
            handbook: app.knowledge.handbook().version.clone(),
            found: Vec::new(),
            used: Vec::new(),
            silence: None,
        }),
        fingerprint: None,
        leaves: Leaves::Never,
    }
}
