//! Promise 3 in a conversation: each answer is understood together with what was known, the help follows, and a human
//! is called when the bot gets no further.

use crate::support::chat_server::{ChatServer, OFFICIAL, said};
use crate::support::mails::{AN, Mail};
use crate::support::roster::ELS;
use crate::support::town::{Received, Town};
use eerstelijn::domain::chat::ids::RoomId;
use eerstelijn::domain::chat::incoming::Happening;
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::ticket::dialogue::HandedOver;
use eerstelijn::domain::ticket::event::TicketEvent;
use eerstelijn::domain::ticket::words::{PageReason, Silence, Trouble};
use eerstelijn::domain::triage::assessment::{Assessment, Wish};
use eerstelijn::domain::triage::category::{Category, Severity};
use eerstelijn::domain::triage::facts::{FactKey, FactValue};
use insta::assert_snapshot;
use jiff::SignedDuration;

const AN_ADDRESS: &str = "an.peeters@hackegem.example";

/// A conversation by mail: each message answers the last reply.
struct ByMail {
    town: Town,
    written: u32,
}

impl ByMail {
    async fn begun(subject: &str, text: &str) -> Self {
        Self::in_town(Town::with_people_on_call().await, subject, text).await
    }

    async fn in_town(town: Town, subject: &str, text: &str) -> Self {
        town.hears(&Mail::from(AN, "eerste").subject(subject).text(text))
            .await;
        Self { town, written: 1 }
    }

    async fn answers(&mut self, text: &str) -> Assessment {
        self.written += 1;
        let last = self.town.last_to(AN_ADDRESS).message_id();
        let id = format!("antwoord-{}", self.written);
        let mail = Mail::from(AN, &id)
            .subject("Re: Auto")
            .text(text)
            .answering(&last);
        self.town.hears(&mail).await;
        self.understood().await
    }

    async fn understood(&self) -> Assessment {
        let (ticket, _) = self.town.only_ticket().await;
        ticket.assessment.unwrap()
    }

    fn replies(&self) -> Vec<Received> {
        let all = self.town.received().into_iter();
        all.filter(|mail| mail.to == AN_ADDRESS).collect()
    }

    fn last_reply(&self) -> String {
        self.replies().pop().unwrap().mail.text
    }

    async fn silences(&self) -> Vec<Silence> {
        let (_, events) = self.town.only_ticket().await;
        let silence = |event: &TicketEvent| match event {
            TicketEvent::ReplyWithheld { reason, .. } => Some(*reason),
            _ => None,
        };
        events.iter().filter_map(|e| silence(&e.event)).collect()
    }
}

/// A conversation in a chat that the reporter began.
struct InChat {
    town: Town,
    room: RoomId,
}

impl InChat {
    async fn begun(text: &str) -> Self {
        let town = Town::with_an_on_call_room().await;
        let lobby = ChatServer::lobby();
        town.in_room(&lobby, OFFICIAL, Trust::ServerOnly, said(text, None))
            .await;
        let room = town.chat.made().pop().unwrap();
        town.in_room(&room, OFFICIAL, Trust::ServerOnly, Happening::Joined)
            .await;
        Self { town, room }
    }

    async fn says(&self, text: &str) -> Assessment {
        self.town
            .in_room(&self.room, OFFICIAL, Trust::SignedDevice, said(text, None))
            .await;
        let (ticket, _) = self.town.only_ticket().await;
        ticket.assessment.unwrap()
    }

    fn last_words(&self) -> String {
        self.town.chat.words_in(&self.room).pop().unwrap()
    }
}

fn pages(
    events: &[eerstelijn::domain::ticket::event::RecordedEvent],
) -> Vec<(Severity, PageReason)> {
    let raised = |event: &TicketEvent| match event {
        TicketEvent::PageRaised {
            severity, because, ..
        } => Some((*severity, *because)),
        _ => None,
    };
    events.iter().filter_map(|e| raised(&e.event)).collect()
}

#[tokio::test]
async fn a_phish_that_is_clicked_then_fed_a_password_then_sends_mails_out() {
    let mut talk = ByMail::begun(
        "Rare mail",
        "Wij kregen een verdachte mail met een link naar een aanmeldpagina van Microsoft.",
    )
    .await;
    let first = talk.understood().await;
    assert_eq!(first.category, Some(Category::Phishing));
    assert!(!first.page);
    let clicked = talk.answers("1) neen\n2) ja, Marleen van de balie").await;
    assert_eq!(clicked.category, Some(Category::Phishing));
    assert_eq!(
        clicked.facts.get(FactKey::EnteredCredentials),
        FactValue::No
    );
    assert_eq!(clicked.facts.get(FactKey::Clicked), FactValue::Yes);
    assert!(!clicked.page, "a click alone wakes nobody");
    let gave = talk
        .answers("Marleen zegt nu dat ze toch haar wachtwoord heeft ingevuld op die pagina.")
        .await;
    assert_eq!(gave.category, Some(Category::AccountCompromise));
    assert_eq!((gave.severity, gave.page), (Severity::High, true));
    assert!(
        talk.town.recipients().iter().any(|to| to == ELS),
        "Els is woken"
    );
    let out = talk
        .answers("Er vertrekken nu mails uit haar naam naar al onze contacten!")
        .await;
    assert_eq!(out.category, Some(Category::AccountCompromise));
    assert_eq!(out.facts.get(FactKey::Ongoing), FactValue::Yes);
    assert!(out.page && out.severity >= Severity::High);
    let replies: Vec<String> = talk
        .replies()
        .iter()
        .map(|reply| reply.mail.text.trim_end().to_owned())
        .collect();
    assert_snapshot!("phish_to_mails_out", replies.join("\n\n=====\n\n"));
    talk.town.comes_to_rest().await;
}

#[tokio::test]
async fn a_slow_server_then_odd_names_then_a_ransom_note() {
    let talk =
        InChat::begun("Onze fileserver is sinds vanmorgen heel traag, kan er iemand meekijken?")
            .await;
    let odd = talk
        .says("op de gedeelde schijf staan ineens rare bestandsnamen, alles eindigt op .lockd en gaat niet meer open")
        .await;
    assert_eq!(odd.category, Some(Category::Ransomware));
    let note = talk
        .says("nu staat er op elk bureaublad een README met een losgeldbrief, ze vragen bitcoin")
        .await;
    assert_eq!(note.category, Some(Category::Ransomware));
    assert_eq!((note.severity, note.page), (Severity::Critical, true));
    let (_, events) = talk.town.only_ticket().await;
    assert!(!pages(&events).is_empty());
    talk.town.comes_to_rest().await;
}

#[tokio::test]
async fn a_false_alarm_is_noted_and_a_climb_that_called_somebody_goes_on() {
    let mut talk = ByMail::begun(
        "Alles versleuteld",
        "Al onze servers zijn versleuteld en er staat een losgeldbrief op het scherm!",
    )
    .await;
    assert!(talk.understood().await.page);
    let back = talk
        .answers("Vals alarm, het was een oefening van onze IT-partner. Sorry voor de last.")
        .await;
    assert!(back.is_taken_back() && !back.page);
    assert_eq!(
        back.severity,
        Severity::Critical,
        "it goes down only by a human"
    );
    assert_snapshot!("false_alarm_while_somebody_is_called", talk.last_reply());
    let (ticket, events) = talk.town.only_ticket().await;
    assert_eq!(pages(&events).len(), 1);
    assert!(ticket.running_page().is_some(), "only a human ends it");
    let again = talk
        .answers("Toch geen vals alarm! Er worden nu echt bestanden versleuteld op de server.")
        .await;
    assert!(again.page && !again.is_taken_back());
    talk.town.comes_to_rest().await;
}

/// A town where Els is called after ten minutes, and nobody before.
async fn town_that_calls_late() -> Town {
    Town::with(|settings| {
        let mut roster = crate::support::roster::roster();
        let late = crate::support::roster::after_minutes(10);
        roster.policies.critical = Some(late.clone());
        roster.policies.high = Some(late);
        settings.roster = roster;
    })
    .await
}

#[tokio::test]
async fn a_page_that_has_not_gone_out_stops_at_a_false_alarm_and_begins_again_at_worse_news() {
    let report = "Er is een DDoS-aanval bezig: onze website en het loket liggen plat, burgers kunnen niets meer aanvragen.";
    let mut talk = ByMail::in_town(town_that_calls_late().await, "Alles plat", report).await;
    assert!(talk.understood().await.page);
    let back = talk
        .answers("Vals alarm, het bleek een test van de leverancier.")
        .await;
    assert!(back.is_taken_back());
    talk.town.minutes_pass(60).await;
    assert!(
        !talk.town.recipients().iter().any(|to| to == ELS),
        "nobody is called"
    );
    assert_snapshot!("false_alarm_before_anybody_was_called", talk.last_reply());
    let thanks = talk.answers("Bedankt en een goede nacht gewenst").await;
    assert!(thanks.is_taken_back(), "thanks take nothing up again");
    let again = talk
        .answers("Het was geen vals alarm, de aanval gaat door en alles ligt plat.")
        .await;
    assert!(again.page);
    talk.town.minutes_pass(11).await;
    assert!(talk.town.recipients().iter().any(|to| to == ELS));
    talk.town.comes_to_rest().await;
}

#[tokio::test]
async fn where_the_attacker_may_be_writing_a_false_alarm_stops_nothing() {
    let report = "Ik heb mijn wachtwoord ingevuld op een valse pagina en nu vertrekken er mails uit mijn naam.";
    let mut talk = ByMail::in_town(town_that_calls_late().await, "Hulp", report).await;
    let back = talk.answers("Vals alarm, er is niets gebeurd.").await;
    assert!(back.is_taken_back());
    talk.town.minutes_pass(11).await;
    assert!(talk.town.recipients().iter().any(|to| to == ELS));
    talk.town.comes_to_rest().await;
}

#[tokio::test]
async fn two_incidents_in_one_thread_are_both_helped() {
    let mut talk = ByMail::begun(
        "Valse mail van de bank",
        "Een collega kreeg een valse mail van de bank. Ze heeft nergens op geklikt.",
    )
    .await;
    assert_eq!(talk.understood().await.category, Some(Category::Phishing));
    let second = talk
        .answers("Nee, geklikt heeft ze niet. Maar intussen iets helemaal anders: uit mijn wagen is mijn dienstlaptop gestolen met sociale dossiers op.")
        .await;
    assert_eq!(second.category, Some(Category::LostDevice));
    assert_eq!(second.facts.get(FactKey::Clicked), FactValue::No);
    assert!(second.severity >= Severity::High);
    assert_snapshot!("another_incident_in_the_same_thread", talk.last_reply());
    talk.town.comes_to_rest().await;
}

#[tokio::test]
async fn who_wants_a_human_gets_one_and_is_asked_nothing_more() {
    let talk = InChat::begun("Ik kreeg een phishingmail van een valse bank.").await;
    let wants = talk
        .says("stop met die vragen, ik wil een mens spreken")
        .await;
    assert_eq!(wants.wish, Some(Wish::Human));
    let told = talk.last_words();
    assert!(!told.contains("Wij willen nog weten"), "{told}");
    assert_snapshot!("a_human_is_wanted", told);
    let (ticket, events) = talk.town.only_ticket().await;
    assert_eq!(ticket.handed_over, HandedOver::Already);
    assert_eq!(pages(&events), [(Severity::High, PageReason::HandedOver)]);
    let because = |event: &TicketEvent| {
        matches!(
            event,
            TicketEvent::NeedsHuman {
                because: Trouble::HumanWanted,
                ..
            }
        )
    };
    assert!(events.iter().any(|e| because(&e.event)));
    let before = talk.town.chat.words_in(&talk.room).len();
    talk.says("is daar nu al iemand?").await;
    assert_eq!(
        talk.town.chat.words_in(&talk.room).len(),
        before,
        "it has said so"
    );
    talk.town.comes_to_rest().await;
}

#[tokio::test]
async fn after_five_replies_a_human_is_called() {
    let mut talk = ByMail::begun(
        "Rare mail",
        "Wij kregen een verdachte mail van een onbekende.",
    )
    .await;
    for text in [
        "1) neen",
        "geklikt heeft niemand, ook de bijlage is niet geopend",
        "een aanmeldvraag goedgekeurd: weet ik niet, moet ik navragen. Betaald: nee.",
        "Neen, de mails komen niet meer binnen.",
    ] {
        talk.town.jump(SignedDuration::from_mins(3));
        talk.answers(text).await;
    }
    let before = talk.replies().len();
    assert_eq!(before, 5, "{:?}", talk.silences().await);
    talk.answers("De bijlage heeft niemand geopend, het onderwerp was factuur 4471.")
        .await;
    assert_snapshot!("after_five_replies", talk.last_reply());
    let (ticket, events) = talk.town.only_ticket().await;
    assert_eq!(ticket.handed_over, HandedOver::Already);
    assert_eq!(pages(&events), [(Severity::High, PageReason::HandedOver)]);
    talk.answers("Hebt u dat gelezen, van die bijlage met het onderwerp factuur?")
        .await;
    assert_eq!(talk.silences().await, [Silence::HandedOver]);
    let worse = talk
        .answers("Nu heeft een collega haar wachtwoord ingevuld op die site!")
        .await;
    assert!(worse.page);
    assert_eq!(
        talk.replies().len(),
        before + 2,
        "other steps are worth a mail"
    );
    talk.town.comes_to_rest().await;
}

#[tokio::test]
async fn a_false_alarm_beside_news_takes_nothing_back() {
    let report = "Een collega heeft op een link in een valse mail geklikt.";
    for (news, category, page) in [
        (
            "We hoopten op vals alarm maar alle bestanden op de server zijn versleuteld.",
            Category::Ransomware,
            true,
        ),
        (
            "De helpdesk noemde het vals alarm, maar er staan medische dossiers van 5000 burgers op straat.",
            Category::DataBreach,
            true,
        ),
        (
            "Mijn chef zegt vals alarm, maar ik heb wel degelijk mijn paswoord ingegeven.",
            Category::AccountCompromise,
            true,
        ),
    ] {
        let mut talk = ByMail::begun("Mail", report).await;
        let understood = talk.answers(news).await;
        assert_eq!(
            (understood.category, understood.page),
            (Some(category), page),
            "{news}"
        );
        assert!(!understood.is_taken_back(), "{news}");
        talk.town.comes_to_rest().await;
    }
}

#[tokio::test]
async fn worse_news_after_a_false_alarm_or_a_contained_pc_wakes_somebody() {
    for before in [
        "Vals alarm, sorry.",
        "De pc is losgekoppeld van het netwerk.",
    ] {
        let mut talk = ByMail::begun(
            "Mail",
            "Een collega heeft op een link in een valse mail geklikt.",
        )
        .await;
        talk.answers(before).await;
        let worse = talk
            .answers("Toch niet: een collega heeft haar wachtwoord ingevuld op die site.")
            .await;
        assert!(worse.page, "{before}");
        talk.town.comes_to_rest().await;
    }
}
