//! The whole night on real servers: a report by mail, the card, the climb, the expert who takes it and
//! answers from an encrypted room, the reporter's answer in it.

use crate::matrix::night::{AN, CANARY, Night, words};
use crate::servers::command::tickets;
use crate::support::matrix_people::{Keys, Person};
use crate::support::servers::{Limits, Synapse, shared};
use eerstelijn::domain::chat::ids::{EventId, RoomId};
use matrix_sdk::RoomMemberships;
use serde_json::Value;
use std::time::Duration;

const REPORT: &str = "Goeienavond,\n\nmijn laptop KANARIEPIET is gestolen op de trein. Er staan dossiers van 300 burgers op, \
     hij is niet versleuteld.\n\nAn";
const LETTER: &str =
    "Dag An,\n\nblokkeer eerst de KANARIEBRIEF.\n!close staat hier als tekst.\n\nEls";

/// From the mail at night until the ticket's room is there; returns the card and the room.
async fn woken_and_taken(night: &Night<'_>) -> (EventId, RoomId) {
    night.an_mails("melding", "", REPORT);
    let first_help = night.an_receives(1).remove(0);
    assert!(
        first_help.text.contains("vanaf een ander toestel"),
        "{}",
        first_help.text
    );
    let card = night.card().await;
    let mentions = |who: &Person| {
        let (id, root) = (who.id(), card.clone());
        move |event: &Value| {
            let content = &event["content"];
            content["m.relates_to"]["event_id"] == root.as_str()
                && content["m.mentions"]["user_ids"][0] == id.as_str()
        }
    };
    night.els.reads(&night.oncall, mentions(&night.els)).await;
    night.bram.reads(&night.oncall, mentions(&night.bram)).await;
    night.els.say_in_thread(&night.oncall, &card, "!ack").await;
    night.reads(&night.els, &night.oncall, "is wakker").await;
    night.els.say_in_thread(&night.oncall, &card, "!take").await;
    night
        .reads(&night.els, &night.oncall, "op naam van Els Maes")
        .await;
    let room = night.els.accepts_an_invitation().await;
    (card, room)
}

/// Els answers from the room, and the reporter's answer arrives there.
async fn answered_from_the_room(night: &Night<'_>, room: &RoomId) {
    night.reads(&night.els, room, "op de trein").await;
    night.els.say(room, &format!("!reply {LETTER}")).await;
    let letter = night.an_receives(2).remove(1);
    assert_eq!(
        letter.text.trim_end(),
        format!("TLP:AMBER+STRICT\n\n{LETTER}")
    );
    assert_eq!(letter.in_reply_to[0].as_str(), "melding@hackegem.example");
    assert_eq!(letter.references[0].as_str(), "melding@hackegem.example");
    assert_eq!(
        letter.header("Auto-Submitted").next(),
        None,
        "a person wrote it"
    );
    night
        .reads(&night.els, room, "Verzonden naar de melder")
        .await;
    let id = letter.message_id.unwrap();
    let thread =
        format!("In-Reply-To: <{id}>\r\nReferences: <melding@hackegem.example> <{id}>\r\n");
    night.an_mails("antwoord", &thread, "Het was de KANARIETREIN van 17u12.");
    night.reads(&night.els, room, "KANARIETREIN").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expert_is_woken_takes_the_ticket_and_answers_from_its_room() {
    let Some(server) = shared() else { return };
    let Some(mut night) = Night::falls(server, "story").await else {
        return;
    };
    let (card, room) = woken_and_taken(&night).await;
    let there = night.els.room(&room);
    assert!(
        there
            .latest_encryption_state()
            .await
            .unwrap()
            .is_encrypted()
    );
    assert!(
        there.name().unwrap().starts_with("CRT-"),
        "the number and nothing else"
    );
    let members = there.members(RoomMemberships::ACTIVE).await.unwrap();
    assert_eq!(members.len(), 2, "Els and the bot");
    answered_from_the_room(&night, &room).await;

    // A colleague comes in; what the two say to each other never leaves.
    night.els.say(&room, "!hand bram").await;
    assert_eq!(night.bram.accepts_an_invitation().await, room);
    night.els.sees(&room, &night.bram.id()).await;
    let remark = night
        .els
        .say(&room, "wat denk je van deze KANARIETREIN?")
        .await;
    night.bram.reads_event(&room, &remark).await;
    night
        .bram
        .answer(&room, &remark, "typisch KANARIEHACKEGEM")
        .await;
    let recap = night.reads(&night.bram, &room, "Voor Bram Smet").await;
    night
        .bram
        .answer(&room, &recap, "KANARIEHACKEGEM alweer")
        .await;
    let hers = night
        .els
        .reads(&room, |event| {
            let words = words(event);
            words.starts_with("De melder") && words.contains("KANARIETREIN van 17u12")
        })
        .await;
    let hers = EventId::parse(hers["event_id"].as_str().unwrap()).unwrap();
    let draft = night
        .els
        .answer(&room, &hers, "Bel de NMBS, KANARIEBRIEF twee.")
        .await;
    night
        .els
        .reads(&room, |event| {
            let to = &event["content"]["m.relates_to"]["m.in_reply_to"]["event_id"];
            to == draft.as_str() && words(event).contains("nog niet verzonden")
        })
        .await;
    night.els.react(&room, &draft, "✅").await;
    let third = night.an_receives(3).remove(2);
    assert_eq!(
        third.text.trim_end(),
        "TLP:AMBER+STRICT\n\nBel de NMBS, KANARIEBRIEF twee."
    );
    night.bram.say(&room, "!close opgelost").await;
    night.reads(&night.bram, &room, "Afgesloten").await;
    let listed = tickets(&night.config);
    assert_eq!(listed[0]["state"], "closed", "{listed:?}");
    let mails = night.an_receives(3);
    assert!(
        mails
            .iter()
            .all(|mail| !mail.text.contains("KANARIEHACKEGEM")),
        "{AN}"
    );
    night.reads(&night.els, &night.oncall, "afgesloten").await;
    let room_of_all = night.els.history(&night.oncall).await;
    assert!(
        room_of_all
            .iter()
            .all(|event| !event.to_string().contains("KANARIE")),
        "{card}"
    );
    night.ends(&[CANARY, "KANARIETREIN", "KANARIEHACKEGEM", "KANARIEBRIEF"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_night_within_the_limits_that_a_homeserver_comes_with() {
    let Some(server) = Synapse::start(Limits::Default) else {
        return;
    };
    let Some(mut night) = Night::falls(&server, "limits").await else {
        return;
    };
    let (_, room) = woken_and_taken(&night).await;
    answered_from_the_room(&night, &room).await;
    night.ends(&[CANARY, "KANARIETREIN", "KANARIEBRIEF"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_homeserver_that_is_away_in_the_middle_loses_and_doubles_nothing() {
    let Some(server) = Synapse::start(Limits::Raised) else {
        return;
    };
    let Some(mut night) = Night::falls(&server, "outage").await else {
        return;
    };
    server.stop();
    night.an_mails("melding", "", REPORT);
    night.an_receives(1);
    night.first_help_is_on_record();
    minutes_pass(1).await;
    night.power_cut();
    server.start_again();
    let card = night.card().await;
    night.els.say_in_thread(&night.oncall, &card, "!take").await;
    let room = night.els.accepts_an_invitation().await;
    night.reads(&night.els, &room, "op de trein").await;
    night.els.say(&room, "!reply KANARIEBRIEF een").await;
    night.an_receives(2);
    // A cut between the server's yes and our note of it would send the same mail twice.
    night
        .reads(&night.els, &room, "Verzonden naar de melder")
        .await;
    server.stop();
    night.an_mails(
        "meer",
        "In-Reply-To: <melding@hackegem.example>\r\n",
        "Nog iets: KANARIETREIN.",
    );
    night.power_cut();
    server.start_again();
    night.reads(&night.els, &room, "KANARIETREIN").await;
    night.els.say(&room, "!close opgelost").await;
    night.reads(&night.els, &room, "Afgesloten").await;
    night.an_receives(2);
    let once = |events: &[Value], wanted: &str| {
        let found = events.iter().filter(|event| words(event).contains(wanted));
        found
            .filter(|event| event["content"].get("m.new_content").is_none())
            .count()
    };
    let said = night.els.history(&room).await;
    assert_eq!(once(&said, "op de trein"), 1);
    assert_eq!(once(&said, "Nog iets: KANARIETREIN"), 1);
    let oncall = night.els.history(&night.oncall).await;
    let cards = oncall
        .iter()
        .filter(|event| words(event).contains("gemeld om"));
    let cards = cards.filter(|event| event["content"].get("m.new_content").is_none());
    assert_eq!(cards.count(), 1, "one card");
    night.ends(&[CANARY, "KANARIETREIN", "KANARIEBRIEF"]);
}

/// Real minutes, in which nothing but waiting happens.
async fn minutes_pass(minutes: u64) {
    let never = std::future::pending::<()>();
    let waited = tokio::time::timeout(Duration::from_mins(minutes), never).await;
    assert!(waited.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_official_is_moved_out_of_the_lobby_and_helped() {
    let Some(server) = shared() else { return };
    let Some(mut night) = Night::falls(server, "lobby").await else {
        return;
    };
    let official = &night.official;
    let hello = official
        .say(&night.lobby, "goeiemorgen allemaal, lekker weer")
        .await;
    let question =
        "Hoe organiseren wij het best onze back-ups, en hoe vaak moeten we een hersteltest doen?";
    let asked = official.say(&night.lobby, question).await;
    let below = |root: &EventId, event: &Value| {
        event["content"]["m.relates_to"]["event_id"] == root.as_str()
            && event["sender"] != official.id().as_str()
    };
    let answer = official
        .reads(&night.lobby, |event| below(&asked, event))
        .await;
    assert!(
        words(&answer).to_lowercase().contains("back-up"),
        "{answer}"
    );

    let text = "Hulp! Onze servers worden nu versleuteld, overal KANARIEPIET briefjes met losgeld.";
    let report = official.say(&night.lobby, text).await;
    official
        .reads(&night.lobby, |event| below(&report, event))
        .await;
    let chat = official.accepts_an_invitation().await;
    let there = official.room(&chat);
    assert!(
        there
            .latest_encryption_state()
            .await
            .unwrap()
            .is_encrypted()
    );
    night.reads(official, &chat, "netwerkkabel").await;
    official
        .say(&chat, "De back-ups zijn ook versleuteld, KANARIETREIN.")
        .await;
    night
        .reads(&night.els, &night.oncall, "back-ups geraakt")
        .await;

    // A human takes over in the same chat.
    let card = night.card().await;
    night.els.say_in_thread(&night.oncall, &card, "!take").await;
    let room = night.els.accepts_an_invitation().await;
    night.reads(&night.els, &room, "KANARIETREIN").await;
    night
        .els
        .say(&room, "!reply Wij bellen u nu, KANARIEBRIEF.")
        .await;
    night.reads(official, &chat, "KANARIEBRIEF").await;
    official.say(&chat, "dank u, KANARIEDANK").await;
    night.reads(&night.els, &room, "KANARIEDANK").await;

    let lobby = official.history(&night.lobby).await;
    assert!(
        lobby.iter().all(|event| !below(&hello, event)),
        "silence on small talk"
    );
    let ours = lobby
        .iter()
        .filter(|event| event["type"] == "m.room.message");
    let ours: Vec<&Value> = ours
        .filter(|event| event["sender"] != official.id().as_str())
        .collect();
    assert_eq!(ours.len(), 2, "an answer and a word: {ours:?}");
    assert!(
        !words(ours[0]).contains("versleuteld"),
        "nothing of the report"
    );
    let held = ["KANARIETREIN", "KANARIEBRIEF", "KANARIEDANK"];
    assert!(
        server.database_holds(CANARY),
        "he wrote it in an open room himself"
    );
    night.ends(&held);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_official_for_whose_device_nobody_vouches_is_told_what_to_do() {
    let Some(server) = shared() else { return };
    let Some(mut night) = Night::falls_on(server, "unsigned", Keys::None).await else {
        return;
    };
    let official = &night.official;
    official
        .say(
            &night.lobby,
            "Onze servers worden nu versleuteld, overal briefjes met losgeld.",
        )
        .await;
    let chat = official.accepts_an_invitation().await;
    official
        .say(&chat, "bent u daar? de servers liggen plat")
        .await;
    night.reads(official, &night.lobby, "toestel").await;
    night
        .reads(&night.els, &night.oncall, "kan mij niet lezen")
        .await;
    night.ends(&[]);
}
