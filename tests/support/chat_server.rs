//! A homeserver in memory: what the bot does in its rooms, and what people write there.

use async_trait::async_trait;
use eerstelijn::app::ports::{Company, Order, RoomAct, RoomFailure, RoomOutcome, Rooms};
use eerstelijn::domain::chat::ids::{EventId, RoomId, UserId};
use eerstelijn::domain::chat::incoming::{ChatEvent, Happening, Said};
use eerstelijn::domain::chat::post::Line;
use eerstelijn::domain::chat::trust::Trust;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Mutex;

pub(crate) const ELS: &str = "@els:crt.example";
/// An official who is served in chat.
pub(crate) const OFFICIAL: &str = "@an.peeters:hackegem.example";

/// One act of the bot.
#[derive(Debug, Clone)]
pub(crate) struct Acted {
    pub(crate) event: EventId,
    pub(crate) act: RoomAct,
    /// The room that it made.
    pub(crate) made: Option<RoomId>,
}

impl Acted {
    /// The words, line by line.
    pub(crate) fn words(&self) -> String {
        let (RoomAct::Post { post, .. } | RoomAct::Edit { post, .. }) = &self.act else {
            return String::new();
        };
        let lines = post.lines.iter().map(|line| match line {
            Line::Plain(text) | Line::Strong(text) | Line::Item(text) | Line::Outside(text) => text,
        });
        lines.cloned().collect::<Vec<_>>().join("\n")
    }

    /// Is it in the thread below this event?
    pub(crate) fn is_below(&self, root: &EventId) -> bool {
        matches!(&self.act, RoomAct::Post { thread: Some(thread), .. } if thread == root)
    }

    /// Does it stand in this room?
    pub(crate) fn is_in(&self, place: &RoomId) -> bool {
        matches!(&self.act, RoomAct::Post { room, .. } | RoomAct::Edit { room, .. } if room == place)
    }

    /// Whom it mentions.
    pub(crate) fn mentions(&self) -> Vec<String> {
        let (RoomAct::Post { post, .. } | RoomAct::Edit { post, .. }) = &self.act else {
            return Vec::new();
        };
        post.mentions.iter().map(ToString::to_string).collect()
    }
}

/// A homeserver that remembers.
#[derive(Default)]
pub(crate) struct ChatServer {
    acts: Mutex<Vec<Acted>>,
    known: Mutex<BTreeMap<String, Acted>>,
    away: Mutex<bool>,
    crowded: Mutex<Vec<RoomId>>,
    makes_no_rooms: Mutex<bool>,
    refuses_rooms: Mutex<bool>,
    written: Mutex<u32>,
}

impl ChatServer {
    /// The on-call room.
    pub(crate) fn oncall() -> RoomId {
        RoomId::parse("!wacht:crt.example").unwrap()
    }

    /// The lobby room.
    pub(crate) fn lobby() -> RoomId {
        RoomId::parse("!lobby:crt.example").unwrap()
    }

    /// All that the bot did, in order.
    pub(crate) fn acts(&self) -> Vec<Acted> {
        self.acts.lock().unwrap().clone()
    }

    /// What was posted in a room, in order, with the words of each.
    pub(crate) fn words_in(&self, room: &RoomId) -> Vec<String> {
        let acts = self.acts();
        let posted = acts.iter().filter(|act| act.is_in(room));
        posted.map(Acted::words).collect()
    }

    /// The rooms that the bot made, in order.
    pub(crate) fn made(&self) -> Vec<RoomId> {
        self.acts().into_iter().filter_map(|act| act.made).collect()
    }

    /// Making a room fails for now, or works again.
    pub(crate) fn makes_no_rooms(&self, fails: bool) {
        *self.makes_no_rooms.lock().unwrap() = fails;
    }

    /// Making a room is refused for good, or works again.
    pub(crate) fn refuses_rooms(&self, refuses: bool) {
        *self.refuses_rooms.lock().unwrap() = refuses;
    }

    /// The rooms that the bot left, in order.
    pub(crate) fn left(&self) -> Vec<RoomId> {
        let left = |acted: Acted| match acted.act {
            RoomAct::Leave { room } => Some(room),
            _ => None,
        };
        self.acts().into_iter().filter_map(left).collect()
    }

    /// More people are in a room.
    pub(crate) fn crowd(&self, room: &RoomId) {
        self.crowded.lock().unwrap().push(room.clone());
    }

    /// The homeserver goes away, or comes back.
    pub(crate) fn is_away(&self, away: bool) {
        *self.away.lock().unwrap() = away;
    }

    /// Somebody does something in a room.
    pub(crate) fn happens(
        &self,
        room: &RoomId,
        who: &str,
        trust: Trust,
        at: Timestamp,
        what: Happening,
    ) -> ChatEvent {
        let mut written = self.written.lock().unwrap();
        *written += 1;
        ChatEvent {
            room: room.clone(),
            event: EventId::parse(&format!("$theirs-{written}")).unwrap(),
            sender: UserId::parse(who).unwrap(),
            trust,
            at,
            what,
        }
    }
}

/// A message in a thread.
pub(crate) fn said(text: &str, thread: Option<&EventId>) -> Happening {
    Happening::Said(Said {
        text: text.to_owned(),
        thread: thread.cloned(),
        answers: None,
        replaces: None,
        mentions: Vec::new(),
    })
}

#[async_trait]
impl Rooms for ChatServer {
    async fn company(&self, room: &RoomId, _: &UserId) -> Company {
        if self.crowded.lock().unwrap().contains(room) {
            Company::Others
        } else {
            Company::Alone
        }
    }

    fn is_ready(&self) -> bool {
        true
    }

    async fn perform(&self, order: Order<'_>, act: &RoomAct) -> RoomOutcome {
        let id = order.id;
        let room = matches!(act, RoomAct::OpenRoom { .. });
        if room && *self.refuses_rooms.lock().unwrap() {
            return RoomOutcome::GivenUp(RoomFailure::Forbidden);
        }
        if room && *self.makes_no_rooms.lock().unwrap() {
            return RoomOutcome::Retry {
                failure: RoomFailure::RateLimited,
                after: None,
            };
        }
        if *self.away.lock().unwrap() {
            return RoomOutcome::Retry {
                failure: RoomFailure::Unreachable,
                after: None,
            };
        }
        let mut known = self.known.lock().unwrap();
        let number = known.len() + 1;
        let acted = known.entry(id.as_str().to_owned()).or_insert_with(|| {
            let makes = matches!(act, RoomAct::OpenRoom { .. });
            let acted = Acted {
                event: EventId::parse(&format!("$ours-{number}")).unwrap(),
                act: act.clone(),
                made: makes.then(|| RoomId::parse(&format!("!made-{number}:crt.example")).unwrap()),
            };
            self.acts.lock().unwrap().push(acted.clone());
            acted
        });
        RoomOutcome::Done {
            event: acted.made.is_none().then(|| acted.event.clone()),
            room: acted.made.clone(),
        }
    }
}
