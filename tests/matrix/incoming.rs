//! What people do in rooms arrives as what it is, once, whatever happens in between.

use crate::support::matrix_bot::Bot;
use crate::support::matrix_people::{Encryption, Keys, Person};
use crate::support::servers::{Synapse, shared};
use eerstelijn::domain::chat::ids::{EventId, RoomId};
use eerstelijn::domain::chat::incoming::{Happening, Said};
use eerstelijn::domain::chat::trust::Trust;
use serde_json::json;
use std::sync::Arc;

/// A person, a bot, and an encrypted room with both.
async fn together(server: &Synapse, name: &str) -> (Person, Bot, RoomId) {
    let person = Person::arrive(server, &format!("an-{name}"), Keys::Signed).await;
    let bot = Bot::arrive(server, &format!("bot-{name}")).await;
    let room = person.make_room(&[&bot.id()], Encryption::On).await;
    person.sees(&room, &bot.id()).await;
    (person, bot, room)
}

async fn said(bot: &Bot, id: &EventId) -> Said {
    match bot.hears(id).await.what {
        Happening::Said(said) => said,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_people_do_arrives_as_what_it_is_and_once() {
    let Some(server) = shared() else { return };
    let (an, mut bot, room) = together(server, "arrives").await;
    let first = an.say(&room, "wij zijn gehackt").await;
    let in_thread = an.say_in_thread(&room, &first, "in de draad").await;
    let answer = an.answer(&room, &first, "een antwoord").await;
    let edit = an.edit(&room, &first, "wij zijn gekraakt").await;
    let reaction = an.react(&room, &first, "✅").await;
    let file = json!({"msgtype": "m.file", "body": "nota.pdf",
        "info": {"mimetype": "application/pdf", "size": 12}, "url": "mxc://crt.example/x"});
    let file = an.send(&room, "m.room.message", file).await;
    let bert = Person::arrive(server, "bert-arrives", Keys::Signed).await;
    an.invite(&room, &bert.id()).await;
    bert.join(&room).await;
    an.redact(&room, &in_thread).await;
    bert.room(&room).leave().await.unwrap();
    let last = an.say(&room, "einde").await;

    let heard = bot.hears(&first).await;
    assert_eq!(
        (heard.sender, heard.room, heard.trust),
        (an.id(), room.clone(), Trust::SignedDevice)
    );
    assert_eq!(said(&bot, &first).await.text, "wij zijn gehackt");
    let thread = said(&bot, &in_thread).await;
    assert_eq!((thread.thread, thread.answers), (Some(first.clone()), None));
    let answer = said(&bot, &answer).await;
    assert_eq!((answer.thread, answer.answers), (None, Some(first.clone())));
    let edit = said(&bot, &edit).await;
    assert_eq!(
        (edit.text.as_str(), edit.replaces),
        ("wij zijn gekraakt", Some(first.clone()))
    );
    let reaction = bot.hears(&reaction).await;
    let sign = "✅".to_owned();
    assert_eq!(
        reaction.what,
        Happening::Reacted {
            target: first,
            sign
        }
    );
    assert_eq!(
        reaction.trust,
        Trust::ServerOnly,
        "reactions aren't encrypted"
    );
    assert!(matches!(
        bot.hears(&file).await.what,
        Happening::Shared { size: 12, .. }
    ));
    bot.hears(&last).await;
    let others = |bot: &Bot| {
        let page = bot.ledger.page();
        let of = |what: &Happening| {
            page.events
                .iter()
                .filter(|e| &e.what == what)
                .map(|e| e.sender.clone())
                .collect::<Vec<_>>()
        };
        let redacted = of(&Happening::Redacted {
            target: in_thread.clone(),
        });
        (
            of(&Happening::Joined),
            of(&Happening::Left),
            redacted,
            page.events.len(),
        )
    };
    let before = others(&bot);
    assert_eq!(
        before,
        (vec![bert.id()], vec![bert.id()], vec![an.id()], 10)
    );

    bot.stop().await;
    bot.start().await;
    let after = an.say(&room, "na de herstart").await;
    bot.hears(&after).await;
    assert_eq!(
        others(&bot),
        (before.0, before.1, before.2, 11),
        "nothing twice"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_while_the_bot_was_away_is_read_back_in_order() {
    let Some(server) = shared() else { return };
    let (an, mut bot, room) = together(server, "away").await;
    let mut expected = vec!["voor".to_owned()];
    let first = an.say(&room, "voor").await;
    bot.hears(&first).await;
    bot.stop().await;
    // More than a page of reading back, and far more than the homeserver gives by itself.
    for n in 0..70 {
        expected.push(format!("nummer {n}"));
        an.say(&room, &format!("nummer {n}")).await;
    }
    bot.start().await;
    let last = an.say(&room, "na").await;
    expected.push("na".to_owned());
    bot.hears(&last).await;
    assert_eq!(bot.ledger.said(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_before_the_first_start_or_before_we_came_in_is_history() {
    let Some(server) = shared() else { return };
    let an = Person::arrive(server, "an-history", Keys::Signed).await;
    let mut bot = Bot::arrive(server, "bot-history").await;
    let room = an.make_room(&[], Encryption::Off).await;
    an.say(&room, "voor de uitnodiging").await;
    an.invite(&room, &bot.id()).await;
    an.sees(&room, &bot.id()).await;
    let heard = an.say(&room, "erna").await;
    assert_eq!(bot.hears(&heard).await.trust, Trust::ServerOnly);
    assert_eq!(bot.ledger.said(), ["erna"]);
    // A ledger that knows nothing begins now: what stands in the room already is history to it.
    bot.stop().await;
    an.say(&room, "terwijl niemand keek").await;
    bot.ledger = Arc::default();
    bot.start().await;
    bot.until("the first look", |ledger| {
        ledger.page().started().then_some(())
    })
    .await;
    let heard = an.say(&room, "nu wel").await;
    bot.hears(&heard).await;
    assert_eq!(bot.ledger.said(), ["nu wel"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_identity_or_another_device_proves_less() {
    let Some(server) = shared() else { return };
    let (an, bot, room) = together(server, "proves").await;
    let signed = an.say(&room, "getekend").await;
    let phone = Person::on_another_device(server, "an-proves", Keys::None).await;
    let unsigned = phone.say(&room, "nieuw toestel").await;
    let bert = Person::arrive(server, "bert-proves", Keys::None).await;
    an.invite(&room, &bert.id()).await;
    bert.join(&room).await;
    let nobody = bert.say(&room, "geen identiteit").await;
    assert_eq!(bot.hears(&signed).await.trust, Trust::SignedDevice);
    assert_eq!(bot.hears(&unsigned).await.trust, Trust::UnsignedDevice);
    assert_eq!(bot.hears(&nobody).await.trust, Trust::UnsignedDevice);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_new_keys_proves_less_until_somebody_made_sure_that_it_is_he() {
    let Some(server) = shared() else { return };
    let (an, bot, room) = together(server, "newkeys").await;
    let before = an.say(&room, "met de oude sleutels").await;
    assert_eq!(bot.hears(&before).await.trust, Trust::SignedDevice);
    // Whoever knows the password can do this.
    let other = Person::on_another_device(server, "an-newkeys", Keys::Signed).await;
    let taken = other.say(&room, "met nieuwe sleutels").await;
    assert_eq!(bot.hears(&taken).await.trust, Trust::UnsignedDevice);
    bot.session().accept_new_identity(&an.id()).await.unwrap();
    let after = other.say(&room, "nog eens").await;
    assert_eq!(bot.hears(&after).await.trust, Trust::SignedDevice);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_key_comes_late_is_undecryptable_first_and_readable_then() {
    let Some(server) = shared() else { return };
    let (an, mut first, room) = together(server, "late").await;
    let early = an.say(&room, "SLEUTELVANLATER").await;
    first.hears(&early).await;
    // A second instance with a device of its own: it was not there when the key was handed out.
    let mut second = Bot::new(server, "bot-late");
    second.recovery_key.clone_from(&first.recovery_key);
    second.ledger = Arc::default();
    second.ledger.page().begin_with(&first.ledger.page());
    // The first hands the key to the backup; only then is there anything to come late.
    second.log_in().await.unwrap();
    second.start().await;
    let heard = second
        .until("a late key", |ledger| {
            ledger
                .find(&early)
                .filter(|event| event.what != Happening::Undecryptable)
        })
        .await;
    assert!(matches!(heard.what, Happening::Said(said) if said.text == "SLEUTELVANLATER"));
    assert_eq!(
        heard.trust,
        Trust::UnsignedDevice,
        "who put a key into the backup isn't known"
    );
    assert_eq!(second.ledger.page().unlocked, [early]);
    first.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_never_given_leaves_the_message_undecryptable_once() {
    let Some(server) = shared() else { return };
    let (an, bot, room) = together(server, "withheld").await;
    let user = <&matrix_sdk::ruma::UserId>::try_from(bot.settings.user.as_str()).unwrap();
    let devices = an.client.encryption().get_user_devices(user).await.unwrap();
    for device in devices.devices() {
        let black = matrix_sdk_base::crypto::LocalTrust::BlackListed;
        device.set_local_trust(black).await.unwrap();
    }
    let locked = an.say(&room, "niet voor u").await;
    let heard = bot.hears(&locked).await;
    assert_eq!(
        (heard.what, heard.sender),
        (Happening::Undecryptable, an.id())
    );
    let plain = an.react(&room, &locked, "👀").await;
    bot.hears(&plain).await;
    assert!(bot.ledger.said().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_store_fails_nothing_is_skipped() {
    let Some(server) = shared() else { return };
    let (an, bot, room) = together(server, "fails").await;
    bot.ledger.page().fails = true;
    an.say(&room, "een").await;
    let failures = |at_least: usize| {
        move |ledger: &crate::support::matrix_bot::Ledger| {
            (ledger.page().failures >= at_least).then_some(())
        }
    };
    bot.until("a failure", failures(1)).await;
    an.say(&room, "twee").await;
    bot.until("another failure", failures(2)).await;
    bot.ledger.page().fails = false;
    let last = an.say(&room, "drie").await;
    bot.hears(&last).await;
    assert_eq!(bot.ledger.said(), ["een", "twee", "drie"]);
}
