//! Rooms of ours: made once, closed to everybody else, and who is in them is ours to say.

use crate::support::matrix_bot::Bot;
use crate::support::matrix_people::{Encryption, Keys, Person};
use crate::support::servers::shared;
use eerstelijn::adapters::matrix::probe::{RoomStanding, probe};
use eerstelijn::app::ports::{RoomAct, RoomOutcome, RoomPurpose};
use eerstelijn::domain::chat::ids::RoomId;
use matrix_sdk::RoomState;
use serde_json::Value;

fn room_of(outcome: RoomOutcome) -> RoomId {
    match outcome {
        RoomOutcome::Done {
            room: Some(room), ..
        } => room,
        other => panic!("{other:?}"),
    }
}

/// A piece of a room's state, as somebody in it sees it.
async fn state(person: &Person, room: &RoomId, kind: &str) -> Value {
    let kind = matrix_sdk::ruma::events::StateEventType::from(kind);
    let state = person.room(room).get_state_event(kind, "").await.unwrap();
    let raw = match state.unwrap() {
        matrix_sdk::deserialized_responses::RawAnySyncOrStrippedState::Sync(raw) => raw,
        other @ matrix_sdk::deserialized_responses::RawAnySyncOrStrippedState::Stripped(_) => {
            panic!("{other:?}")
        }
    };
    raw.get_field::<Value>("content").unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_made_once_and_only_the_invited_come_in() {
    let Some(server) = shared() else { return };
    let an = Person::arrive(server, "an-rooms", Keys::Signed).await;
    let bert = Person::arrive(server, "bert-rooms", Keys::Signed).await;
    let mut bot = Bot::arrive(server, "bot-rooms").await;
    let open = RoomAct::OpenRoom {
        name: Some("CRT-2026-0042".to_owned()),
        invite: vec![an.id()],
        purpose: RoomPurpose::Ticket,
    };
    let room = room_of(bot.act("order1", &open).await);
    assert_eq!(room_of(bot.act("order1", &open).await), room);
    // After a crash nothing on our side knows; the homeserver does.
    bot.stop().await;
    bot.start().await;
    assert_eq!(room_of(bot.act("order1", &open).await), room);
    assert_ne!(
        room_of(bot.act("order2", &open).await),
        room,
        "another order, another room"
    );

    an.look(std::time::Duration::ZERO).await;
    an.join(&room).await;
    assert_eq!(
        state(&an, &room, "m.room.name").await["name"],
        "CRT-2026-0042"
    );
    assert_eq!(
        state(&an, &room, "m.room.history_visibility").await["history_visibility"],
        "joined"
    );
    assert_eq!(
        state(&an, &room, "m.room.guest_access").await["guest_access"],
        "forbidden"
    );
    assert_eq!(
        state(&an, &room, "m.room.join_rules").await["join_rule"],
        "invite"
    );
    assert_eq!(
        state(&an, &room, "m.room.create").await["m.federate"],
        false
    );
    assert!(
        an.room(&room)
            .latest_encryption_state()
            .await
            .unwrap()
            .is_encrypted()
    );
    let id = <&matrix_sdk::ruma::RoomId>::try_from(room.as_str()).unwrap();
    assert!(
        bert.client.join_room_by_id(id).await.is_err(),
        "not invited"
    );
    let bert_id =
        <&matrix_sdk::ruma::UserId>::try_from(bert.client.user_id().unwrap().as_str()).unwrap();
    assert!(
        an.room(&room).invite_user_by_id(bert_id).await.is_err(),
        "only we invite"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_in_a_room_is_ours_to_say_and_saying_it_twice_changes_nothing() {
    let Some(server) = shared() else { return };
    let an = Person::arrive(server, "an-members", Keys::Signed).await;
    let bert = Person::arrive(server, "bert-members", Keys::Signed).await;
    let bot = Bot::arrive(server, "bot-members").await;
    let open = RoomAct::OpenRoom {
        name: None,
        invite: vec![an.id()],
        purpose: RoomPurpose::Ticket,
    };
    let room = room_of(bot.act("order", &open).await);
    let (user, invited) = (bert.id(), room.clone());
    let invite = RoomAct::Invite {
        room: invited,
        user,
    };
    for id in ["invite1", "invite2"] {
        assert!(matches!(
            bot.act(id, &invite).await,
            RoomOutcome::Done { .. }
        ));
    }
    bert.join(&room).await;
    assert!(matches!(
        bot.act("invite3", &invite).await,
        RoomOutcome::Done { .. }
    ));
    let remove = RoomAct::Remove {
        room: room.clone(),
        user: bert.id(),
    };
    for id in ["remove1", "remove2"] {
        assert!(matches!(
            bot.act(id, &remove).await,
            RoomOutcome::Done { .. }
        ));
    }
    bert.until("being put out", async || {
        (bert.room(&room).state() == RoomState::Left).then_some(())
    })
    .await;
    let lobby = an.make_room(&[&bot.id()], Encryption::Off).await;
    let join = RoomAct::Join {
        room: lobby.clone(),
    };
    for id in ["join1", "join2"] {
        assert!(matches!(bot.act(id, &join).await, RoomOutcome::Done { .. }));
    }
    let nowhere = RoomId::parse("!nowhere").unwrap();
    let found = probe(&bot.settings, None, &[room.clone(), lobby, nowhere])
        .await
        .unwrap();
    assert_eq!(
        found.rooms,
        [
            RoomStanding::Encrypted,
            RoomStanding::Plain,
            RoomStanding::NotJoined
        ]
    );
    let leave = RoomAct::Leave { room };
    for id in ["leave1", "leave2"] {
        assert!(matches!(
            bot.act(id, &leave).await,
            RoomOutcome::Done { .. }
        ));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_chat_has_no_name_and_may_reach_another_server() {
    let Some(server) = shared() else { return };
    let an = Person::arrive(server, "an-direct", Keys::Signed).await;
    let bot = Bot::arrive(server, "bot-direct").await;
    let open = RoomAct::OpenRoom {
        name: None,
        invite: vec![an.id()],
        purpose: RoomPurpose::Direct,
    };
    let room = room_of(bot.act("direct", &open).await);
    an.until("the invitation", async || {
        an.client.invited_rooms().first().map(|_| ())
    })
    .await;
    assert!(an.room(&room).is_direct().await.unwrap());
    an.join(&room).await;
    assert_ne!(
        state(&an, &room, "m.room.create").await["m.federate"],
        false
    );
    assert!(an.room(&room).name().is_none());
}
