//! A homeserver with the limits that it comes with.

use crate::support::matrix_bot::Bot;
use crate::support::matrix_people::{Encryption, Keys, Person};
use crate::support::servers::{Limits, Synapse};
use eerstelijn::app::ports::{RoomAct, RoomFailure, RoomOutcome, Secrecy};
use eerstelijn::domain::chat::post::Post;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_measure_says_how_long_to_wait_and_then_it_works() {
    let Some(server) = Synapse::start(Limits::Default) else {
        return;
    };
    let an = Person::arrive(&server, "an", Keys::Signed).await;
    let bot = Bot::arrive(&server, "bot").await;
    let room = an.make_room(&[&bot.id()], Encryption::On).await;
    an.sees(&room, &bot.id()).await;
    let post = |n: usize| RoomAct::Post {
        room: room.clone(),
        thread: None,
        answers: None,
        post: Post::notice([format!("nummer {n}")]),
        secrecy: Secrecy::Encrypted,
    };
    let hello = an.say(&room, "hallo").await;
    bot.hears(&hello).await;
    let mut refused = None;
    for n in 0..20 {
        match bot.try_act(&format!("row{n}"), &post(n)).await {
            RoomOutcome::Done { .. } => {}
            RoomOutcome::Retry { failure, after } => {
                assert_eq!(failure, RoomFailure::RateLimited);
                refused = Some((n, after));
                break;
            }
            RoomOutcome::GivenUp(failure) => panic!("{failure:?}"),
        }
    }
    let (n, after) = refused.expect("twenty posts in a row are too many for Synapse");
    let after = after.expect("Synapse says how long to wait");
    assert!(after.is_positive() && after.as_secs() <= 10, "{after}");
    let wait = std::time::Duration::try_from(after).unwrap();
    let waited = tokio::time::timeout(wait, std::future::pending::<()>()).await;
    assert!(waited.is_err());
    let outcome = bot.act(&format!("row{n}"), &post(n)).await;
    assert!(matches!(outcome, RoomOutcome::Done { .. }), "{outcome:?}");
}
