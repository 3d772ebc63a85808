//! Which key is believed: the first that proved itself, until a person says otherwise.

use crate::openpgp::{AN_ADDRESS, TEAM, an, leaked, report, with_key};
use crate::support::chat_server::{ChatServer, ELS, said};
use crate::support::gnupg::GnuPg;
use crate::support::town::Town;
use eerstelijn::domain::address::EmailAddress;
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::party::Party;
use eerstelijn::domain::pgp::certificate::Fingerprint;
use insta::assert_snapshot;

async fn pinned(town: &Town) -> Option<Fingerprint> {
    let party = Party::Mail(EmailAddress::parse(AN_ADDRESS).unwrap());
    let pinned = town.app.store.pinned_key(&party).await.unwrap();
    pinned.map(|certificate| certificate.fingerprint)
}

#[tokio::test]
async fn another_key_gets_a_notice_until_a_person_has_asked() {
    let town = with_key(Town::with_an_on_call_room().await);
    let (first, other) = (an(), an());
    town.deliver_raw(report(&first, "m1")).await;
    town.run_until_idle().await;
    let known = pinned(&town).await.unwrap();

    town.deliver_raw(report(&other, "m2")).await;
    town.run_until_idle().await;
    assert_eq!(pinned(&town).await, Some(known.clone()));
    let notice = town.last_to(AN_ADDRESS);
    assert!(
        notice.mail.text.contains("geen sleutel van u"),
        "{}",
        notice.mail.text
    );
    assert_eq!(leaked(&town), None);
    let heard = town.chat.words_in(&ChatServer::oncall());
    assert!(
        heard
            .iter()
            .any(|words| words.contains("andere OpenPGP-sleutel")),
        "{heard:?}"
    );

    let card = town
        .chat
        .acts()
        .into_iter()
        .find(|act| act.words().contains("CRT-2026-0002"));
    let card = card.unwrap().event;
    for command in ["!key", "!key accept"] {
        let words = said(command, Some(&card));
        town.room_hears(ELS, Trust::SignedDevice, words).await;
    }
    let accepted = pinned(&town).await.unwrap();
    assert_ne!(accepted, known);
    let heard = town.chat.words_in(&ChatServer::oncall());
    let heard: Vec<String> = heard
        .iter()
        .rev()
        .take(2)
        .rev()
        .map(|words| {
            words
                .replace(&accepted.to_string(), "[NEW]")
                .replace(&known.to_string(), "[OLD]")
        })
        .collect();
    assert_snapshot!("what_is_said_about_keys", heard.join("\n\n"));

    town.deliver_raw(report(&other, "m3")).await;
    town.run_until_idle().await;
    let sealed = town.last_to(AN_ADDRESS);
    assert!(other.reads(&sealed.raw).status.contains("GOODSIG"));
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_lapsed_key_is_not_used() {
    let town = with_key(Town::new().await);
    let an = GnuPg::of("An Peeters", AN_ADDRESS).knows(&TEAM.public_text().unwrap());
    let raw = report(&an, "m1");
    // It lapses after it has signed: what she sends along already says so.
    an.lets_it_lapse();
    let lapsed = an.public();
    let team = eerstelijn::adapters::mail::pgp::certificate::certificates_in(lapsed.as_bytes());
    let state = eerstelijn::adapters::mail::pgp::certificate::state_of(
        team.first().unwrap(),
        "2027-11-23T20:40:00Z".parse().unwrap(),
    );
    assert_eq!(state, eerstelijn::domain::pgp::course::KeyState::Lapsed);
    town.deliver_raw(raw).await;
    town.run_until_idle().await;
    assert!(pinned(&town).await.is_some());
    town.comes_to_rest().await;
}
