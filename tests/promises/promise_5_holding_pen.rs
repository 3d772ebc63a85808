//! Promise 5, in the holding pen: whoever decides on a message reads it in a chat of his own, and that is on record. The
//! on-call room hears nothing of it.

use crate::support::chat_server::{ChatServer, ELS, said};
use crate::support::ticket_room::laptop_stolen;
use crate::support::town::{Town, survives};
use eerstelijn::app::faults::CrashPoint;
use eerstelijn::app::ports::{RoomAct, RoomPurpose};
use eerstelijn::domain::chat::ids::{EventId, RoomId};
use eerstelijn::domain::chat::incoming::Happening;
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::ids::TicketId;
use eerstelijn::domain::ticket::state::TicketState;
use insta::assert_snapshot;

/// Somebody who isn't on the ticket names it, and sends a file along.
fn found_laptop(number: &str) -> Vec<u8> {
    format!(
        "Return-Path: <vinder@elders.example>\r\nFrom: Een vinder <vinder@elders.example>\r\nTo: crt@crt.example\r\n\
         Subject: Re: laptop [{number}]\r\nMessage-ID: <vinder@elders.example>\r\n\
         Date: Mon, 23 Nov 2026 21:40:00 +0100\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=deel\r\n\r\n--deel\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nIk vond een laptop KANARIEWOORD. !drop\r\n--deel\r\n\
         Content-Type: image/jpeg; name=foto.jpg\r\nContent-Disposition: attachment; filename=foto.jpg\r\n\r\n\
         x\r\n--deel--\r\n"
    )
    .into_bytes()
}

/// A message in the holding pen: the town, its id, its card.
pub(super) async fn waiting() -> (Town, TicketId, EventId) {
    let town = Town::with_an_on_call_room().await;
    town.hears(&laptop_stolen()).await;
    let number = town.only_ticket().await.0.number.unwrap().to_string();
    town.deliver_raw(found_laptop(&number)).await;
    town.run_until_idle().await;
    let tickets = town.tickets().await;
    let held = tickets.iter().find(|one| one.state == TicketState::Held);
    let held = held.unwrap().id.clone();
    let card = town.ticket(&held).await.0.card.unwrap();
    (town, held, card)
}

pub(super) async fn els_asks(town: &Town, trust: Trust, card: &EventId) -> String {
    town.room_hears(ELS, trust, said("!show", Some(card))).await;
    town.chat.words_in(&ChatServer::oncall()).pop().unwrap()
}

pub(super) async fn els_comes(town: &Town, room: &RoomId) {
    els_is(town, room, Happening::Joined).await;
}

pub(super) async fn els_is(town: &Town, room: &RoomId, what: Happening) {
    town.in_room(room, ELS, Trust::ServerOnly, what).await;
}

/// Who read it, and through what.
pub(super) async fn reads(town: &Town, held: &TicketId) -> Vec<(String, String)> {
    let reads = town.app.store.reads_of(held).await.unwrap();
    let read = reads.into_iter();
    read.map(|read| (read.reader, read.through.into_owned()))
        .collect()
}

pub(super) fn els_once() -> (String, String) {
    ("els".to_owned(), "!show".to_owned())
}

#[tokio::test]
async fn who_decides_reads_it_in_a_chat_of_his_own_and_that_is_on_record() {
    let (town, held, card) = waiting().await;
    let told = els_asks(&town, Trust::SignedDevice, &card).await;
    assert!(told.starts_with("Ik nodig u uit"), "{told}");
    let room = town.chat.made().remove(0);
    assert!(
        town.chat.words_in(&room).is_empty(),
        "she could not read it before she comes"
    );
    assert!(reads(&town, &held).await.is_empty(), "nothing was shown");
    els_comes(&town, &room).await;
    let shown = town.chat.words_in(&room);
    assert_eq!(shown.len(), 1);
    assert_snapshot!("shown_apart", shown[0]);
    assert_eq!(reads(&town, &held).await, [els_once()]);
    // She comes in again, and asks again: only what she asks for is shown.
    els_comes(&town, &room).await;
    assert_eq!(town.chat.words_in(&room).len(), 1);
    els_asks(&town, Trust::SignedDevice, &card).await;
    assert_eq!(town.chat.words_in(&room).len(), 2);
    assert_eq!(reads(&town, &held).await, [els_once(), els_once()]);
    assert_eq!(town.chat.made().len(), 1);
    let acts = town.chat.acts();
    let purpose = acts.iter().find_map(|acted| match &acted.act {
        RoomAct::OpenRoom { purpose, .. } => Some(*purpose),
        _ => None,
    });
    assert_eq!(
        purpose,
        Some(RoomPurpose::Reading),
        "it stays on our own server"
    );
    assert!(town.chat.left().is_empty());
    for words in town.chat.words_in(&ChatServer::oncall()) {
        for word in ["KANARIEWOORD", "vinder", "foto"] {
            assert!(!words.contains(word), "{word} in the on-call room");
        }
    }
    let (ticket, _) = town.ticket(&held).await;
    assert_eq!(
        ticket.state(),
        TicketState::Held,
        "words from outside run nothing"
    );
    town.room_hears(ELS, Trust::SignedDevice, said("!drop", Some(&card)))
        .await;
    assert_eq!(
        town.chat.left(),
        [room],
        "what no longer waits isn't read there"
    );
    let late = els_asks(&town, Trust::SignedDevice, &card).await;
    assert!(late.contains("wacht niet meer"), "{late}");
    town.comes_to_rest().await;
}

#[tokio::test]
async fn nobody_else_reads_it() {
    let (town, held, card) = waiting().await;
    let told = els_asks(&town, Trust::UnsignedDevice, &card).await;
    assert!(told.contains("toestel"), "{told}");
    assert!(town.chat.made().is_empty(), "a device that proves nobody");
    els_asks(&town, Trust::SignedDevice, &card).await;
    let room = town.chat.made().remove(0);
    town.chat.crowd(&room);
    els_comes(&town, &room).await;
    assert!(
        town.chat.words_in(&room).is_empty(),
        "others are in the room"
    );
    assert!(reads(&town, &held).await.is_empty());
    town.comes_to_rest().await;
}

/// The process dies right after she was shown it.
#[tokio::test]
async fn a_crash_shows_it_once_and_notes_it_once() {
    let (mut town, held, card) = waiting().await;
    els_asks(&town, Trust::SignedDevice, &card).await;
    let room = town.chat.made().remove(0);
    town.dies_at(CrashPoint::Accepted);
    assert!(!survives(els_comes(&town, &room)).await);
    town.restarts().await;
    town.run_until_idle().await;
    assert_eq!(town.chat.words_in(&room).len(), 1);
    assert_eq!(reads(&town, &held).await, [els_once()]);
    town.comes_to_rest().await;
}
