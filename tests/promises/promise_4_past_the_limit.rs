//! Promise 4, when all automatic mail of an hour is used up: nobody is answered any more, so people are called,
//! once an hour and not for each mail.

use crate::support::chat_server::ChatServer;
use crate::support::mails::{Mail, STRANGER};
use crate::support::roster::{CHRIS, roster};
use crate::support::town::Town;
use eerstelijn::app::faults::CrashPoint;
use eerstelijn::app::ports::RoomAct;
use eerstelijn::app::settings::Settings;
use eerstelijn::domain::chat::ids::UserId;
use eerstelijn::domain::oncall::people::Role;
use eerstelijn::domain::ticket::event::TicketEvent;
use eerstelijn::domain::ticket::words::Silence;
use insta::assert_snapshot;
use jiff::SignedDuration;

/// A constituent's mail that calls for no page of its own.
fn lure(n: u32) -> Mail {
    let from = format!("Ambtenaar {n} <ambtenaar{n}@hackegem.example>");
    Mail::from(&from, &format!("lokmail-{n}"))
        .subject("Verdachte mail")
        .text("Wij kregen een phishingmail. Niemand heeft geklikt.")
}

/// Four automatic mails in an hour, and no more.
fn four_an_hour(settings: &mut Settings) {
    settings.roster = roster();
    settings.limits.in_all_hour = 4;
}

fn calls(town: &Town) -> usize {
    let to_chris = town.received().into_iter().filter(|mail| mail.to == CHRIS);
    let of_limits = to_chris.filter(|mail| mail.mail.subject.starts_with("Kijk in de mailbox"));
    of_limits.count()
}

async fn silences(town: &Town) -> Vec<Silence> {
    let mut silences = Vec::new();
    for ticket in town.tickets().await {
        let (_, events) = town.ticket(&ticket.id).await;
        silences.extend(events.iter().filter_map(|e| match &e.event {
            TicketEvent::ReplyWithheld { reason, .. } => Some(*reason),
            _ => None,
        }));
    }
    silences
}

#[tokio::test]
async fn who_coordinates_is_called_once_an_hour_and_not_for_each_mail() {
    let mut town = Town::with(four_an_hour).await;
    for n in 0..4 {
        town.hears(&lure(n)).await;
    }
    assert_eq!(calls(&town), 0, "the last one that may leave calls nobody");
    for n in 4..9 {
        town.hears(&lure(n)).await;
    }
    assert_eq!(silences(&town).await, [Silence::GlobalLimit; 5]);
    assert_eq!(calls(&town), 1);
    let call = town.last_to(CHRIS);
    assert_snapshot!(
        "limit_nl",
        format!("{}\n\n{}", call.mail.subject, call.mail.text.trim_end())
    );
    let raw = call.masked();
    assert!(raw.contains("Auto-Submitted: auto-generated"), "{raw}");
    for word in ["hackegem", "mbtenaar", "phishing"] {
        assert!(!raw.contains(word), "{word} of a report");
    }
    // A restart forgets nothing.
    town.jump(SignedDuration::from_mins(40));
    town.restarts().await;
    town.hears(&lure(9)).await;
    assert_eq!(calls(&town), 1);
    // An hour later there is room again. When that is used up too, people are called again.
    town.jump(SignedDuration::from_mins(20));
    for n in 10..15 {
        town.hears(&lure(n)).await;
    }
    assert_eq!(calls(&town), 2);
    town.comes_to_rest().await;
}

/// A mail of somebody whom nobody knows.
fn strange(n: u32) -> Mail {
    let from = format!("Iemand <iemand@elders{n}.example>");
    let text = "Wij kregen een phishingmail. Niemand heeft geklikt.";
    Mail::from(&from, &format!("vreemd-{n}")).text(text)
}

/// Strangers use up their own half only: who is proven is answered, and people are told which half it is.
#[tokio::test]
async fn past_the_half_of_unproven_senders_people_are_called_once_an_hour_too() {
    let town = Town::with(four_an_hour).await;
    for n in 0..2 {
        town.hears(&strange(n)).await;
    }
    assert_eq!(calls(&town), 0);
    for n in 2..5 {
        town.hears(&strange(n)).await;
    }
    assert_eq!(silences(&town).await, [Silence::UnprovenLimit; 3]);
    assert_eq!(calls(&town), 1);
    let call = town.last_to(CHRIS);
    assert_snapshot!(
        "limit_unproven_nl",
        format!("{}\n\n{}", call.mail.subject, call.mail.text.trim_end())
    );
    town.hears(&lure(1)).await;
    town.hears(&lure(2)).await;
    assert_eq!(town.received().len(), 5, "who is proven is answered");
    assert_eq!(calls(&town), 1);
    // Past all of it people are called for that: it is another limit.
    town.hears(&Mail::from(STRANGER, "laatste").text("Onze server is gehackt."))
        .await;
    assert_eq!(calls(&town), 2);
    town.jump(SignedDuration::from_mins(61));
    for n in 5..8 {
        town.hears(&strange(n)).await;
    }
    assert_eq!(calls(&town), 3);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn in_chat_it_says_which_half() {
    let town = Town::with_rooms(|settings| settings.limits.in_all_hour = 3).await;
    for n in 0..4 {
        town.hears(&strange(n)).await;
    }
    let said = town.chat.words_in(&ChatServer::oncall());
    let said: Vec<&String> = said
        .iter()
        .filter(|words| words.contains("De grens"))
        .collect();
    assert_eq!(said.len(), 1);
    assert_snapshot!("limit_unproven_in_chat", said[0]);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn the_call_is_written_with_the_decision_or_not_at_all() {
    for point in [CrashPoint::Decided, CrashPoint::Committed] {
        let mut town = Town::with(four_an_hour).await;
        for n in 0..4 {
            town.hears(&lure(n)).await;
        }
        town.dies_at(point);
        town.deliver(&lure(4)).await;
        assert!(!crate::support::town::survives(town.run_until_idle()).await);
        town.restarts().await;
        town.run_until_idle().await;
        assert_eq!(calls(&town), 1, "{point}");
        town.comes_to_rest().await;
    }
}

/// In chat those who coordinate are mentioned, in the on-call room itself and below no ticket.
#[tokio::test]
async fn in_chat_it_stands_in_the_on_call_room() {
    let town = Town::with_rooms(|settings| {
        settings.limits.in_all_hour = 4;
        let chris = &mut settings.roster.people[2];
        assert!(chris.roles.contains(&Role::Coordinator));
        chris.matrix = UserId::parse("@chris:crt.example");
    })
    .await;
    for n in 0..6 {
        town.hears(&lure(n)).await;
    }
    let acts = town.chat.acts();
    let mut told = acts
        .iter()
        .filter(|act| act.words().contains("De grens van 4"));
    let call = told.next().unwrap();
    assert!(told.next().is_none(), "once");
    assert!(call.is_in(&ChatServer::oncall()));
    assert!(matches!(&call.act, RoomAct::Post { thread: None, .. }));
    assert_eq!(call.mentions(), ["@chris:crt.example"]);
    assert_snapshot!("limit_in_chat", call.words());
    town.comes_to_rest().await;
}
