//! The encrypted chat with one reporter: asked into it from the lobby, or begun by himself.
//!
//! Only how far it came. That help goes to the lobby when he doesn't come is decided by a timer.

use crate::domain::chat::ids::{RoomId, UserId};
use crate::domain::ticket::due::{TimerKind, Timers};
use crate::domain::ticket::event::{ChatPlace, RecordedEvent, TicketEvent};
use crate::domain::ticket::words::Trouble;
use jiff::Timestamp;

/// A chat with one reporter, as far as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectChat {
    /// Who.
    pub user: UserId,
    /// What he wrote in the lobby; nothing where he began it himself.
    pub asked: Option<ChatPlace>,
    /// Until when he is waited for.
    pub until: Option<Timestamp>,
    /// The room, when it is there.
    pub room: Option<RoomId>,
    /// When he came in.
    pub accepted_at: Option<Timestamp>,
    /// When help went to the lobby, because he hadn't come.
    pub missed_at: Option<Timestamp>,
    /// When he left.
    pub left_at: Option<Timestamp>,
    /// When it turned out that he can't read what we write there.
    pub cannot_read_since: Option<Timestamp>,
}

impl DirectChat {
    fn with(user: &UserId) -> Self {
        Self {
            user: user.clone(),
            asked: None,
            until: None,
            room: None,
            accepted_at: None,
            missed_at: None,
            left_at: None,
            cannot_read_since: None,
        }
    }

    /// Is he in it, as far as we know?
    pub fn is_inside(&self) -> bool {
        self.accepted_at.is_some() && self.left_at.is_none()
    }

    /// Was he asked into it, and the room isn't there yet?
    pub fn is_being_made(&self) -> bool {
        self.asked.is_some() && self.room.is_none() && self.left_at.is_none()
    }

    /// The room in which he can be reached now.
    pub fn open_room(&self) -> Option<&RoomId> {
        self.room.as_ref().filter(|_| self.is_inside())
    }

    /// Is he still awaited?
    fn awaited_until(&self) -> Option<Timestamp> {
        let done = self.accepted_at.is_some() || self.missed_at.is_some();
        self.until.filter(|_| !done)
    }

    pub(super) fn timers(&self) -> Timers {
        let missed = self
            .awaited_until()
            .map(|until| (TimerKind::DirectChatMissed, until));
        missed.into_iter().collect()
    }
}

/// Takes one more event in.
pub(super) fn apply(chat: &mut Option<DirectChat>, recorded: &RecordedEvent) {
    let at = Some(recorded.at);
    match &recorded.event {
        TicketEvent::DirectChatOffered { user, asked, until } => {
            *chat = Some(DirectChat {
                asked: Some(asked.clone()),
                until: Some(*until),
                ..DirectChat::with(user)
            });
        }
        TicketEvent::DirectChatOpened { user, room } => {
            let mine = chat.as_mut().filter(|chat| &chat.user == user);
            match mine {
                Some(chat) => chat.room = Some(room.clone()),
                None => {
                    *chat = Some(DirectChat {
                        room: Some(room.clone()),
                        ..DirectChat::with(user)
                    });
                }
            }
        }
        TicketEvent::DirectChatAccepted { user } => change(chat, user, |chat| {
            chat.accepted_at = at;
            chat.left_at = None;
        }),
        TicketEvent::DirectChatMissed { user } => change(chat, user, |chat| chat.missed_at = at),
        TicketEvent::DirectChatLeft { user } => change(chat, user, |chat| chat.left_at = at),
        TicketEvent::NeedsHuman {
            because: Trouble::CannotReadUs,
            ..
        } => {
            if let Some(chat) = chat {
                chat.cannot_read_since = at;
            }
        }
        _ => {}
    }
}

fn change(chat: &mut Option<DirectChat>, user: &UserId, change: impl FnOnce(&mut DirectChat)) {
    if let Some(chat) = chat.as_mut().filter(|chat| &chat.user == user) {
        change(chat);
    }
}
