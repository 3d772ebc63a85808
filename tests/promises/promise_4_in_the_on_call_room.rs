//! Promise 4 in chat: the card, the mention, and what people in the on-call room write.

use crate::support::chat_server::{ChatServer, ELS, said};
use crate::support::mails::{BART, Mail};
use crate::support::roster::roster_in_chat;
use crate::support::town::{Town, rooms};
use eerstelijn::domain::chat::ids::EventId;
use eerstelijn::domain::chat::incoming::Happening;
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::ticket::decide::Mode;
use eerstelijn::domain::ticket::state::TicketState;
use eerstelijn::domain::triage::category::Severity;
use insta::assert_snapshot;
use jiff::SignedDuration;

fn servers_encrypted() -> Mail {
    Mail::from(BART, "brand").subject("DRINGEND").text(
        "Onze servers worden op dit moment versleuteld, overal staat een losgeldbrief. De dienstverlening ligt plat.",
    )
}

/// A serious report came in at night; the card of its ticket.
async fn woken() -> (Town, EventId) {
    let town = Town::with_an_on_call_room().await;
    town.hears(&servers_encrypted()).await;
    let card = town.chat.acts()[0].event.clone();
    (town, card)
}

async fn els_writes(town: &Town, text: &str, thread: Option<&EventId>) {
    town.room_hears(ELS, Trust::SignedDevice, said(text, thread))
        .await;
}

fn last_words(town: &Town) -> String {
    town.chat.acts().last().unwrap().words()
}

#[tokio::test]
async fn the_card_comes_first_and_the_page_mentions_below_it() {
    let (town, card) = woken().await;
    let acts = town.chat.acts();
    assert_snapshot!("card_new", acts[0].words());
    let page = acts.iter().find(|act| act.is_below(&card)).unwrap();
    assert_eq!(page.mentions(), [ELS]);
    for act in &acts {
        for word in ["losgeldbrief", "Bart", "hackegem", "DRINGEND"] {
            assert!(!act.words().contains(word), "{word}: {act:?}");
        }
    }
    town.comes_to_rest().await;
}

#[tokio::test]
async fn ack_stops_the_climb_and_take_silences_the_bot() {
    let (town, card) = woken().await;
    els_writes(&town, "!ack", Some(&card)).await;
    let (ticket, _) = town.only_ticket().await;
    assert!(ticket.running_page().is_none());
    els_writes(&town, "!take", Some(&card)).await;
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(ticket.state(), TicketState::Taken);
    let edited = town
        .chat
        .acts()
        .into_iter()
        .filter(|act| act.words().contains("op naam van els"));
    assert_eq!(edited.count(), 1, "the card says so");
    els_writes(&town, "!severity hoog", Some(&card)).await;
    assert_eq!(town.only_ticket().await.0.severity(), Severity::High);
    els_writes(&town, "!close opgelost", Some(&card)).await;
    assert_eq!(town.only_ticket().await.0.state(), TicketState::Closed);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_reaction_holds_and_words_of_the_same_person_confirm() {
    let (town, card) = woken().await;
    let sign = || Happening::Reacted {
        target: card.clone(),
        sign: "👀".to_owned(),
    };
    town.room_hears(ELS, Trust::ServerOnly, sign()).await;
    let (ticket, _) = town.only_ticket().await;
    assert!(
        ticket.running_page().is_some(),
        "a reaction is not encrypted: it proves nothing"
    );
    town.minutes_pass(9).await;
    els_writes(&town, "ik ben wakker", Some(&card)).await;
    let (ticket, _) = town.only_ticket().await;
    assert!(ticket.running_page().is_none());
    town.comes_to_rest().await;
}

#[tokio::test]
async fn nobody_else_commands() {
    let (town, card) = woken().await;
    let before = town.chat.acts().len();
    town.room_hears(
        "@iemand:elders.example",
        Trust::SignedDevice,
        said("!ack", Some(&card)),
    )
    .await;
    assert_eq!(town.chat.acts().len(), before, "no word to a stranger");
    town.room_hears(ELS, Trust::UnsignedDevice, said("!ack", Some(&card)))
        .await;
    assert!(last_words(&town).contains("niet bevestigd"));
    els_writes(&town, "!ack", None).await;
    assert!(last_words(&town).contains("draad"));
    els_writes(&town, "> !ack\n\nwat betekent dit?", Some(&card)).await;
    let (ticket, _) = town.only_ticket().await;
    assert!(ticket.running_page().is_some(), "it still climbs");
    els_writes(&town, "!help", Some(&card)).await;
    assert!(last_words(&town).contains("!ack"));
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_homeserver_that_is_away_delays_the_room_and_no_mail() {
    let town = Town::with_an_on_call_room().await;
    town.chat.is_away(true);
    town.hears(&servers_encrypted()).await;
    assert_eq!(
        town.recipients().len(),
        2,
        "first help and the mail that wakes"
    );
    assert!(town.chat.acts().is_empty());
    town.chat.is_away(false);
    town.jump(SignedDuration::from_mins(6));
    town.run_until_idle().await;
    let acts = town.chat.acts();
    assert!(
        acts[1].is_below(&acts[0].event),
        "the card, and the page below it"
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_message_that_cannot_be_read_is_said_so_after_two_minutes() {
    let (town, _) = woken().await;
    let before = town.chat.acts().len();
    town.room_hears(ELS, Trust::UnsignedDevice, Happening::Undecryptable)
        .await;
    assert_eq!(town.chat.acts().len(), before, "its key may come late");
    town.minutes_pass(3).await;
    assert!(last_words(&town).contains("niet lezen"));
    assert_eq!(ChatServer::oncall().as_str(), "!wacht:crt.example");
    town.comes_to_rest().await;
}

#[tokio::test]
async fn in_approve_a_sign_below_the_card_lets_the_reply_go() {
    for mode in [Mode::Approve, Mode::Observe] {
        let town = Town::with(|settings| {
            settings.mode = mode;
            settings.roster = roster_in_chat();
            settings.chat = Some(rooms());
        })
        .await;
        town.hears(&servers_encrypted()).await;
        let sent = || {
            let to = town.recipients();
            to.iter().filter(|to| to.contains("bart")).count()
        };
        assert_eq!(sent(), 0);
        let acts = town.chat.acts();
        let draft = acts
            .iter()
            .find(|act| act.words().contains("Ontwerp") || act.words().contains("observe"));
        let draft = draft.unwrap();
        assert!(draft.is_below(&acts[0].event));
        if mode == Mode::Approve {
            assert_snapshot!("draft_for_approval", draft.words());
        }
        let sign = || Happening::Reacted {
            target: draft.event.clone(),
            sign: "✅".to_owned(),
        };
        town.room_hears("@iemand:elders.example", Trust::ServerOnly, sign())
            .await;
        assert_eq!(sent(), 0, "not of the team");
        town.room_hears(ELS, Trust::ServerOnly, sign()).await;
        town.room_hears(ELS, Trust::ServerOnly, sign()).await;
        let expected = usize::from(mode == Mode::Approve);
        assert_eq!(sent(), expected, "{mode:?}");
        town.comes_to_rest().await;
    }
}

#[tokio::test]
async fn what_comes_long_after_the_end_begins_a_ticket_that_follows() {
    let (town, card) = woken().await;
    let first_help = town.last_to("bart.claes@hackegem.example");
    els_writes(&town, "!close opgelost", Some(&card)).await;
    let again = |id: &str| {
        Mail::from(BART, id)
            .subject("Re: brand")
            .text("Er worden opnieuw servers versleuteld.")
            .answering(&first_help.message_id())
    };
    town.jump(SignedDuration::from_hours(29 * 24));
    town.hears(&again("binnen")).await;
    let (ticket, _) = town.only_ticket().await;
    assert_ne!(ticket.state(), TicketState::Closed, "it is open again");
    let reopened = town.chat.acts();
    let mut thread = reopened.iter().filter(|act| act.is_below(&card));
    assert!(thread.any(|act| act.words().contains("schreef opnieuw")));
    els_writes(&town, "!close opgelost", Some(&card)).await;
    town.jump(SignedDuration::from_hours(31 * 24));
    town.hears(&again("later")).await;
    let tickets = town.tickets().await;
    assert_eq!(tickets.len(), 2);
    let (follower, _) = town.ticket(&tickets[0].id).await;
    assert_eq!(
        follower.follows, ticket.number,
        "it says on which it goes on"
    );
    assert!(
        follower.running_page().is_some(),
        "and it wakes like any other"
    );
    assert_eq!(town.ticket(&ticket.id).await.0.state(), TicketState::Closed);
    town.comes_to_rest().await;
}

/// As the help of the command promises.
#[tokio::test]
async fn what_a_human_lowered_holds_until_worse_news_comes() {
    let town = Town::with_an_on_call_room().await;
    let phish = Mail::from(BART, "phish")
        .subject("Verdachte mail")
        .text("Ik kreeg een phishingmail van een valse bank. Ik heb nergens op geklikt.");
    town.hears(&phish).await;
    let card = town.chat.acts()[0].event.clone();
    els_writes(&town, "!severity laag", Some(&card)).await;
    let help = town.last_to("bart.claes@hackegem.example").message_id();
    let thanks = Mail::from(BART, "dank")
        .subject("Re")
        .text("Dank u wel.")
        .answering(&help);
    town.hears(&thanks).await;
    assert_eq!(
        town.only_ticket().await.0.severity(),
        Severity::Low,
        "no news"
    );
    let worse = Mail::from(BART, "erger")
        .subject("Re")
        .text("Onze servers worden op dit moment versleuteld, overal staat een losgeldbrief.")
        .answering(&help);
    town.hears(&worse).await;
    assert_eq!(town.only_ticket().await.0.severity(), Severity::Critical);
    town.comes_to_rest().await;
}
