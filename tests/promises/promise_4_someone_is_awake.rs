//! Promise 4: a serious ticket pages the person on call and climbs until a human acknowledges; an
//! acknowledged ticket that goes silent pages again.

use crate::support::mails::{AN, BART, Mail};
use crate::support::roster::{BRAM, CHRIS, ELS};
use crate::support::town::{Received, Town};
use eerstelijn::app::ports::{Delivery, SendFailure};
use eerstelijn::domain::address::MessageId;
use eerstelijn::domain::ticket::decide::Mode;
use eerstelijn::domain::ticket::event::TicketEvent;
use eerstelijn::domain::ticket::state::TicketState;
use eerstelijn::domain::ticket::words::{AckWay, PageReason, Silence};
use insta::assert_snapshot;
use jiff::SignedDuration;

const BART_ADDRESS: &str = "bart.claes@hackegem.example";

fn servers_encrypted() -> Mail {
    Mail::from(BART, "brand").subject("DRINGEND").text(
        "Onze servers worden op dit moment versleuteld, overal staat een losgeldbrief. De dienstverlening ligt plat.",
    )
}

/// The answer of somebody on call to the mail that woke him.
fn answer(from: &str, id: &str, woken: &Received, words: &str) -> Mail {
    Mail::from(from, id)
        .subject("Re")
        .text(words)
        .answering(&woken.message_id())
}

fn shown(mail: &Received) -> String {
    format!("{}\n\n{}", mail.mail.subject, mail.mail.text.trim_end())
}

async fn times<T>(town: &Town, pick: impl Fn(&TicketEvent) -> Option<T>) -> Vec<T> {
    let (_, events) = town.only_ticket().await;
    events.iter().filter_map(|e| pick(&e.event)).collect()
}

fn acks(event: &TicketEvent) -> Option<(String, AckWay)> {
    match event {
        TicketEvent::Acknowledged { by, way, .. } => Some((by.to_string(), *way)),
        _ => None,
    }
}

fn pages(event: &TicketEvent) -> Option<PageReason> {
    match event {
        TicketEvent::PageRaised { because, .. } => Some(*because),
        _ => None,
    }
}

#[tokio::test]
async fn it_climbs_until_nobody_is_left_and_then_says_so() {
    let mut town = Town::with_people_on_call().await;
    town.hears(&servers_encrypted()).await;
    assert_eq!(town.recipients(), [BART_ADDRESS, ELS]);
    let page = town.last_to(ELS);
    assert_snapshot!("page_nl", shown(&page));
    for word in ["losgeldbrief", "Bart", "hackegem", "DRINGEND"] {
        assert!(!page.masked().contains(word), "{word} in a mail that wakes");
    }
    assert!(
        town.last_to(BART_ADDRESS)
            .mail
            .text
            .contains("collega van wacht")
    );
    town.minutes_pass(9).await;
    assert_eq!(town.recipients().len(), 2);
    // The process dies and comes back: the climb goes on where it was.
    town.restarts().await;
    town.run_until_idle().await;
    assert_eq!(town.recipients().last().unwrap(), BRAM);
    town.minutes_pass(20).await;
    let last: Vec<String> = town.recipients().split_off(3);
    assert_eq!(
        last,
        [CHRIS, BART_ADDRESS],
        "the coordinator, and honestly the reporter"
    );
    assert_snapshot!("not_reached_nl", shown(&town.last_to(BART_ADDRESS)));
    let (ticket, _) = town.only_ticket().await;
    assert!(ticket.page.unwrap().fruitless_at.is_some());
    town.minutes_pass(120).await;
    assert_eq!(town.recipients().len(), 5, "it is said once");
    town.comes_to_rest().await;
}

/// The limits hold for the honest word too: that it was withheld is on the ticket.
#[tokio::test]
async fn where_the_limits_forbid_it_that_nobody_was_reached_is_withheld_and_on_record() {
    let town = Town::with(|settings| {
        settings.roster = crate::support::roster::roster();
        settings.limits.per_ticket_day = 1;
    })
    .await;
    town.hears(&servers_encrypted()).await;
    town.minutes_pass(30).await;
    let to = town.recipients();
    let told = to.iter().filter(|to| *to == BART_ADDRESS).count();
    assert_eq!(told, 1, "first help and nothing more: {to:?}");
    assert!(to.iter().any(|to| to == CHRIS), "the coordinator");
    let (ticket, events) = town.only_ticket().await;
    let withheld: Vec<Silence> = events
        .iter()
        .filter_map(|recorded| match &recorded.event {
            TicketEvent::ReplyWithheld { reason, .. } => Some(*reason),
            _ => None,
        })
        .collect();
    assert_eq!(withheld, [Silence::TicketLimit]);
    assert_eq!(ticket.replies.len(), 1);
    assert!(ticket.page.unwrap().fruitless_at.is_some());
    town.minutes_pass(120).await;
    assert_eq!(town.recipients().len(), to.len(), "it is tried once");
    town.comes_to_rest().await;
}

/// Who isn't reached can't approve that it is said.
#[tokio::test]
async fn where_replies_need_approval_the_honest_word_leaves_at_once() {
    let town = Town::with(|settings| {
        settings.roster = crate::support::roster::roster();
        settings.mode = Mode::Approve;
    })
    .await;
    town.hears(&servers_encrypted()).await;
    let (ticket, _) = town.only_ticket().await;
    let number = ticket.number.unwrap();
    let approved = eerstelijn::app::tickets::approve(&town.app, &number, "els").await;
    assert_eq!(approved.unwrap(), 1);
    town.minutes_pass(60).await;
    let told = town.last_to(BART_ADDRESS);
    assert!(
        told.mail.text.contains("Wij bereikten nog niemand"),
        "{}",
        told.mail.text
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn an_acknowledgement_stops_the_climb_and_silence_starts_it_again() {
    let town = Town::with_people_on_call().await;
    town.hears(&servers_encrypted()).await;
    let page = town.last_to(ELS);
    town.hears(&answer(ELS, "ok", &page, "Ok.\n\nEls\n")).await;
    assert_eq!(times(&town, acks).await, [("els".to_owned(), AckWay::Mail)]);
    town.minutes_pass(29).await;
    assert_eq!(town.recipients().len(), 2, "nobody else is called");
    town.minutes_pass(2).await;
    let raised = times(&town, pages).await;
    assert_eq!(raised, [PageReason::Report, PageReason::Silence]);
    assert_eq!(town.recipients().last().unwrap(), ELS);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn only_a_proven_person_who_says_so_acknowledges() {
    let town = Town::with_people_on_call().await;
    town.hears(&servers_encrypted()).await;
    let page = town.last_to(ELS);
    let absent =
        answer(ELS, "absent", &page, "Ik ben afwezig.").header("Auto-Submitted: auto-replied");
    for mail in [
        answer(ELS, "forged", &page, "ok").unproven(),
        answer(BART, "not-on-the-roster", &page, "ok"),
        answer(ELS, "no-word", &page, "Waarover gaat dit? ok?"),
        Mail::from(ELS, "no-thread")
            .subject("CRT-2026-0001")
            .text("ok"),
        absent,
    ] {
        town.hears(&mail).await;
    }
    let (ticket, _) = town.ticket(&oldest(&town).await).await;
    assert!(ticket.running_page().is_some(), "it still climbs");
    town.jump(SignedDuration::from_mins(11));
    town.run_until_idle().await;
    assert!(town.recipients().contains(&BRAM.to_owned()));
    // Who is called later may answer too.
    let page = town.last_to(BRAM);
    town.hears(&answer(BRAM, "ok", &page, "gezien")).await;
    let (ticket, _) = town.ticket(&oldest(&town).await).await;
    assert!(ticket.running_page().is_none());
    town.comes_to_rest().await;
}

async fn oldest(town: &Town) -> eerstelijn::domain::ids::TicketId {
    let tickets = town.tickets().await;
    let first = tickets.iter().min_by_key(|ticket| ticket.opened_at);
    first.unwrap().id.clone()
}

#[tokio::test]
async fn worse_news_on_an_acknowledged_ticket_wakes_again() {
    let town = Town::with_people_on_call().await;
    town.hears(&crate::support::mails::password_given()).await;
    let first_help = town.last_to("an.peeters@hackegem.example");
    let page = town.last_to(ELS);
    town.hears(&answer(ELS, "neem", &page, "neem")).await;
    let worse = Mail::from(AN, "erger")
        .subject("Re")
        .text("Nu worden al onze servers versleuteld, er staat overal een losgeldbrief!")
        .answering(&first_help.message_id());
    town.hears(&worse).await;
    let raised = times(&town, pages).await;
    assert_eq!(raised, [PageReason::Report, PageReason::Worse]);
    assert_eq!(town.recipients().last().unwrap(), ELS);
    // No worse than that: no third climb.
    let same = Mail::from(AN, "zelfde")
        .subject("Re")
        .text("Nog altijd worden de servers versleuteld.")
        .answering(&first_help.message_id());
    town.hears(&same).await;
    assert_eq!(times(&town, pages).await.len(), 2);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn one_mailbox_that_is_full_holds_up_nobody_else() {
    let town = Town::with_people_on_call().await;
    town.server_says(Delivery::Done);
    town.server_says(Delivery::Retry(SendFailure::RefusedForNow));
    town.hears(&servers_encrypted()).await;
    assert_eq!(town.recipients(), [BART_ADDRESS], "Els' server says: later");
    for _ in 0..60 {
        town.server_says(Delivery::Done);
    }
    town.jump(SignedDuration::from_mins(10));
    town.run_until_idle().await;
    assert!(town.recipients().contains(&BRAM.to_owned()));
    town.minutes_pass(20).await;
    town.comes_to_rest().await;
}

#[tokio::test]
async fn the_coordinator_may_answer_the_last_alarm_too() {
    let town = Town::with_people_on_call().await;
    town.hears(&servers_encrypted()).await;
    town.minutes_pass(30).await;
    let alarm = town.last_to(CHRIS);
    town.hears(&answer(CHRIS, "neem", &alarm, "neem, ik bel hen"))
        .await;
    assert_eq!(
        times(&town, acks).await,
        [("chris".to_owned(), AckWay::Mail)]
    );
    assert_eq!(town.only_ticket().await.0.owner.unwrap().as_str(), "chris");
    town.comes_to_rest().await;
}

#[tokio::test]
async fn an_answer_to_an_earlier_climb_says_nothing_of_this_one() {
    let town = Town::with_people_on_call().await;
    town.hears(&crate::support::mails::password_given()).await;
    let first_help = town.last_to("an.peeters@hackegem.example");
    let first_page = town.last_to(ELS);
    let worse = Mail::from(AN, "erger")
        .subject("Re")
        .text("Nu worden al onze servers versleuteld, er staat overal een losgeldbrief!")
        .answering(&first_help.message_id());
    town.hears(&worse).await;
    town.hears(&answer(ELS, "te-laat", &first_page, "ok")).await;
    let (ticket, _) = town.ticket(&oldest(&town).await).await;
    assert!(ticket.running_page().is_some(), "the second climb goes on");
    town.minutes_pass(30).await;
    town.comes_to_rest().await;
}

#[tokio::test]
async fn who_takes_it_and_falls_asleep_is_woken_again_and_who_closes_it_is_not() {
    let town = Town::with_people_on_call().await;
    town.hears(&servers_encrypted()).await;
    let page = town.last_to(ELS);
    town.hears(&answer(ELS, "neem", &page, "neem")).await;
    town.minutes_pass(31).await;
    assert_eq!(times(&town, pages).await.len(), 2);
    let page = town.last_to(ELS);
    town.hears(&answer(ELS, "sluit", &page, "sluit")).await;
    town.minutes_pass(90).await;
    assert_eq!(times(&town, pages).await.len(), 2);
    assert_eq!(town.only_ticket().await.0.state(), TicketState::Closed);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn an_answer_that_is_not_understood_is_seen_by_a_human() {
    let town = Town::with_people_on_call().await;
    town.hears(&servers_encrypted()).await;
    let page = town.last_to(ELS);
    town.hears(&answer(ELS, "vraag", &page, "Ik kan niet, bel Bram"))
        .await;
    let said = times(&town, |event| match event {
        TicketEvent::PageAnswered { text, .. } => Some(text.clone()),
        _ => None,
    });
    assert_eq!(said.await, ["Ik kan niet, bel Bram"]);
    assert!(town.only_ticket().await.0.running_page().is_some());
    town.minutes_pass(30).await;
    town.comes_to_rest().await;
}

#[tokio::test]
async fn what_is_not_serious_wakes_nobody() {
    let town = Town::with_people_on_call().await;
    let mail = Mail::from(AN, "licht")
        .subject("Verdachte mail")
        .text("Wij kregen een phishingmail. Niemand heeft geklikt.");
    town.hears(&mail).await;
    assert_eq!(town.recipients(), ["an.peeters@hackegem.example"]);
    town.comes_to_rest().await;
}

/// A word of thanks that the bot has nothing to say to must not cost him the honest word.
#[tokio::test]
async fn who_was_answered_and_wrote_again_is_told_that_nobody_was_reached() {
    let town = Town::with_people_on_call().await;
    town.hears(&servers_encrypted()).await;
    let first_help = town.last_to(BART_ADDRESS).message_id();
    let thanks = Mail::from(BART, "dank")
        .subject("Re")
        .text("ok, dank u")
        .answering(&first_help);
    town.hears(&thanks).await;
    town.minutes_pass(60).await;
    let told = town.last_to(BART_ADDRESS);
    let in_thread = told.mail.in_reply_to.iter().map(MessageId::as_str);
    assert!(
        in_thread.eq(["dank@hackegem.example"]),
        "{:?}",
        told.mail.in_reply_to
    );
    assert!(
        told.mail.text.contains("Wij bereikten nog niemand"),
        "{}",
        told.mail.text
    );
    town.comes_to_rest().await;
}
