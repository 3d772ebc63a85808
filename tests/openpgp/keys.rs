//! Which key is believed: the first that proved itself, until a person says otherwise.

use crate::openpgp::{AN_ADDRESS, HIDDEN, TEAM, an, leaked, report, with_key};
use crate::support::chat_server::{ChatServer, ELS, said};
use crate::support::gnupg::{GnuPg, entity, sealed};
use crate::support::mails::{AN, Mail};
use crate::support::town::Town;
use eerstelijn::domain::address::EmailAddress;
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::party::Party;
use eerstelijn::domain::pgp::certificate::Fingerprint;
use insta::assert_snapshot;
use jiff::SignedDuration;

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
        notice.mail.text.contains("andere sleutel"),
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
    let accept = format!("!key accept {}", other.fingerprint_in_groups());
    let mistaken = format!("!key accept {known}");
    for command in ["!key", &mistaken, &accept] {
        let words = said(command, Some(&card));
        town.room_hears(ELS, Trust::SignedDevice, words).await;
    }
    let accepted = pinned(&town).await.unwrap();
    assert_ne!(accepted, known);
    let heard = town.chat.words_in(&ChatServer::oncall());
    let heard: Vec<String> = heard
        .iter()
        .rev()
        .take(3)
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
async fn whoever_forges_her_address_changes_nothing() {
    let town = with_key(Town::with_an_on_call_room().await);
    let (an, forger) = (an(), an());
    town.deliver_raw(report(&an, "m1")).await;
    town.run_until_idle().await;
    let known = pinned(&town).await;
    let forged = String::from_utf8(report(&forger, "m2")).unwrap();
    town.deliver_raw(forged.replace("dmarc=pass", "dmarc=none").into_bytes())
        .await;
    town.run_until_idle().await;
    assert_eq!(pinned(&town).await, known);
    let heard = town.chat.words_in(&ChatServer::oncall()).join("\n");
    assert!(!heard.contains("andere OpenPGP-sleutel"), "{heard}");
    assert_eq!(leaked(&town), None);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_lapsed_key_gets_a_notice_and_the_renewed_one_answers_again() {
    let town = with_key(Town::new().await);
    let an = GnuPg::of("An Peeters", AN_ADDRESS).knows(&TEAM.public_text().unwrap());
    town.deliver_raw(report(&an, "m1")).await;
    town.run_until_idle().await;
    let known = pinned(&town).await;
    an.lapses("1y");
    let lapsed = an.public();
    an.lapses("never");
    town.jump(SignedDuration::from_hours(24 * 365 * 10));
    // The lapsed form of her key comes along, and it is signed by her all the same.
    let plain = entity(
        HIDDEN,
        "Nog iets: ook de telefooncentrale ligt plat.",
        Some(&lapsed),
    );
    town.deliver_raw(sealed(AN, "m2", &an.encrypts(&plain, &["--sign"])))
        .await;
    town.run_until_idle().await;
    assert!(
        town.last_to(AN_ADDRESS)
            .mail
            .text
            .contains("Antwoord met een versleutelde")
    );
    town.deliver_raw(report(&an, "m3")).await;
    town.run_until_idle().await;
    let renewed = town.last_to(AN_ADDRESS);
    assert!(an.reads(&renewed.raw).status.contains("GOODSIG"));
    assert_eq!(pinned(&town).await, known);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_revoked_key_never_comes_back() {
    let town = with_key(Town::new().await);
    let an = an();
    let before = report(&an, "m1");
    town.deliver_raw(before).await;
    town.run_until_idle().await;
    let old_form = an.public();
    let sealed_before = an.encrypts(&entity(HIDDEN, "En nu?", Some(&old_form)), &["--sign"]);
    let revoked = an.revokes();
    // Anybody may bring the revocation: she signed it.
    let bringer = Mail::from(AN, "m2").subject("Sleutel").unproven();
    town.hears(&bringer.text(&format!("Ter info.\n\n{revoked}")))
        .await;
    town.deliver_raw(sealed(AN, "m3", &sealed_before)).await;
    town.run_until_idle().await;
    assert!(
        town.last_to(AN_ADDRESS)
            .mail
            .text
            .contains("Antwoord met een versleutelde")
    );
    town.comes_to_rest().await;
}
