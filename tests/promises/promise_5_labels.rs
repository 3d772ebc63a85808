//! Promise 5, what is shared with whom: a ticket bears a TLP label, an expert's letter bears it too, and it goes only
//! by a way that protects it so.

use crate::support::chat_server::{ChatServer, ELS};
use crate::support::mails::{AN, Mail, password_given};
use crate::support::ticket_room::{
    AN_ADDRESS, answers, laptop_stolen, mails_to_an, posted, signs, taken, writes,
};
use crate::support::town::Town;
use eerstelijn::domain::chat::ids::RoomId;
use eerstelijn::domain::tlp::{Label, Protection};
use insta::assert_snapshot;

async fn label(town: &Town) -> Label {
    town.only_ticket().await.0.tlp
}

fn last_in(town: &Town, room: &RoomId) -> String {
    town.chat.words_in(room).pop().unwrap()
}

/// The secretary writes again on the ticket of her laptop.
fn again(subject: &str, text: &str) -> Mail {
    Mail::from(AN, subject)
        .subject(subject)
        .text(text)
        .answering("laptop@hackegem.example")
}

#[tokio::test]
async fn a_letter_bears_the_label_of_its_ticket_in_subject_and_text() {
    let (town, _, room) = taken(&laptop_stolen()).await;
    writes(&town, &room, ELS, "!reply Dag An").await;
    let mail = town.last_to(AN_ADDRESS).mail;
    assert_eq!(mail.subject, "Re: [TLP:AMBER+STRICT] Laptop gestolen");
    assert_eq!(mail.text.trim_end(), "TLP:AMBER+STRICT\n\nDag An");
    writes(&town, &room, ELS, "!tlp green\n!reply Dit mag u delen.").await;
    let mail = town.last_to(AN_ADDRESS).mail;
    assert_eq!(mail.subject, "Re: [TLP:GREEN] Laptop gestolen");
    assert_eq!(mail.text.trim_end(), "TLP:GREEN\n\nDit mag u delen.");
    // Her answer brings back the label of the first letter: that is no news.
    town.hears(&again("Re: [TLP:AMBER+STRICT] Laptop gestolen", "Dank u."))
        .await;
    assert_eq!(label(&town).await, Label::Green);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn what_is_red_never_leaves_by_mail() {
    let report = laptop_stolen().subject("[TLP:RED] Laptop gestolen");
    let (town, card, room) = taken(&report).await;
    assert_eq!(label(&town).await, Label::Red, "the reporter said so");
    let in_oncall = town.chat.words_in(&ChatServer::oncall());
    assert!(
        in_oncall.iter().any(|words| words.contains("TLP:RED")),
        "{card}"
    );
    let first_help = mails_to_an(&town);
    writes(&town, &room, ELS, "!reply Dag An").await;
    assert_snapshot!("red_by_mail", last_in(&town, &room));
    // A draft that its author lets go is asked too.
    let report = posted(&town, &room, "trein");
    let draft = answers(&town, &room, ELS, "Dag An", &report).await;
    signs(&town, &room, ELS, &draft).await;
    assert!(last_in(&town, &room).starts_with("Niet verzonden"));
    assert_eq!(mails_to_an(&town), first_help);
    writes(&town, &room, ELS, "!tlp AMBER+STRICT").await;
    signs(&town, &room, ELS, &draft).await;
    assert_eq!(mails_to_an(&town), first_help + 1);
    let subject = town.last_to(AN_ADDRESS).mail.subject;
    assert_eq!(subject, "Re: [TLP:AMBER+STRICT] Laptop gestolen");
    town.comes_to_rest().await;
}

/// The source decides: what a human set holds until the source says something stricter than before.
#[tokio::test]
async fn the_stricter_label_counts_and_a_human_may_change_it() {
    let (town, _, room) = taken(&laptop_stolen().subject("TLP:CLEAR Laptop gestolen")).await;
    let ticket = label(&town).await;
    assert_eq!(
        ticket,
        Label::AmberStrict,
        "a reporter's CLEAR opens nothing"
    );
    town.hears(&again("TLP:RED badge", "Ook mijn badge is weg."))
        .await;
    assert_eq!(label(&town).await, Label::Red);
    writes(&town, &room, ELS, "!tlp AMBER").await;
    assert!(last_in(&town, &room).contains("TLP:AMBER"));
    assert_eq!(label(&town).await, Label::Amber);
    town.hears(&again("Re: TLP:RED badge", "En mijn sleutel."))
        .await;
    assert_eq!(label(&town).await, Label::Amber, "said before");
    writes(&town, &room, ELS, "!tlp rood").await;
    assert!(last_in(&town, &room).contains("RED, AMBER+STRICT, AMBER, GREEN"));
    assert_eq!(label(&town).await, Label::Amber);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn amber_leaves_only_over_an_encrypted_connection() {
    let (town, _, room) = taken(&laptop_stolen()).await;
    town.mail_is_protected(Protection::Plain);
    writes(&town, &room, ELS, "!reply Dag An").await;
    assert_snapshot!("no_tls_by_mail", last_in(&town, &room));
    assert_eq!(mails_to_an(&town), 1, "first help and nothing more");
    writes(&town, &room, ELS, "!tlp GREEN\n!reply Dag An").await;
    assert_eq!(mails_to_an(&town), 2);
    town.comes_to_rest().await;
}

/// First help is made of public words: it may be shared, and says so in its last line, because the first is for what
/// to do.
#[tokio::test]
async fn first_help_says_that_its_steps_may_be_shared() {
    for (unproven, report) in [
        (false, password_given()),
        (true, password_given().unproven()),
    ] {
        let town = Town::new().await;
        town.hears(&report).await;
        let mail = town.only_reply().mail;
        let last = mail.text.trim_end().lines().last().unwrap().to_owned();
        assert!(last.ends_with("(TLP:CLEAR)."), "{unproven}: {last}");
        assert!(!mail.subject.contains("TLP"), "{}", mail.subject);
        town.comes_to_rest().await;
    }
}
