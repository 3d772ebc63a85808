//! Promise 3 in chat: who reports in the lobby is written to apart, and gets first help there.

use crate::support::chat_server::{ChatServer, ELS, OFFICIAL, said};
use crate::support::town::{Town, survives};
use eerstelijn::app::faults::CrashPoint;
use eerstelijn::app::ports::{RoomAct, RoomPurpose, Secrecy};
use eerstelijn::domain::chat::ids::{EventId, RoomId, UserId};
use eerstelijn::domain::chat::incoming::{Happening, Said};
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::ticket::decide::Mode;
use eerstelijn::domain::ticket::event::TicketEvent;
use eerstelijn::domain::ticket::state::TicketState;
use insta::assert_snapshot;
use jiff::SignedDuration;

/// A report that calls for a human.
const REPORT: &str = "Help, ik heb mijn wachtwoord ingevuld op een valse pagina en nu gaan er mails uit mijn naam weg!";
/// One that doesn't.
const MILD: &str = "Ik kreeg een phishingmail van een valse bank. Ik heb nergens op geklikt.";

async fn in_the_lobby(town: &Town, text: &str) -> EventId {
    let lobby = ChatServer::lobby();
    town.in_room(&lobby, OFFICIAL, Trust::ServerOnly, said(text, None))
        .await
}

async fn writes(town: &Town, room: &RoomId, text: &str) -> EventId {
    town.in_room(room, OFFICIAL, Trust::SignedDevice, said(text, None))
        .await
}

async fn joins(town: &Town, room: &RoomId) {
    town.in_room(room, OFFICIAL, Trust::ServerOnly, Happening::Joined)
        .await;
}

fn lobby_words(town: &Town) -> Vec<String> {
    town.chat.words_in(&ChatServer::lobby())
}

/// A report in the lobby, and its reporter in the direct chat.
async fn taken_apart(town: &Town, report: &str) -> RoomId {
    in_the_lobby(town, report).await;
    let room = town.chat.made().pop().unwrap();
    joins(town, &room).await;
    room
}

/// A room that the reporter made himself.
fn own_room() -> RoomId {
    RoomId::parse("!van-an:hackegem.example").unwrap()
}

#[tokio::test]
async fn who_reports_in_the_lobby_is_written_to_apart_and_helped_there() {
    let town = Town::with_an_on_call_room().await;
    let asked = in_the_lobby(&town, REPORT).await;
    let acts = town.chat.acts();
    let lobby = ChatServer::lobby();
    let word = acts.iter().find(|act| act.is_in(&lobby)).unwrap();
    assert!(word.is_below(&asked));
    assert_snapshot!("apart", word.words());
    let RoomAct::Post { secrecy, .. } = &word.act else {
        panic!("a message")
    };
    assert_eq!(*secrecy, Secrecy::Public);
    let made = acts.iter().find(|act| act.made.is_some()).unwrap();
    let RoomAct::OpenRoom {
        name,
        invite,
        purpose,
    } = &made.act
    else {
        panic!("a room")
    };
    assert_eq!((name, *purpose), (&None, RoomPurpose::Direct));
    assert_eq!(*invite, [UserId::parse(OFFICIAL).unwrap()]);
    let room = made.made.clone().unwrap();
    assert!(town.chat.words_in(&room).is_empty(), "not before he is in");
    let (ticket, _) = town.only_ticket().await;
    assert!(
        ticket.running_page().is_some(),
        "somebody is called at once"
    );

    joins(&town, &room).await;
    assert_snapshot!("guidance", town.chat.words_in(&room).join("\n---\n"));
    let (ticket, events) = town.only_ticket().await;
    assert_eq!(ticket.state(), TicketState::WaitingForReporter);
    assert_eq!(ticket.constituent.as_deref(), Some("Gemeente Hackegem"));
    let used = events.iter().any(|recorded| {
        matches!(&recorded.event, TicketEvent::ReplyWritten { guidance, .. } if !guidance.is_empty())
    });
    assert!(used, "what the help was made of is on record");
    let inbox = &ticket.latest_message.as_ref().unwrap().inbox;
    let record = town.app.store.decision(inbox).await.unwrap().unwrap();
    assert_eq!(record.course, "lobby invite");
    assert!(record.assessment.is_some() && !record.handbook.is_empty());

    writes(
        &town,
        &room,
        "Ja, er is ook geld overgeschreven: 5000 euro.",
    )
    .await;
    assert_snapshot!("follow_up", town.chat.words_in(&room).last().unwrap());
    joins(&town, &room).await;
    assert_eq!(town.chat.words_in(&room).len(), 2, "nothing is said twice");
    town.jump(SignedDuration::from_mins(3));
    town.run_until_idle().await;
    assert_eq!(lobby_words(&town).len(), 1, "he came: no general steps");
    town.comes_to_rest().await;
}

#[tokio::test]
async fn who_does_not_come_gets_general_steps_in_the_lobby_and_help_when_he_comes() {
    let town = Town::with_an_on_call_room().await;
    let asked = in_the_lobby(&town, MILD).await;
    assert!(town.only_ticket().await.0.page.is_none());
    town.minutes_pass(3).await;
    let acts = town.chat.acts();
    let lobby = ChatServer::lobby();
    let steps = acts.iter().rfind(|act| act.is_in(&lobby)).unwrap();
    assert!(steps.is_below(&asked));
    assert_snapshot!("general_steps", steps.words());
    assert!(!steps.words().contains("phishing") && !steps.words().contains("CRT-"));
    let (ticket, _) = town.only_ticket().await;
    assert!(ticket.running_page().is_some(), "somebody must reach him");
    let room = town.chat.made().pop().unwrap();
    joins(&town, &room).await;
    assert_eq!(town.chat.words_in(&room).len(), 1, "help waited for him");
    town.minutes_pass(3).await;
    assert_eq!(lobby_words(&town).len(), 2);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_page_that_runs_is_enough() {
    let town = Town::with_an_on_call_room().await;
    in_the_lobby(&town, REPORT).await;
    town.minutes_pass(3).await;
    let (_, events) = town.only_ticket().await;
    let raised = |event: &TicketEvent| matches!(event, TicketEvent::PageRaised { .. });
    assert_eq!(events.iter().filter(|e| raised(&e.event)).count(), 1);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn the_same_reporter_goes_on_where_he_is() {
    let town = Town::with_an_on_call_room().await;
    in_the_lobby(&town, MILD).await;
    in_the_lobby(
        &town,
        "Intussen heb ik toch mijn wachtwoord gegeven op die site.",
    )
    .await;
    assert_snapshot!("apart_already", lobby_words(&town).last().unwrap());
    let room = town.chat.made().pop().unwrap();
    assert_eq!(town.chat.made().len(), 1);
    joins(&town, &room).await;
    assert_eq!(town.chat.words_in(&room).len(), 1);
    in_the_lobby(&town, "Er vertrekken nu mails uit mijn naam!").await;
    assert_eq!(town.chat.words_in(&room).len(), 2, "answered in the chat");
    let (ticket, _) = town.only_ticket().await;
    assert!(ticket.running_page().is_some(), "it became worse");

    town.jump(SignedDuration::from_hours(30));
    town.run_until_idle().await;
    in_the_lobby(&town, "Mijn laptop met dossiers is gestolen.").await;
    assert_eq!(town.tickets().await.len(), 2, "another day, another ticket");
    assert_eq!(town.chat.made().len(), 1, "and the same chat");
    assert!(
        town.chat
            .words_in(&room)
            .last()
            .unwrap()
            .contains("CRT-2026-0002")
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn what_he_adds_below_his_report_is_not_lost() {
    let town = Town::with_an_on_call_room().await;
    let asked = in_the_lobby(&town, MILD).await;
    let lobby = ChatServer::lobby();
    let added = said("Bedankt, tot straks", Some(&asked));
    town.in_room(&lobby, OFFICIAL, Trust::ServerOnly, added)
        .await;
    assert_eq!(lobby_words(&town).len(), 1);
    let (ticket, _) = town.only_ticket().await;
    assert!(ticket.latest_message.unwrap().text.contains("straks"));
    assert_eq!(town.chat.made().len(), 1);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn who_leaves_the_chat_is_asked_in_again() {
    let town = Town::with_an_on_call_room().await;
    let room = taken_apart(&town, MILD).await;
    town.in_room(&room, OFFICIAL, Trust::ServerOnly, Happening::Left)
        .await;
    in_the_lobby(
        &town,
        "Ik heb er toch op geklikt en mijn wachtwoord gegeven.",
    )
    .await;
    assert_eq!(town.chat.made().len(), 2);
    assert_eq!(town.tickets().await.len(), 1);
    let room = town.chat.made().pop().unwrap();
    joins(&town, &room).await;
    assert_eq!(town.chat.words_in(&room).len(), 1, "help on what is new");
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_human_takes_over_and_the_bot_is_silent() {
    let town = Town::with_an_on_call_room().await;
    let room = taken_apart(&town, REPORT).await;
    let (ticket, _) = town.only_ticket().await;
    let card = ticket.card.unwrap();
    town.room_hears(ELS, Trust::SignedDevice, said("!take", Some(&card)))
        .await;
    let work = town.chat.made().pop().unwrap();
    town.in_room(&work, ELS, Trust::ServerOnly, Happening::Joined)
        .await;
    writes(&town, &room, "Wat nu? De servers zijn ook versleuteld!").await;
    assert_eq!(
        town.chat.words_in(&room).len(),
        1,
        "no more words of the bot"
    );
    assert!(
        town.chat
            .words_in(&work)
            .last()
            .unwrap()
            .contains("versleuteld")
    );
    assert!(town.only_ticket().await.0.running_page().is_some());
    in_the_lobby(&town, "Hallo? Alle bestanden zijn versleuteld!").await;
    assert_eq!(lobby_words(&town).len(), 1);
    town.in_room(
        &work,
        ELS,
        Trust::SignedDevice,
        said("!reply Ik bel u nu.", None),
    )
    .await;
    assert_snapshot!("of_a_human", town.chat.words_in(&room).last().unwrap());
    let file = Happening::Shared {
        name: "losgeld.txt".to_owned(),
        mime: "text/plain".to_owned(),
        size: 12,
        caption: None,
        thread: None,
    };
    town.in_room(&room, OFFICIAL, Trust::SignedDevice, file)
        .await;
    assert!(
        town.chat
            .words_in(&work)
            .last()
            .unwrap()
            .contains("losgeld.txt")
    );
    let edited = Happening::Said(Said {
        text: "De servers zijn NIET versleuteld.".to_owned(),
        thread: None,
        answers: None,
        replaces: EventId::parse("$theirs-3"),
        mentions: Vec::new(),
    });
    town.in_room(&room, OFFICIAL, Trust::SignedDevice, edited)
        .await;
    let relayed = town.chat.words_in(&work).pop().unwrap();
    assert!(relayed.contains("verbetering"), "{relayed}");
    assert_eq!(town.chat.words_in(&room).len(), 2);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn who_comes_after_a_human_took_it_finds_the_human() {
    let town = Town::with_an_on_call_room().await;
    in_the_lobby(&town, REPORT).await;
    let (ticket, _) = town.only_ticket().await;
    let room = town.chat.made().pop().unwrap();
    let card = ticket.card.unwrap();
    town.room_hears(ELS, Trust::SignedDevice, said("!take", Some(&card)))
        .await;
    let work = town.chat.made().pop().unwrap();
    town.in_room(&work, ELS, Trust::ServerOnly, Happening::Joined)
        .await;
    town.minutes_pass(3).await;
    assert_eq!(lobby_words(&town).len(), 1, "no general steps either");
    joins(&town, &room).await;
    assert!(town.chat.words_in(&room).is_empty());
    assert!(
        town.chat
            .words_in(&work)
            .last()
            .unwrap()
            .contains("in het gesprek")
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_chat_that_he_begins_himself_is_one_too() {
    let town = Town::with_an_on_call_room().await;
    let room = own_room();
    joins(&town, &room).await;
    writes(&town, &room, "Goeiedag").await;
    writes(&town, &room, "Goeiedag").await;
    assert_snapshot!("hello", town.chat.words_in(&room).join("\n---\n"));
    writes(&town, &room, "Hebben wij een SIEM nodig?").await;
    assert_snapshot!(
        "answer_in_the_chat",
        town.chat.words_in(&room).last().unwrap()
    );
    assert!(town.tickets().await.is_empty());
    writes(&town, &room, REPORT).await;
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(ticket.direct.as_ref().unwrap().open_room(), Some(&room));
    assert!(ticket.running_page().is_some());
    let said = town.chat.words_in(&room);
    assert!(said.last().unwrap().contains("CRT-2026-0001"));
    assert_eq!(said.len(), 3);
    assert!(town.chat.made().is_empty() && lobby_words(&town).is_empty());
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_closed_ticket_opens_again_for_a_month() {
    let town = Town::with_an_on_call_room().await;
    let room = taken_apart(&town, REPORT).await;
    let card = town.only_ticket().await.0.card.unwrap();
    let close = || said("!close opgelost", Some(&card));
    town.room_hears(ELS, Trust::SignedDevice, close()).await;
    town.jump(SignedDuration::from_hours(24 * 29));
    writes(&town, &room, "Er gaan weer mails weg uit mijn naam").await;
    assert_ne!(town.only_ticket().await.0.state(), TicketState::Closed);
    town.room_hears(
        ELS,
        Trust::SignedDevice,
        said("!close opgelost", Some(&card)),
    )
    .await;
    town.jump(SignedDuration::from_hours(24 * 31));
    writes(&town, &room, MILD).await;
    assert_eq!(town.tickets().await.len(), 2);
    assert!(
        town.chat
            .words_in(&room)
            .last()
            .unwrap()
            .contains("CRT-202")
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn nobody_reached_is_said_in_the_chat() {
    let town = Town::with_an_on_call_room().await;
    let room = taken_apart(&town, REPORT).await;
    town.minutes_pass(27).await;
    assert_snapshot!("nobody_reached", town.chat.words_in(&room).last().unwrap());
    town.comes_to_rest().await;
}

#[tokio::test]
async fn fixed_words_need_no_approval_and_help_does() {
    let town = Town::with_rooms(|settings| settings.mode = Mode::Approve).await;
    let room = taken_apart(&town, MILD).await;
    assert_eq!(lobby_words(&town).len(), 1);
    assert!(town.chat.words_in(&room).is_empty(), "waits for approval");
    let acts = town.chat.acts();
    let draft = acts
        .iter()
        .find(|act| act.words().starts_with("Ontwerp"))
        .unwrap();
    let sign = Happening::Reacted {
        target: draft.event.clone(),
        sign: "✅".to_owned(),
    };
    town.room_hears(ELS, Trust::ServerOnly, sign).await;
    assert_eq!(town.chat.words_in(&room).len(), 1);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn who_only_observes_says_nothing_to_anybody() {
    let town = Town::with_rooms(|settings| settings.mode = Mode::Observe).await;
    in_the_lobby(&town, REPORT).await;
    in_the_lobby(&town, "Hebben wij een SIEM nodig?").await;
    writes(&town, &own_room(), "Goeiedag").await;
    writes(&town, &own_room(), MILD).await;
    town.minutes_pass(5).await;
    assert!(lobby_words(&town).is_empty() && town.chat.made().is_empty());
    assert!(town.chat.words_in(&own_room()).is_empty());
    let drafts = town.chat.words_in(&ChatServer::oncall());
    let shown = drafts
        .iter()
        .filter(|words| words.contains("modus observe"));
    assert_eq!(shown.count(), 2, "experts see what it would have said");
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_restart_at_any_point_loses_nothing_and_says_nothing_twice() {
    for point in CrashPoint::ALL {
        let mut town = Town::with_an_on_call_room().await;
        town.dies_at(*point);
        let alive = survives(async {
            in_the_lobby(&town, REPORT).await;
        })
        .await;
        assert!(!alive, "the story never came to {point}");
        town.restarts().await;
        if *point == CrashPoint::BeforeStore {
            // The homeserver tells it again.
            in_the_lobby(&town, REPORT).await;
        }
        town.run_until_idle().await;
        assert_eq!(town.chat.made().len(), 1, "{point}");
        let room = town.chat.made().remove(0);
        joins(&town, &room).await;
        assert_eq!(town.chat.words_in(&room).len(), 1, "{point}");
        let apart = lobby_words(&town);
        let apart = apart.iter().filter(|words| words.contains("apart"));
        assert_eq!(apart.count(), 1, "{point}");
        town.comes_to_rest().await;
    }
}

#[tokio::test]
async fn who_comes_in_before_the_room_is_on_record_is_helped_all_the_same() {
    let mut town = Town::with_an_on_call_room().await;
    town.chat.is_away(true);
    in_the_lobby(&town, REPORT).await;
    let room = RoomId::parse("!net-gemaakt:crt.example").unwrap();
    joins(&town, &room).await;
    town.chat.is_away(false);
    town.restarts().await;
    town.run_until_idle().await;
    let room = town.chat.made().remove(0);
    assert_eq!(town.chat.words_in(&room).len(), 1);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_message_whose_key_comes_late_is_answered_in_the_end() {
    // Before anybody is told, and after the word that it can't be read.
    for minutes in [1, 10] {
        let town = Town::with_an_on_call_room().await;
        let room = own_room();
        let mut event = town.chat.happens(
            &room,
            OFFICIAL,
            Trust::UnsignedDevice,
            town.now(),
            Happening::Undecryptable,
        );
        town.homeserver_tells(event.clone()).await;
        town.minutes_pass(minutes).await;
        let told = town.chat.words_in(&room).len();
        assert_eq!(
            told,
            usize::from(minutes > 2),
            "he is told after two minutes"
        );
        event.what = said(REPORT, None);
        event.trust = Trust::SignedDevice;
        town.homeserver_tells(event.clone()).await;
        let words = town.chat.words_in(&room);
        assert_eq!(words.len(), told + 1, "{words:?}");
        assert!(words[told].contains("wachtwoord"), "{words:?}");
        town.homeserver_tells(event).await;
        assert_eq!(town.chat.words_in(&room).len(), told + 1, "once");
        town.comes_to_rest().await;
    }
}

#[tokio::test]
async fn a_room_that_cannot_be_made_holds_up_no_help() {
    let town = Town::with_an_on_call_room().await;
    town.chat.makes_no_rooms(true);
    in_the_lobby(&town, REPORT).await;
    town.minutes_pass(3).await;
    let said_there = lobby_words(&town);
    assert!(said_there.last().unwrap().contains("112"), "{said_there:?}");
    town.chat.makes_no_rooms(false);
    town.minutes_pass(6).await;
    let room = town.chat.made().pop().unwrap();
    joins(&town, &room).await;
    assert!(!town.chat.words_in(&room).is_empty(), "help, when he comes");
    town.comes_to_rest().await;
}

#[tokio::test]
async fn what_a_taken_tickets_reporter_writes_and_nobody_can_read_is_told() {
    let town = Town::with_an_on_call_room().await;
    let room = taken_apart(&town, REPORT).await;
    let card = town
        .chat
        .acts()
        .iter()
        .find(|act| act.words().contains("gemeld om"))
        .unwrap()
        .event
        .clone();
    town.room_hears(ELS, Trust::SignedDevice, said("!take", Some(&card)))
        .await;
    let work = town.chat.made().pop().unwrap();
    town.in_room(&work, ELS, Trust::ServerOnly, Happening::Joined)
        .await;
    town.in_room(
        &room,
        OFFICIAL,
        Trust::UnsignedDevice,
        Happening::Undecryptable,
    )
    .await;
    town.minutes_pass(3).await;
    let inside = town.chat.words_in(&work);
    assert!(
        inside.iter().any(|words| words.contains("niet kan lezen")),
        "{inside:?}"
    );
    let acts = town.chat.acts();
    let mut thread = acts.iter().filter(|act| act.is_below(&card));
    let told = thread.find(|act| act.words().contains("niet kan lezen"));
    assert_eq!(told.unwrap().mentions(), [ELS]);
    town.comes_to_rest().await;
}
