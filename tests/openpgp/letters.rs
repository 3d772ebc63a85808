//! What an expert writes to somebody who wrote encrypted.

use crate::openpgp::{AN_ADDRESS, HIDDEN, WORDS, an, leaked, report, with_key};
use crate::support::chat_server::ELS;
use crate::support::gnupg::{entity, sealed};
use crate::support::mails::AN;
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
    let waiting = writes(&town, &room, ELS, "!reply Bel ons.").await;
    assert_eq!(mails_to_an(&town), before);
    signs(&town, &room, ELS, &waiting).await;
    let letter = town.last_to(AN_ADDRESS);
    assert_eq!(letter.mail.subject, "Re: uw melding");
    assert_eq!(letter.mail.text.trim(), "Bel ons.");
    assert_eq!(leaked(&town), None);
    town.comes_to_rest().await;
}
