//! Promise 5 in chat: a stranger learns nothing, and nothing of a report is said among other people.

use crate::support::chat_server::{ChatServer, OFFICIAL, said};
use crate::support::town::Town;
use eerstelijn::domain::chat::ids::{EventId, RoomId};
use eerstelijn::domain::chat::incoming::Happening;
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::intake::sender::Standing;
use eerstelijn::domain::ticket::event::TicketEvent;
use eerstelijn::domain::ticket::state::Ticket;
use eerstelijn::domain::ticket::words::Trouble;
use insta::assert_snapshot;
use jiff::SignedDuration;

const STRANGER: &str = "@iemand:elders.example";
const REPORT: &str = "Onze servers in Hackegem zijn versleuteld en er staat een losgeldbrief!";

async fn happens(town: &Town, room: &RoomId, who: &str, trust: Trust, what: Happening) -> EventId {
    town.in_room(room, who, trust, what).await
}

async fn reports(town: &Town, trust: Trust) -> EventId {
    happens(
        town,
        &ChatServer::lobby(),
        OFFICIAL,
        trust,
        said(REPORT, None),
    )
    .await
}

async fn trouble(town: &Town) -> (Ticket, Vec<Trouble>) {
    let (ticket, events) = town.only_ticket().await;
    let because = events.iter().filter_map(|recorded| match recorded.event {
        TicketEvent::NeedsHuman { because, .. } => Some(because),
        _ => None,
    });
    (ticket, because.collect())
}

fn lobby_words(town: &Town) -> Vec<String> {
    town.chat.words_in(&ChatServer::lobby())
}

#[tokio::test]
async fn a_stranger_in_a_chat_with_the_bot_gets_no_word() {
    let town = Town::with_an_on_call_room().await;
    let room = RoomId::parse("!vreemd:elders.example").unwrap();
    for text in ["Hallo?", "Hebben wij een SIEM nodig?", REPORT, "!help"] {
        happens(
            &town,
            &room,
            STRANGER,
            Trust::SignedDevice,
            said(text, None),
        )
        .await;
    }
    happens(&town, &room, STRANGER, Trust::ServerOnly, Happening::Joined).await;
    assert!(town.chat.acts().is_empty() && town.tickets().await.is_empty());
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_strangers_report_in_the_lobby_is_seen_by_humans_and_gets_general_steps() {
    let town = Town::with_an_on_call_room().await;
    let lobby = ChatServer::lobby();
    let asked = happens(
        &town,
        &lobby,
        STRANGER,
        Trust::ServerOnly,
        said(REPORT, None),
    )
    .await;
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(
        ticket.latest_message.as_ref().unwrap().standing,
        Standing::Unknown
    );
    assert!(ticket.running_page().is_some() && ticket.direct.is_none());
    let acts = town.chat.acts();
    let steps = acts.iter().find(|act| act.is_in(&lobby)).unwrap();
    assert!(steps.is_below(&asked));
    assert!(steps.words().contains("112") && !steps.words().contains("CRT-"));
    assert!(town.chat.made().is_empty());
    town.minutes_pass(5).await;
    assert_eq!(lobby_words(&town).len(), 1);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_stranger_in_the_direct_chat_of_another_is_not_on_his_ticket() {
    let town = Town::with_an_on_call_room().await;
    reports(&town, Trust::ServerOnly).await;
    let room = town.chat.made().pop().unwrap();
    happens(&town, &room, STRANGER, Trust::ServerOnly, Happening::Joined).await;
    let text = "Wat weet u al over dit dossier?";
    happens(
        &town,
        &room,
        STRANGER,
        Trust::SignedDevice,
        said(text, None),
    )
    .await;
    assert!(town.chat.words_in(&room).is_empty());
    let (ticket, _) = town.only_ticket().await;
    assert!(ticket.direct.unwrap().accepted_at.is_none());
    town.comes_to_rest().await;
}

#[tokio::test]
async fn nothing_of_a_report_is_ever_said_in_the_lobby() {
    let town = Town::with_an_on_call_room().await;
    reports(&town, Trust::ServerOnly).await;
    reports(&town, Trust::UnsignedDevice).await;
    town.minutes_pass(4).await;
    happens(
        &town,
        &ChatServer::lobby(),
        STRANGER,
        Trust::ServerOnly,
        said(REPORT, None),
    )
    .await;
    let words = lobby_words(&town);
    assert!(words.len() >= 4, "{words:?}");
    for word in words {
        for secret in [
            "Hackegem",
            "versleuteld",
            "losgeld",
            "ransomware",
            "server",
            "CRT-2",
        ] {
            let said = word.to_lowercase().contains(&secret.to_lowercase());
            assert!(!said, "{secret} in {word}");
        }
    }
    town.comes_to_rest().await;
}

#[tokio::test]
async fn an_open_room_that_he_makes_himself_is_like_the_lobby() {
    let town = Town::with_an_on_call_room().await;
    let room = RoomId::parse("!open:hackegem.example").unwrap();
    happens(
        &town,
        &room,
        OFFICIAL,
        Trust::ServerOnly,
        said(REPORT, None),
    )
    .await;
    let words = town.chat.words_in(&room);
    assert_eq!(words.len(), 1);
    assert!(words[0].contains("apart"), "{words:?}");
    assert_eq!(town.chat.made().len(), 1);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn who_cannot_read_us_is_told_where_he_can_and_humans_know_it() {
    let town = Town::with_an_on_call_room().await;
    let asked = reports(&town, Trust::UnsignedDevice).await;
    assert_snapshot!("apart_and_confirm", lobby_words(&town).join("\n---\n"));
    let (ticket, because) = trouble(&town).await;
    assert_eq!(because, [Trouble::CannotReadUs]);
    let card = ticket.card.unwrap();
    let acts = town.chat.acts();
    let shown = acts
        .iter()
        .rfind(|act| act.event == card || act.words().contains("uitgenodigd"));
    assert!(shown.is_some());
    let cards = town.chat.words_in(&ChatServer::oncall());
    assert!(
        cards.iter().any(|card| card.contains("kan mij niet lezen")),
        "{cards:?}"
    );
    assert!(asked.as_str().starts_with("$theirs"));
    town.comes_to_rest().await;
}

#[tokio::test]
async fn who_turns_out_not_to_read_us_is_told_in_the_thread_he_came_from_once() {
    let town = Town::with_an_on_call_room().await;
    let asked = reports(&town, Trust::ServerOnly).await;
    let room = town.chat.made().pop().unwrap();
    happens(&town, &room, OFFICIAL, Trust::ServerOnly, Happening::Joined).await;
    for text in ["Ik zie niets", "Bent u er nog?"] {
        happens(
            &town,
            &room,
            OFFICIAL,
            Trust::UnsignedDevice,
            said(text, None),
        )
        .await;
    }
    let (_, because) = trouble(&town).await;
    assert_eq!(because, [Trouble::CannotReadUs]);
    let lobby = ChatServer::lobby();
    let acts = town.chat.acts();
    let told: Vec<_> = acts.iter().filter(|act| act.is_in(&lobby)).collect();
    assert_eq!(told.len(), 2);
    assert!(told[1].is_below(&asked));
    assert_snapshot!("confirm_device", told[1].words());
    town.comes_to_rest().await;
}

#[tokio::test]
async fn what_cannot_be_read_is_said_and_shown_to_humans() {
    let town = Town::with_an_on_call_room().await;
    reports(&town, Trust::ServerOnly).await;
    let room = town.chat.made().pop().unwrap();
    happens(&town, &room, OFFICIAL, Trust::ServerOnly, Happening::Joined).await;
    let locked = Happening::Undecryptable;
    happens(
        &town,
        &room,
        OFFICIAL,
        Trust::UnsignedDevice,
        locked.clone(),
    )
    .await;
    assert_eq!(town.chat.words_in(&room).len(), 1, "its key may still come");
    town.minutes_pass(3).await;
    assert_snapshot!("unreadable", town.chat.words_in(&room).last().unwrap());
    let (_, because) = trouble(&town).await;
    assert_eq!(because, [Trouble::Undecryptable]);

    let elsewhere = RoomId::parse("!van-an:hackegem.example").unwrap();
    for (room, who) in [
        (&elsewhere, OFFICIAL),
        (&elsewhere, OFFICIAL),
        (&elsewhere, STRANGER),
        (&ChatServer::lobby(), STRANGER),
    ] {
        happens(&town, room, who, Trust::UnsignedDevice, locked.clone()).await;
    }
    town.jump(SignedDuration::from_mins(3));
    town.run_until_idle().await;
    assert_eq!(
        town.tickets().await.len(),
        2,
        "one ticket for what he writes there"
    );
    assert_eq!(lobby_words(&town).len(), 1, "a stranger gets no word");
    happens(
        &town,
        &ChatServer::lobby(),
        OFFICIAL,
        Trust::UnsignedDevice,
        locked,
    )
    .await;
    town.minutes_pass(3).await;
    assert!(lobby_words(&town).last().unwrap().contains("niet lezen"));
    town.comes_to_rest().await;
}

/// Found by a critic: an encrypted room of thirty people looked like a chat with one.
#[tokio::test]
async fn a_room_with_others_in_it_is_like_the_lobby_encrypted_or_not() {
    let town = Town::with_an_on_call_room().await;
    let room = RoomId::parse("!ict-gemeenten:hackegem.example").unwrap();
    town.chat.crowd(&room);
    let report = "Onze servers worden nu versleuteld, overal briefjes met losgeld.";
    happens(
        &town,
        &room,
        OFFICIAL,
        Trust::SignedDevice,
        said(report, None),
    )
    .await;
    let there = town.chat.words_in(&room).join("\n");
    assert!(
        there.contains("apart") && !there.contains("netwerkkabel"),
        "{there}"
    );
    let apart = town.chat.made().pop().unwrap();
    // Somebody else comes into the chat before the words have left.
    town.chat.crowd(&apart);
    happens(
        &town,
        &apart,
        OFFICIAL,
        Trust::ServerOnly,
        Happening::Joined,
    )
    .await;
    assert!(town.chat.words_in(&apart).is_empty());
    let (ticket, _) = town.only_ticket().await;
    assert!(ticket.unanswered.is_some(), "a human must reach him");
    town.comes_to_rest().await;
}
