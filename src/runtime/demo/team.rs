//! What Els, who is on call, does in the rooms: it comes in by the door through which chat comes in service.
//!
//! She works on the newest ticket: in its room once there is one, until then in the thread below its card.

use crate::app::ports::{ChatIntake, Clock};
use crate::domain::chat::ids::{EventId, RoomId, UserId};
use crate::domain::chat::incoming::{ChatEvent, Happening, Said};
use crate::domain::chat::trust::Trust;
use crate::domain::ids::MailboxName;
use crate::domain::ticket::state::Ticket;
use crate::runtime::clock::SystemClock;
use crate::runtime::demo::settings::ELS;
use crate::runtime::demo::{Demo, DemoError};
use crate::runtime::workers::run_until_idle;
use std::sync::{Mutex, PoisonError};

/// The account of the bot.
const ACCOUNT: &str = "matrix:@eerstelijn:crt.example";
/// Most tickets among which the newest is looked for.
const MOST_TICKETS: u32 = 200;
/// The sign that lets her words go.
const GO: &str = "✅";

/// What Els wrote so far.
#[derive(Default)]
pub(super) struct Keyboard(Mutex<Written>);

#[derive(Default)]
struct Written {
    count: u32,
    last: Option<(RoomId, EventId)>,
}

impl Demo {
    /// Els writes where she works on the newest ticket.
    pub async fn els_writes(&self, text: &str) -> Result<(), DemoError> {
        let (room, thread) = self.desk().await?;
        let said = Said {
            text: text.to_owned(),
            thread,
            answers: None,
            replaces: None,
            mentions: Vec::new(),
        };
        let event = self
            .els_does(&room, Trust::SignedDevice, Happening::Said(said))
            .await?;
        self.written().last = Some((room, event));
        self.els_accepts().await
    }

    /// Els comes into the room of the newest ticket when she is invited there.
    async fn els_accepts(&self) -> Result<(), DemoError> {
        let work = self.newest().await?.work;
        let here = work.present.iter().any(|person| person.as_str() == "els");
        if let Some(room) = work.room.filter(|_| !here) {
            self.els_does(&room, Trust::ServerOnly, Happening::Joined)
                .await?;
        }
        Ok(())
    }

    /// Els puts ✅ on her last message. Reactions are not encrypted, so her device proves nothing here.
    pub async fn els_signs(&self) -> Result<(), DemoError> {
        let last = self.written().last.clone();
        let (room, target) = last.ok_or(DemoError::NoCard)?;
        let sign = GO.to_owned();
        let what = Happening::Reacted { target, sign };
        self.els_does(&room, Trust::ServerOnly, what).await?;
        Ok(())
    }

    async fn els_does(
        &self,
        room: &RoomId,
        trust: Trust,
        what: Happening,
    ) -> Result<EventId, DemoError> {
        let count = {
            let mut written = self.written();
            written.count += 1;
            written.count
        };
        let id = EventId::parse(&format!("$els-{count}")).ok_or(DemoError::NoCard)?;
        let event = ChatEvent {
            room: room.clone(),
            event: id.clone(),
            sender: UserId::parse(ELS).ok_or(DemoError::NoCard)?,
            trust,
            at: SystemClock.now(),
            what,
        };
        self.rooms.hear(&event);
        let account = MailboxName::new(ACCOUNT);
        self.app.admit_event(&account, event).await?;
        run_until_idle(&self.app).await?;
        Ok(id)
    }

    async fn newest(&self) -> Result<Ticket, DemoError> {
        let tickets = self.app.store.list(MOST_TICKETS).await?;
        let numbered = tickets.iter().filter(|ticket| ticket.number.is_some());
        let newest = numbered.max_by_key(|ticket| ticket.opened_at);
        let id = &newest.ok_or(DemoError::NoCard)?.id;
        let history = self.app.store.history(id).await?;
        Ticket::replay(id, &history).ok_or(DemoError::NoCard)
    }

    /// Where she works: a room, and the thread in it.
    async fn desk(&self) -> Result<(RoomId, Option<EventId>), DemoError> {
        let ticket = self.newest().await?;
        if let Some(room) = ticket.work.room {
            return Ok((room, None));
        }
        let chat = self.app.settings.chat.as_ref();
        let oncall = chat.map(|chat| chat.oncall_room.clone());
        oncall
            .zip(ticket.card)
            .map(|(room, card)| (room, Some(card)))
            .ok_or(DemoError::NoCard)
    }

    fn written(&self) -> std::sync::MutexGuard<'_, Written> {
        self.keyboard
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
