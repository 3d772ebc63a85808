//! Reading what waits in the holding pen, on a real homeserver: the invitation, the room, and what is left of it.

use crate::matrix::night::{CRT, Night, words};
use crate::servers::command::tickets;
use crate::support::matrix_people::{Keys, Person};
use crate::support::servers::{Mail, shared};
use eerstelijn::domain::chat::ids::{EventId, RoomId};
use matrix_sdk::ruma;
use matrix_sdk::ruma::api::client::membership::joined_rooms;
use matrix_sdk::ruma::api::client::state::get_state_events;
use matrix_sdk::ruma::events::StateEventType;
use serde_json::Value;

/// Somebody who isn't on the ticket names it; returns the card of what then waits.
async fn somebody_names_it(night: &Night<'_>) -> EventId {
    night.an_mails(
        "melding",
        "",
        "Goeiedag,\n\nik kreeg een vreemde mail en klikte niet.\n\nAn",
    );
    night.card().await;
    let listed = tickets(&night.config);
    let number = listed[0]["number"].as_str().unwrap();
    let mail = format!(
        "From: Een vinder <vinder@elders.example>\nTo: {CRT}\nSubject: Re: [{number}]\n\
         Message-ID: <vinder@elders.example>\nMIME-Version: 1.0\n\
         Content-Type: text/plain; charset=utf-8\n\nIk kreeg dezelfde mail, KANARIEVINDER.\n"
    );
    night
        .mail
        .send(&Mail::new("vinder@elders.example", CRT, &mail));
    let waits = |event: &Value| {
        let is_edit = event["content"].get("m.new_content").is_some();
        !is_edit && words(event).contains("wachtkamer")
    };
    let card = night.els.reads(&night.oncall, waits).await;
    EventId::parse(card["event_id"].as_str().unwrap()).unwrap()
}

fn id(room: &RoomId) -> ruma::OwnedRoomId {
    room.as_str().try_into().unwrap()
}

/// Waits until the bot's own account is no longer in a room.
async fn the_bot_is_gone(account: &Person, room: &RoomId) {
    let gone = async || {
        let rooms = account.client.send(joined_rooms::v3::Request::new()).await;
        (!rooms.unwrap().joined_rooms.contains(&id(room))).then_some(())
    };
    account.until("the bot leaves", gone).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_read_apart_after_an_invitation_was_turned_down() {
    let Some(server) = shared() else { return };
    let Some(mut night) = Night::falls(server, "reading").await else {
        return;
    };
    let account = Person::on_another_device(server, "bot-reading", Keys::None).await;
    let card = somebody_names_it(&night).await;
    let els = &night.els;
    els.say_in_thread(&night.oncall, &card, "!show").await;
    let invited = async || els.client.invited_rooms().into_iter().next();
    let invitation = els.until("an invitation", invited).await;
    let refused = RoomId::parse(invitation.room_id().as_str()).unwrap();
    invitation.leave().await.unwrap();
    the_bot_is_gone(&account, &refused).await;

    els.say_in_thread(&night.oncall, &card, "!show").await;
    let room = els.accepts_an_invitation().await;
    assert_ne!(room, refused);
    night.reads(els, &room, "KANARIEVINDER").await;
    let created = els.room(&room).create_content().unwrap();
    assert!(!created.federate, "what is read there stays on our server");
    assert!(els.room(&room).is_direct().await.unwrap());

    els.say_in_thread(&night.oncall, &card, "!drop").await;
    night.reads(els, &night.oncall, "Weggelegd").await;
    the_bot_is_gone(&account, &room).await;
    let forgotten = async || {
        let request = get_state_events::v3::Request::new(id(&room));
        account.client.send(request).await.is_err().then_some(())
    };
    account.until("the room is forgotten", forgotten).await;
    let kind = StateEventType::RoomEncryption;
    let state = els.room(&room).get_state_event(kind, "").await;
    assert!(state.unwrap().is_some(), "encrypted");
    night.ends(&["KANARIEVINDER"]);
}
