//! Promise 6 in chat: an expert takes the ticket, reads it in a room of its own, and has the word.

use crate::support::chat_server::{Acted, ChatServer, ELS, said};
use crate::support::mails::{AN, Mail, password_given};
use crate::support::town::{Town, survives};
use eerstelijn::app::faults::CrashPoint;
use eerstelijn::app::ports::{Delivery, RoomAct, RoomPurpose, SendFailure};
use eerstelijn::domain::chat::ids::{EventId, RoomId, UserId};
use eerstelijn::domain::chat::incoming::{Happening, Said};
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::ticket::state::TicketState;
use insta::assert_snapshot;
use jiff::SignedDuration;
use std::collections::BTreeSet;

const AN_ADDRESS: &str = "an.peeters@hackegem.example";
const BRAM: &str = "@bram:crt.example";

fn laptop_stolen() -> Mail {
    Mail::from(AN, "laptop")
        .subject("Laptop gestolen")
        .text("Mijn laptop is gestolen op de trein. Er staan dossiers van 300 burgers op, hij is niet versleuteld.")
}

fn laptop_stolen_more() -> Mail {
    Mail::from(AN, "meer")
        .subject("Re: Laptop gestolen")
        .text("Ook mijn badge is weg.")
        .answering("laptop@hackegem.example")
}

/// A ticket that Els has taken in its thread: the card, and its room.
async fn taken(report: &Mail) -> (Town, EventId, RoomId) {
    let town = Town::with_an_on_call_room().await;
    town.hears(report).await;
    let card = town.chat.acts()[0].event.clone();
    town.room_hears(ELS, Trust::SignedDevice, said("!take", Some(&card)))
        .await;
    let room = town.chat.made().remove(0);
    comes(&town, &room, ELS).await;
    (town, card, room)
}

async fn comes(town: &Town, room: &RoomId, who: &str) {
    town.in_room(room, who, Trust::ServerOnly, Happening::Joined)
        .await;
}

async fn writes(town: &Town, room: &RoomId, who: &str, text: &str) -> EventId {
    town.in_room(room, who, Trust::SignedDevice, said(text, None))
        .await
}

/// A Matrix reply to a message.
async fn answers(town: &Town, room: &RoomId, who: &str, text: &str, to: &EventId) -> EventId {
    let what = Happening::Said(Said {
        text: text.to_owned(),
        thread: None,
        answers: Some(to.clone()),
        replaces: None,
        mentions: Vec::new(),
    });
    town.in_room(room, who, Trust::SignedDevice, what).await
}

async fn edits(town: &Town, room: &RoomId, who: &str, text: &str, original: &EventId) {
    let what = Happening::Said(Said {
        text: text.to_owned(),
        thread: None,
        answers: None,
        replaces: Some(original.clone()),
        mentions: Vec::new(),
    });
    town.in_room(room, who, Trust::SignedDevice, what).await;
}

async fn signs(town: &Town, room: &RoomId, who: &str, on: &EventId) {
    let what = Happening::Reacted {
        target: on.clone(),
        sign: "✅\u{fe0f}".to_owned(),
    };
    town.in_room(room, who, Trust::ServerOnly, what).await;
}

fn mails_to_an(town: &Town) -> usize {
    let to = town.recipients();
    to.iter().filter(|to| *to == AN_ADDRESS).count()
}

/// The message of the room that holds these words.
fn posted(town: &Town, room: &RoomId, words: &str) -> EventId {
    let acts = town.chat.acts();
    let mut found = acts
        .iter()
        .filter(|act| act.is_in(room) && act.words().contains(words));
    found.next().expect(words).event.clone()
}

#[tokio::test]
async fn the_conversation_so_far_arrives_in_a_room_for_who_works_on_it() {
    let (town, card, room) = taken(&laptop_stolen()).await;
    let acts = town.chat.acts();
    let made = acts.iter().find(|act| act.made.is_some()).unwrap();
    let RoomAct::OpenRoom {
        name,
        invite,
        purpose,
    } = &made.act
    else {
        panic!("no room was made");
    };
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(*name, ticket.number.as_ref().map(ToString::to_string));
    assert_eq!(*invite, [UserId::parse(ELS).unwrap()]);
    assert_eq!(*purpose, RoomPurpose::Ticket);
    assert_snapshot!("room_as_made", town.chat.words_in(&room).join("\n---\n"));
    let in_the_thread = acts.iter().filter(|act| act.is_below(&card));
    let said: Vec<String> = in_the_thread.map(Acted::words).collect();
    assert!(said.last().unwrap().contains("kamer"), "{said:?}");
    for words in &said {
        assert!(
            !words.contains("laptop") && !words.contains("An Peeters"),
            "{words}"
        );
    }
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_reply_leaves_in_the_reporters_own_thread_and_the_answer_comes_back() {
    let (town, _, room) = taken(&laptop_stolen()).await;
    let text = "Dag An,\n\n!close is geen commando voor u.\n\nGroeten, Els";
    writes(&town, &room, ELS, &format!("!reply {text}")).await;
    let mail = town.last_to(AN_ADDRESS);
    assert_snapshot!("reply_as_mail", mail.masked());
    assert_eq!(mail.mail.text.trim_end(), text);
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
async fn what_is_said_in_the_room_stays_there() {
    let (town, _, room) = taken(&laptop_stolen()).await;
    let report = posted(&town, &room, "trein");
    writes(&town, &room, ELS, "wat denken jullie?").await;
    let aside = answers(&town, &room, BRAM, "typisch Hackegem", &report).await;
    let remark = writes(&town, &room, ELS, "ssst").await;
    answers(&town, &room, BRAM, "sorry", &remark).await;
    signs(&town, &room, ELS, &aside).await;
    assert!(
        town.chat
            .words_in(&room)
            .last()
            .unwrap()
            .contains("Alleen wie")
    );
    assert_eq!(mails_to_an(&town), 1, "nothing but the first help");
    for words in ["!note Gebeld met de politie.", "!severity hoog", "!help"] {
        writes(&town, &room, ELS, words).await;
    }
    assert_eq!(mails_to_an(&town), 1);
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
        "Blokkeer de laptop."
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
        "Wij bellen u."
    );
    writes(&town, &room, ELS, "!reply En nu?").await;
    assert_eq!(mails_to_an(&town), 3, "she knows it now");
    let subject = town.last_to(AN_ADDRESS).mail.subject;
    assert_eq!(subject, "Re: uw melding", "nothing of the report");
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
async fn a_colleague_is_invited_and_strangers_are_not_heard() {
    let (town, card, room) = taken(&laptop_stolen()).await;
    town.room_hears(ELS, Trust::SignedDevice, said("!hand bram", Some(&card)))
        .await;
    let invites = town
        .chat
        .acts()
        .into_iter()
        .filter_map(|act| match act.act {
            RoomAct::Invite { user, .. } => Some(user),
            _ => None,
        });
    assert_eq!(invites.collect::<Vec<_>>(), [UserId::parse(BRAM).unwrap()]);
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(ticket.owner.unwrap().as_str(), "bram");
    comes(&town, &room, BRAM).await;
    let recap = town.chat.words_in(&room).pop().unwrap();
    assert!(
        recap.starts_with("Voor bram") && recap.contains("gestolen op de trein"),
        "{recap}"
    );
    let before = town.chat.acts().len();
    writes(&town, &room, "@iemand:elders.example", "!reply hallo").await;
    town.in_room(
        &room,
        ELS,
        Trust::UnsignedDevice,
        said("!reply hallo", None),
    )
    .await;
    assert_eq!(mails_to_an(&town), 1);
    assert_eq!(town.chat.acts().len(), before + 1, "Els is told why");
    writes(&town, &room, BRAM, "!close opgelost").await;
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(ticket.state(), TicketState::Closed);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_room_that_could_not_be_made_is_made_at_the_next_try() {
    let town = Town::with_an_on_call_room().await;
    town.hears(&laptop_stolen()).await;
    let card = town.chat.acts()[0].event.clone();
    town.chat.is_away(true);
    town.room_hears(ELS, Trust::SignedDevice, said("!take", Some(&card)))
        .await;
    assert!(town.chat.made().is_empty());
    town.chat.is_away(false);
    town.jump(SignedDuration::from_mins(6));
    town.run_until_idle().await;
    assert_eq!(town.chat.made().len(), 1);
    let room = town.chat.made().remove(0);
    assert!(
        town.chat.words_in(&room).is_empty(),
        "nobody could read it yet"
    );
    town.hears(&laptop_stolen_more()).await;
    assert!(town.chat.words_in(&room).is_empty());
    comes(&town, &room, ELS).await;
    let said = town.chat.words_in(&room);
    assert!(
        said.iter().any(|words| words.contains("Ook mijn badge")),
        "{said:?}"
    );
    assert_eq!(
        said.iter()
            .filter(|words| words.contains("op de trein"))
            .count(),
        1
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_call_becomes_a_ticket() {
    let town = Town::with_an_on_call_room().await;
    let call = "!open Gemeente Hackegem; 0470 00 00 00; alle servers zijn versleuteld";
    town.room_hears(ELS, Trust::SignedDevice, said(call, None))
        .await;
    let (ticket, _) = town.only_ticket().await;
    assert!(
        ticket.running_page().is_none(),
        "who wrote it down is awake"
    );
    assert_eq!(ticket.category().unwrap().as_str(), "ransomware");
    let card = town.chat.acts()[0].event.clone();
    let card = ticket.card.clone().unwrap_or(card);
    town.room_hears(ELS, Trust::SignedDevice, said("!take", Some(&card)))
        .await;
    let room = town.chat.made().remove(0);
    comes(&town, &room, ELS).await;
    let said = town.chat.words_in(&room);
    assert!(
        said.iter().any(|words| words.contains("0470 00 00 00")),
        "{said:?}"
    );
    writes(&town, &room, ELS, "!reply hallo").await;
    assert!(
        town.chat
            .words_in(&room)
            .last()
            .unwrap()
            .contains("geen adres")
    );
    assert_eq!(ChatServer::oncall().as_str(), "!wacht:crt.example");
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_message_in_the_pen_is_placed_by_a_person() {
    let (town, _, room) = taken(&laptop_stolen()).await;
    let (ticket, _) = town.only_ticket().await;
    let number = ticket.number.clone().unwrap();
    let stranger = |id: &str| {
        Mail::from("Jan <jan@hackegem.example>", id)
            .subject(&format!("Re: [{number}]"))
            .text("De laptop werd teruggevonden in het station.")
    };
    town.hears(&stranger("gevonden")).await;
    let cards = town.chat.acts();
    let mut posted = cards.iter();
    let card = posted.find(|act| act.words().contains("wachtkamer"));
    let card = card.unwrap().event.clone();
    let says = async |text: &str| {
        town.room_hears(ELS, Trust::SignedDevice, said(text, Some(&card)))
            .await;
    };
    says("!take").await;
    says("!belongs CRT-2026-0999").await;
    assert!(
        town.chat
            .words_in(&room)
            .iter()
            .all(|words| !words.contains("station"))
    );
    says(&format!("!belongs {number}")).await;
    let said_there = town.chat.words_in(&room).join("\n---\n");
    assert!(said_there.contains("station"), "{said_there}");
    says("!drop").await;
    let words = town.chat.words_in(&ChatServer::oncall()).join("\n---\n");
    assert!(words.contains(&format!("hoort bij {number}")), "{words}");
    // What he writes next goes to the same ticket, and nothing waits any more.
    town.minutes_pass(20).await;
    let more = Mail::from("Jan <jan@hackegem.example>", "meer")
        .text("Hij ligt bij het loket.")
        .answering("gevonden@hackegem.example");
    town.hears(&more).await;
    assert!(town.chat.words_in(&room).last().unwrap().contains("loket"));
    assert_eq!(town.tickets().await.len(), 2);
    assert_eq!(mails_to_an(&town), 1);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn when_everybody_has_left_the_thread_hears_of_what_comes() {
    let (town, card, room) = taken(&laptop_stolen()).await;
    town.in_room(&room, ELS, Trust::ServerOnly, Happening::Left)
        .await;
    town.hears(&laptop_stolen_more()).await;
    let acts = town.chat.acts();
    let mut thread = acts.iter().rev().filter(|act| act.is_below(&card));
    let told = thread.find(|act| act.words().contains("schreef opnieuw"));
    assert_eq!(told.unwrap().mentions(), [ELS]);
    assert!(
        town.chat
            .words_in(&room)
            .iter()
            .all(|words| !words.contains("badge"))
    );
    town.room_hears(ELS, Trust::SignedDevice, said("!take", Some(&card)))
        .await;
    let invited = town
        .chat
        .acts()
        .iter()
        .any(|act| matches!(act.act, RoomAct::Invite { .. }));
    assert!(invited, "she can come back");
    comes(&town, &room, ELS).await;
    let recap = town.chat.words_in(&room).pop().unwrap();
    assert!(recap.contains("badge"), "{recap}");
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
async fn who_was_given_a_ticket_is_called_and_not_taken_for_awake() {
    let town = Town::with_an_on_call_room().await;
    town.hears(&laptop_stolen()).await;
    let card = town.chat.acts()[0].event.clone();
    let both = "!take\n!hand bram";
    town.room_hears(ELS, Trust::SignedDevice, said(both, Some(&card)))
        .await;
    assert_eq!(town.chat.made().len(), 1, "one room for both");
    let (ticket, _) = town.only_ticket().await;
    let (awake, _) = ticket.page.as_ref().unwrap().acked.as_ref().unwrap();
    assert_eq!(awake.as_str(), "els");
    assert_eq!(ticket.owner.as_ref().unwrap().as_str(), "bram");
    let acts = town.chat.acts();
    let told = acts
        .iter()
        .find(|act| act.words().contains("Doorgegeven aan"));
    assert_eq!(told.unwrap().mentions(), [BRAM]);
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

/// Something happens in a room, the process dies on it, starts again, and the homeserver tells it once more.
async fn dies_once(town: &mut Town, point: CrashPoint, room: &RoomId, what: Happening) {
    let trust = Trust::SignedDevice;
    let event = town.chat.happens(room, ELS, trust, town.now(), what);
    town.dies_at(point);
    survives(town.homeserver_tells(event.clone())).await;
    town.restarts().await;
    town.homeserver_tells(event).await;
}
