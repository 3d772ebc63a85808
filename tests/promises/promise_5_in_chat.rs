//! Promise 5 in chat: a stranger learns nothing, and nothing of a report is said among other people.

use crate::support::chat_server::{ChatServer, OFFICIAL, said};
use crate::support::town::Town;
use eerstelijn::domain::chat::ids::RoomId;
use eerstelijn::domain::chat::incoming::Happening;
use eerstelijn::domain::chat::trust::Trust;

const STRANGER: &str = "@iemand:elders.example";

#[tokio::test]
async fn a_stranger_in_a_chat_with_the_bot_gets_no_word() {
    let town = Town::with_an_on_call_room().await;
    let room = RoomId::parse("!vreemd:elders.example").unwrap();
    for text in [
        "Hallo?",
        "Wat is MFA?",
        "Onze servers zijn versleuteld!",
        "!help",
    ] {
        town.in_room(&room, STRANGER, Trust::SignedDevice, said(text, None))
            .await;
    }
    town.in_room(&room, STRANGER, Trust::ServerOnly, Happening::Joined)
        .await;
    assert!(town.chat.acts().is_empty() && town.tickets().await.is_empty());
    town.comes_to_rest().await;
}
