//! Promise 8: every automatic decision can be explained and replayed: which words decided, which memo
//! in which version.

use crate::support::mails::{AN, Mail, password_given};
use crate::support::town::{Town, mailbox};
use eerstelijn::adapters::knowledge::KnowledgeBase;
use eerstelijn::app::ports::{Extent, Knowledge};
use eerstelijn::app::understand::{assess_mail, read_mail};
use eerstelijn::domain::ids::InboxId;
use eerstelijn::domain::ticket::event::TicketEvent;
use eerstelijn::domain::triage::category::Kind;

#[tokio::test]
async fn a_ticket_says_which_words_decided_and_which_texts_were_used() {
    let town = Town::new().await;
    let mail = password_given();
    town.hears(&mail).await;
    let (_, events) = town.only_ticket().await;
    let (assessment, handbook) = events
        .iter()
        .find_map(|e| match &e.event {
            TicketEvent::Assessed {
                assessment,
                handbook,
                ..
            } => Some((assessment, handbook)),
            _ => None,
        })
        .unwrap();
    assert!(!assessment.because.is_empty());
    for words in &assessment.because {
        assert!(
            mail.text.to_lowercase().contains(&words.to_lowercase()),
            "{words} is not in the report"
        );
    }
    for (_, fact) in assessment.facts.iter() {
        assert!(
            mail.text
                .to_lowercase()
                .contains(&fact.because.to_lowercase()),
            "{}",
            fact.because
        );
    }
    let kept = town.app.store.kept_knowledge(handbook).await.unwrap();
    assert!(
        kept.is_some_and(|archive| !archive.is_empty()),
        "the knowledge is kept in that version"
    );
    let guidance = events
        .iter()
        .find_map(|e| match &e.event {
            TicketEvent::ReplyWritten { guidance, .. } => Some(guidance),
            _ => None,
        })
        .unwrap();
    let playbook = guidance
        .iter()
        .find(|used| used.id == "account-compromise")
        .unwrap();
    assert_eq!(playbook.version.len(), 64, "named by its hash");
    town.comes_to_rest().await;
}

#[tokio::test]
async fn the_stored_original_decides_the_same_again() {
    let town = Town::new().await;
    town.hears(&password_given()).await;
    let (_, events) = town.only_ticket().await;
    let (inbox, then) = events
        .iter()
        .find_map(|e| match &e.event {
            TicketEvent::Assessed {
                inbox, assessment, ..
            } => Some((inbox, assessment)),
            _ => None,
        })
        .unwrap();
    let raw = town.app.store.original(inbox).await.unwrap().unwrap();
    assert_eq!(raw, password_given().bytes(), "the original is kept whole");
    let settings = &town.app.settings;
    let trusted = &settings.trusted_authserv_ids[&mailbox()];
    let reader = town.app.reader.as_ref();
    let read = read_mail(
        reader,
        &raw,
        Extent::Whole,
        &settings.own_addresses,
        trusted,
    );
    // With the knowledge as it was kept, not as it is in the binary.
    let version = town.app.knowledge.handbook().version.clone();
    let kept = town
        .app
        .store
        .kept_knowledge(&version)
        .await
        .unwrap()
        .unwrap();
    let words = eerstelijn::runtime::wire::organisation_words(
        "Cyber Response Team",
        "crt@crt.example",
        None,
        None,
    );
    let then_knowledge = KnowledgeBase::from_archive(&kept, words).unwrap();
    let now = assess_mail(&then_knowledge.handbook(), &read, None);
    assert_eq!(&now, then.as_ref());
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_message_without_a_ticket_has_its_reasons_too() {
    let town = Town::new().await;
    let mail = Mail::from(AN, "ooo")
        .subject("Automatisch antwoord")
        .header("Auto-Submitted: auto-replied")
        .text("Ik ben afwezig.");
    town.hears(&mail).await;
    assert!(town.tickets().await.is_empty());
    // Identifiers are counted in this harness: the first is the message's.
    let mut first = [0; 16];
    first[15] = 1;
    let record = town
        .app
        .store
        .decision(&InboxId::from_random(first))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(record.kind, Kind::AutoReply);
    assert!(
        record
            .machine_because
            .iter()
            .any(|why| why.contains("auto-submitted")),
        "{:?}",
        record.machine_because
    );
    town.comes_to_rest().await;
}
