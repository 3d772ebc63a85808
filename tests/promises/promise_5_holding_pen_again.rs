//! Promise 5, in the holding pen: what goes wrong on the way to reading a message. Nobody ends at a closed door, nobody
//! reads another message than he came for, and no room with it is left behind.

use crate::promises::promise_5_holding_pen::{
    els_asks, els_comes, els_is, els_once, reads, waiting,
};
use crate::support::chat_server::{ChatServer, ELS, said};
use crate::support::town::{Town, survives};
use eerstelijn::app::faults::CrashPoint;
use eerstelijn::app::ports::RoomAct;
use eerstelijn::domain::chat::ids::EventId;
use eerstelijn::domain::chat::incoming::Happening;
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::ids::TicketId;
use eerstelijn::domain::ticket::state::{Ticket, TicketState};

async fn asks(town: &Town, card: &EventId) -> String {
    els_asks(town, Trust::SignedDevice, card).await
}

/// Another message waits: its id, its card.
async fn another_waits(town: &Town, first: &TicketId) -> (TicketId, EventId) {
    let number = town.ticket(first).await.0.possibly.unwrap();
    let mail = format!(
        "Return-Path: <buur@elders.example>\r\nFrom: Een buur <buur@elders.example>\r\nTo: crt@crt.example\r\n\
         Subject: [{number}]\r\nMessage-ID: <buur@elders.example>\r\nDate: Mon, 23 Nov 2026 21:40:00 +0100\r\n\r\n\
         Ik zag een man met een laptop. BUURWOORD\r\n"
    );
    town.deliver_raw(mail.into_bytes()).await;
    town.run_until_idle().await;
    let tickets = town.tickets().await;
    let mut held = tickets.iter().filter(|one| one.state == TicketState::Held);
    let id = held.find(|one| &one.id != first).unwrap().id.clone();
    let card = town.ticket(&id).await.0.card.unwrap();
    (id, card)
}

#[tokio::test]
async fn who_turned_the_invitation_down_or_left_is_asked_in_again() {
    let (town, held, card) = waiting().await;
    let until = town.ticket(&held).await.0.held_until;
    asks(&town, &card).await;
    let first = town.chat.made().remove(0);
    els_is(&town, &first, Happening::Declined).await;
    assert_eq!(town.chat.left(), std::slice::from_ref(&first));
    els_comes(&town, &first).await;
    assert!(town.chat.words_in(&first).is_empty());

    let told = asks(&town, &card).await;
    assert!(told.starts_with("Ik nodig u uit"), "{told}");
    let second = town.chat.made().remove(1);
    els_comes(&town, &second).await;
    assert!(town.chat.words_in(&second)[0].contains("KANARIEWOORD"));
    els_is(&town, &second, Happening::Left).await;

    let told = asks(&town, &card).await;
    assert!(told.starts_with("Ik nodig u uit"), "{told}");
    let third = town.chat.made().remove(2);
    els_comes(&town, &third).await;
    assert!(town.chat.words_in(&third)[0].contains("KANARIEWOORD"));
    assert_eq!(reads(&town, &held).await, [els_once(), els_once()]);
    assert_eq!(town.chat.left(), [first, second]);

    // The wait is what it was.
    assert_eq!(town.ticket(&held).await.0.held_until, until);
    town.minutes_pass(15).await;
    let (ticket, _) = town.ticket(&held).await;
    assert!(ticket.number.is_some(), "a ticket of its own, in time");
    assert_eq!(town.chat.left().last(), Some(&third));
    town.comes_to_rest().await;
}

/// Her client never showed it, or we never heard that she turned it down.
#[tokio::test]
async fn who_has_not_come_is_invited_once_more_into_the_same_room() {
    let (town, _, card) = waiting().await;
    asks(&town, &card).await;
    let room = town.chat.made().remove(0);
    asks(&town, &card).await;
    assert_eq!(town.chat.made(), std::slice::from_ref(&room));
    let invites = |act: &RoomAct| matches!(act, RoomAct::Invite { room: place, user } if *place == room && user.as_str() == ELS);
    assert!(town.chat.acts().iter().any(|acted| invites(&acted.act)));
    // Nobody decides, and nobody is left with an invitation into an empty room.
    town.minutes_pass(15).await;
    let acts = town.chat.acts();
    let ours = acts.iter().rev().filter(
        |acted| matches!(&acted.act, RoomAct::Remove { room: place, .. } | RoomAct::Leave { room: place } if *place == room),
    );
    let ours: Vec<&RoomAct> = ours.map(|acted| &acted.act).collect();
    assert!(
        matches!(ours[..], [RoomAct::Leave { .. }, RoomAct::Remove { .. }]),
        "{ours:?}"
    );
    els_comes(&town, &room).await;
    assert!(town.chat.words_in(&room).is_empty());
    town.comes_to_rest().await;
}

/// She asked for two. Of the first the room is there, and the process died before that was on record: she comes in, and
/// nobody can know yet for which.
#[tokio::test]
async fn who_is_quicker_than_the_record_reads_what_she_came_for() {
    for comes in [true, false] {
        let (mut town, one, one_card) = waiting().await;
        let (two, two_card) = another_waits(&town, &one).await;
        town.chat.makes_no_rooms(true);
        asks(&town, &one_card).await;
        asks(&town, &two_card).await;
        town.chat.makes_no_rooms(false);
        town.jump(jiff::SignedDuration::from_secs(10));
        town.dies_at(CrashPoint::Accepted);
        assert!(!survives(town.run_until_idle()).await);
        let room = town.chat.made().remove(0);
        town.restarts().await;
        let what = if comes {
            Happening::Joined
        } else {
            Happening::Declined
        };
        els_is(&town, &room, what).await;
        let other = town.chat.made().remove(1);
        let (first, second) = match town.ticket(&one).await.0.work.readers.all() {
            [reader] if reader.room.as_ref() == Some(&other) => (&two, &one),
            _ => (&one, &two),
        };
        assert!(
            reads(&town, second).await.is_empty(),
            "she isn't in that room"
        );
        assert!(town.chat.words_in(&other).is_empty());
        if comes {
            let word = if first == &one {
                "KANARIEWOORD"
            } else {
                "BUURWOORD"
            };
            let shown = town.chat.words_in(&room);
            assert_eq!(shown.len(), 1, "{shown:?}");
            assert!(shown[0].contains(word), "{shown:?}");
            assert_eq!(reads(&town, first).await, [els_once()]);
        } else {
            assert_eq!(town.chat.left(), [room], "she turned it down");
        }
        els_comes(&town, &other).await;
        assert_eq!(town.chat.words_in(&other).len(), 1);
        assert_eq!(reads(&town, second).await, [els_once()]);
        town.comes_to_rest().await;
    }
}

#[tokio::test]
async fn a_chat_that_comes_too_late_is_left_or_never_made() {
    let (town, held, card) = waiting().await;
    town.chat.makes_no_rooms(true);
    asks(&town, &card).await;
    town.chat.makes_no_rooms(false);
    town.room_hears(ELS, Trust::SignedDevice, said("!drop", Some(&card)))
        .await;
    town.minutes_pass(1).await;
    assert_eq!(town.chat.made(), town.chat.left(), "it may have been there");
    assert!(reads(&town, &held).await.is_empty());

    let (_, card) = another_waits(&town, &held).await;
    let made = town.chat.made().len();
    town.room_hears(ELS, Trust::SignedDevice, said("!show\n!new", Some(&card)))
        .await;
    assert_eq!(town.chat.made().len(), made, "nothing waits any more");
    town.comes_to_rest().await;
}

#[tokio::test]
async fn who_asked_is_told_when_it_can_not_be_shown_and_asks_again() {
    let (town, held, card) = waiting().await;
    let told = || {
        let acts = town.chat.acts().into_iter();
        acts.filter(|act| act.is_below(&card) && act.words().contains("is mislukt"))
            .map(|act| act.mentions())
            .collect::<Vec<_>>()
    };
    town.chat.refuses_rooms(true);
    asks(&town, &card).await;
    assert_eq!(told(), [[ELS]]);
    town.chat.refuses_rooms(false);
    asks(&town, &card).await;
    let room = town.chat.made().remove(0);
    town.chat.crowd(&room);
    els_comes(&town, &room).await;
    assert_eq!(told(), [[ELS], [ELS]], "others are in the room");
    assert_eq!(town.chat.left(), [room]);
    asks(&town, &card).await;
    els_comes(&town, &town.chat.made()[1]).await;
    assert_eq!(reads(&town, &held).await.last(), Some(&els_once()));
    assert!(
        !town
            .chat
            .words_in(&ChatServer::oncall())
            .iter()
            .any(|words| words.contains("KANARIEWOORD"))
    );
    town.comes_to_rest().await;
}

/// The same person writes twice, and both are read before anybody looks: which belongs where may differ.
#[tokio::test]
async fn two_messages_of_one_sender_at_the_same_moment_wait_each_on_its_own() {
    let (town, held, _) = waiting().await;
    let number = town.ticket(&held).await.0.possibly.unwrap();
    let mail = |id: &str, text: &str| {
        format!(
            "Return-Path: <buur@elders.example>\r\nFrom: Een buur <buur@elders.example>\r\nTo: crt@crt.example\r\n\
             Subject: [{number}]\r\nMessage-ID: <{id}@elders.example>\r\n\
             Date: Mon, 23 Nov 2026 21:40:00 +0100\r\n\r\n{text}\r\n"
        )
    };
    for (id, text) in [
        ("een", "Ik zag een man met een laptop."),
        ("twee", "Ik vond ook een badge."),
    ] {
        town.deliver_raw(mail(id, text).into_bytes()).await;
    }
    town.run_until_idle().await;
    let tickets = town.tickets().await;
    let mut two = Vec::new();
    for ticket in tickets
        .iter()
        .filter(|one| one.state == TicketState::Held && one.id != held)
    {
        two.push(town.ticket(&ticket.id).await.0);
    }
    let [one, other] = &two[..] else {
        panic!("{} wait", two.len())
    };
    let text = |ticket: &Ticket| ticket.latest_message.as_ref().unwrap().text.clone();
    assert_ne!(text(one), text(other));
    assert_ne!(one.card, other.card);
    // Deciding on one leaves the other where it is.
    let card = one.card.as_ref();
    town.room_hears(ELS, Trust::SignedDevice, said("!drop", card))
        .await;
    assert_eq!(town.ticket(&one.id).await.0.state(), TicketState::Closed);
    assert_eq!(town.ticket(&other.id).await.0.state(), TicketState::Held);
    town.minutes_pass(15).await;
    let (other, _) = town.ticket(&other.id).await;
    assert!(other.number.is_some(), "a ticket of its own");
    town.comes_to_rest().await;
}
