//! What an encrypted report gets back.

use crate::openpgp::{AN_ADDRESS, HIDDEN, WORDS, an, leaked, report, with_key};
use crate::support::gnupg::{GnuPg, entity, sealed};
use crate::support::mails::{AN, BART, Mail, STRANGER};
use crate::support::town::Town;
use eerstelijn::domain::pgp::form::{Opening, PgpForm};
use eerstelijn::domain::pgp::reading::Signature;
use eerstelijn::domain::ticket::event::TicketEvent;
use eerstelijn::domain::ticket::words::Trouble;
use eerstelijn::domain::triage::category::{Category, Severity};
use insta::assert_snapshot;

#[tokio::test]
async fn first_help_is_encrypted_and_signed_and_its_subject_tells_nothing() {
    let (town, an) = (with_key(Town::new().await), an());
    town.deliver_raw(report(&an, "m1")).await;
    town.run_until_idle().await;
    let reply = town.only_reply();
    assert_eq!(reply.mail.subject, "[...]");
    assert_eq!(leaked(&town), None);
    let read = an.reads(&reply.raw);
    assert!(read.status.contains("GOODSIG"), "{}", read.status);
    assert!(read.status.contains("DECRYPTION_OKAY"), "{}", read.status);
    assert_snapshot!("inside_the_seal", read.plain.replace("\r\n", "\n"));
    let outside = String::from_utf8(reply.raw).unwrap().replace("\r\n", "\n");
    let (outside, _) = outside.split_once("-----BEGIN PGP").unwrap();
    assert_snapshot!("outside_of_the_seal", outside);

    let (ticket, _) = town.only_ticket().await;
    let message = ticket.latest_message.unwrap();
    assert_eq!(
        (message.subject.as_str(), message.text.as_str()),
        (HIDDEN, WORDS)
    );
    let pgp = message.pgp.unwrap();
    assert_eq!(
        (pgp.form, pgp.opening),
        (PgpForm::MimeEncrypted, Opening::Opened)
    );
    assert!(matches!(pgp.signature, Signature::Good(_)));
    let assessment = ticket.assessment.unwrap();
    assert_eq!(assessment.category, Some(Category::Ransomware));
    town.comes_to_rest().await;
}

#[tokio::test]
async fn without_a_key_of_the_reporter_only_a_notice_goes() {
    let (town, an) = (with_key(Town::new().await), an());
    let plain = entity(HIDDEN, WORDS, None);
    town.deliver_raw(sealed(AN, "m1", &an.encrypts(&plain, &[])))
        .await;
    town.run_until_idle().await;
    assert_snapshot!("no_key_of_yours", town.only_reply().masked());
    assert_eq!(leaked(&town), None);
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(
        ticket.assessment.unwrap().category,
        Some(Category::Ransomware)
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn what_cannot_be_opened_gets_a_notice_and_a_human() {
    // The team of this town has no key.
    let (town, an) = (Town::new().await, an());
    town.deliver_raw(report(&an, "m1")).await;
    town.run_until_idle().await;
    assert_snapshot!("cannot_open", town.only_reply().masked());
    let (ticket, history) = town.only_ticket().await;
    assert_eq!(ticket.latest_message.unwrap().text, "");
    assert_eq!(ticket.assessment.unwrap().severity, Severity::High);
    let shown = |event: &TicketEvent| {
        matches!(
            event,
            TicketEvent::NeedsHuman {
                because: Trouble::Undecryptable,
                ..
            }
        )
    };
    assert!(history.iter().any(|recorded| shown(&recorded.event)));
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_stranger_is_answered_in_his_own_key_and_it_is_not_remembered() {
    let town = with_key(Town::new().await);
    let address = "iemand@elders.example";
    let stranger = GnuPg::of("Iemand", address).knows(&crate::openpgp::TEAM.public_text().unwrap());
    let plain = entity(HIDDEN, WORDS, Some(&stranger.public()));
    let raw = sealed(STRANGER, "m1", &stranger.encrypts(&plain, &["--sign"]));
    let unproven = String::from_utf8(raw)
        .unwrap()
        .replace("dmarc=pass", "dmarc=none");
    town.deliver_raw(unproven.into_bytes()).await;
    town.run_until_idle().await;
    let read = stranger.reads(&town.only_reply().raw);
    assert!(
        read.plain.contains("Subject: Auto: Uw bericht"),
        "{}",
        read.plain
    );
    let party = eerstelijn::domain::party::Party::Mail(
        eerstelijn::domain::address::EmailAddress::parse(address).unwrap(),
    );
    assert!(town.app.store.pinned_key(&party).await.unwrap().is_none());
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_dialogue_stays_encrypted() {
    let (town, an) = (with_key(Town::new().await), an());
    town.deliver_raw(report(&an, "m1")).await;
    town.run_until_idle().await;
    let first = town.only_reply().message_id();
    // The answer comes without her key: it is known by now.
    let plain = entity(
        "Re: ...",
        "Ja, nu drie servers. De back-up is ook geraakt.",
        None,
    );
    let raw = sealed(AN, "m2", &an.encrypts(&plain, &["--sign"]));
    let raw = String::from_utf8(raw).unwrap();
    let answer = raw.replacen(
        "Subject:",
        &format!("In-Reply-To: <{first}>\r\nSubject:"),
        1,
    );
    town.deliver_raw(answer.into_bytes()).await;
    town.run_until_idle().await;
    let received = town.received();
    assert_eq!(received.len(), 2);
    assert_eq!(leaked(&town), None);
    let read = an.reads(&received.last().unwrap().raw);
    assert!(read.status.contains("GOODSIG"));
    assert_eq!(town.tickets().await.len(), 1);
    assert_eq!(town.recipients(), [AN_ADDRESS, AN_ADDRESS]);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn what_was_sealed_is_not_spoken_of_in_the_open_later() {
    let (town, an) = (with_key(Town::new().await), an());
    town.deliver_raw(report(&an, "m1")).await;
    town.run_until_idle().await;
    let first = town.only_reply().message_id();
    let open = Mail::from(AN, "m2")
        .subject("Re: ...")
        .text("De back-up is nu ook geraakt, alle servers liggen plat.");
    town.hears(&open.answering(&first)).await;
    let second = town.last_to(AN_ADDRESS);
    assert_eq!(second.mail.subject, "[...]");
    assert!(an.reads(&second.raw).status.contains("GOODSIG"));
    // Somebody else on the ticket, who has shown no key.
    let bart = Mail::from(BART, "m3")
        .subject("Re: ...")
        .text("Ik neem over van An. Wat nu?");
    town.hears(&bart.answering(&first)).await;
    assert_eq!(leaked(&town), None);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn caught_on_the_way_and_sent_again_it_tells_nothing() {
    let town = with_key(Town::new().await);
    let an = an();
    let caught = an.encrypts(&entity(HIDDEN, WORDS, Some(&an.public())), &["--sign"]);
    // Another constituent's mailbox, with a key of its own that is known.
    let thief = GnuPg::of("Bart Claes", "bart.claes@hackegem.example")
        .knows(&crate::openpgp::TEAM.public_text().unwrap());
    let hello = entity("Dag", "Mijn laptop is gestolen.", Some(&thief.public()));
    town.deliver_raw(sealed(BART, "m1", &thief.encrypts(&hello, &["--sign"])))
        .await;
    town.run_until_idle().await;
    town.deliver_raw(sealed(BART, "m2", &caught)).await;
    town.run_until_idle().await;
    let notice = town.last_to("bart.claes@hackegem.example");
    assert!(
        notice.mail.text.contains("Antwoord met een versleutelde"),
        "{}",
        notice.mail.text
    );
    assert_eq!(leaked(&town), None);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn that_nobody_was_reached_is_told_under_the_seal() {
    let (town, an) = (with_key(Town::with_people_on_call().await), an());
    town.deliver_raw(report(&an, "m1")).await;
    town.run_until_idle().await;
    town.minutes_pass(240).await;
    let told = town.last_to(AN_ADDRESS);
    assert_eq!(told.mail.subject, "[...]");
    let read = an.reads(&told.raw);
    assert!(
        read.plain.contains("bereikten nog niemand"),
        "{}",
        read.plain
    );
    town.comes_to_rest().await;
}
