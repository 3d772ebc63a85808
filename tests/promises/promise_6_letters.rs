//! Promise 6 in chat: what an expert writes to the reporter from the room of a ticket, and what never leaves it.

use crate::support::bounces::delivery_report;
use crate::support::chat_server::{ChatServer, ELS, said};
use crate::support::mails::{AN, Mail, password_given};
use crate::support::ticket_room::{
    AN_ADDRESS, answers, dies_once, edits, laptop_stolen, mails_to_an, posted, signs, taken, writes,
};
use crate::support::town::Town;
use eerstelijn::app::faults::CrashPoint;
use eerstelijn::app::ports::{Delivery, SendFailure};
use eerstelijn::domain::chat::incoming::{Happening, Said};
use eerstelijn::domain::chat::trust::Trust;
use insta::assert_snapshot;
use std::collections::BTreeSet;

#[tokio::test]
async fn a_reply_leaves_in_the_reporters_own_thread_and_the_answer_comes_back() {
    let (town, _, room) = taken(&laptop_stolen()).await;
    let text = "Dag An,\n\n!close is geen commando voor u.\n\nGroeten, Els";
    writes(&town, &room, ELS, &format!("!reply {text}")).await;
    let mail = town.last_to(AN_ADDRESS);
    assert_snapshot!("reply_as_mail", mail.masked());
    assert_eq!(
        mail.mail.text.trim_end(),
        format!("TLP:AMBER+STRICT\n\n{text}")
    );
    assert!(
        town.chat
            .words_in(&room)
            .last()
            .unwrap()
            .starts_with("Verzonden")
    );
    let answer = Mail::from(AN, "antwoord")
        .subject("Re: Laptop gestolen")
        .text("De trein van 17u12 naar Gent.")
        .answering(&mail.message_id());
    town.hears(&answer).await;
    assert!(town.chat.words_in(&room).last().unwrap().contains("17u12"));
    assert_eq!(mails_to_an(&town), 2, "first help and the letter of Els");
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_letter_that_comes_back_is_said_where_it_was_written() {
    let (town, _, room) = taken(&laptop_stolen()).await;
    writes(&town, &room, ELS, "!reply Dag An").await;
    let letter = town.last_to(AN_ADDRESS).message_id();
    town.deliver_raw(delivery_report(&letter, AN_ADDRESS, "5.1.1"))
        .await;
    town.run_until_idle().await;
    let said = town.chat.words_in(&room);
    assert!(
        said.last().unwrap().starts_with("Dit kwam terug"),
        "{said:?}"
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_genuine_answer_is_a_draft_that_its_author_lets_go() {
    let (town, _, room) = taken(&laptop_stolen()).await;
    let report = posted(&town, &room, "trein");
    let draft = answers(&town, &room, ELS, "Blokeer de laptop.", &report).await;
    assert!(
        town.chat
            .words_in(&room)
            .last()
            .unwrap()
            .contains("nog niet verzonden")
    );
    edits(&town, &room, ELS, "Blokkeer de laptop.", &draft).await;
    assert_eq!(mails_to_an(&town), 1);
    signs(&town, &room, ELS, &draft).await;
    signs(&town, &room, ELS, &draft).await;
    assert_eq!(mails_to_an(&town), 2, "once");
    assert_eq!(
        town.last_to(AN_ADDRESS).mail.text.trim_end(),
        "TLP:AMBER+STRICT\n\nBlokkeer de laptop."
    );
    edits(&town, &room, ELS, "Blokkeer de laptop niet.", &draft).await;
    assert!(
        town.chat
            .words_in(&room)
            .last()
            .unwrap()
            .contains("al verzonden")
    );
    let taken_back = Happening::Redacted {
        target: draft.clone(),
    };
    let before = town.chat.acts().len();
    town.in_room(&room, ELS, Trust::ServerOnly, taken_back)
        .await;
    assert_eq!(town.chat.acts().len(), before + 1);
    assert_eq!(mails_to_an(&town), 2);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn an_edit_runs_only_what_is_new() {
    let (town, _, room) = taken(&laptop_stolen()).await;
    let sent = writes(&town, &room, ELS, "!severity middel\n!reply Dag An").await;
    edits(
        &town,
        &room,
        ELS,
        "!severity kritiek\n!reply Goedendag An",
        &sent,
    )
    .await;
    assert_eq!(mails_to_an(&town), 2, "the reply left once");
    assert!(
        town.chat
            .words_in(&room)
            .iter()
            .any(|words| words.contains("al verzonden"))
    );
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(ticket.severity().as_str(), "critical");
    edits(
        &town,
        &room,
        ELS,
        "!severity kritiek\n!reply Goedendag An",
        &sent,
    )
    .await;
    assert_eq!(mails_to_an(&town), 2);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn where_somebody_reads_along_the_first_mail_waits_for_a_sign() {
    let (town, _, room) = taken(&password_given()).await;
    let written = writes(&town, &room, ELS, "!reply Wij bellen.").await;
    edits(&town, &room, ELS, "!reply Wij bellen u.", &written).await;
    assert_eq!(mails_to_an(&town), 1, "not yet");
    assert_snapshot!(
        "mailbox_is_suspect",
        town.chat.words_in(&room).last().unwrap()
    );
    signs(&town, &room, ELS, &written).await;
    assert_eq!(mails_to_an(&town), 2);
    assert_eq!(
        town.last_to(AN_ADDRESS).mail.text.trim_end(),
        "TLP:AMBER+STRICT\n\nWij bellen u."
    );
    writes(&town, &room, ELS, "!reply En nu?").await;
    assert_eq!(mails_to_an(&town), 3, "she knows it now");
    let subject = town.last_to(AN_ADDRESS).mail.subject;
    assert_eq!(
        subject, "Re: [TLP:AMBER+STRICT] uw melding",
        "nothing of the report"
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_letter_that_is_not_delivered_is_said_where_it_was_written() {
    let (town, _, room) = taken(&laptop_stolen()).await;
    town.server_says(Delivery::GivenUp(SendFailure::Refused));
    writes(&town, &room, ELS, "!reply Dag An").await;
    let (ticket, _) = town.only_ticket().await;
    assert!(ticket.unanswered.is_some(), "somebody must still reach her");
    assert_snapshot!("not_delivered", town.chat.words_in(&room).last().unwrap());
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_draft_that_its_author_takes_back_does_not_leave() {
    let (town, _, room) = taken(&laptop_stolen()).await;
    let report = posted(&town, &room, "trein");
    for change in ["", "!note toch maar niet"] {
        let draft = answers(&town, &room, ELS, "Stuur mij uw wachtwoord.", &report).await;
        if change.is_empty() {
            let taken_back = Happening::Redacted {
                target: draft.clone(),
            };
            town.in_room(&room, ELS, Trust::ServerOnly, taken_back)
                .await;
        } else {
            edits(&town, &room, ELS, change, &draft).await;
        }
        signs(&town, &room, ELS, &draft).await;
        assert_eq!(mails_to_an(&town), 1, "{change}");
    }
    // A device that proves nobody makes no draft, and is told so.
    let what = Happening::Said(Said {
        text: "Beste An".to_owned(),
        thread: None,
        answers: Some(report),
        replaces: None,
        mentions: Vec::new(),
    });
    town.in_room(&room, ELS, Trust::UnsignedDevice, what).await;
    assert!(
        town.chat
            .words_in(&room)
            .last()
            .unwrap()
            .contains("niet bevestigd")
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn words_for_another_than_before_wait_for_a_sign() {
    let (town, _, room) = taken(&laptop_stolen()).await;
    let bart = Mail::from("Bart <bart@hackegem.example>", "bart")
        .subject("Laptop")
        .text("Ik ben de chef van An. Hebt u nieuws?")
        .answering(&town.last_to(AN_ADDRESS).message_id());
    town.hears(&bart).await;
    town.minutes_pass(1).await;
    let cards = town.chat.acts();
    let pen = cards
        .iter()
        .find(|act| act.words().contains("wachtkamer"))
        .unwrap();
    let number = town
        .tickets()
        .await
        .into_iter()
        .find_map(|ticket| ticket.number);
    let belongs = format!("!belongs {}", number.unwrap());
    town.room_hears(ELS, Trust::SignedDevice, said(&belongs, Some(&pen.event)))
        .await;
    let relayed = town.chat.words_in(&room).pop().unwrap();
    assert!(relayed.contains("bart@hackegem.example"), "{relayed}");
    let before = town.recipients().len();
    let written = writes(&town, &room, ELS, "!reply Wij bellen An.").await;
    assert_eq!(town.recipients().len(), before, "not yet");
    assert_snapshot!(
        "another_addressee",
        town.chat.words_in(&room).last().unwrap()
    );
    signs(&town, &room, ELS, &written).await;
    assert_eq!(town.recipients().last().unwrap(), "bart@hackegem.example");
    let report = posted(&town, &room, "op de trein");
    let hers = answers(&town, &room, ELS, "Dag An", &report).await;
    signs(&town, &room, ELS, &hers).await;
    let last = town.last_to(AN_ADDRESS);
    assert_eq!(last.mail.in_reply_to[0].as_str(), "laptop@hackegem.example");
    town.comes_to_rest().await;
}

#[tokio::test]
async fn killed_at_any_point_a_letter_leaves_once_and_the_room_is_made_once() {
    for point in CrashPoint::ALL {
        let mut town = Town::with_an_on_call_room().await;
        town.hears(&laptop_stolen()).await;
        let card = town.chat.acts()[0].event.clone();
        let oncall = ChatServer::oncall();
        dies_once(&mut town, *point, &oncall, said("!take", Some(&card))).await;
        assert_eq!(town.chat.made().len(), 1, "{point}: one room");
        let room = town.chat.made().remove(0);
        dies_once(&mut town, *point, &room, Happening::Joined).await;
        let said_there = town.chat.words_in(&room);
        let reports = said_there
            .iter()
            .filter(|words| words.contains("op de trein"));
        assert_eq!(reports.count(), 1, "{point}: {said_there:?}");
        dies_once(&mut town, *point, &room, said("!reply Dag An", None)).await;
        let letters = town
            .received()
            .into_iter()
            .filter(|mail| mail.to == AN_ADDRESS);
        let ids: BTreeSet<String> = letters.map(|mail| mail.message_id()).collect();
        assert_eq!(ids.len(), 2, "{point}: first help and one letter");
        let said_there = town.chat.words_in(&room);
        let sent = said_there
            .iter()
            .filter(|words| words.starts_with("Verzonden"));
        assert_eq!(sent.count(), 1, "{point}: {said_there:?}");
        town.comes_to_rest().await;
    }
}
