//! A homeserver that is away for a while, and what lies on its disk and ours.

use crate::support::matrix_bot::Bot;
use crate::support::matrix_people::{Encryption, Keys, Person};
use crate::support::servers::{Limits, Synapse, holds};
use eerstelijn::app::ports::{RoomAct, RoomFailure, RoomOutcome, Secrecy};
use eerstelijn::domain::chat::post::Post;
use std::path::Path;

#[tokio::test(flavor = "multi_thread")]
async fn a_homeserver_that_goes_away_loses_and_doubles_nothing_and_reads_nothing() {
    let Some(server) = Synapse::start(Limits::Raised) else {
        return;
    };
    let an = Person::arrive(&server, "an", Keys::Signed).await;
    let mut bot = Bot::arrive(&server, "bot").await;
    let room = an.make_room(&[&bot.id()], Encryption::On).await;
    an.sees(&room, &bot.id()).await;
    let first = an.say(&room, "KANARIEVOGEL een").await;
    bot.hears(&first).await;

    server.stop();
    let act = RoomAct::Post {
        room: room.clone(),
        thread: None,
        answers: None,
        post: Post::notice(["KANARIEVOGEL van ons"]),
        secrecy: Secrecy::Encrypted,
    };
    match bot.try_act("row", &act).await {
        RoomOutcome::Retry { failure, .. } => assert_eq!(failure, RoomFailure::Unreachable),
        other => panic!("{other:?}"),
    }
    // It may also be away when the bot starts.
    bot.stop().await;
    bot.start().await;
    let early = bot.try_act("row", &act).await;
    assert!(matches!(early, RoomOutcome::Retry { .. }), "{early:?}");
    server.start_again();
    let second = an.say(&room, "KANARIEVOGEL twee").await;
    bot.hears(&second).await;
    let sent = bot.act("row", &act).await;
    assert!(matches!(sent, RoomOutcome::Done { .. }), "{sent:?}");
    assert_eq!(bot.act("row", &act).await, sent);
    an.reads(&room, |event| {
        event["content"]["body"] == "KANARIEVOGEL van ons"
    })
    .await;
    let ours = an.history(&room).await;
    let ours = ours
        .iter()
        .filter(|e| e["content"]["body"] == "KANARIEVOGEL van ons");
    assert_eq!(ours.count(), 1);
    assert_eq!(bot.ledger.said(), ["KANARIEVOGEL een", "KANARIEVOGEL twee"]);

    let plain = an.make_room(&[], Encryption::Off).await;
    an.say(&plain, "MUSVOGEL").await;
    assert!(
        server.database_holds("MUSVOGEL"),
        "the look into the database works"
    );
    assert!(!server.database_holds("KANARIEVOGEL"));
    bot.stop().await;
    let mut files = 0;
    for words in ["KANARIEVOGEL", "crt.example", room.as_str(), "access_token"] {
        files = nothing_readable(bot.folder(), words);
    }
    assert!(files > 3, "the library's files were looked at");
}

/// Fails where a file holds these words; counts the files.
fn nothing_readable(folder: &Path, words: &str) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files += nothing_readable(&path, words);
        } else {
            // The library closes its files in the background, and journals go with that.
            let Ok(bytes) = std::fs::read(&path) else {
                continue;
            };
            files += 1;
            assert!(!holds(&bytes, words), "{} holds {words}", path.display());
        }
    }
    files
}
