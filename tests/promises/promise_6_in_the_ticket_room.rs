//! Promise 6 in chat: an expert takes the ticket, and reads it in a room of its own. What he writes from there
//! to the reporter stands in `promise_6_letters`.

use crate::support::chat_server::{Acted, ChatServer, ELS, said};
use crate::support::mails::Mail;
use crate::support::ticket_room::{
    BRAM, answers, comes, laptop_stolen, laptop_stolen_more, mails_to_an, posted, signs, taken,
    writes,
};
use crate::support::town::Town;
use eerstelijn::app::ports::{RoomAct, RoomPurpose};
use eerstelijn::domain::chat::ids::UserId;
use eerstelijn::domain::chat::incoming::Happening;
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::ticket::state::TicketState;
use insta::assert_snapshot;
use jiff::SignedDuration;

#[tokio::test]
async fn the_conversation_so_far_arrives_in_a_room_for_who_works_on_it() {
    let (town, card, room) = taken(&laptop_stolen()).await;
    let acts = town.chat.acts();
    let made = acts.iter().find(|act| act.made.is_some()).unwrap();
    let RoomAct::OpenRoom {
        name,
        invite,
        purpose,
    } = &made.act
    else {
        panic!("no room was made");
    };
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(*name, ticket.number.as_ref().map(ToString::to_string));
    assert_eq!(*invite, [UserId::parse(ELS).unwrap()]);
    assert_eq!(*purpose, RoomPurpose::Ticket);
    assert_snapshot!("room_as_made", town.chat.words_in(&room).join("\n---\n"));
    let in_the_thread = acts.iter().filter(|act| act.is_below(&card));
    let said: Vec<String> = in_the_thread.map(Acted::words).collect();
    assert!(said.last().unwrap().contains("kamer"), "{said:?}");
    for words in &said {
        assert!(
            !words.contains("laptop") && !words.contains("An Peeters"),
            "{words}"
        );
    }
    town.comes_to_rest().await;
}

#[tokio::test]
async fn what_is_said_in_the_room_stays_there() {
    let (town, _, room) = taken(&laptop_stolen()).await;
    let report = posted(&town, &room, "trein");
    writes(&town, &room, ELS, "wat denken jullie?").await;
    let aside = answers(&town, &room, BRAM, "typisch Hackegem", &report).await;
    let remark = writes(&town, &room, ELS, "ssst").await;
    answers(&town, &room, BRAM, "sorry", &remark).await;
    signs(&town, &room, ELS, &aside).await;
    assert!(
        town.chat
            .words_in(&room)
            .last()
            .unwrap()
            .contains("Alleen wie")
    );
    assert_eq!(mails_to_an(&town), 1, "nothing but the first help");
    for words in ["!note Gebeld met de politie.", "!severity hoog", "!help"] {
        writes(&town, &room, ELS, words).await;
    }
    assert_eq!(mails_to_an(&town), 1);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_colleague_is_invited_and_strangers_are_not_heard() {
    let (town, card, room) = taken(&laptop_stolen()).await;
    town.room_hears(ELS, Trust::SignedDevice, said("!hand bram", Some(&card)))
        .await;
    let invites = town
        .chat
        .acts()
        .into_iter()
        .filter_map(|act| match act.act {
            RoomAct::Invite { user, .. } => Some(user),
            _ => None,
        });
    assert_eq!(invites.collect::<Vec<_>>(), [UserId::parse(BRAM).unwrap()]);
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(ticket.owner.unwrap().as_str(), "bram");
    comes(&town, &room, BRAM).await;
    let recap = town.chat.words_in(&room).pop().unwrap();
    assert!(
        recap.starts_with("Voor bram") && recap.contains("gestolen op de trein"),
        "{recap}"
    );
    let before = town.chat.acts().len();
    writes(&town, &room, "@iemand:elders.example", "!reply hallo").await;
    town.in_room(
        &room,
        ELS,
        Trust::UnsignedDevice,
        said("!reply hallo", None),
    )
    .await;
    assert_eq!(mails_to_an(&town), 1);
    assert_eq!(town.chat.acts().len(), before + 1, "Els is told why");
    writes(&town, &room, BRAM, "!close opgelost").await;
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(ticket.state(), TicketState::Closed);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_room_that_could_not_be_made_is_made_at_the_next_try() {
    let town = Town::with_an_on_call_room().await;
    town.hears(&laptop_stolen()).await;
    let card = town.chat.acts()[0].event.clone();
    town.chat.is_away(true);
    town.room_hears(ELS, Trust::SignedDevice, said("!take", Some(&card)))
        .await;
    assert!(town.chat.made().is_empty());
    town.chat.is_away(false);
    town.jump(SignedDuration::from_mins(6));
    town.run_until_idle().await;
    assert_eq!(town.chat.made().len(), 1);
    let room = town.chat.made().remove(0);
    assert!(
        town.chat.words_in(&room).is_empty(),
        "nobody could read it yet"
    );
    town.hears(&laptop_stolen_more()).await;
    assert!(town.chat.words_in(&room).is_empty());
    comes(&town, &room, ELS).await;
    let said = town.chat.words_in(&room);
    assert!(
        said.iter().any(|words| words.contains("Ook mijn badge")),
        "{said:?}"
    );
    assert_eq!(
        said.iter()
            .filter(|words| words.contains("op de trein"))
            .count(),
        1
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_call_becomes_a_ticket() {
    let town = Town::with_an_on_call_room().await;
    let call = "!open Gemeente Hackegem; 0470 00 00 00; alle servers zijn versleuteld";
    town.room_hears(ELS, Trust::SignedDevice, said(call, None))
        .await;
    let (ticket, _) = town.only_ticket().await;
    assert!(
        ticket.running_page().is_none(),
        "who wrote it down is awake"
    );
    assert_eq!(ticket.category().unwrap().as_str(), "ransomware");
    let card = town.chat.acts()[0].event.clone();
    let card = ticket.card.clone().unwrap_or(card);
    town.room_hears(ELS, Trust::SignedDevice, said("!take", Some(&card)))
        .await;
    let room = town.chat.made().remove(0);
    comes(&town, &room, ELS).await;
    let said = town.chat.words_in(&room);
    assert!(
        said.iter().any(|words| words.contains("0470 00 00 00")),
        "{said:?}"
    );
    writes(&town, &room, ELS, "!reply hallo").await;
    assert!(
        town.chat
            .words_in(&room)
            .last()
            .unwrap()
            .contains("geen adres")
    );
    assert_eq!(ChatServer::oncall().as_str(), "!wacht:crt.example");
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_message_in_the_pen_is_placed_by_a_person() {
    let (town, _, room) = taken(&laptop_stolen()).await;
    let (ticket, _) = town.only_ticket().await;
    let number = ticket.number.clone().unwrap();
    let stranger = |id: &str| {
        Mail::from("Jan <jan@hackegem.example>", id)
            .subject(&format!("Re: [{number}]"))
            .text("De laptop werd teruggevonden in het station.")
    };
    town.hears(&stranger("gevonden")).await;
    let cards = town.chat.acts();
    let mut posted = cards.iter();
    let card = posted.find(|act| act.words().contains("wachtkamer"));
    let card = card.unwrap().event.clone();
    let says = async |text: &str| {
        town.room_hears(ELS, Trust::SignedDevice, said(text, Some(&card)))
            .await;
    };
    says("!take").await;
    says("!belongs CRT-2026-0999").await;
    assert!(
        town.chat
            .words_in(&room)
            .iter()
            .all(|words| !words.contains("station"))
    );
    says(&format!("!belongs {number}")).await;
    let said_there = town.chat.words_in(&room).join("\n---\n");
    assert!(said_there.contains("station"), "{said_there}");
    says("!drop").await;
    let words = town.chat.words_in(&ChatServer::oncall()).join("\n---\n");
    assert!(words.contains(&format!("hoort bij {number}")), "{words}");
    // What he writes next goes to the same ticket, and nothing waits any more.
    town.minutes_pass(20).await;
    let more = Mail::from("Jan <jan@hackegem.example>", "meer")
        .text("Hij ligt bij het loket.")
        .answering("gevonden@hackegem.example");
    town.hears(&more).await;
    assert!(town.chat.words_in(&room).last().unwrap().contains("loket"));
    assert_eq!(town.tickets().await.len(), 2);
    assert_eq!(mails_to_an(&town), 1);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn when_everybody_has_left_the_thread_hears_of_what_comes() {
    let (town, card, room) = taken(&laptop_stolen()).await;
    town.in_room(&room, ELS, Trust::ServerOnly, Happening::Left)
        .await;
    town.hears(&laptop_stolen_more()).await;
    let acts = town.chat.acts();
    let mut thread = acts.iter().rev().filter(|act| act.is_below(&card));
    let told = thread.find(|act| act.words().contains("schreef opnieuw"));
    assert_eq!(told.unwrap().mentions(), [ELS]);
    assert!(
        town.chat
            .words_in(&room)
            .iter()
            .all(|words| !words.contains("badge"))
    );
    town.room_hears(ELS, Trust::SignedDevice, said("!take", Some(&card)))
        .await;
    let invited = town
        .chat
        .acts()
        .iter()
        .any(|act| matches!(act.act, RoomAct::Invite { .. }));
    assert!(invited, "she can come back");
    comes(&town, &room, ELS).await;
    let recap = town.chat.words_in(&room).pop().unwrap();
    assert!(recap.contains("badge"), "{recap}");
    town.comes_to_rest().await;
}

#[tokio::test]
async fn who_was_given_a_ticket_is_called_and_not_taken_for_awake() {
    let town = Town::with_an_on_call_room().await;
    town.hears(&laptop_stolen()).await;
    let card = town.chat.acts()[0].event.clone();
    let both = "!take\n!hand bram";
    town.room_hears(ELS, Trust::SignedDevice, said(both, Some(&card)))
        .await;
    assert_eq!(town.chat.made().len(), 1, "one room for both");
    let (ticket, _) = town.only_ticket().await;
    let (awake, _) = ticket.page.as_ref().unwrap().acked.as_ref().unwrap();
    assert_eq!(awake.as_str(), "els");
    assert_eq!(ticket.owner.as_ref().unwrap().as_str(), "bram");
    let acts = town.chat.acts();
    let told = acts
        .iter()
        .find(|act| act.words().contains("Doorgegeven aan"));
    assert_eq!(told.unwrap().mentions(), [BRAM]);
    town.comes_to_rest().await;
}
