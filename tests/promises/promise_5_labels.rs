//! Promise 5, what is shared with whom: a ticket bears a TLP label, an expert's letter bears it too, and it goes only
//! by a way that protects it so.

use crate::support::chat_server::{ChatServer, ELS};
use crate::support::mails::{AN, Mail, password_given};
use crate::support::ticket_room::{
    AN_ADDRESS, answers, laptop_stolen, mails_to_an, posted, signs, taken, writes,
};
use crate::support::town::Town;
use eerstelijn::app::ports::{Delivery, SendFailure};
use eerstelijn::domain::chat::ids::RoomId;
use eerstelijn::domain::chat::incoming::Happening;
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::tlp::{Label, Protection};
use insta::assert_snapshot;
use jiff::SignedDuration;

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

/// The server is away; meanwhile the ticket becomes stricter.
#[tokio::test]
async fn a_letter_that_waits_is_held_back_when_its_ticket_becomes_stricter() {
    for (by_the_reporter, attended) in [(false, true), (true, true), (false, false)] {
        let (town, card, room) = taken(&laptop_stolen()).await;
        let before = mails_to_an(&town);
        town.server_says(Delivery::Retry(SendFailure::Unreachable));
        writes(&town, &room, ELS, "!reply Dag An").await;
        assert!(last_in(&town, &room).contains("blijf proberen"));
        if by_the_reporter {
            town.deliver(&again("TLP:RED badge", "Ook mijn badge is weg."))
                .await;
            town.run_until_idle().await;
        } else {
            writes(&town, &room, ELS, "!tlp RED").await;
        }
        if !attended {
            let left = Happening::Left;
            town.in_room(&room, ELS, Trust::ServerOnly, left).await;
        }
        town.minutes_pass(10).await;
        assert_eq!(mails_to_an(&town), before, "nothing left");
        let place = if attended {
            &room
        } else {
            &ChatServer::oncall()
        };
        let acts = town.chat.acts();
        let mut told = acts
            .iter()
            .filter(|act| act.is_in(place) && act.words().contains("strenger TLP-label"));
        let told = told.next().unwrap();
        assert!(attended || told.is_below(&card));
        let (ticket, _) = town.only_ticket().await;
        assert!(ticket.unanswered.is_some(), "somebody still waits");
        // It is hers to say what may still go.
        writes(&town, &room, ELS, "!tlp AMBER+STRICT\n!reply Dag An").await;
        assert_eq!(mails_to_an(&town), before + 1);
        town.comes_to_rest().await;
    }
}

#[tokio::test]
async fn a_letter_that_waits_leaves_when_its_ticket_becomes_less_strict() {
    let (town, _, room) = taken(&laptop_stolen()).await;
    town.server_says(Delivery::Retry(SendFailure::Unreachable));
    writes(&town, &room, ELS, "!reply Dag An").await;
    writes(&town, &room, ELS, "!tlp GREEN").await;
    town.minutes_pass(10).await;
    let mail = town.last_to(AN_ADDRESS).mail;
    assert_eq!(mail.text.trim_end(), "TLP:AMBER+STRICT\n\nDag An");
    town.comes_to_rest().await;
}

/// What was closed long ago may be shared with no more people because somebody writes about it again.
#[tokio::test]
async fn a_ticket_that_follows_is_as_strict_as_the_one_before() {
    for (set, expected) in [("RED", Label::Red), ("GREEN", Label::AmberStrict)] {
        let (town, _, room) = taken(&laptop_stolen()).await;
        writes(&town, &room, ELS, &format!("!tlp {set}\n!close opgelost")).await;
        town.jump(SignedDuration::from_hours(31 * 24));
        let first_help = town.last_to(AN_ADDRESS).message_id();
        let later = Mail::from(AN, "later")
            .subject("Re: Laptop gestolen")
            .text("Nu is ook mijn tablet gestolen, met dezelfde dossiers van 300 burgers.")
            .answering(&first_help);
        town.hears(&later).await;
        let tickets = town.tickets().await;
        assert_eq!(tickets.len(), 2);
        let (follower, _) = town.ticket(&tickets[0].id).await;
        assert!(follower.follows.is_some());
        assert_eq!(follower.tlp, expected, "{set}");
        town.comes_to_rest().await;
    }
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
