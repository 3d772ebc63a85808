//! What people of the stories do in the room of a ticket.

use crate::support::chat_server::{ELS, said};
use crate::support::mails::{AN, Mail};
use crate::support::town::{Town, survives};
use eerstelijn::app::faults::CrashPoint;
use eerstelijn::domain::chat::ids::{EventId, RoomId};
use eerstelijn::domain::chat::incoming::{Happening, Said};
use eerstelijn::domain::chat::trust::Trust;

/// The secretary's address.
pub(crate) const AN_ADDRESS: &str = "an.peeters@hackegem.example";
/// An expert who is not the first on call.
pub(crate) const BRAM: &str = "@bram:crt.example";

pub(crate) fn laptop_stolen() -> Mail {
    Mail::from(AN, "laptop")
        .subject("Laptop gestolen")
        .text("Mijn laptop is gestolen op de trein. Er staan dossiers van 300 burgers op, hij is niet versleuteld.")
}

pub(crate) fn laptop_stolen_more() -> Mail {
    Mail::from(AN, "meer")
        .subject("Re: Laptop gestolen")
        .text("Ook mijn badge is weg.")
        .answering("laptop@hackegem.example")
}

/// A ticket that Els has taken in its thread: the card, and its room.
pub(crate) async fn taken(report: &Mail) -> (Town, EventId, RoomId) {
    let town = Town::with_an_on_call_room().await;
    town.hears(report).await;
    let (card, room) = els_takes_it(&town).await;
    (town, card, room)
}

/// Els takes the one ticket there is: its card, and its room.
pub(crate) async fn els_takes_it(town: &Town) -> (EventId, RoomId) {
    let card = town.chat.acts()[0].event.clone();
    town.room_hears(ELS, Trust::SignedDevice, said("!take", Some(&card)))
        .await;
    let room = town.chat.made().remove(0);
    comes(town, &room, ELS).await;
    (card, room)
}

pub(crate) async fn comes(town: &Town, room: &RoomId, who: &str) {
    town.in_room(room, who, Trust::ServerOnly, Happening::Joined)
        .await;
}

pub(crate) async fn writes(town: &Town, room: &RoomId, who: &str, text: &str) -> EventId {
    town.in_room(room, who, Trust::SignedDevice, said(text, None))
        .await
}

/// A Matrix reply to a message.
pub(crate) async fn answers(
    town: &Town,
    room: &RoomId,
    who: &str,
    text: &str,
    to: &EventId,
) -> EventId {
    let what = Happening::Said(Said {
        text: text.to_owned(),
        thread: None,
        answers: Some(to.clone()),
        replaces: None,
        mentions: Vec::new(),
    });
    town.in_room(room, who, Trust::SignedDevice, what).await
}

pub(crate) async fn edits(town: &Town, room: &RoomId, who: &str, text: &str, original: &EventId) {
    let what = Happening::Said(Said {
        text: text.to_owned(),
        thread: None,
        answers: None,
        replaces: Some(original.clone()),
        mentions: Vec::new(),
    });
    town.in_room(room, who, Trust::SignedDevice, what).await;
}

pub(crate) async fn signs(town: &Town, room: &RoomId, who: &str, on: &EventId) {
    let what = Happening::Reacted {
        target: on.clone(),
        sign: "✅\u{fe0f}".to_owned(),
    };
    town.in_room(room, who, Trust::ServerOnly, what).await;
}

pub(crate) fn mails_to_an(town: &Town) -> usize {
    let to = town.recipients();
    to.iter().filter(|to| *to == AN_ADDRESS).count()
}

/// The message of the room that holds these words.
pub(crate) fn posted(town: &Town, room: &RoomId, words: &str) -> EventId {
    let acts = town.chat.acts();
    let mut found = acts
        .iter()
        .filter(|act| act.is_in(room) && act.words().contains(words));
    found.next().expect(words).event.clone()
}

/// Something happens in a room, the process dies on it, starts again, and the homeserver tells it once more.
pub(crate) async fn dies_once(town: &mut Town, point: CrashPoint, room: &RoomId, what: Happening) {
    let trust = Trust::SignedDevice;
    let event = town.chat.happens(room, ELS, trust, town.now(), what);
    town.dies_at(point);
    survives(town.homeserver_tells(event.clone())).await;
    town.restarts().await;
    town.homeserver_tells(event).await;
}
