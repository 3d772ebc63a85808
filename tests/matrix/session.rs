//! Logging in once, being there again at every start, and being one of several devices.

use crate::support::matrix_bot::Bot;
use crate::support::matrix_people::{Keys, Person};
use crate::support::servers::shared;
use eerstelijn::adapters::matrix::probe::{DeviceStanding, RecoveryStanding, probe};
use eerstelijn::adapters::matrix::settings::{Credential, Hidden, StoreKey};
use eerstelijn::adapters::matrix::{MatrixError, MatrixSession, RunEnd, first_login};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn the_first_login_makes_an_identity_and_every_start_after_it_is_the_same_device() {
    let Some(server) = shared() else { return };
    let mut bot = Bot::arrive(server, "bot-first").await;
    let key = bot.recovery_key.clone().unwrap();
    assert!(key.reveal().split(' ').count() > 8, "a key to write down");
    // Beside the running service: another process is refused, looking is not.
    let second = MatrixSession::restore(bot.settings.clone()).await;
    assert!(matches!(second, Err(MatrixError::InUse)), "{second:?}");
    for (given, standing) in [
        (Some(&key), RecoveryStanding::Opens),
        (
            Some(&Hidden::new("EsTc Wrong")),
            RecoveryStanding::DoesNotOpen,
        ),
        (None, RecoveryStanding::NoKeyGiven),
    ] {
        let found = probe(&bot.settings, given, &[]).await.unwrap();
        assert_eq!(
            (found.device, found.recovery),
            (DeviceStanding::Signed, standing)
        );
        assert_eq!(found.user, bot.id().as_str());
    }
    assert_eq!(bot.stop().await, RunEnd::Stopped);
    let again = first_login(&bot.settings, None).await;
    assert!(
        matches!(again, Err(MatrixError::AlreadyLoggedIn)),
        "{again:?}"
    );
    bot.start().await;
    bot.until("the second start", |_| Some(())).await;
    bot.stop().await;
    let wrong = eerstelijn::adapters::matrix::settings::MatrixSettings {
        store_key: StoreKey::new([8; 32]),
        ..bot.settings.clone()
    };
    let sealed = MatrixSession::restore(wrong).await;
    assert!(matches!(sealed, Err(MatrixError::Sealed)), "{sealed:?}");
    assert_eq!(devices(server, "bot-first").await, 1);
}

/// Devices of an account; the one that asks is logged out again.
async fn devices(server: &crate::support::servers::Synapse, name: &str) -> usize {
    let token = server.access_token(name).await;
    let address = format!("{}/_matrix/client/v3/devices", server.url());
    let answer = matrix_sdk::reqwest::Client::new()
        .get(address)
        .bearer_auth(&token);
    let text = answer.send().await.unwrap().text().await.unwrap();
    let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
    server.post("logout", Some(&token), &json!({})).await;
    answer["devices"].as_array().unwrap().len() - 1
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_device_needs_the_recovery_key_and_is_signed_by_it() {
    let Some(server) = shared() else { return };
    let first = Bot::arrive(server, "bot-second").await;
    let mut second = Bot::new(server, "bot-second");
    let refused = second.log_in().await;
    assert!(
        matches!(refused, Err(MatrixError::NeedsRecoveryKey)),
        "{refused:?}"
    );
    second.recovery_key = Some(Hidden::new("EsTc 5rb6 CAZA"));
    let refused = second.log_in().await;
    assert!(
        matches!(refused, Err(MatrixError::WrongRecoveryKey)),
        "{refused:?}"
    );
    assert_eq!(
        devices(server, "bot-second").await,
        1,
        "what failed left no device"
    );
    second.recovery_key.clone_from(&first.recovery_key);
    second.log_in().await.unwrap();
    let found = probe(&second.settings, second.recovery_key.as_ref(), &[]).await;
    let found = found.unwrap();
    assert_eq!(found.device, DeviceStanding::Signed);
    assert_eq!(found.recovery, RecoveryStanding::Opens);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_wrong_is_said_for_what_it_is() {
    let Some(server) = shared() else { return };
    server.register("bot-wrong").await;
    let mut bot = Bot::new(server, "bot-wrong");
    bot.settings.credential = Some(Credential::Password(Hidden::new("fout")));
    assert!(matches!(bot.log_in().await, Err(MatrixError::WrongLogin)));
    bot.settings.credential = Some(Credential::Token(Hidden::new("fout")));
    assert!(matches!(bot.log_in().await, Err(MatrixError::WrongLogin)));
    bot.settings.credential = None;
    assert!(matches!(bot.log_in().await, Err(MatrixError::NoCredential)));
    let restored = MatrixSession::restore(bot.settings.clone()).await;
    assert!(matches!(restored, Err(MatrixError::NoSession)));
    let mut away = Bot::new(server, "bot-wrong");
    away.settings.homeserver = "http://127.0.0.1:9".to_owned();
    assert!(matches!(away.log_in().await, Err(MatrixError::Unreachable)));
    // With a token: another account's is refused, our own makes a session.
    server.register("somebody-else").await;
    let other = server.access_token("somebody-else").await;
    bot.settings.credential = Some(Credential::Token(Hidden::new(&other)));
    assert!(matches!(bot.log_in().await, Err(MatrixError::OtherAccount)));
    let token = server.access_token("bot-wrong").await;
    bot.settings.credential = Some(Credential::Token(Hidden::new(&token)));
    bot.log_in().await.unwrap();
    assert!(bot.recovery_key.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_whose_keys_nobody_kept_is_replaced_with_the_password_only() {
    let Some(server) = shared() else { return };
    let lost = Person::arrive(server, "bot-lost", Keys::Signed).await;
    let mut bot = Bot::new(server, "bot-lost");
    let password = bot.settings.credential.clone();
    let token = server.access_token("bot-lost").await;
    bot.settings.credential = Some(Credential::Token(Hidden::new(&token)));
    let refused = bot.log_in().await;
    assert!(
        matches!(refused, Err(MatrixError::NeedsPassword)),
        "{refused:?}"
    );
    bot.settings.credential = password;
    bot.log_in().await.unwrap();
    let found = probe(&bot.settings, bot.recovery_key.as_ref(), &[]).await;
    assert_eq!(found.unwrap().device, DeviceStanding::Signed);
    drop(lost);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_the_homeserver_ended_ends_the_run_and_says_so() {
    let Some(server) = shared() else { return };
    let mut bot = Bot::arrive(server, "bot-ended").await;
    let token = server.access_token("bot-ended").await;
    server.post("logout/all", Some(&token), &json!({})).await;
    assert_eq!(bot.ended().await, RunEnd::LoginLost);
    let found = probe(&bot.settings, None, &[]).await;
    assert!(matches!(found, Err(MatrixError::LoginLost)));
}
