//! Promise 6, past the bot: who of the team answers with Outlook from the mailbox itself has spoken too.

use crate::support::chat_server::ChatServer;
use crate::support::mails::{AN, BART, CRT, Mail, password_given};
use crate::support::town::Town;
use eerstelijn::app::ports::{Delivery, SendFailure};
use eerstelijn::domain::ticket::event::TicketEvent;
use eerstelijn::domain::ticket::state::TicketState;
use eerstelijn::domain::ticket::words::Silence;

const AN_ADDRESS: &str = "an.peeters@hackegem.example";
const REPORT: &str = "melding-1@hackegem.example";

/// An answer as Outlook writes it: a Message-ID of its own, and the report below.
fn by_hand(id: &str, to: &str, answers: &str) -> Mail {
    Mail::from(&format!("CRT <{CRT}>"), id)
        .unproven()
        .to(to)
        .subject("RE: Hulp aub")
        .text(
            "Dag An,\n\nik bel u binnen vijf minuten.\n\nEls\n\n\
             Van: An Peeters <an.peeters@hackegem.example>\n\
             Verzonden: maandag 23 november 2026 21:40\n\
             Aan: crt@crt.example\n\
             Onderwerp: Hulp aub\n\n\
             ik heb op een link geklikt en mijn paswoord ingegeven.",
        )
        .answering(answers)
}

fn more_of_an(answers: &str) -> Mail {
    Mail::from(AN, "nog")
        .subject("Re: Hulp aub")
        .text("Er vertrekken nu mails uit mijn naam.")
        .answering(answers)
}

fn silences(events: &[eerstelijn::domain::ticket::event::RecordedEvent]) -> Vec<Silence> {
    let silences = events.iter().filter_map(|recorded| match recorded.event {
        TicketEvent::ReplyWithheld { reason, .. } | TicketEvent::ReplyWithdrawn { reason, .. } => {
            Some(reason)
        }
        _ => None,
    });
    silences.collect()
}

#[tokio::test]
async fn an_answer_from_the_mailbox_ends_the_bots_words() {
    let town = Town::new().await;
    town.hears(&password_given()).await;
    assert_eq!(town.recipients(), [AN_ADDRESS]);
    town.sent_from_the_mailbox(&by_hand("outlook-1", AN_ADDRESS, REPORT))
        .await;
    town.run_until_idle().await;
    let (ticket, events) = town.only_ticket().await;
    assert_eq!(ticket.state(), TicketState::WaitingForReporter);
    let said = events.iter().find_map(|recorded| match &recorded.event {
        TicketEvent::AnsweredFromMailbox { text, .. } => Some(text.as_str()),
        _ => None,
    });
    assert_eq!(
        said,
        Some("Dag An,\n\nik bel u binnen vijf minuten.\n\nEls"),
        "without the report below it"
    );
    // Her answer to that mail is on the ticket, and understood; but the bot has no more words for her.
    town.hears(&more_of_an("outlook-1@crt.example")).await;
    let (ticket, events) = town.only_ticket().await;
    assert_eq!(town.recipients(), [AN_ADDRESS]);
    assert_eq!(silences(&events), [Silence::HumanSpeaks]);
    assert_eq!(ticket.state(), TicketState::WaitingForUs);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_reply_that_waits_is_taken_back_when_somebody_answers_from_the_mailbox() {
    let town = Town::new().await;
    town.server_says(Delivery::Retry(SendFailure::RefusedForNow));
    town.hears(&password_given()).await;
    town.sent_from_the_mailbox(&by_hand("outlook-1", AN_ADDRESS, REPORT))
        .await;
    town.minutes_pass(30).await;
    assert!(town.received().is_empty());
    let (_, events) = town.only_ticket().await;
    assert_eq!(silences(&events), [Silence::HumanSpeaks]);
    town.comes_to_rest().await;
}

/// After a night without the bot: what the team answered by then is not answered again, however it is read.
#[tokio::test]
async fn what_was_answered_while_the_bot_was_away_is_not_answered_again() {
    let town = Town::new().await;
    let hours = jiff::SignedDuration::from_hours(3);
    town.deliver_late(&password_given(), hours).await;
    town.sent_from_the_mailbox(&by_hand("outlook-1", AN_ADDRESS, REPORT))
        .await;
    town.run_until_idle().await;
    assert!(town.received().is_empty(), "a human did that");
    let (ticket, events) = town.only_ticket().await;
    assert_eq!(silences(&events), [Silence::HumanSpeaks]);
    assert_eq!(ticket.state(), TicketState::WaitingForReporter);
    assert!(ticket.assessment.is_some(), "it is understood all the same");
    town.comes_to_rest().await;
}

/// A colleague who only passes the report on has not answered her; a conversation that the team began is theirs.
#[tokio::test]
async fn whom_the_team_wrote_to_decides_where_there_is_no_ticket_yet() {
    let town = Town::new().await;
    town.deliver(&password_given()).await;
    let passed_on = by_hand("intern", "jan@crt.example", REPORT).text("Kijk jij?");
    town.sent_from_the_mailbox(&passed_on).await;
    town.run_until_idle().await;
    assert_eq!(town.recipients(), [AN_ADDRESS], "first help");

    let invitation = Mail {
        headers: String::new(),
        ..by_hand("overleg", "bart.claes@hackegem.example", REPORT)
    };
    town.sent_from_the_mailbox(&invitation).await;
    town.run_until_idle().await;
    let answer = Mail::from(BART, "bart")
        .text("wij hebben op een link geklikt")
        .answering("overleg@crt.example");
    town.hears(&answer).await;
    assert_eq!(town.recipients(), [AN_ADDRESS], "the team speaks with Bart");
    town.comes_to_rest().await;
}

/// What people write in haste looks like what programs write; where it is sent from the mailbox they wrote it.
#[tokio::test]
async fn a_short_word_of_receipt_is_a_human_speaking() {
    let town = Town::new().await;
    town.hears(&password_given()).await;
    let short = by_hand("outlook-1", AN_ADDRESS, REPORT).text("Goed ontvangen, ik bel u zo. Els");
    town.sent_from_the_mailbox(&short).await;
    town.run_until_idle().await;
    town.hears(&more_of_an("outlook-1@crt.example")).await;
    assert_eq!(town.recipients(), [AN_ADDRESS]);
    town.comes_to_rest().await;
}

/// Providers keep a copy of what is sent through them in that very folder.
#[tokio::test]
async fn the_bots_own_mail_an_absence_and_a_word_to_a_colleague_are_no_human_speaking_to_her() {
    let town = Town::new().await;
    town.hears(&password_given()).await;
    let first_help = town.last_to(AN_ADDRESS).message_id();
    let copy = Mail {
        message_id: first_help.clone(),
        ..by_hand("copy", AN_ADDRESS, REPORT)
    };
    let absence = by_hand("absence", AN_ADDRESS, REPORT).header("Auto-Submitted: auto-replied");
    let colleague = by_hand("intern", "jan@crt.example", REPORT);
    let another = Mail {
        from: "Jan <jan@elders.example>".to_owned(),
        ..by_hand("vreemd", AN_ADDRESS, REPORT)
    };
    for mail in [copy, absence, colleague, another] {
        town.sent_from_the_mailbox(&mail).await;
    }
    town.run_until_idle().await;
    town.hears(&more_of_an(&first_help)).await;
    assert_eq!(
        town.recipients(),
        [AN_ADDRESS, AN_ADDRESS],
        "the bot goes on"
    );
    let (_, events) = town.only_ticket().await;
    assert_eq!(silences(&events), []);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn the_thread_and_the_room_hear_of_it() {
    let mut town = Town::with_an_on_call_room().await;
    town.hears(&password_given()).await;
    town.sent_from_the_mailbox(&by_hand("outlook-1", AN_ADDRESS, REPORT))
        .await;
    town.run_until_idle().await;
    let said = town.chat.words_in(&ChatServer::oncall()).join("\n");
    assert!(
        said.contains("antwoordde de melder uit de mailbox zelf"),
        "{said}"
    );
    assert!(
        !said.contains("vijf minuten"),
        "no words in the on-call room"
    );
    // The page goes on until somebody acknowledges it.
    town.minutes_pass(6).await;
    assert!(town.chat.words_in(&ChatServer::oncall()).len() > 2);
    town.leaves_work();
}
