//! Who may invite us, with real invitations.

use crate::support::matrix_bot::Bot;
use crate::support::matrix_people::{Encryption, Keys, Person};
use crate::support::servers::shared;
use eerstelijn::adapters::matrix::settings::Inviters;
use matrix_sdk::RoomMemberships;

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
