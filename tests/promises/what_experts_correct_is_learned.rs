//! What people of the team correct is kept on the ticket, and can be learned from without leading back to anybody.

use crate::support::chat_server::{ELS, said};
use crate::support::mails::{BART, Mail};
use crate::support::town::Town;
use eerstelijn::adapters::knowledge::copy::copy_shipped;
use eerstelijn::adapters::knowledge::files::embedded_examples;
use eerstelijn::adapters::knowledge::{KnowledgeBase, OrganisationWords};
use eerstelijn::app::corrected::{Gathered, corrections};
use eerstelijn::app::evaluate::train;
use eerstelijn::app::ports::Knowledge;
use eerstelijn::domain::chat::ids::EventId;
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::triage::assessment::Channel;
use eerstelijn::domain::triage::category::{Category, Kind, Severity};
use eerstelijn::domain::triage::corrected::{Corrected, Corrections};
use eerstelijn::domain::triage::labelled::Labelled;
use eerstelijn::runtime::learning::Classroom;
use std::path::Path;
use tempfile::TempDir;

/// A town that heard this mail, and the card of its ticket.
async fn heard(text: &str) -> (Town, EventId) {
    let town = Town::with_an_on_call_room().await;
    let mail = Mail::from(BART, "kassa").subject("Kassa zwembad Hackegem");
    town.hears(&mail.text(text)).await;
    let card = town.chat.acts()[0].event.clone();
    (town, card)
}

async fn els_writes(town: &Town, text: &str, card: &EventId) {
    let words = said(text, Some(card));
    town.room_hears(ELS, Trust::SignedDevice, words).await;
}

const STRANGE: &str = "Dag, de kassa van het zwembad toont sinds vanmorgen vreemde tekens en sluit zichzelf af. Kevin Vermeulen zag het \
    eerst, bel hem op 0470 12 34 56 of mail kevin@hackegem.example. Zie ook https://kassa.hackegem.example/x";

#[tokio::test]
async fn what_an_expert_corrects_teaches_what_he_set_and_he_who_trains_is_a_reader() {
    let (town, card) = heard(STRANGE).await;
    let none = corrections(&town.app, "els").await.unwrap();
    assert_eq!(none.corrections.reports, [], "nobody corrected it");
    els_writes(&town, "!category malware\n!severity hoog", &card).await;
    let Gathered {
        corrections,
        unopened,
    } = corrections(&town.app, "els").await.unwrap();
    assert_eq!(unopened, 0);
    let [corrected] = corrections.reports.as_slice() else {
        panic!("one ticket was corrected: {corrections:?}");
    };
    let expected = Corrected {
        channel: Channel::Mail,
        subject: "Kassa zwembad Hackegem".into(),
        text: STRANGE.into(),
        forwarded: Vec::new(),
        kind: Some(Kind::Incident),
        category: Some(Category::Malware),
        severity: Some(Severity::High),
        organisation: "Gemeente Hackegem".into(),
    };
    assert_eq!(*corrected, expected);
    let (ticket, _) = town.only_ticket().await;
    let reads = town.app.store.reads_of(&ticket.id).await.unwrap();
    assert_eq!(reads.last().unwrap().through, "triage train");
    town.comes_to_rest().await;
}

#[tokio::test]
async fn what_a_human_says_is_no_incident_has_no_category_until_worse_news_comes() {
    let (town, card) = heard(STRANGE).await;
    els_writes(&town, "!soort vraag", &card).await;
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(
        (ticket.kind(), ticket.category()),
        (Some(Kind::Question), None)
    );
    assert!(
        town.chat
            .acts()
            .iter()
            .any(|act| act.words().contains(" · vraag · ")),
        "the card shows it"
    );
    assert_eq!(ticket.severity(), Severity::Low);
    let taught = corrections(&town.app, "els").await.unwrap().corrections;
    assert_eq!(taught.reports[0].kind, Some(Kind::Question));
    assert_eq!(taught.reports[0].severity, None);
    let help = town.last_to("bart.claes@hackegem.example").message_id();
    let worse = Mail::from(BART, "erger").subject("Re").answering(&help);
    town.hears(
        &worse
            .text("Onze servers worden op dit moment versleuteld, overal staat een losgeldbrief."),
    )
    .await;
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(
        (ticket.kind(), ticket.category()),
        (Some(Kind::Incident), Some(Category::Ransomware))
    );
    els_writes(&town, "!kind other\n!category ransomware", &card).await;
    assert_eq!(
        town.only_ticket().await.0.kind(),
        Some(Kind::Incident),
        "what has a category is one"
    );
    town.comes_to_rest().await;
}

const ENCRYPTED: &str =
    "Onze servers worden op dit moment versleuteld, overal staat een losgeldbrief.";

#[tokio::test]
async fn worse_news_calls_again_who_said_that_it_is_no_incident() {
    let (town, card) = heard(ENCRYPTED).await;
    els_writes(&town, "!ack", &card).await;
    els_writes(&town, "!soort vraag", &card).await;
    let (ticket, _) = town.only_ticket().await;
    let first = ticket.page.clone().unwrap();
    assert!(first.acked.is_some());
    assert_eq!(ticket.severity(), Severity::Low);
    let help = town.last_to("bart.claes@hackegem.example").message_id();
    let thanks = Mail::from(BART, "dank").subject("Re: Kassa zwembad Hackegem");
    town.hears(&thanks.answering(&help).text("Ok, bedankt."))
        .await;
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(
        ticket.page.as_ref().unwrap().climb,
        first.climb,
        "thanks call nobody"
    );
    assert_eq!(ticket.kind(), Some(Kind::Question));
    // Through a list: its words count on a ticket all the same.
    let worse = Mail::from(BART, "erger").subject("Re: Kassa zwembad Hackegem");
    let worse = worse
        .answering(&help)
        .header("Precedence: list")
        .text(ENCRYPTED);
    town.hears(&worse).await;
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(ticket.severity(), Severity::Critical);
    assert_eq!(ticket.page.as_ref().unwrap().climb, first.climb + 1);
    town.comes_to_rest().await;
}

/// Leaves every so many of the examples that are learned from.
fn thin_out(knowledge: &Path, every: usize) {
    for entry in std::fs::read_dir(knowledge.join("examples")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap() != "measured.jsonl" {
            let text = std::fs::read_to_string(&path).unwrap();
            let few: Vec<&str> = text.lines().step_by(every).collect();
            std::fs::write(&path, few.join("\n")).unwrap();
        }
    }
}

#[tokio::test]
async fn a_training_learns_from_tickets_and_its_weights_name_nobody() {
    let (town, card) = heard(STRANGE).await;
    els_writes(&town, "!category malware", &card).await;
    let mut taught = corrections(&town.app, "els").await.unwrap().corrections;
    // Three organisations write the same: even then there is no name to learn.
    let [one] = taught.reports.as_slice() else {
        panic!("one ticket was corrected: {taught:?}");
    };
    let of = |organisation: &str| Corrected {
        organisation: organisation.into(),
        ..one.clone()
    };
    taught.reports = vec![of("een"), of("twee"), of("drie")];
    let folder = TempDir::new().unwrap();
    let knowledge = folder.path().join("knowledge");
    copy_shipped(&knowledge).unwrap();
    thin_out(&knowledge, 25);
    let file = knowledge.join("weights.txt");
    std::fs::remove_file(&file).unwrap();
    let training = Classroom::open(&knowledge).unwrap().train(&taught).unwrap();
    assert_eq!(training.tickets, 3);
    let weights = std::fs::read_to_string(&file).unwrap();
    assert!(weights.contains("\ntickets 3\n"), "the file says so");
    assert!(
        weights.contains("\tvreemde tekens\n"),
        "what three organisations say is learned"
    );
    for name in ["vermeulen", "kevin", "hackegem", "0470"] {
        assert!(!weights.contains(name), "{name}");
    }
    // Without tickets they are gone, and whoever trains is told.
    std::fs::remove_file(&file).unwrap();
    let train = || {
        let classroom = Classroom::open(&knowledge).unwrap();
        classroom.train(&Corrections::default()).unwrap()
    };
    assert_eq!((train().tickets, train().forgotten), (0, 0));
    let weights = std::fs::read_to_string(&file).unwrap();
    assert!(!weights.contains("\ntickets "));
    std::fs::write(&file, weights.replace("\nstep ", "\ntickets 3\nstep ")).unwrap();
    assert_eq!(train().forgotten, 3);
    town.comes_to_rest().await;
}

/// A ticket about something that no example speaks of.
fn ticket(n: usize, organisation: &str) -> Corrected {
    Corrected {
        channel: Channel::Mail,
        subject: String::new(),
        text: format!("de zwembadkassa van Jan doet raar bij zwemjan op jan-pc01, dossier {n}."),
        forwarded: Vec::new(),
        kind: Some(Kind::Incident),
        category: Some(Category::Malware),
        severity: None,
        organisation: organisation.to_owned(),
    }
}

#[test]
fn what_fewer_than_three_organisations_say_is_not_learned() {
    let knowledge = KnowledgeBase::embedded(OrganisationWords::default()).unwrap();
    let rules = &knowledge.handbook().triage;
    let examples = embedded_examples();
    let some = examples.values().flat_map(|text| text.lines()).step_by(40);
    let some: Vec<Labelled> = some
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for (organisations, is_learned) in [
        (&["een", "twee"][..], false),
        (&["een", "een", "een", "twee"], false),
        (&["een", "twee", "drie"], true),
    ] {
        let reports = organisations.iter().enumerate();
        let corrections = Corrections {
            reports: reports.map(|(n, whose)| ticket(n, whose)).collect(),
            ..Corrections::default()
        };
        let weights = train(rules, &some, &corrections, "x").weights;
        for feature in ["zwembadkassa", "zwembadkassa van", "~_zwem"] {
            assert_eq!(
                weights.iter().any(|(name, _)| name == feature),
                is_learned,
                "{feature} {organisations:?}"
            );
        }
        for feature in ["jan", "van jan", "jan doet", "pc00"] {
            assert!(
                weights.iter().all(|(name, _)| name != feature),
                "{feature} {organisations:?}"
            );
        }
    }
}
