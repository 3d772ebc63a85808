//! Who may invite us, with real invitations.

use crate::support::matrix_bot::Bot;
use crate::support::matrix_people::{Encryption, Keys, Person};
use crate::support::servers::shared;
use eerstelijn::adapters::matrix::settings::Inviters;
use matrix_sdk::RoomMemberships;
use matrix_sdk::ruma::api::client::room::create_room;
use matrix_sdk::ruma::assign;
use matrix_sdk::ruma::serde::Raw;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn an_official_s_invitation_is_accepted_and_a_stranger_s_turned_down() {
    let Some(server) = shared() else { return };
    let official = Person::arrive(server, "official-inviting", Keys::None).await;
    let stranger = Person::arrive(server, "stranger-inviting", Keys::None).await;
    server.register("bot-inviting").await;
    let mut bot = Bot::new(server, "bot-inviting");
    bot.settings.inviters = Inviters {
        officials: vec![official.id()],
        trusted_servers: Vec::new(),
    };
    bot.log_in().await.unwrap();
    // Both while nobody looks, and once more while the bot runs.
    for _ in 0..2 {
        let bad = stranger.make_room(&[&bot.id()], Encryption::On).await;
        let good = official.make_room(&[&bot.id()], Encryption::On).await;
        if bot.is_stopped() {
            bot.start().await;
        }
        official.sees(&good, &bot.id()).await;
        stranger
            .until("the invitation is turned down", async || {
                let room = stranger.room(&bad);
                let members = room.members(RoomMemberships::LEAVE).await.ok()?;
                let left = members
                    .iter()
                    .any(|m| m.user_id().as_str() == bot.id().as_str());
                left.then_some(())
            })
            .await;
    }
}

/// A room says itself which room it follows, and its maker may name any. Turning such an invitation down must not
/// cost us the other room.
#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_s_invitation_takes_us_out_of_no_other_room() {
    let Some(server) = shared() else { return };
    let official = Person::arrive(server, "official-following", Keys::None).await;
    let stranger = Person::arrive(server, "stranger-following", Keys::None).await;
    server.register("bot-following").await;
    let mut bot = Bot::new(server, "bot-following");
    bot.settings.inviters = Inviters {
        officials: vec![official.id()],
        trusted_servers: Vec::new(),
    };
    bot.log_in().await.unwrap();
    bot.start().await;
    let lobby = official.make_room(&[&bot.id()], Encryption::Off).await;
    official.sees(&lobby, &bot.id()).await;
    let invite = vec![bot.id().as_str().try_into().unwrap()];
    let creation = json!({"predecessor": {"room_id": lobby.as_str(), "event_id": "$any"}});
    let request = assign!(create_room::v3::Request::new(), {
        creation_content: Some(Raw::from_json_string(creation.to_string()).unwrap()),
        invite, preset: Some(create_room::v3::RoomPreset::PrivateChat),
    });
    let bad = stranger.client.create_room(request).await.unwrap();
    stranger
        .until("the invitation is turned down", async || {
            let members = bad.members(RoomMemberships::LEAVE).await.ok()?;
            let left = members
                .iter()
                .any(|m| m.user_id().as_str() == bot.id().as_str());
            left.then_some(())
        })
        .await;
    // What it does next it does in the lobby.
    let said = official.say(&lobby, "bent u daar?").await;
    official
        .until("the bot hears it", async || bot.ledger.find(&said))
        .await;
    let members = official.room(&lobby).members(RoomMemberships::JOIN).await;
    let there = members.unwrap();
    assert!(
        there
            .iter()
            .any(|m| m.user_id().as_str() == bot.id().as_str())
    );
}
