//! What a person of the team does where the team works: commands, signs, words that confirm or stay inside.
//!
//! Only people on the roster come here. Commands need a device that proves the person.

use crate::app::App;
use crate::app::chat::card::ROOM_LANGUAGE;
use crate::app::chat::commands::run;
use crate::app::chat::edits::{commands_to_run, takes_back_too_late};
use crate::app::chat::hear::Heard;
use crate::app::chat::letters::{draft, send_draft};
use crate::app::chat::words;
use crate::app::file::{history_as_seen, put_on};
use crate::app::ports::{
    Change, ChatErrand, Dispatch, Extent, KeyPin, Lane, NewOutgoing, Outcome, RoomAct, Secrecy,
    Voice,
};
use crate::app::step::StepError;
use crate::domain::chat::ids::EventId;
use crate::domain::chat::incoming::{ChatEvent, Happening, Said};
use crate::domain::chat::post::Post;
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::read::read;
use crate::domain::command::spec::Place;
use crate::domain::ids::{OutboxId, TicketId};
use crate::domain::oncall::people::Person;
use crate::domain::ticket::event::{Actor, RecordedEvent, TicketEvent};
use crate::domain::ticket::reply::WrittenReply;
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::{AckWay, Release};
use jiff::{SignedDuration, Timestamp};

/// Plain words are noted as a sign of life at most this often.
const SIGN_EVERY: SignedDuration = SignedDuration::from_mins(5);
/// The sign that lets a draft go. Clients add an invisible mark to it.
const GO: char = '✅';

/// Decides on what a person of the team did.
pub(super) async fn hear_the_team(
    heard: &Heard<'_>,
    person: &Person,
    place: Place,
    ticket: Option<Ticket>,
) -> Result<Change, StepError> {
    let mut hearing = Hearing {
        heard: *heard,
        person,
        place,
        seen: ticket.as_ref().map_or(0, |ticket| ticket.last_seq),
        ticket,
        origin: origin_of(heard.event),
        events: Vec::new(),
        folded: 0,
        beside: Vec::new(),
        outgoing: Vec::new(),
        approved: Vec::new(),
        pin: None,
        answers: Vec::new(),
    };
    hearing.hear().await?;
    hearing.settle().await
}

/// Is somebody in a room?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Here,
    Gone,
}

impl Presence {
    /// What was heard of it.
    pub(super) fn of(what: &Happening) -> Option<Self> {
        match what {
            Happening::Joined => Some(Self::Here),
            Happening::Left | Happening::Declined => Some(Self::Gone),
            _ => None,
        }
    }
}

fn origin_of(event: &ChatEvent) -> EventId {
    match &event.what {
        Happening::Said(Said {
            replaces: Some(original),
            ..
        }) => original.clone(),
        _ => event.event.clone(),
    }
}

/// What one event leads to, while it is decided.
pub(super) struct Hearing<'a> {
    pub(super) heard: Heard<'a>,
    pub(super) person: &'a Person,
    pub(super) place: Place,
    /// The ticket that it is about; with what this message did so far.
    pub(super) ticket: Option<Ticket>,
    /// The seq of the last event that was seen of it.
    seen: u64,
    /// The message that is heard; of an edit, the message as it was first sent.
    pub(super) origin: EventId,
    /// What happens on that ticket.
    pub(super) events: Vec<TicketEvent>,
    /// How many of these events the ticket has taken in.
    folded: usize,
    /// What happens on other tickets: one that is opened, or that a message is brought to.
    pub(super) beside: Vec<Beside>,
    /// What leaves.
    pub(super) outgoing: Vec<NewOutgoing>,
    /// Replies of the bot that may leave now.
    pub(super) approved: Vec<OutboxId>,
    /// The certificate that is remembered from now on.
    pub(super) pin: Option<KeyPin>,
    /// What the person is told, where he wrote.
    pub(super) answers: Vec<String>,
}

/// What happens on another ticket.
pub(super) struct Beside {
    pub(super) id: TicketId,
    /// The seq of the last event that was seen of it; 0 for a new one.
    pub(super) seen: u64,
    pub(super) events: Vec<(Actor, TicketEvent)>,
}

impl Hearing<'_> {
    pub(super) fn app(&self) -> &App {
        self.heard.app
    }

    /// The person, as the ticket remembers who did something.
    pub(super) fn actor(&self) -> Actor {
        Actor::Person(self.person.id.as_str().to_owned())
    }

    pub(super) fn says(&mut self, words: impl Into<String>) {
        self.answers.push(words.into());
    }

    async fn hear(&mut self) -> Result<(), StepError> {
        let event = self.heard.event;
        match &event.what {
            Happening::Undecryptable if self.heard.arrival.extent == Extent::Locked => {
                self.says(words::UNREADABLE);
            }
            Happening::Reacted { target, sign } => {
                if sign.starts_with(GO) {
                    self.lets_go(target).await?;
                }
                self.events.extend(self.held());
            }
            Happening::Redacted { target } => {
                takes_back_too_late(self, target, &[]);
                self.drops_draft(target);
            }
            Happening::Said(said) => self.hear_words(said).await?,
            Happening::Joined => self.comes_or_goes(Presence::Here),
            Happening::Left => self.comes_or_goes(Presence::Gone),
            Happening::Undecryptable | Happening::Shared { .. } | Happening::Declined => {}
        }
        Ok(())
    }

    /// Who comes into the room of a ticket reads nothing that was said before: it is brought there for him.
    fn comes_or_goes(&mut self, presence: Presence) {
        let Some(ticket) = &self.ticket else {
            return;
        };
        if self.place != Place::TicketRoom {
            return;
        }
        let by = self.person.id.clone();
        let was_here = ticket.work.present.contains(&by);
        match (presence, was_here) {
            (Presence::Here, false) => self.events.push(TicketEvent::WorkerJoined { by }),
            (Presence::Gone, true) => self.events.push(TicketEvent::WorkerLeft { by }),
            _ => {}
        }
    }

    async fn hear_words(&mut self, said: &Said) -> Result<(), StepError> {
        let reading = read(&said.text, self.place);
        let proven = self.heard.event.trust.proves_the_person();
        if reading.commands.is_empty() && reading.problem.is_none() {
            match &said.replaces {
                Some(original) => takes_back_too_late(self, original, &[]),
                None if proven => self.events.extend(self.sign()),
                None => {}
            }
            if proven {
                draft(self, said).await?;
            } else if self.would_have_counted(said) {
                self.says(words::NOT_THE_PERSON);
            }
            return Ok(());
        }
        if !proven {
            self.says(words::NOT_THE_PERSON);
            return Ok(());
        }
        let commands = commands_to_run(self, &reading.commands);
        if reading
            .commands
            .iter()
            .all(|command| command.name() != CommandName::Reply)
        {
            self.drops_draft(&self.origin.clone());
        }
        for command in &commands {
            run(self, command).await?;
            self.fold();
        }
        self.remember(&commands);
        self.answers
            .extend(reading.problem.map(|problem| problem.text(ROOM_LANGUAGE)));
        Ok(())
    }

    /// The next command of the same message sees what this one did.
    fn fold(&mut self) {
        let (now, actor) = (self.heard.now, self.actor());
        let new = self.events.get(self.folded..).unwrap_or_default();
        if let Some(ticket) = &mut self.ticket {
            for event in new {
                ticket.apply(&RecordedEvent {
                    seq: ticket.last_seq.saturating_add(1),
                    at: now,
                    actor: actor.clone(),
                    event: event.clone(),
                });
            }
        }
        self.folded = self.events.len();
    }

    /// Would these words have made a draft, or confirmed a reaction, from a device that proves the person?
    fn would_have_counted(&self, said: &Said) -> bool {
        let Some(ticket) = &self.ticket else {
            return false;
        };
        let answered = said.answers.as_ref();
        let drafts = answered.is_some_and(|event| ticket.work.relayed_in(event).is_some());
        let held = ticket.running_page().and_then(|page| page.held.as_ref());
        drafts || held.is_some_and(|(who, _)| *who == self.person.id)
    }

    /// A draft that its author takes back, or makes something else of, no longer leaves.
    fn drops_draft(&mut self, origin: &EventId) {
        let ticket = self.ticket.as_ref();
        let draft = ticket.and_then(|ticket| ticket.work.waiting_draft(origin));
        if draft.is_some_and(|draft| draft.by == self.person.id) {
            let origin = origin.clone();
            self.events.push(TicketEvent::DraftDropped { origin });
        }
    }

    /// What ran is kept with its message, so that an edit of it runs only what is new.
    fn remember(&mut self, commands: &[Command]) {
        if commands.is_empty() {
            return;
        }
        let event = TicketEvent::CommandsRan {
            origin: self.origin.clone(),
            by: self.person.id.clone(),
            commands: commands.iter().map(Command::written).collect(),
        };
        let actor = self.actor();
        match (&self.ticket, self.beside.last_mut()) {
            (Some(_), _) if !self.events.is_empty() => self.events.push(event),
            (None, Some(beside)) => beside.events.push((actor, event)),
            _ => {}
        }
    }

    /// The sign that lets words go: a reply of the bot in the thread, or a draft of his own in the room.
    async fn lets_go(&mut self, target: &EventId) -> Result<(), StepError> {
        let Some(ticket) = &self.ticket else {
            return Ok(());
        };
        if let Some(outbox) = ticket.work.shown_reply(target).cloned() {
            let waits = ticket
                .reply(&outbox)
                .is_some_and(WrittenReply::awaits_approval);
            if waits {
                self.approved.push(outbox.clone());
                self.events.push(TicketEvent::ReplyApproved {
                    outbox,
                    by: self.person.id.as_str().to_owned(),
                });
            }
            return Ok(());
        }
        if let Some(draft) = ticket.work.waiting_draft(target).cloned() {
            send_draft(self, &draft).await?;
        }
        Ok(())
    }

    /// A reaction is not encrypted: anybody on the way could have made it. It only holds the climb for a
    /// while.
    fn held(&self) -> Option<TicketEvent> {
        let ticket = self.ticket.as_ref()?;
        let page = ticket.running_page().filter(|page| page.held.is_none())?;
        let roster = &self.app().settings.roster;
        let climb = roster.climb(page.severity, page.began_at)?;
        Some(TicketEvent::AckHeld {
            climb: page.climb,
            by: self.person.id.clone(),
            until: climb.held_until(self.heard.now),
        })
    }

    /// Words without a command: they confirm a reaction of the same person, or show that somebody is there.
    fn sign(&self) -> Option<TicketEvent> {
        let ticket = self.ticket.as_ref()?;
        let by = self.person.id.clone();
        if let Some(page) = ticket.running_page() {
            let confirms = page.held.as_ref().is_some_and(|(who, _)| *who == by);
            return confirms.then_some(TicketEvent::Acknowledged {
                climb: page.climb,
                by,
                way: AckWay::Reaction,
            });
        }
        let now = self.heard.now;
        let stale = |at: Timestamp| now.duration_since(at) > SIGN_EVERY;
        ticket
            .team_sign_at
            .is_none_or(stale)
            .then_some(TicketEvent::TeamSpoke { by })
    }

    /// Turns what was found into the change that is written.
    async fn settle(mut self) -> Result<Change, StepError> {
        let app = self.heard.app;
        let on_ticket = !self.events.is_empty() || !self.beside.is_empty();
        let outcome = if on_ticket {
            Outcome::OnTicket
        } else {
            Outcome::NoTicket
        };
        let mut change = self.heard.done(outcome, self.place.as_str());
        let actor = self.actor();
        let now = self.heard.now;
        let events = std::mem::take(&mut self.events).into_iter();
        let mut all = Vec::new();
        if let Some(ticket) = self.ticket.as_ref().filter(|_| events.len() > 0) {
            all.push(Beside {
                id: ticket.id.clone(),
                seen: self.seen,
                events: events.map(|event| (actor.clone(), event)).collect(),
            });
        }
        all.append(&mut self.beside);
        for Beside { id, seen, events } in all {
            let history = history_as_seen(app, &id, seen).await?;
            put_on(app, &mut change, &id, &history, events, now);
        }
        change.approved = std::mem::take(&mut self.approved);
        change.pin = self.pin.take();
        change.outgoing.append(&mut self.outgoing);
        change.outgoing.extend(self.answer());
        Ok(change)
    }

    /// One message with all answers, where the person wrote.
    fn answer(&mut self) -> Option<NewOutgoing> {
        if self.answers.is_empty() {
            return None;
        }
        let event = self.heard.event;
        let thread = match &event.what {
            Happening::Said(said) => said.thread.clone(),
            _ => None,
        };
        let act = RoomAct::Post {
            room: event.room.clone(),
            thread,
            answers: Some(event.event.clone()),
            post: Post::notice(std::mem::take(&mut self.answers)),
            secrecy: Secrecy::Encrypted,
        };
        Some(NewOutgoing {
            id: OutboxId::from_random(self.app().ids.random()),
            ticket: None,
            cause: Some(self.heard.arrival.id.clone()),
            dispatch: Dispatch::Chat(ChatErrand::Act(act)),
            voice: Voice::Inside,
            lane: Lane::Direct,
            release: Release::AtOnce,
            counted: None,
        })
    }
}
