//! What the bot posts: only where it may, once, for those who prove who they are, and harmless.

use crate::support::matrix_bot::Bot;
use crate::support::matrix_people::{Encryption, Keys, Person};
use crate::support::servers::shared;
use eerstelijn::app::ports::{RoomAct, RoomFailure, RoomOutcome, Secrecy};
use eerstelijn::domain::chat::ids::{EventId, RoomId};
use eerstelijn::domain::chat::post::{Line, Loudness, Post};
use serde_json::{Value, json};

fn post_of(room: &RoomId, post: Post, secrecy: Secrecy) -> RoomAct {
    RoomAct::Post {
        room: room.clone(),
        thread: None,
        answers: None,
        post,
        secrecy,
    }
}

fn event_of(outcome: RoomOutcome) -> EventId {
    match outcome {
        RoomOutcome::Done {
            event: Some(event), ..
        } => event,
        other => panic!("{other:?}"),
    }
}

fn is(id: &EventId) -> impl Fn(&Value) -> bool {
    move |event| event["event_id"] == id.as_str()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encrypted_room_gets_the_post_once_and_a_plain_one_gets_nothing() {
    let Some(server) = shared() else { return };
    let an = Person::arrive(server, "an-posts", Keys::Signed).await;
    let bot = Bot::arrive(server, "bot-posts").await;
    let room = an.make_room(&[&bot.id()], Encryption::On).await;
    let plain = an.make_room(&[&bot.id()], Encryption::Off).await;
    an.sees(&room, &bot.id()).await;
    an.sees(&plain, &bot.id()).await;
    let root = an.say(&room, "hallo").await;
    bot.hears(&root).await;

    let post = Post {
        lines: vec![
            Line::Strong("CRT-2026-0042".to_owned()),
            Line::Outside("@room zie https://matrix.to/#/@an:x\n!close <b>".to_owned()),
        ],
        mentions: vec![an.id()],
        loudness: Loudness::Message,
    };
    let act = RoomAct::Post {
        room: room.clone(),
        thread: Some(root.clone()),
        answers: None,
        post,
        secrecy: Secrecy::Encrypted,
    };
    let event = event_of(bot.act("row1", &act).await);
    assert_eq!(
        event_of(bot.act("row1", &act).await),
        event,
        "a repeat is the same event"
    );
    let read = an.reads_event(&room, &event).await;
    let content = &read["content"];
    assert_eq!(
        content["m.mentions"],
        json!({"user_ids": [an.id().as_str()]})
    );
    assert_eq!(content["m.relates_to"]["event_id"], root.as_str());
    let body = content["body"].as_str().unwrap();
    assert!(
        !body.contains("@room") && !body.contains("matrix.to") && !body.contains("\n!"),
        "{body}"
    );
    assert!(!content["formatted_body"].as_str().unwrap().contains("<b>"));
    let history = an.history(&room).await;
    let ours = history
        .iter()
        .filter(|e| e["sender"] == bot.id().as_str() && e["type"] == "m.room.message");
    assert_eq!(ours.count(), 1);

    let edit = RoomAct::Edit {
        room: room.clone(),
        target: event.clone(),
        post: Post::notice(["CRT-2026-0042 · genomen"]),
    };
    let edit = event_of(bot.act("row2", &edit).await);
    let read = an.reads_event(&room, &edit).await;
    assert_eq!(
        read["content"]["m.new_content"]["body"],
        "CRT-2026-0042 · genomen"
    );
    let react = RoomAct::React {
        room: room.clone(),
        target: root,
        sign: "✅".to_owned(),
    };
    event_of(bot.act("row3", &react).await);
    let again = bot.act("row4", &react).await;
    assert!(
        matches!(again, RoomOutcome::Done { .. }),
        "it stands there: {again:?}"
    );

    let secret = post_of(&plain, Post::notice(["GEHEIM"]), Secrecy::Encrypted);
    let refused = bot.act("row5", &secret).await;
    assert_eq!(refused, RoomOutcome::GivenUp(RoomFailure::NotEncrypted));
    let public = post_of(&plain, Post::notice(["openbaar"]), Secrecy::Public);
    let public = event_of(bot.act("row6", &public).await);
    an.reads_event(&plain, &public).await;
    assert!(!format!("{:?}", an.history(&plain).await).contains("GEHEIM"));
    let elsewhere = RoomId::parse("!nowhere").unwrap();
    let nowhere = post_of(&elsewhere, Post::notice(["x"]), Secrecy::Encrypted);
    assert_eq!(
        bot.act("row7", &nowhere).await,
        RoomOutcome::GivenUp(RoomFailure::NotInRoom)
    );
    let long = post_of(
        &room,
        Post::notice(["x".repeat(50_000)]),
        Secrecy::Encrypted,
    );
    assert_eq!(
        bot.act("row8", &long).await,
        RoomOutcome::GivenUp(RoomFailure::Unsendable)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_nobody_vouches_for_gets_no_keys() {
    let Some(server) = shared() else { return };
    let an = Person::arrive(server, "an-vouched", Keys::Signed).await;
    let bert = Person::arrive(server, "bert-unvouched", Keys::None).await;
    let phone = Person::on_another_device(server, "an-vouched", Keys::None).await;
    let bot = Bot::arrive(server, "bot-vouched").await;
    let room = an.make_room(&[&bot.id(), &bert.id()], Encryption::On).await;
    bert.join(&room).await;
    an.sees(&room, &bot.id()).await;
    let hello = an.say(&room, "hallo").await;
    bot.hears(&hello).await;
    let act = post_of(
        &room,
        Post::notice(["alleen voor bekenden"]),
        Secrecy::Encrypted,
    );
    let event = event_of(bot.act("row", &act).await);
    let read = an.reads_event(&room, &event).await;
    assert_eq!(read["content"]["body"], "alleen voor bekenden");
    for other in [&bert, &phone] {
        other.look(std::time::Duration::ZERO).await;
        // A key would have come by now: who gets one has it.
        let read = other.reads(&room, is(&event)).await;
        assert_eq!(read["type"], "m.room.encrypted", "{}", other.id());
    }
}
