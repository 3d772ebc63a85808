//! Promise 3 in chat: who reports in the lobby is written to apart, and gets first help there.

use crate::support::chat_server::{ChatServer, ELS, OFFICIAL, said};
use crate::support::town::Town;
use eerstelijn::app::ports::{RoomAct, RoomPurpose, Secrecy};
use eerstelijn::domain::chat::ids::{EventId, RoomId, UserId};
use eerstelijn::domain::chat::incoming::Happening;
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::ticket::event::TicketEvent;
use eerstelijn::domain::ticket::state::{Ticket, TicketState};
use insta::assert_snapshot;
use jiff::SignedDuration;

/// A report that calls for a human.
const REPORT: &str = "Help, ik heb mijn wachtwoord ingevuld op een valse pagina en nu gaan er mails uit mijn naam weg!";

async fn in_the_lobby(town: &Town, text: &str) -> EventId {
    let lobby = ChatServer::lobby();
    town.in_room(&lobby, OFFICIAL, Trust::ServerOnly, said(text, None))
        .await
}

async fn writes(town: &Town, room: &RoomId, text: &str) -> EventId {
    town.in_room(room, OFFICIAL, Trust::SignedDevice, said(text, None))
        .await
}

async fn joins(town: &Town, room: &RoomId) {
    town.in_room(room, OFFICIAL, Trust::ServerOnly, Happening::Joined)
        .await;
}

fn words_in_the_lobby(town: &Town) -> Vec<String> {
    town.chat.words_in(&ChatServer::lobby())
}

/// A report in the lobby, and its reporter in the direct chat.
async fn taken_apart(town: &Town) -> (EventId, RoomId) {
    let asked = in_the_lobby(town, REPORT).await;
    let room = town.chat.made().pop().unwrap();
    joins(town, &room).await;
    (asked, room)
}

#[tokio::test]
async fn who_reports_in_the_lobby_is_written_to_apart_and_helped_there() {
    let town = Town::with_an_on_call_room().await;
    let asked = in_the_lobby(&town, REPORT).await;
    let acts = town.chat.acts();
    let word = acts
        .iter()
        .find(|act| act.is_in(&ChatServer::lobby()))
        .unwrap();
    assert!(word.is_below(&asked));
    assert_snapshot!("apart", word.words());
    let RoomAct::Post { secrecy, .. } = &word.act else {
        panic!("a message")
    };
    assert_eq!(*secrecy, Secrecy::Public);
    let made = acts.iter().find(|act| act.made.is_some()).unwrap();
    let RoomAct::OpenRoom {
        name,
        invite,
        purpose,
    } = &made.act
    else {
        panic!("a room")
    };
    assert_eq!((name, *purpose), (&None, RoomPurpose::Direct));
    assert_eq!(*invite, [UserId::parse(OFFICIAL).unwrap()]);
    let room = made.made.clone().unwrap();
    assert!(
        town.chat.words_in(&room).is_empty(),
        "nothing before he is there"
    );
    let (ticket, _) = town.only_ticket().await;
    assert!(
        ticket.running_page().is_some(),
        "somebody is called at once"
    );

    joins(&town, &room).await;
    assert_snapshot!("guidance", town.chat.words_in(&room).join("\n---\n"));
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(ticket.state(), TicketState::WaitingForReporter);

    writes(
        &town,
        &room,
        "Ja, er is ook geld overgeschreven: 5000 euro.",
    )
    .await;
    assert_snapshot!("follow_up", town.chat.words_in(&room).last().unwrap());
    assert_eq!(words_in_the_lobby(&town).len(), 1, "no more there");
    town.jump(SignedDuration::from_mins(3));
    town.run_until_idle().await;
    assert_eq!(
        words_in_the_lobby(&town).len(),
        1,
        "he came: no general steps"
    );
    town.comes_to_rest().await;
}
