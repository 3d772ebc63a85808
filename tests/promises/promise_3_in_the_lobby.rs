//! Promise 3 in the lobby: a question that a memo answers is answered in its thread; to all else the bot is
//! silent, because a wrong answer among many people is worse than none.

use crate::support::chat_server::{ChatServer, ELS, OFFICIAL, said};
use crate::support::town::Town;
use eerstelijn::app::ports::{RoomAct, Secrecy};
use eerstelijn::domain::chat::incoming::{Happening, Said};
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::ticket::decide::Mode;
use insta::assert_snapshot;

const QUESTION: &str = "Hebben wij een SIEM nodig?";
const STRANGER: &str = "@iemand:elders.example";

#[tokio::test]
async fn a_question_is_answered_in_its_thread() {
    let town = Town::with_an_on_call_room().await;
    let lobby = ChatServer::lobby();
    let asked = town
        .in_room(&lobby, OFFICIAL, Trust::ServerOnly, said(QUESTION, None))
        .await;
    let acts = town.chat.acts();
    assert_eq!(acts.len(), 1);
    assert!(acts[0].is_below(&asked));
    let RoomAct::Post { secrecy, .. } = &acts[0].act else {
        panic!("a message")
    };
    assert_eq!(*secrecy, Secrecy::Public);
    assert_snapshot!("answer", acts[0].words());
    assert!(town.tickets().await.is_empty());
    // An edit is not answered again, and neither is the same question in another thread.
    let edited = Happening::Said(Said {
        text: "Hebben wij een SIEM nodig? Graag vandaag.".to_owned(),
        thread: None,
        answers: None,
        replaces: Some(asked),
        mentions: Vec::new(),
    });
    town.in_room(&lobby, OFFICIAL, Trust::ServerOnly, edited)
        .await;
    town.in_room(&lobby, OFFICIAL, Trust::ServerOnly, said(QUESTION, None))
        .await;
    assert_eq!(town.chat.acts().len(), 1);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn small_talk_and_what_no_memo_is_about_get_silence() {
    let town = Town::with_an_on_call_room().await;
    for text in [
        "Goeiemorgen allemaal!",
        "Bedankt, tot straks",
        "Wie heeft er morgen tijd om te lunchen?",
        "Waar vind ik de parking voor de vergadering in Hackegem?",
        "Heeft iemand een goede leverancier voor printers?",
        "Wie komt er naar de vergadering over wachtwoorden van vorige week?",
        "Kan iemand mij de presentatie over phishing doorsturen?",
        "Schrijf mij in op de nieuwsbrief aub",
    ] {
        let lobby = ChatServer::lobby();
        town.in_room(&lobby, OFFICIAL, Trust::ServerOnly, said(text, None))
            .await;
        let words = town.chat.words_in(&lobby);
        assert!(words.is_empty(), "{text}: {words:?}");
        assert!(town.tickets().await.is_empty(), "{text}");
    }
    town.comes_to_rest().await;
}

#[tokio::test]
async fn the_team_and_strangers_are_not_answered_there() {
    let town = Town::with_an_on_call_room().await;
    let lobby = ChatServer::lobby();
    for (who, text) in [
        (ELS, QUESTION),
        (ELS, "Onze servers zijn versleuteld!"),
        (ELS, "!help"),
        (STRANGER, QUESTION),
        (STRANGER, "!help"),
    ] {
        town.in_room(&lobby, who, Trust::SignedDevice, said(text, None))
            .await;
    }
    assert!(town.chat.acts().is_empty() && town.tickets().await.is_empty());
    town.comes_to_rest().await;
}

#[tokio::test]
async fn where_answers_need_approval_the_lobby_gets_none() {
    let town = Town::with_rooms(|settings| settings.mode = Mode::Approve).await;
    let lobby = ChatServer::lobby();
    town.in_room(&lobby, OFFICIAL, Trust::ServerOnly, said(QUESTION, None))
        .await;
    assert!(town.chat.acts().is_empty() && town.tickets().await.is_empty());
    town.comes_to_rest().await;
}
