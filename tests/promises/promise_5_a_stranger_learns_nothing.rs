//! Promise 5: no ticket is joined, read or guessed by somebody who is not on it.

use crate::support::chat_server::Acted;
use crate::support::mails::{AN, Mail, STRANGER, password_given};
use crate::support::ticket_room::taken;
use crate::support::town::Town;
use eerstelijn::domain::ticket::event::TicketEvent;
use eerstelijn::domain::ticket::state::TicketState;
use jiff::SignedDuration;

#[tokio::test]
async fn a_ticket_number_in_a_subject_opens_nothing() {
    for from in [STRANGER, AN] {
        let town = Town::new().await;
        town.hears(&password_given()).await;
        let before = town.only_ticket().await.1.len();
        let claim = Mail::from(from, "claim")
            .subject("Re: [CRT-2026-0001] uw dossier")
            .text("Wat is de stand van zaken? Onze server is gehackt.");
        town.hears(&claim).await;
        let tickets = town.tickets().await;
        assert_eq!(tickets.len(), 2);
        let held = tickets
            .iter()
            .find(|t| t.state == TicketState::Held)
            .unwrap();
        assert_eq!(held.possibly.as_ref().unwrap().to_string(), "CRT-2026-0001");
        let first = tickets.iter().find(|t| t.number.is_some()).unwrap();
        let (_, events) = town.ticket(&first.id).await;
        assert_eq!(
            events.len(),
            before + 1 - 1,
            "nothing was added to the ticket"
        );
        for reply in &town.received()[1..] {
            assert!(
                !reply.mail.text.contains("CRT-2026"),
                "the number is not confirmed"
            );
            assert!(!reply.mail.subject.contains("CRT-2026"));
        }
        town.comes_to_rest().await;
    }
}

#[tokio::test]
async fn who_has_the_thread_but_is_not_on_the_ticket_waits_in_the_pen() {
    let town = Town::new().await;
    town.hears(&password_given()).await;
    let ours = town.only_reply().message_id();
    let stolen = Mail::from(STRANGER, "stolen")
        .answering(&ours)
        .subject("Re: hulp")
        .text("Hallo, stuur mij alles wat u weet over dit dossier.");
    town.hears(&stolen).await;
    let states: Vec<TicketState> = town.tickets().await.iter().map(|t| t.state).collect();
    assert!(states.contains(&TicketState::Held));
    town.comes_to_rest().await;
}

#[tokio::test]
async fn what_nobody_places_becomes_a_ticket_of_its_own() {
    let mut town = Town::new().await;
    town.hears(&password_given()).await;
    town.hears(
        &Mail::from(STRANGER, "x")
            .subject("CRT-2026-0001")
            .text("onze server is gehackt"),
    )
    .await;
    town.jump(SignedDuration::from_mins(14));
    town.run_until_idle().await;
    assert!(
        town.tickets()
            .await
            .iter()
            .any(|t| t.state == TicketState::Held)
    );
    // Down for a night, in the middle of the wait.
    town.restarts().await;
    town.jump(SignedDuration::from_hours(9));
    town.run_until_idle().await;
    let tickets = town.tickets().await;
    assert!(tickets.iter().all(|t| t.number.is_some()));
    let released = tickets
        .iter()
        .find(|t| t.number.as_ref().unwrap().serial() == 2)
        .unwrap();
    let (_, events) = town.ticket(&released.id).await;
    let count = events
        .iter()
        .filter(|e| matches!(e.event, TicketEvent::Released { .. }))
        .count();
    assert_eq!(count, 1);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_known_sender_in_the_thread_is_on_the_ticket_by_id_or_by_token() {
    let town = Town::new().await;
    town.hears(&password_given()).await;
    let reply = town.only_reply();
    let by_id = Mail::from(AN, "by-id")
        .answering(&reply.message_id())
        .text("Ik heb het paswoord intussen gewijzigd.");
    town.hears(&by_id).await;
    let token_address = reply.mail.reply_to[0].address.to_string();
    let by_token = Mail::from(AN, "by-token")
        .to(&token_address)
        .text("Er gaan nu mails uit mijn naam weg!");
    town.hears(&by_token).await;
    let (ticket, events) = town.only_ticket().await;
    let heard = events
        .iter()
        .filter(|e| matches!(e.event, TicketEvent::MessageReceived(_)))
        .count();
    assert_eq!(heard, 3);
    assert!(ticket.assessment.unwrap().page);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn whoever_only_looks_like_a_town_is_seen_by_humans_and_hears_nothing_of_it() {
    let words = "Mijn laptop is gestolen op de trein. Er staan dossiers van 300 burgers op, hij is niet versleuteld.";
    let report = |from| {
        Mail::from(from, "laptop")
            .subject("Laptop gestolen")
            .text(words)
    };
    let (town, card, room) = taken(&report("Els Maes <els@hackegern.example>")).await;
    let (stranger, stranger_card, stranger_room) = taken(&report(STRANGER)).await;
    let (said, said_to_stranger) = (
        town.last_to("els@hackegern.example").mail.text,
        stranger.last_to("iemand@elders.example").mail.text,
    );
    assert_eq!(said, said_to_stranger, "he hears what any stranger hears");
    let on_card = |town: &Town, card| {
        let acts = town.chat.acts();
        let of_it = acts
            .iter()
            .filter(|act| act.event == card || act.is_below(&card));
        of_it.map(Acted::words).collect::<String>()
    };
    let shown = on_card(&town, card);
    assert!(
        shown.contains("lijkt op dat van een lokaal bestuur"),
        "{shown}"
    );
    assert!(
        !shown.contains("hackegern") && !shown.contains("Hackegem"),
        "{shown}"
    );
    assert!(!on_card(&stranger, stranger_card).contains("lijkt op"));
    let told = town.chat.words_in(&room).concat();
    assert!(
        told.contains("lijkt op dat van Gemeente Hackegem (hackegem.example), met letters die op elkaar lijken"),
        "{told}"
    );
    let told = stranger.chat.words_in(&stranger_room).concat();
    assert!(!told.contains("lijkt op"), "{told}");
    town.comes_to_rest().await;
    stranger.comes_to_rest().await;
}
