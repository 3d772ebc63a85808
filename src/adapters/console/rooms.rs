//! A chat server that shows its rooms on the terminal: one column for the room, one for what happens there.
//! For `demo` only.
//!
//! A thread is shown by indentation. Nothing here decides who may read what: a terminal has one reader.

use crate::adapters::console::screen::Screen;
use crate::app::ports::{Company, Order, RoomAct, RoomOutcome, Rooms};
use crate::domain::chat::ids::{EventId, RoomId, UserId};
use crate::domain::chat::incoming::{ChatEvent, Happening};
use crate::domain::chat::post::{Line, Post};
use crate::domain::ids::OutboxId;
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How wide the column of rooms is: a ticket's number fits.
const COLUMN: usize = 14;
/// How far a thread stands below its first message.
const INDENT: &str = "    ";
/// Most lines of a quote that are shown; a person in a real room scrolls.
const MOST_QUOTED: usize = 4;

/// Shows what happens in chat, and remembers enough of it to be a chat server.
pub struct ConsoleRooms {
    screen: Screen,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    /// What the rooms are called on the screen.
    names: BTreeMap<RoomId, String>,
    /// What was done already.
    done: BTreeMap<OutboxId, RoomOutcome>,
    /// The lines of each message.
    said: BTreeMap<EventId, Vec<String>>,
}

impl ConsoleRooms {
    /// Shows rooms on `screen`. At first there is only the on-call room.
    pub fn new(screen: Screen, oncall: RoomId) -> Self {
        let memory = Memory {
            names: BTreeMap::from([(oncall, "on-call room".to_owned())]),
            ..Memory::default()
        };
        Self {
            screen,
            memory: Mutex::new(memory),
        }
    }

    /// Shows what a person says in a room, or which sign he puts on a message. Nothing else is shown.
    pub fn hear(&self, event: &ChatEvent) {
        let mut memory = self.memory();
        let who = short(&event.sender);
        let (thread, lines) = match &event.what {
            Happening::Said(said) => {
                let lines: Vec<String> = said.text.lines().map(ToOwned::to_owned).collect();
                memory.said.insert(event.event.clone(), lines.clone());
                (said.thread.as_ref(), spoken(&who, lines))
            }
            Happening::Joined => (None, vec![format!("{who} comes in")]),
            Happening::Reacted { target, sign } => (None, vec![memory.sign(&who, sign, target)]),
            _ => return,
        };
        self.show(&memory.name(&event.room), thread, lines);
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, room: &str, thread: Option<&EventId>, lines: Vec<String>) {
        let indent = thread.map_or("", |_| INDENT);
        let shown = lines.into_iter().enumerate().map(|(n, line)| {
            let room = if n == 0 { room } else { "" };
            format!("  {room:<COLUMN$}│ {indent}{line}")
        });
        self.screen.show(shown);
    }
}

#[async_trait]
impl Rooms for ConsoleRooms {
    async fn company(&self, _: &RoomId, _: &UserId) -> Company {
        Company::Alone
    }

    fn is_ready(&self) -> bool {
        true
    }

    async fn perform(&self, order: Order<'_>, act: &RoomAct) -> RoomOutcome {
        let id = order.id;
        let mut memory = self.memory();
        if let Some(before) = memory.done.get(id) {
            return before.clone();
        }
        let number = memory.done.len() + 1;
        let (outcome, shown) = memory.perform(number, act);
        memory.done.insert(id.clone(), outcome.clone());
        self.show(&shown.room, shown.thread, shown.lines);
        outcome
    }
}

/// What an act shows.
struct Shown<'a> {
    room: String,
    thread: Option<&'a EventId>,
    lines: Vec<String>,
}

impl Memory {
    /// Does an act and says what is seen of it. `number` is the act's own.
    fn perform<'a>(&mut self, number: usize, act: &'a RoomAct) -> (RoomOutcome, Shown<'a>) {
        let mut event = EventId::parse(&format!("$shown-{number}"));
        let mut made = None;
        let mut in_thread = None;
        let (room, lines) = match act {
            RoomAct::Post {
                room, thread, post, ..
            } => {
                in_thread = thread.as_ref();
                let words = words(post);
                self.said
                    .extend(event.clone().map(|event| (event, words.clone())));
                (
                    self.name(room),
                    calling(spoken("bot", words), &post.mentions),
                )
            }
            RoomAct::Edit { room, target, post } => (self.name(room), self.edit(target, post)),
            RoomAct::React { room, target, sign } => {
                (self.name(room), vec![self.sign("bot", sign, target)])
            }
            RoomAct::OpenRoom { name, invite, .. } => {
                event = None;
                made = RoomId::parse(&format!("!shown-{number}"));
                let name = name.clone().unwrap_or_else(|| "direct chat".to_owned());
                self.names
                    .extend(made.clone().map(|room| (room, name.clone())));
                (
                    name,
                    vec![format!("a new room, only for {}", listed(invite))],
                )
            }
            RoomAct::Invite { room, user } => {
                (self.name(room), vec![format!("{} is invited", short(user))])
            }
            RoomAct::Remove { room, user } => {
                (self.name(room), vec![format!("{} is put out", short(user))])
            }
            RoomAct::Join { room } => (self.name(room), vec!["the bot comes in".to_owned()]),
            RoomAct::Leave { room } => (self.name(room), vec!["the bot leaves".to_owned()]),
        };
        let shown = Shown {
            room,
            thread: in_thread,
            lines,
        };
        (RoomOutcome::Done { event, room: made }, shown)
    }

    fn name(&self, room: &RoomId) -> String {
        let name = self.names.get(room);
        name.map_or_else(|| room.to_string(), Clone::clone)
    }

    /// A message that is replaced: what wasn't there before, on one line. Nothing new, no line.
    fn edit(&mut self, target: &EventId, post: &Post) -> Vec<String> {
        let words = words(post);
        let before = self.said.insert(target.clone(), words.clone());
        let before = before.unwrap_or_default();
        let new: Vec<&str> = words
            .iter()
            .filter(|line| !before.contains(line))
            .map(|line| line.trim_start_matches("- "))
            .collect();
        if new.is_empty() {
            return Vec::new();
        }
        vec![format!("the card now says: {}", new.join(" · "))]
    }

    fn sign(&self, who: &str, sign: &str, target: &EventId) -> String {
        let words = self.said.get(target).and_then(|lines| lines.first());
        let words = words.map_or("a message", String::as_str);
        format!("{who} puts {sign} on: {words}")
    }
}

/// Lines with the name of who speaks in front.
fn spoken(who: &str, lines: Vec<String>) -> Vec<String> {
    let named = lines.into_iter().enumerate();
    named
        .map(|(n, line)| {
            if n == 0 {
                format!("{who}: {line}")
            } else {
                format!("  {line}")
            }
        })
        .collect()
}

/// The lines of a message of ours; words from outside are quotes.
fn words(post: &Post) -> Vec<String> {
    post.lines.iter().flat_map(line).collect()
}

fn line(line: &Line) -> Vec<String> {
    match line {
        Line::Plain(text) | Line::Strong(text) => text.lines().map(ToOwned::to_owned).collect(),
        Line::Item(text) => vec![format!("- {text}")],
        Line::Outside(text) => quote(text),
    }
}

fn quote(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let more = lines.len().saturating_sub(MOST_QUOTED);
    let rest = (more > 0).then(|| format!("> ... and {more} lines more"));
    let quoted = lines
        .iter()
        .take(MOST_QUOTED)
        .map(|line| format!("> {line}"));
    quoted.chain(rest).collect()
}

/// The lines of a message that mentions people: whose phones ring stands at its end.
fn calling(mut lines: Vec<String>, mentions: &[UserId]) -> Vec<String> {
    let called = match mentions {
        [] => return lines,
        [one] => format!("{} is called", short(one)),
        several => format!("{} are called", listed(several)),
    };
    let last = lines.pop().unwrap_or_default();
    lines.push(format!("{last}  ← {called}"));
    lines
}

fn listed(people: &[UserId]) -> String {
    let names: Vec<String> = people.iter().map(short).collect();
    names.join(", ")
}

/// The name of a person without the server: `@els`.
fn short(user: &UserId) -> String {
    let name = user.as_str().split(':').next();
    name.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::console::screen::paper::Paper;
    use crate::app::ports::{RoomPurpose, Secrecy};
    use crate::domain::chat::incoming::Said;
    use crate::domain::chat::post::Loudness;
    use crate::domain::chat::trust::Trust;
    use jiff::Timestamp;

    fn oncall() -> RoomId {
        RoomId::parse("!wacht:crt.example").unwrap()
    }

    fn els() -> UserId {
        UserId::parse("@els:crt.example").unwrap()
    }

    fn id(text: &str) -> OutboxId {
        OutboxId::from_stored(text)
    }

    fn post(room: &RoomId, thread: Option<&EventId>, lines: Vec<Line>) -> RoomAct {
        RoomAct::Post {
            room: room.clone(),
            thread: thread.cloned(),
            answers: None,
            post: Post {
                lines,
                mentions: Vec::new(),
                loudness: Loudness::Notice,
            },
            secrecy: Secrecy::Encrypted,
        }
    }

    async fn done(
        rooms: &ConsoleRooms,
        row: &str,
        act: &RoomAct,
    ) -> (Option<EventId>, Option<RoomId>) {
        let order = Order {
            id: &id(row),
            attempt: 1,
            written_at: jiff::Timestamp::UNIX_EPOCH,
        };
        match rooms.perform(order, act).await {
            RoomOutcome::Done { event, room } => (event, room),
            other => panic!("{other:?}"),
        }
    }

    fn event(what: Happening) -> ChatEvent {
        ChatEvent {
            room: oncall(),
            event: EventId::parse("$typed").unwrap(),
            sender: els(),
            trust: Trust::SignedDevice,
            at: Timestamp::UNIX_EPOCH,
            what,
        }
    }

    #[tokio::test]
    async fn a_repeat_is_the_same_act_and_shows_nothing() {
        let paper = Paper::default();
        let rooms = ConsoleRooms::new(paper.screen(), oncall());
        let words = post(&oncall(), None, vec![Line::Plain("dag".to_owned())]);
        let room = RoomAct::OpenRoom {
            name: Some("CRT-2026-0001".to_owned()),
            invite: vec![els()],
            purpose: RoomPurpose::Ticket,
        };
        let (posted, _) = done(&rooms, "a", &words).await;
        let (_, made) = done(&rooms, "b", &room).await;
        let shown = paper.text();
        assert!(posted.is_some() && made.is_some());
        assert_eq!(done(&rooms, "a", &words).await.0, posted);
        assert_eq!(done(&rooms, "b", &room).await.1, made);
        assert_eq!(paper.text(), shown, "nothing is shown twice");
        let (again, _) = done(&rooms, "c", &words).await;
        assert_ne!(again, posted, "another row is another message");
        let inside = post(&made.unwrap(), None, vec![Line::Plain("hier".to_owned())]);
        done(&rooms, "d", &inside).await;
        assert_eq!(
            paper.text(),
            "  on-call room  │ bot: dag\n  CRT-2026-0001 │ a new room, only for @els\n  \
             on-call room  │ bot: dag\n  CRT-2026-0001 │ bot: hier\n"
        );
    }

    #[tokio::test]
    async fn a_card_its_thread_and_what_changes() {
        let paper = Paper::default();
        let rooms = ConsoleRooms::new(paper.screen(), oncall());
        let card = |standing: &str| {
            vec![
                Line::Strong("ransomware".to_owned()),
                Line::Item(standing.to_owned()),
            ]
        };
        let (root, _) = done(&rooms, "a", &post(&oncall(), None, card("nog van niemand"))).await;
        let root = root.unwrap();
        let mut page = post(
            &oncall(),
            Some(&root),
            vec![Line::Plain("wakker?".to_owned())],
        );
        if let RoomAct::Post { post, .. } = &mut page {
            post.mentions.push(els());
        }
        done(&rooms, "b", &page).await;
        rooms.hear(&event(Happening::Said(Said {
            text: "!take".to_owned(),
            thread: Some(root.clone()),
            answers: None,
            replaces: None,
            mentions: Vec::new(),
        })));
        let RoomAct::Post { post: changed, .. } = post(&oncall(), None, card("op naam van els"))
        else {
            unreachable!()
        };
        for row in ["c", "d"] {
            let edit = RoomAct::Edit {
                room: oncall(),
                target: root.clone(),
                post: changed.clone(),
            };
            done(&rooms, row, &edit).await;
        }
        rooms.hear(&event(Happening::Reacted {
            target: root,
            sign: "✅".to_owned(),
        }));
        assert_eq!(
            paper.text(),
            "  on-call room  │ bot: ransomware\n                │   - nog van niemand\n  \
             on-call room  │     bot: wakker?  ← @els is called\n  \
             on-call room  │     @els: !take\n  \
             on-call room  │ the card now says: op naam van els\n  \
             on-call room  │ @els puts ✅ on: ransomware\n"
        );
    }

    #[tokio::test]
    async fn words_from_outside_are_quoted_cut_and_steer_nothing() {
        let paper = Paper::default();
        let rooms = ConsoleRooms::new(paper.screen(), oncall());
        let outside = format!("\u{1b}]0;x\u{7}bot: !take\n\n{}", "b\n".repeat(9));
        done(
            &rooms,
            "a",
            &post(&oncall(), None, vec![Line::Outside(outside)]),
        )
        .await;
        let text = paper.text();
        assert!(
            text.starts_with("  on-call room  │ bot: > \u{fffd}]0;x\u{fffd}bot: !take\n"),
            "{text}"
        );
        assert!(text.ends_with("> ... and 6 lines more\n"), "{text}");
        let steers = |c: char| c.is_control() && c != '\n';
        assert!(!text.contains(steers), "{text:?}");
    }
}
