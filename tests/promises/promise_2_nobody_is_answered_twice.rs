//! Promise 2: nobody is answered twice, and no machine is ever answered.

use crate::support::bounces::{delivery_report, qmail_letter};
use crate::support::mails::{AN, CRT, Mail, STRANGER, password_given};
use crate::support::town::Town;
use eerstelijn::app::ports::{Delivery, SendFailure};
use eerstelijn::domain::ticket::event::TicketEvent;
use eerstelijn::domain::ticket::words::Silence;
use eerstelijn::domain::triage::category::Severity;
use jiff::SignedDuration;
use std::collections::BTreeSet;

#[tokio::test]
async fn the_same_mail_delivered_twice_is_one_report() {
    let town = Town::new().await;
    town.hears(&password_given()).await;
    // Once by To and once by a list: other trace fields, the same mail.
    town.hears(&password_given().header("X-Delivered-By: list"))
        .await;
    town.only_reply();
    town.only_ticket().await;
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_lost_answer_of_the_server_repeats_the_same_mail() {
    let town = Town::new().await;
    town.server_says(Delivery::Retry(SendFailure::TimedOut));
    town.hears(&password_given()).await;
    town.jump(SignedDuration::from_mins(10));
    town.run_until_idle().await;
    let received = town.received();
    assert_eq!(received.len(), 2);
    assert!(
        received[0].raw == received[1].raw,
        "a repeat is recognised as the same mail"
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn no_machine_is_answered_and_each_is_stored() {
    let machines = [
        ("out of office", "Auto-Submitted: auto-replied"),
        (
            "with parameters",
            "Auto-Submitted: auto-generated; owner-token=x",
        ),
        ("a list", "List-Id: <nieuws.hackegem.example>"),
        ("bulk", "Precedence: bulk"),
        (
            "a read receipt",
            "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
        ),
        ("our own mark", "X-Eerstelijn: 1"),
        ("asks for silence", "X-Auto-Response-Suppress: All"),
    ];
    for (name, field) in machines {
        let town = Town::new().await;
        let mail = password_given().header(field);
        let raw = if field.starts_with("Content-Type") {
            let text = String::from_utf8(mail.bytes()).unwrap();
            text.replace("Content-Type: text/plain; charset=utf-8\r\n", "")
                .into_bytes()
        } else {
            mail.bytes()
        };
        town.deliver_raw(raw).await;
        town.run_until_idle().await;
        assert!(town.received().is_empty(), "{name} was answered");
        town.comes_to_rest().await;
    }
}

#[tokio::test]
async fn a_bounce_is_not_answered_and_stands_on_the_ticket() {
    for form in ["report", "qmail"] {
        let town = Town::new().await;
        town.hears(&password_given()).await;
        let ours = town.only_reply().message_id();
        let bounce = match form {
            "report" => delivery_report(&ours, "an.peeters@hackegem.example", "5.1.1"),
            _ => qmail_letter(&ours),
        };
        town.deliver_raw(bounce).await;
        town.run_until_idle().await;
        assert_eq!(town.received().len(), 1);
        let (ticket, events) = town.only_ticket().await;
        let came_back = events.iter().any(|e| {
            let TicketEvent::MachineHeard { bounced, .. } = &e.event else {
                return false;
            };
            bounced.is_some()
        });
        assert!(came_back, "{form}");
        assert!(ticket.replies.iter().all(|reply| reply.failed_at.is_some()));
        town.comes_to_rest().await;
    }
}

/// A server that says "unknown" is believed for a while. A proven sender exists all the same: whoever has read a
/// mail of ours can forge its bounce.
#[tokio::test]
async fn an_address_that_a_server_called_unknown_gets_no_automatic_mail_for_a_while() {
    for (who, status, expected) in [
        (STRANGER, "5.1.1", 1),
        (STRANGER, "5.1.8", 2),
        (STRANGER, "5.2.2", 2),
        (STRANGER, "5.7.1", 2),
        (STRANGER, "4.4.1", 2),
        (AN, "5.1.1", 2),
    ] {
        let town = Town::new().await;
        let writes = |id: &str, text: &str| Mail::from(who, id).subject("Hulp").text(text);
        town.hears(&writes(
            "een",
            "ik heb mijn paswoord ingegeven op een valse site",
        ))
        .await;
        let first = town.only_reply();
        town.deliver_raw(delivery_report(&first.message_id(), &first.to, status))
            .await;
        town.run_until_idle().await;
        town.jump(SignedDuration::from_hours(25));
        town.run_until_idle().await;
        town.hears(&writes("twee", "Mijn laptop is gestolen op de trein."))
            .await;
        assert_eq!(town.received().len(), expected, "{who} {status}");
        town.jump(SignedDuration::from_hours(61 * 24));
        town.run_until_idle().await;
        town.hears(&writes("drie", "Mijn gsm van het werk is gestolen."))
            .await;
        assert_eq!(town.received().len(), expected + 1, "{who} {status}: later");
        town.comes_to_rest().await;
    }
}

#[tokio::test]
async fn our_own_mail_and_a_false_one_of_ours_are_not_answered() {
    for mail in [
        Mail::from(CRT, "own").text("onze server is gehackt"),
        Mail::from("CRT <Crt@CRT.example>", "own").text("onze server is gehackt"),
    ] {
        let town = Town::new().await;
        town.hears(&mail).await;
        assert!(town.received().is_empty());
        town.comes_to_rest().await;
    }
}

#[tokio::test]
async fn who_fails_dmarc_gets_nothing_and_a_human_sees_it() {
    let town = Town::new().await;
    let mail = password_given()
        .unproven()
        .header("Authentication-Results: mx.crt.example; dmarc=fail header.from=hackegem.example");
    town.hears(&mail).await;
    assert!(town.received().is_empty());
    let (_, events) = town.only_ticket().await;
    let reason = events.iter().find_map(|e| match &e.event {
        TicketEvent::ReplyWithheld { reason, .. } => Some(*reason),
        _ => None,
    });
    assert_eq!(reason, Some(Silence::RefusedSender));
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_stranger_gets_one_mail_a_day_however_often_he_writes() {
    let town = Town::new().await;
    for n in 0..4 {
        let text = format!("onze server nummer {n} is gehackt, er staat een vreemde beheerder op");
        town.hears(&Mail::from(STRANGER, &format!("s{n}")).text(&text))
            .await;
    }
    town.only_reply();
    assert_eq!(
        town.tickets().await.len(),
        4,
        "each report is kept and shown"
    );
    town.jump(SignedDuration::from_hours(25));
    town.hears(
        &Mail::from(STRANGER, "s9").text("nu is mijn laptop gestolen met dossiers van burgers"),
    )
    .await;
    assert_eq!(town.received().len(), 2);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn two_bots_that_answer_each_other_stop_after_one_mail() {
    // Both answer the same town: what one writes is delivered to the other.
    let town = Town::new().await;
    town.hears(&password_given()).await;
    let reply = town.only_reply();
    let other = Town::new().await;
    other.deliver_raw(reply.raw.clone()).await;
    other.run_until_idle().await;
    assert!(
        other.received().is_empty(),
        "a second bot does not answer the first"
    );
    other.comes_to_rest().await;
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_dialogue_never_says_the_same_twice() {
    let town = Town::new().await;
    town.hears(&password_given()).await;
    for n in 0..5 {
        let answer = Mail::from(AN, &format!("answer-{n}"))
            .answering(&town.received()[0].message_id())
            .subject("Re: hulp")
            .text("Ik heb het paswoord ingegeven, wat nu?");
        town.hears(&answer).await;
    }
    let texts: Vec<String> = town
        .received()
        .iter()
        .map(|r| r.mail.text.clone())
        .collect();
    let different: BTreeSet<&String> = texts.iter().collect();
    assert_eq!(different.len(), texts.len());
    assert!(texts.len() <= 3, "{} mails", texts.len());
    town.only_ticket().await;
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_list_copy_that_comes_first_does_not_swallow_the_report() {
    let town = Town::new().await;
    let report = password_given();
    town.hears(&report.clone().header("List-Id: <ict.hackegem.example>"))
        .await;
    assert!(town.received().is_empty());
    town.hears(&report).await;
    town.only_reply();
    assert_eq!(town.only_ticket().await.0.severity(), Severity::High);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn two_copies_of_one_mail_that_are_proven_differently_get_one_answer() {
    let town = Town::new().await;
    let report = Mail::from(AN, "twee-keer")
        .subject("Verdachte mail")
        .text("Wij kregen een phishingmail. Niemand heeft geklikt.");
    town.hears(&report.clone().unproven()).await;
    town.hears(&report).await;
    town.only_reply();
    town.only_ticket().await;
    town.comes_to_rest().await;
}
