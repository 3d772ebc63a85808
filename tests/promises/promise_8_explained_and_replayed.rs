//! Promise 8: every automatic decision can be explained and replayed: which words decided, which memo
//! in which version.

use crate::support::chat_server::{ChatServer, ELS, OFFICIAL, said};
use crate::support::mails::{AN, BART, CRT, Mail, password_given};
use crate::support::town::{Town, mailbox};
use eerstelijn::adapters::knowledge::{KnowledgeBase, OrganisationWords, files};
use eerstelijn::app::App;
use eerstelijn::app::export::export;
use eerstelijn::app::ports::{Extent, Knowledge, KnowledgeError};
use eerstelijn::app::replay::{Against, NotReplayed, Replay, replay};
use eerstelijn::app::understand::{assess_mail, read_mail};
use eerstelijn::domain::chat::incoming::Happening;
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::ids::{InboxId, TicketNumber};
use eerstelijn::domain::ticket::decide::Mode;
use eerstelijn::domain::ticket::event::TicketEvent;
use eerstelijn::domain::triage::assessment::Known;
use eerstelijn::domain::triage::category::Kind;
use eerstelijn::runtime::knowledge::organisation_words;
use jiff::SignedDuration;
use regex::Regex;
use std::sync::{Arc, Mutex};

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
    let words = eerstelijn::runtime::knowledge::organisation_words(
        "Cyber Response Team",
        "crt@crt.example",
        None,
        None,
    );
    let then_knowledge = KnowledgeBase::from_archive(&kept, words).unwrap();
    let now = assess_mail(&then_knowledge.handbook(), &read, Known::default());
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

fn words() -> OrganisationWords {
    organisation_words("Cyber Response Team", CRT, Some("02 000 00 00"), None)
}

/// An archive and the knowledge in it.
type Opened = (Vec<u8>, Arc<dyn Knowledge>);

/// Knowledge that was opened before: that takes time.
static OPENED: Mutex<Vec<Opened>> = Mutex::new(Vec::new());

fn open_kept(archive: &[u8]) -> Result<Arc<dyn Knowledge>, KnowledgeError> {
    let mut opened = OPENED.lock().unwrap();
    if let Some((_, known)) = opened.iter().find(|(known, _)| known == archive) {
        return Ok(Arc::clone(known));
    }
    let knowledge: Arc<dyn Knowledge> = Arc::new(KnowledgeBase::from_archive(archive, words())?);
    opened.push((archive.to_vec(), Arc::clone(&knowledge)));
    Ok(knowledge)
}

/// A town whose knowledge was changed since: another word is all it knows for a password, and the playbook was
/// edited.
fn with_other_knowledge(town: &Town) -> App {
    let dir = tempfile::tempdir().unwrap();
    let password = Regex::new("wachtwoord|passw?oor[dt]|paswoor[dt]|passw?ord").unwrap();
    for (path, text) in files::embedded() {
        let file = dir.path().join(&path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let text = match path.as_str() {
            "playbooks/account-compromise.md" => text + "\n",
            path if path.starts_with("lexicon/nl") => {
                password.replace_all(&text, "toegangszin").into_owned()
            }
            _ => text,
        };
        std::fs::write(file, text).unwrap();
    }
    App {
        knowledge: Arc::new(KnowledgeBase::from_dir(dir.path(), words()).unwrap()),
        ..town.app.clone()
    }
}

async fn replayed(app: &App, number: &TicketNumber, against: Against<'_>) -> Replay {
    let replayed = replay(app, number, "els", against).await.unwrap();
    assert!(!replayed.messages.is_empty());
    replayed
}

/// Every message of the ticket is decided the same with the knowledge of then. Returns how many there are.
async fn is_the_same(app: &App, number: &TicketNumber) -> usize {
    let replayed = replayed(app, number, Against::Then(&open_kept)).await;
    for message in &replayed.messages {
        let again = message.again.as_ref().unwrap();
        assert_eq!(again.differences, [], "{:?}", message.then);
    }
    replayed.messages.len()
}

/// Three mails of one reporter, each an answer to ours. Time passes between them.
async fn dialogue_by_mail(town: &Town) {
    town.hears(&password_given()).await;
    for (id, text) in [
        (
            "melding-2",
            "Ja, ik heb ook de melding op mijn gsm goedgekeurd.\n\nAn",
        ),
        ("melding-3", "Nu vertrekken er mails uit mijn naam!\n\nAn"),
    ] {
        town.jump(SignedDuration::from_mins(7));
        let ours = town.last_to("an.peeters@hackegem.example").message_id();
        let mail = Mail::from(AN, id).subject("Re: Hulp aub").text(text);
        town.hears(&mail.answering(&ours)).await;
    }
}

#[tokio::test]
async fn a_dialogue_by_mail_replays_as_the_same_and_other_knowledge_shows() {
    let town = Town::with_people_on_call().await;
    dialogue_by_mail(&town).await;
    let (ticket, events) = town.only_ticket().await;
    let number = ticket.number.clone().unwrap();
    let sent = town.received().len();
    town.jump(SignedDuration::from_hours(3));

    let then = replayed(&town.app, &number, Against::Then(&open_kept)).await;
    assert_eq!(then.messages.len(), 3);
    for message in &then.messages {
        let again = message.again.as_ref().unwrap();
        assert_eq!(again.differences, [], "{:?}", message.then);
        assert_eq!(again.record.at, message.then.as_ref().unwrap().at);
    }
    let dialogue = &then.messages[1].again.as_ref().unwrap().record;
    assert!(!dialogue.used.is_empty(), "guidance is chosen again");
    assert_eq!(is_the_same(&with_other_knowledge(&town), &number).await, 3);

    let now = replayed(&with_other_knowledge(&town), &number, Against::Now).await;
    let first = now.messages[0].again.as_ref().unwrap();
    let fields: Vec<&str> = first
        .differences
        .iter()
        .map(|it| it.field.as_str())
        .collect();
    for field in ["because", "fact entered_credentials", "guidance"] {
        assert!(fields.contains(&field), "{field}: {:?}", first.differences);
    }
    let same = replayed(&town.app, &number, Against::Now).await;
    assert!(
        same.messages
            .iter()
            .all(|it| it.again.as_ref().is_ok_and(|it| it.differences.is_empty()))
    );

    assert_eq!(town.received().len(), sent, "nothing is sent");
    assert_eq!(
        town.only_ticket().await.1.len(),
        events.len(),
        "nothing is written"
    );
    let reads = town.app.store.reads_of(&ticket.id).await.unwrap();
    assert!(
        reads.len() == 4 && reads.iter().all(|read| read.through == "replay"),
        "{reads:?}"
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_dialogue_in_chat_replays_as_the_same() {
    let town = Town::with_an_on_call_room().await;
    let lobby = ChatServer::lobby();
    let report = "Help, ik heb mijn wachtwoord ingevuld op een valse pagina en nu gaan er mails uit mijn naam weg!";
    let asked = town
        .in_room(&lobby, OFFICIAL, Trust::ServerOnly, said(report, None))
        .await;
    town.jump(SignedDuration::from_mins(1));
    let room = town.chat.made().pop().unwrap();
    town.in_room(&room, OFFICIAL, Trust::ServerOnly, Happening::Joined)
        .await;
    for text in [
        "Ja, er is ook geld overgeschreven: 5000 euro.",
        "Het gaat om 3 toestellen.",
    ] {
        town.jump(SignedDuration::from_mins(1));
        town.in_room(&room, OFFICIAL, Trust::SignedDevice, said(text, None))
            .await;
    }
    // Both in the room full of people: news, and thanks below the report.
    for (text, thread) in [
        (
            "Er vertrekken nu ook mails met een virus uit mijn naam!",
            None,
        ),
        ("Bedankt, tot straks", Some(&asked)),
    ] {
        town.jump(SignedDuration::from_mins(1));
        town.in_room(&lobby, OFFICIAL, Trust::ServerOnly, said(text, thread))
            .await;
    }
    let number = town.only_ticket().await.0.number.unwrap();
    assert_eq!(is_the_same(&town.app, &number).await, 5);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn what_a_human_took_or_placed_and_what_was_held_back_replays_as_the_same() {
    let town = Town::with_rooms(|settings| settings.limits.per_address_day = 1).await;
    dialogue_by_mail(&town).await;
    let number = town.only_ticket().await.0.number.unwrap();
    let card = town
        .chat
        .acts()
        .into_iter()
        .find(|act| act.is_in(&ChatServer::oncall()));
    let card = card.unwrap().event;
    // Somebody else names the ticket: the holding pen, until a human says that it belongs there.
    let mail = Mail::from(BART, "pen-1").subject(&format!("{number} vraag"));
    town.hears(&mail.text("Is het wachtwoord van An al gewijzigd? Er zijn nu ook facturen weg."))
        .await;
    let oncall = ChatServer::oncall();
    let pen = town
        .chat
        .acts()
        .into_iter()
        .find(|act| act.is_in(&oncall) && act.words().contains("wachtkamer"));
    let belongs = said(&format!("!belongs {number}"), Some(&pen.unwrap().event));
    town.jump(SignedDuration::from_mins(2));
    town.room_hears(ELS, Trust::SignedDevice, belongs).await;
    town.room_hears(ELS, Trust::SignedDevice, said("!take", Some(&card)))
        .await;
    town.jump(SignedDuration::from_mins(2));
    let last = Mail::from(AN, "melding-4").subject("Re: Hulp aub");
    let ours = town.last_to("an.peeters@hackegem.example").message_id();
    town.hears(
        &last
            .text("Alles staat plat, de servers ook.")
            .answering(&ours),
    )
    .await;
    assert_eq!(is_the_same(&town.app, &number).await, 5);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn another_mode_since_then_is_no_difference() {
    let mut town = Town::with(|settings| settings.mode = Mode::Observe).await;
    let question = "Goeiemorgen, hoe organiseren wij het best onze back-ups, en hoe vaak moeten we een hersteltest doen?";
    town.hears(&Mail::from(AN, "vraag").subject("Back-ups").text(question))
        .await;
    let number = town.only_ticket().await.0.number.unwrap();
    let mut settings = town.app.settings.as_ref().clone();
    settings.mode = Mode::Answer;
    town.app.settings = Arc::new(settings);
    assert_eq!(is_the_same(&town.app, &number).await, 1);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn what_is_gone_is_named_and_the_others_go_on() {
    let mut town = Town::new().await;
    dialogue_by_mail(&town).await;
    let number = town.only_ticket().await.0.number.unwrap();
    let messages = replayed(&town.app, &number, Against::Now).await.messages;
    let (purged, spoilt) = (messages[0].inbox.as_str(), messages[1].inbox.as_str());
    town.spoils(&format!(
        "DELETE FROM data_keys WHERE key_id = 'inbox/{purged}'"
    ))
    .await;
    town.spoils(&format!(
        "UPDATE inbox_raw SET sealed = x'00' WHERE inbox_id = '{spoilt}'"
    ))
    .await;
    let then = replayed(&town.app, &number, Against::Then(&open_kept)).await;
    let why: Vec<Option<NotReplayed>> = then
        .messages
        .into_iter()
        .map(|message| message.again.err())
        .collect();
    assert_eq!(
        why,
        [Some(NotReplayed::Gone), Some(NotReplayed::Sealed), None]
    );
    let version = town.app.knowledge.handbook().version.clone();
    town.spoils("DELETE FROM kept_knowledge").await;
    let then = replayed(&town.app, &number, Against::Then(&open_kept)).await;
    let last = then.messages.into_iter().next_back().unwrap();
    let short: String = version.chars().take(12).collect();
    assert_eq!(last.again.err(), Some(NotReplayed::NotKept(short)));
    town.leaves_work();
}

#[tokio::test]
async fn a_ticket_that_is_handed_over_holds_what_came_and_what_left() {
    let town = Town::with_people_on_call().await;
    dialogue_by_mail(&town).await;
    let (ticket, events) = town.only_ticket().await;
    let number = ticket.number.clone().unwrap();
    let exported = export(&town.app, &number, "els", "politie").await.unwrap();
    assert_eq!(exported.events, events);
    assert_eq!(exported.gaps, Vec::<String>::new());
    let named = |part: &str| {
        let papers = exported.papers.iter();
        let fit = papers.filter(|paper| paper.name.ends_with(part));
        fit.map(|paper| paper.bytes.clone()).collect::<Vec<_>>()
    };
    let (came, left) = (named("-in.eml"), named("-out.eml"));
    assert_eq!(came.len(), 3);
    assert_eq!(came[0], password_given().bytes());
    let mut taken: Vec<Vec<u8>> = town.received().into_iter().map(|mail| mail.raw).collect();
    let mut left_sorted = left;
    taken.sort();
    left_sorted.sort();
    assert_eq!(left_sorted, taken, "the very bytes that a server took over");
    assert_eq!(exported.papers[0].name, "messages/1-in.eml");
    assert_eq!(exported.papers[1].name, "decisions/1.json");
    assert_eq!(exported.papers[2].name, "messages/2-out.eml");
    let reads = town.app.store.reads_of(&ticket.id).await.unwrap();
    assert_eq!(reads[0].reason.as_deref(), Some("politie"));
    town.comes_to_rest().await;
}
