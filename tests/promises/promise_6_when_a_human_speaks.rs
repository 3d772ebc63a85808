//! Promise 6: when a human speaks, the bot has no more words for the reporter, checked again at the moment
//! of sending.

use crate::support::mails::{AN, Mail, password_given};
use crate::support::roster::ELS;
use crate::support::town::Town;
use eerstelijn::app::ports::{Delivery, SendFailure};
use eerstelijn::domain::ticket::decide::Mode;
use eerstelijn::domain::ticket::event::TicketEvent;
use eerstelijn::domain::ticket::state::TicketState;
use eerstelijn::domain::ticket::words::Silence;
use std::sync::Arc;

const AN_ADDRESS: &str = "an.peeters@hackegem.example";

fn takes(woken: &str) -> Mail {
    Mail::from(ELS, "neem")
        .subject("Re")
        .text("neem")
        .answering(woken)
}

#[tokio::test]
async fn on_a_taken_ticket_the_bot_is_silent_and_goes_on_listening() {
    let town = Town::with_people_on_call().await;
    town.hears(&password_given()).await;
    let first_help = town.last_to(AN_ADDRESS);
    town.hears(&takes(&town.last_to(ELS).message_id())).await;
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(ticket.state(), TicketState::Taken);
    let more = Mail::from(AN, "nog")
        .subject("Re")
        .text("Er vertrekken nu mails uit mijn naam.")
        .answering(&first_help.message_id());
    town.hears(&more).await;
    let (ticket, events) = town.only_ticket().await;
    let to_an = town
        .recipients()
        .iter()
        .filter(|to| *to == AN_ADDRESS)
        .count();
    assert_eq!(to_an, 1, "only the first help");
    let silences = events.iter().filter_map(|e| match e.event {
        TicketEvent::ReplyWithheld { reason, .. } => Some(reason),
        _ => None,
    });
    assert_eq!(silences.collect::<Vec<_>>(), [Silence::HumanSpeaks]);
    assert!(
        ticket
            .assessment
            .unwrap()
            .because
            .iter()
            .any(|word| word.contains("mails"))
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_reply_that_waits_is_taken_back_when_a_human_speaks_first() {
    let town = Town::with_people_on_call().await;
    // The first help does not get through, the page does.
    town.server_says(Delivery::Retry(SendFailure::RefusedForNow));
    town.server_says(Delivery::Done);
    town.hears(&password_given()).await;
    assert_eq!(town.recipients(), [ELS]);
    town.hears(&takes(&town.last_to(ELS).message_id())).await;
    town.minutes_pass(35).await;
    assert_eq!(
        town.recipients(),
        [ELS, ELS],
        "and again when it goes silent"
    );
    let (_, events) = town.only_ticket().await;
    let taken_back = events.iter().any(|e| {
        matches!(
            e.event,
            TicketEvent::ReplyWithdrawn {
                reason: Silence::HumanSpeaks,
                ..
            }
        )
    });
    assert!(taken_back);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn what_may_be_said_is_asked_again_before_it_leaves() {
    let mut town = Town::new().await;
    town.server_says(Delivery::Retry(SendFailure::Unreachable));
    town.hears(&password_given()).await;
    let mut settings = town.app.settings.as_ref().clone();
    settings.mode = Mode::Observe;
    town.app.settings = Arc::new(settings);
    town.minutes_pass(5).await;
    assert!(town.received().is_empty(), "the operator said: observe");
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(ticket.state(), TicketState::WaitingForUs);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn first_help_that_came_too_late_does_not_leave() {
    let town = Town::new().await;
    for _ in 0..60 {
        town.server_says(Delivery::Retry(SendFailure::Unreachable));
    }
    town.hears(&password_given()).await;
    for _ in 0..30 {
        town.jump(jiff::SignedDuration::from_hours(1));
        town.run_until_idle().await;
    }
    for _ in 0..60 {
        town.server_says(Delivery::Done);
    }
    town.jump(jiff::SignedDuration::from_hours(2));
    town.run_until_idle().await;
    assert!(town.received().is_empty(), "a day later it helps nobody");
    let (_, events) = town.only_ticket().await;
    let withdrawn = events.iter().filter_map(|e| match e.event {
        TicketEvent::ReplyWithdrawn { reason, .. } => Some(reason),
        _ => None,
    });
    assert_eq!(withdrawn.collect::<Vec<_>>(), [Silence::TooOld]);
    town.comes_to_rest().await;
}
