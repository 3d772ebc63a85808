//! What is brought into chat for those who read what waits in the holding pen: they are asked in, it is shown to
//! them, and the bot leaves when it no longer waits or they are gone.
//!
//! Who they are and how far each chat came stands in `domain::ticket::readers`.

use crate::app::App;
use crate::app::chat::accounts;
use crate::app::chat::posts::quiet;
use crate::app::chat::words;
use crate::app::ports::{ChatErrand, Lane, RoomAct};
use crate::domain::chat::ids::{RoomId, UserId};
use crate::domain::chat::post::{Line, Post};
use crate::domain::ids::OutboxId;
use crate::domain::oncall::people::PersonId;
use crate::domain::ticket::event::TicketEvent;
use crate::domain::ticket::readers::{Reader, Readers};

/// An errand that follows.
pub(crate) struct Row {
    /// The id that it was ordered with, if any.
    pub(crate) id: Option<OutboxId>,
    /// The errand.
    pub(crate) errand: ChatErrand,
    /// What goes first.
    pub(crate) lane: Lane,
}

/// The readers before and after what happened.
pub(crate) struct FollowReaders<'a> {
    pub(crate) app: &'a App,
    pub(crate) before: &'a Readers,
    pub(crate) after: &'a Readers,
}

impl FollowReaders<'_> {
    pub(crate) fn rows(&self, event: &TicketEvent) -> Vec<Row> {
        match event {
            TicketEvent::ReadAsked { by, outbox } => self.asked(by, outbox).into_iter().collect(),
            TicketEvent::ReaderCame { by, .. } => self.came(by).into_iter().collect(),
            TicketEvent::ReadersChatOpened { by, room } => match self.after.get(by) {
                Some(reader) if reader.room.as_ref() == Some(room) => {
                    self.came(by).into_iter().collect()
                }
                // It no longer waits, or he turned it down before the room was on record.
                _ => self.ends(by, room, Guest::MayBeInvited),
            },
            TicketEvent::ReaderLeft { by, room } if self.had(by, room) => {
                // He may have asked again before we heard it, and be invited once more.
                self.ends(by, room, Guest::MayBeInvited)
            }
            TicketEvent::ReadersChatGivenUp { by, room } => {
                let told = self.told(by);
                let left = self.ends(by, room, Guest::CameOrWent);
                left.into_iter().chain([told]).collect()
            }
            TicketEvent::ChatFailed { outbox, .. } => {
                let mut readers = self.before.all().iter();
                let whose = readers.find(|reader| &reader.ordered == outbox);
                whose
                    .map(|reader| self.told(&reader.by))
                    .into_iter()
                    .collect()
            }
            TicketEvent::Released { .. }
            | TicketEvent::MergedInto { .. }
            | TicketEvent::Closed { .. } => self
                .before
                .all()
                .iter()
                .flat_map(|one| self.over(one))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Where he is in a chat already, it is shown there; else he is asked in, once more where he hasn't come.
    fn asked(&self, by: &PersonId, outbox: &OutboxId) -> Option<Row> {
        let reader = self.after.get(by)?;
        if &reader.ordered == outbox {
            let person = by.clone();
            return Some(Row {
                id: Some(outbox.clone()),
                ..room_row(ChatErrand::MakeReadersChat { person })
            });
        }
        if reader.came_at.is_some() {
            return Some(shown_to(by));
        }
        let (room, user) = (reader.room.clone()?, self.account(by)?);
        Some(room_row(ChatErrand::Act(RoomAct::Invite { room, user })))
    }

    /// He is there, and our record of the room too: whichever came last.
    fn came(&self, by: &PersonId) -> Option<Row> {
        let is_there = |readers: &Readers| {
            let reader = readers.get(by);
            reader.is_some_and(|reader| reader.came_at.is_some())
        };
        (is_there(self.after) && !is_there(self.before)).then(|| shown_to(by))
    }

    fn had(&self, by: &PersonId, room: &RoomId) -> bool {
        let reader = self.before.get(by);
        reader.is_some_and(|reader| reader.room.as_ref() == Some(room))
    }

    fn over(&self, reader: &Reader) -> Vec<Row> {
        let Some(room) = &reader.room else {
            return Vec::new();
        };
        let guest = match reader.came_at {
            Some(_) => Guest::CameOrWent,
            None => Guest::MayBeInvited,
        };
        self.ends(&reader.by, room, guest)
    }

    /// The bot leaves; nobody is left with an invitation into an empty room.
    fn ends(&self, by: &PersonId, room: &RoomId, guest: Guest) -> Vec<Row> {
        let invited = match guest {
            Guest::MayBeInvited => self.account(by),
            Guest::CameOrWent => None,
        };
        let room = room.clone();
        let remove = invited.map(|user| RoomAct::Remove {
            room: room.clone(),
            user,
        });
        let acts = remove.into_iter().chain([RoomAct::Leave { room }]);
        acts.map(|act| room_row(ChatErrand::Act(act))).collect()
    }

    /// It failed: he is told where he asked.
    fn told(&self, by: &PersonId) -> Row {
        let post = Post {
            mentions: accounts(self.app, std::slice::from_ref(by)),
            ..quiet(vec![Line::Plain(words::NOT_SHOWN.to_owned())])
        };
        Row {
            id: None,
            errand: ChatErrand::Thread { post },
            lane: Lane::Relay,
        }
    }

    fn account(&self, by: &PersonId) -> Option<UserId> {
        accounts(self.app, std::slice::from_ref(by)).pop()
    }
}

/// Where the one for whom a chat was made is when it ends.
#[derive(Clone, Copy)]
enum Guest {
    /// He was asked in and may not have come.
    MayBeInvited,
    /// He came, or went.
    CameOrWent,
}

fn shown_to(by: &PersonId) -> Row {
    Row {
        id: None,
        errand: ChatErrand::ShowTo { person: by.clone() },
        lane: Lane::Direct,
    }
}

fn room_row(errand: ChatErrand) -> Row {
    Row {
        id: None,
        errand,
        lane: Lane::Room,
    }
}
