//! What an expert writes to somebody who wrote encrypted.

use crate::openpgp::{AN_ADDRESS, HIDDEN, WORDS, an, leaked, report, with_key};
use crate::support::chat_server::ELS;
use crate::support::gnupg::{entity, sealed};
use crate::support::mails::{AN, Mail};
use crate::support::ticket_room::{els_takes_it, mails_to_an, signs, writes};
use crate::support::town::Town;

#[tokio::test]
async fn a_letter_goes_encrypted_with_its_true_subject_inside() {
    let town = with_key(Town::with_an_on_call_room().await);
    let an = an();
    town.deliver_raw(report(&an, "m1")).await;
    town.run_until_idle().await;
    let (_, room) = els_takes_it(&town).await;
    let waiting = writes(
        &town,
        &room,
        ELS,
        "!reply Trek de stekker van de servers niet uit, wij bellen u.",
    )
    .await;
    // The first letter into a mailbox that may be read by others waits for its author's sign.
    signs(&town, &room, ELS, &waiting).await;
    let letter = town.last_to(AN_ADDRESS);
    assert_eq!(letter.mail.subject, "[...]");
    assert_eq!(leaked(&town), None);
    let read = an.reads(&letter.raw);
    assert!(read.plain.contains("wij bellen u"), "{}", read.plain);
    assert!(read.status.contains("GOODSIG"));
    assert!(
        !String::from_utf8(letter.raw)
            .unwrap()
            .contains("Auto-Submitted")
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn without_her_key_the_author_decides_first() {
    let town = with_key(Town::with_an_on_call_room().await);
    let an = an();
    let plain = entity(HIDDEN, WORDS, None);
    town.deliver_raw(sealed(AN, "m1", &an.encrypts(&plain, &[])))
        .await;
    town.run_until_idle().await;
    let (_, room) = els_takes_it(&town).await;
    let before = mails_to_an(&town);
    // Not only the first letter: each, as long as there is no key.
    for (count, text) in [(1, "Bel ons."), (2, "Bel ons nu.")] {
        let waiting = writes(&town, &room, ELS, &format!("!reply {text}")).await;
        assert_eq!(mails_to_an(&town), before + count - 1);
        let heard = town.chat.words_in(&room);
        assert!(
            heard.last().unwrap().contains("onderweg leesbaar"),
            "{heard:?}"
        );
        signs(&town, &room, ELS, &waiting).await;
        let letter = town.last_to(AN_ADDRESS);
        assert_eq!(mails_to_an(&town), before + count);
        assert!(letter.mail.text.contains(text), "{}", letter.mail.text);
        assert!(
            letter.mail.subject.ends_with("uw melding"),
            "{}",
            letter.mail.subject
        );
    }
    assert_eq!(leaked(&town), None);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn once_sealed_a_ticket_stays_sealed_whoever_writes_on_it() {
    let town = with_key(Town::with_an_on_call_room().await);
    let (an, forger) = (an(), an());
    town.deliver_raw(report(&an, "m1")).await;
    town.run_until_idle().await;
    let (_, room) = els_takes_it(&town).await;
    let waiting = writes(&town, &room, ELS, "!reply Wij komen.").await;
    signs(&town, &room, ELS, &waiting).await;
    let thread = town.last_to(AN_ADDRESS).message_id();
    // She writes in the open from her phone; somebody forges her with a key of his own.
    let open = Mail::from(AN, "m2")
        .subject("Re: ...")
        .text("Is er nieuws?");
    town.hears(&open.answering(&thread)).await;
    let forged = String::from_utf8(report(&forger, "m3")).unwrap();
    let forged = forged.replace("dmarc=pass", "dmarc=none").replacen(
        "Subject:",
        &format!("In-Reply-To: <{thread}>\r\nSubject:"),
        1,
    );
    town.deliver_raw(forged.into_bytes()).await;
    town.run_until_idle().await;
    writes(&town, &room, ELS, "!reply Nog een halfuur.").await;
    let letter = town.last_to(AN_ADDRESS);
    assert!(an.reads(&letter.raw).plain.contains("Nog een halfuur"));
    assert_eq!(leaked(&town), None);
    town.comes_to_rest().await;
}
