//! The on-call room in memory: what the bot does there, and what people write.

use async_trait::async_trait;
use eerstelijn::app::ports::{RoomAct, RoomFailure, RoomOutcome, Rooms};
use eerstelijn::domain::chat::ids::{EventId, RoomId, UserId};
use eerstelijn::domain::chat::incoming::{ChatEvent, Happening, Said};
use eerstelijn::domain::chat::post::Line;
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::ids::OutboxId;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Mutex;

pub(crate) const ELS: &str = "@els:crt.example";

/// One act of the bot.
#[derive(Debug, Clone)]
pub(crate) struct Acted {
    pub(crate) event: EventId,
    pub(crate) act: RoomAct,
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
pub(crate) struct OnCallRoom {
    acts: Mutex<Vec<Acted>>,
    known: Mutex<BTreeMap<String, EventId>>,
    away: Mutex<bool>,
    written: Mutex<u32>,
}

impl OnCallRoom {
    /// The room.
    pub(crate) fn id() -> RoomId {
        RoomId::parse("!wacht:crt.example").unwrap()
    }

    /// All that the bot did, in order.
    pub(crate) fn acts(&self) -> Vec<Acted> {
        self.acts.lock().unwrap().clone()
    }

    /// The homeserver goes away, or comes back.
    pub(crate) fn is_away(&self, away: bool) {
        *self.away.lock().unwrap() = away;
    }

    /// Somebody does something there.
    pub(crate) fn happens(
        &self,
        who: &str,
        trust: Trust,
        at: Timestamp,
        what: Happening,
    ) -> ChatEvent {
        let mut written = self.written.lock().unwrap();
        *written += 1;
        ChatEvent {
            room: Self::id(),
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
impl Rooms for OnCallRoom {
    async fn perform(&self, id: &OutboxId, act: &RoomAct) -> RoomOutcome {
        if *self.away.lock().unwrap() {
            return RoomOutcome::Retry {
                failure: RoomFailure::Unreachable,
                after: None,
            };
        }
        let mut known = self.known.lock().unwrap();
        let next = EventId::parse(&format!("$ours-{}", known.len() + 1)).unwrap();
        let event = known.entry(id.as_str().to_owned()).or_insert_with(|| {
            let event = next.clone();
            self.acts.lock().unwrap().push(Acted {
                event: event.clone(),
                act: act.clone(),
            });
            event
        });
        RoomOutcome::Done {
            event: Some(event.clone()),
            room: None,
        }
    }
}
