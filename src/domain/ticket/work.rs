//! The work of people on a ticket: its room, who works on it, what they wrote to the reporter.
//!
//! Who has the word follows from it (`state`); what the bot posts in that room is the app's.

use crate::domain::chat::ids::{EventId, RoomId};
use crate::domain::ids::{InboxId, OutboxId};
use crate::domain::oncall::people::PersonId;
use crate::domain::party::Party;
use crate::domain::ticket::event::{RecordedEvent, TicketEvent};
use crate::domain::ticket::readers::Readers;
use crate::domain::ticket::words::Warned;
use crate::domain::tlp::Label;

/// All that people do on a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Work {
    /// The errand that makes its room, until the room is there.
    pub ordered: Option<OutboxId>,
    /// Its room.
    pub room: Option<RoomId>,
    /// Who took it or was given it, in order, each once.
    pub workers: Vec<PersonId>,
    /// Who is in its room.
    pub present: Vec<PersonId>,
    /// Where words of the reporter stand in its room.
    pub relayed: Vec<(EventId, InboxId)>,
    /// What people wrote to the reporter.
    pub letters: Vec<HumanLetter>,
    /// Words that wait for their author's sign.
    pub drafts: Vec<Draft>,
    /// Commands that ran, with the message that they stood in.
    pub ran: Vec<(EventId, String)>,
    /// Who reads what waits in the holding pen, each in a chat with the bot alone.
    pub readers: Readers,
    /// Where replies of the bot that wait for approval stand in its thread.
    pub shown: Vec<(EventId, OutboxId)>,
}

/// Words of a person to the reporter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HumanLetter {
    /// The outgoing message.
    pub outbox: OutboxId,
    /// To whom.
    pub to: Party,
    /// The message in the ticket's room that holds the words.
    pub origin: EventId,
    /// The label that it bears.
    pub tlp: Option<Label>,
}

/// Words that leave when their author sets his sign on them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The message in the ticket's room that holds the words.
    pub origin: EventId,
    /// Who wrote it.
    pub by: PersonId,
    /// The message of the reporter that they answer; without one, his latest.
    pub answers: Option<InboxId>,
    /// The words.
    pub text: String,
    /// What he was told about the way that they go.
    pub warned: Warned,
}

impl Draft {
    /// The event that writes it down.
    pub fn as_event(&self) -> TicketEvent {
        TicketEvent::DraftWritten {
            origin: self.origin.clone(),
            by: self.by.clone(),
            answers: self.answers.clone(),
            text: self.text.clone(),
            warned: self.warned,
        }
    }
}

impl Work {
    /// Must a room be made for it? Once, unless that failed.
    pub fn wants_a_room(&self) -> bool {
        self.room.is_none() && self.ordered.is_none()
    }

    /// Did the conversation begin to arrive in its room? It waits for the first who comes in: what is
    /// written before stays unreadable for him.
    pub fn has_begun(&self) -> bool {
        !self.relayed.is_empty() || !self.present.is_empty()
    }

    /// What a person wrote with this outgoing message.
    pub fn letter(&self, outbox: &OutboxId) -> Option<&HumanLetter> {
        self.letters.iter().find(|letter| &letter.outbox == outbox)
    }

    /// What a person wrote to the reporter in this message of the room.
    pub fn letter_from(&self, origin: &EventId) -> Option<&HumanLetter> {
        self.letters.iter().find(|letter| &letter.origin == origin)
    }

    /// The draft in this message, as long as it hasn't left.
    pub fn waiting_draft(&self, origin: &EventId) -> Option<&Draft> {
        let left = self.letter_from(origin).is_some();
        let last = self
            .drafts
            .iter()
            .rev()
            .find(|draft| &draft.origin == origin);
        last.filter(|_| !left)
    }

    /// The message of the reporter whose words stand here.
    pub fn relayed_in(&self, event: &EventId) -> Option<&InboxId> {
        let mut relayed = self.relayed.iter();
        let (_, inbox) = relayed.find(|(known, _)| known == event)?;
        Some(inbox)
    }

    /// The reply that stands in this message of the thread and waits for approval.
    pub fn shown_reply(&self, event: &EventId) -> Option<&OutboxId> {
        let shown = self.shown.iter().find(|(known, _)| known == event)?;
        Some(&shown.1)
    }

    pub(super) fn apply(&mut self, recorded: &RecordedEvent) {
        self.readers.apply(recorded);
        match &recorded.event {
            TicketEvent::Taken { by } => self.worked_on_by(by),
            TicketEvent::RoomOrdered { outbox } => self.ordered = Some(outbox.clone()),
            TicketEvent::ChatFailed { outbox, .. } if self.ordered.as_ref() == Some(outbox) => {
                self.ordered = None;
            }
            TicketEvent::RoomMade { room, .. } => {
                self.room = Some(room.clone());
                self.ordered = None;
            }
            TicketEvent::WorkerJoined { by } => self.present.push(by.clone()),
            TicketEvent::WorkerLeft { by } => self.present.retain(|person| person != by),
            TicketEvent::DraftDropped { origin } => {
                self.drafts.retain(|draft| &draft.origin != origin);
            }
            TicketEvent::Relayed { inbox, posted } => {
                self.relayed.push((posted.clone(), inbox.clone()));
            }
            TicketEvent::DraftWritten {
                origin,
                by,
                answers,
                text,
                warned,
            } => self.drafts.push(Draft {
                warned: *warned,
                origin: origin.clone(),
                by: by.clone(),
                answers: answers.clone(),
                text: text.clone(),
            }),
            TicketEvent::CommandsRan {
                origin, commands, ..
            } => {
                let ran = commands.iter().cloned();
                self.ran
                    .extend(ran.map(|command| (origin.clone(), command)));
            }
            TicketEvent::DraftShown { outbox, posted } => {
                self.shown.push((posted.clone(), outbox.clone()));
            }
            TicketEvent::HumanWrote {
                outbox,
                by,
                to,
                origin,
                tlp,
                ..
            } => {
                self.worked_on_by(by);
                self.letters.push(HumanLetter {
                    outbox: outbox.clone(),
                    to: to.clone(),
                    origin: origin.clone(),
                    tlp: *tlp,
                });
            }
            _ => {}
        }
    }

    fn worked_on_by(&mut self, person: &PersonId) {
        if !self.workers.contains(person) {
            self.workers.push(person.clone());
        }
    }
}
