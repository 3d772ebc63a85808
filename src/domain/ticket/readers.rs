//! Who of the team reads what waits in the holding pen, each in a chat with the bot alone.
//!
//! How far each chat came, whichever is known first: our record of the room, or that he is in it. What is
//! posted there is the app's.

use crate::domain::chat::ids::RoomId;
use crate::domain::ids::OutboxId;
use crate::domain::oncall::people::PersonId;
use crate::domain::ticket::event::{RecordedEvent, TicketEvent};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Most rooms that are remembered for somebody whose own isn't on record yet.
const MOST_EARLY: usize = 8;

/// Somebody of the team who reads what waits in the holding pen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// Who.
    pub by: PersonId,
    /// The errand that makes the chat.
    pub ordered: OutboxId,
    /// The chat, as soon as it is there.
    pub room: Option<RoomId>,
    /// When he came in. What is written before stays unreadable for him.
    pub came_at: Option<Timestamp>,
    /// Rooms that he came into (when) or left before his own was on record: one of them may be it.
    early: BTreeMap<RoomId, Option<Timestamp>>,
}

impl Reader {
    /// Is it news to his chat that he is in this room?
    pub fn may_come_into(&self, room: &RoomId) -> bool {
        match &self.room {
            Some(own) => own == room && self.came_at.is_none(),
            None => self.has_place_for(room) && !matches!(self.early.get(room), Some(Some(_))),
        }
    }

    /// Is it news to his chat that he isn't in this room, and won't come?
    pub fn may_leave(&self, room: &RoomId) -> bool {
        match &self.room {
            Some(own) => own == room,
            None => self.has_place_for(room) && self.early.get(room) != Some(&None),
        }
    }

    fn has_place_for(&self, room: &RoomId) -> bool {
        self.early.len() < MOST_EARLY || self.early.contains_key(room)
    }
}

/// All who read what waits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Readers(Vec<Reader>);

impl Readers {
    /// One of them.
    pub fn get(&self, by: &PersonId) -> Option<&Reader> {
        self.0.iter().find(|reader| &reader.by == by)
    }

    /// All of them.
    pub fn all(&self) -> &[Reader] {
        &self.0
    }

    /// Nothing waits any more: there is nothing to read.
    pub(super) fn end(&mut self) {
        self.0.clear();
    }

    pub(super) fn apply(&mut self, recorded: &RecordedEvent) {
        match &recorded.event {
            TicketEvent::ReadAsked { by, outbox } if self.get(by).is_none() => {
                self.0.push(Reader {
                    by: by.clone(),
                    ordered: outbox.clone(),
                    room: None,
                    came_at: None,
                    early: BTreeMap::new(),
                });
            }
            TicketEvent::ReadersChatOpened { by, room } => self.opened(by, room),
            TicketEvent::ReaderCame { by, room } => self.came(by, room.as_ref(), recorded.at),
            TicketEvent::ReaderLeft { by, room } => self.left(by, room),
            TicketEvent::ReadersChatGivenUp { by, room } => {
                self.0
                    .retain(|reader| &reader.by != by || reader.room.as_ref() != Some(room));
            }
            TicketEvent::ChatFailed { outbox, .. } => {
                self.0.retain(|reader| &reader.ordered != outbox);
            }
            _ => {}
        }
    }

    /// The room is on record. He may have come into it, or turned it down, before.
    fn opened(&mut self, by: &PersonId, room: &RoomId) {
        let Some(reader) = self.get_mut(by) else {
            return;
        };
        reader.room = Some(room.clone());
        match std::mem::take(&mut reader.early).remove(room) {
            Some(Some(at)) => reader.came_at = Some(at),
            Some(None) => self.0.retain(|reader| &reader.by != by),
            None => {}
        }
    }

    fn came(&mut self, by: &PersonId, into: Option<&RoomId>, at: Timestamp) {
        let Some(reader) = self.get_mut(by) else {
            return;
        };
        match (&reader.room, into) {
            (Some(own), Some(room)) if own != room => {}
            (None, Some(room)) => {
                reader.early.insert(room.clone(), Some(at));
            }
            _ => reader.came_at = Some(at),
        }
    }

    fn left(&mut self, by: &PersonId, room: &RoomId) {
        let Some(reader) = self.get_mut(by) else {
            return;
        };
        match &reader.room {
            Some(own) if own == room => self.0.retain(|reader| &reader.by != by),
            Some(_) => {}
            None => {
                reader.early.insert(room.clone(), None);
            }
        }
    }

    fn get_mut(&mut self, by: &PersonId) -> Option<&mut Reader> {
        self.0.iter_mut().find(|reader| &reader.by == by)
    }
}
