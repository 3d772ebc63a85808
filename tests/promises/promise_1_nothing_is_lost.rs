//! Promise 1: a report that reached the mailbox is stored before it is marked as read, whatever
//! crashes, and is answered or shown to a human.

use crate::support::mails::{AN, BART, Mail, password_given};
use crate::support::town::{Received, Town, mailbox, survives};
use eerstelijn::app::deliver::deliver_step;
use eerstelijn::app::faults::CrashPoint;
use eerstelijn::app::ports::{Admission, Delivery, Intake, SendFailure};
use eerstelijn::app::step::Step;
use eerstelijn::domain::ticket::decide::Mode;
use eerstelijn::domain::ticket::event::TicketEvent;
use eerstelijn::domain::ticket::words::Silence;
use jiff::SignedDuration;
use std::collections::BTreeSet;

#[tokio::test]
async fn the_process_dies_at_each_point_and_one_reply_arrives() {
    for point in CrashPoint::ALL {
        let mut town = Town::new().await;
        let mail = password_given();
        town.dies_at(*point);
        let alive = survives(async {
            town.admit(1, mail.bytes(), town.now()).await;
            town.run_until_idle().await;
        })
        .await;
        assert!(!alive, "the story never came to {point}");
        town.restarts().await;
        // The mark has not moved as far as the mailbox knows: the source finds the mail once more.
        let again = town.admit(1, mail.bytes(), town.now()).await;
        let stored_before = *point != CrashPoint::BeforeStore;
        assert_eq!(again == Admission::AlreadyKnown, stored_before, "{point}");
        town.run_until_idle().await;
        let ids: BTreeSet<String> = town.received().iter().map(Received::message_id).collect();
        assert_eq!(ids.len(), 1, "{point}: one reply, whatever happened");
        let copies = if *point == CrashPoint::Accepted { 2 } else { 1 };
        assert_eq!(town.received().len(), copies, "{point}");
        assert_eq!(
            town.only_ticket().await.0.number.unwrap().to_string(),
            "CRT-2026-0001"
        );
        town.comes_to_rest().await;
    }
}

#[tokio::test]
async fn a_mail_server_that_is_down_delays_and_never_loses() {
    let town = Town::new().await;
    for _ in 0..3 {
        town.server_says(Delivery::Retry(SendFailure::Unreachable));
    }
    town.hears(&password_given()).await;
    assert!(town.received().is_empty());
    assert_eq!(town.app.store.backlog().await.unwrap().unsent, 1);
    for _ in 0..4 {
        town.jump(jiff::SignedDuration::from_mins(10));
        town.run_until_idle().await;
    }
    town.only_reply();
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_reply_that_cannot_be_delivered_is_on_the_ticket() {
    let town = Town::new().await;
    town.server_says(Delivery::GivenUp(SendFailure::Refused));
    town.hears(&password_given()).await;
    let (_, events) = town.only_ticket().await;
    assert!(
        events
            .iter()
            .any(|e| matches!(&e.event, TicketEvent::ReplyFailed { .. }))
    );
    assert_eq!(town.app.store.backlog().await.unwrap().given_up, 1);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn broken_mails_are_shown_to_a_human_and_stop_nobody() {
    let town = Town::new().await;
    let broken: [&[u8]; 7] = [
        // What a source puts in the place of a message that the server doesn't hand out.
        b"",
        b"\r\n",
        b"Subject: geen afzender\r\nTo: crt@crt.example\r\n\r\nonze server is gehackt\r\n",
        b"From: a@hackegem.example\r\nFrom: b@hackegem.example\r\nTo: crt@crt.example\r\n\r\nonze server is gehackt",
        b"From: a@hackegem.example\r\nTo: crt@crt.example\r\nContent-Type: text/plain; charset=klingon\r\n\r\nonze server is gehackt \xff\xfe",
        b"From: a@hackegem.example\r\nFr om: b@evil.example\r\nTo: crt@crt.example\r\n\r\nonze server is gehackt",
        b"\xff\xfe\x00\x00\x00garbage without any header",
    ];
    for raw in broken {
        town.deliver_raw(raw.to_vec()).await;
    }
    town.hears(&password_given()).await;
    assert_eq!(
        town.tickets().await.len(),
        broken.len() + 1,
        "each has a ticket a human can see"
    );
    let no_sender = town.tickets().await;
    let mut withheld = 0;
    for summary in no_sender {
        let (_, events) = town.ticket(&summary.id).await;
        withheld += events
            .iter()
            .filter(|e| {
                matches!(
                    &e.event,
                    TicketEvent::ReplyWithheld {
                        reason: Silence::NoSingleSender,
                        ..
                    }
                )
            })
            .count();
    }
    assert_eq!(withheld, 6, "who has no single sender is not answered");
    town.comes_to_rest().await;
}

#[tokio::test]
async fn an_old_mail_is_not_answered_with_first_help_but_has_a_ticket() {
    let town = Town::new().await;
    town.deliver_late(&password_given(), jiff::SignedDuration::from_hours(30))
        .await;
    town.run_until_idle().await;
    assert!(town.received().is_empty());
    let (_, events) = town.only_ticket().await;
    assert!(events.iter().any(|e| matches!(
        &e.event,
        TicketEvent::ReplyWithheld {
            reason: Silence::TooOld,
            ..
        }
    )));
    town.comes_to_rest().await;
}

#[tokio::test]
async fn in_observe_nothing_leaves_and_in_approve_a_person_decides() {
    let town = Town::with(|settings| settings.mode = Mode::Observe).await;
    town.hears(&password_given()).await;
    assert!(town.received().is_empty());
    let (ticket, _) = town.only_ticket().await;
    let number = ticket.number.unwrap();
    assert!(
        eerstelijn::app::tickets::approve(&town.app, &number, "els")
            .await
            .is_err()
    );
    town.comes_to_rest().await;

    let town = Town::with(|settings| settings.mode = Mode::Approve).await;
    town.hears(&password_given()).await;
    assert!(town.received().is_empty());
    assert_eq!(town.app.store.backlog().await.unwrap().awaiting_approval, 1);
    assert_eq!(
        eerstelijn::app::tickets::approve(&town.app, &number, "els")
            .await
            .unwrap(),
        1
    );
    town.run_until_idle().await;
    town.only_reply();
    assert!(
        eerstelijn::app::tickets::approve(&town.app, &number, "els")
            .await
            .is_err()
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn the_original_moves_away_only_when_its_reply_has_left() {
    let town = Town::new().await;
    town.deliver(&password_given()).await;
    assert!(
        town.app.settled(&mailbox()).await.unwrap().is_empty(),
        "not yet decided"
    );
    town.server_says(Delivery::Retry(SendFailure::Unreachable));
    town.run_until_idle().await;
    assert!(
        town.app.settled(&mailbox()).await.unwrap().is_empty(),
        "not yet sent"
    );
    town.jump(jiff::SignedDuration::from_mins(10));
    town.run_until_idle().await;
    let settled = town.app.settled(&mailbox()).await.unwrap();
    assert_eq!(settled.len(), 1);
    town.app.moved(&settled[0].0).await.unwrap();
    assert!(town.app.settled(&mailbox()).await.unwrap().is_empty());
    town.comes_to_rest().await;
}

#[tokio::test]
async fn nothing_of_a_report_lies_readable_in_the_data_directory() {
    let town = Town::new().await;
    let canary = "KANARIEWOORD";
    let mail = Mail::from(&format!("{canary} <{canary}@hackegem.example>"), canary)
        .subject(canary)
        .text(&format!(
            "ik heb mijn paswoord ingegeven op een valse site {canary}"
        ));
    town.hears(&mail).await;
    town.hears(
        &Mail::from(BART, "b")
            .subject(canary)
            .text(&format!("{canary} onze server is gehackt")),
    )
    .await;
    let mut files = 0;
    for file in town.files().await {
        let bytes = std::fs::read(file).unwrap();
        files += 1;
        for word in [canary, "kanariewoord", "hackegem", "paswoord ingegeven", AN] {
            let found = bytes
                .windows(word.len())
                .any(|window| window == word.as_bytes());
            assert!(!found, "{word} lies readable under the data directory");
        }
    }
    assert!(files >= 1);
    town.comes_to_rest().await;
}

/// It would be tried for ever, and every try would stop the worker.
#[tokio::test]
async fn a_reply_whose_ticket_cannot_be_read_is_given_up_once() {
    let mut town = Town::new().await;
    town.server_says(Delivery::Retry(SendFailure::Unreachable));
    town.hears(&password_given()).await;
    town.spoils("UPDATE ticket_events SET sealed = x'00'").await;
    town.jump(SignedDuration::from_mins(2));
    assert_eq!(deliver_step(&town.app).await.unwrap(), Step::Worked);
    assert_eq!(deliver_step(&town.app).await.unwrap(), Step::Idle);
    assert_eq!(town.app.store.backlog().await.unwrap().given_up, 1);
    assert!(town.received().is_empty());
    town.leaves_work();
}
