//! Knowledge that is cared for: on Mondays the team hears which memos are due for review, once; and at once where a file
//! can't be used. What it did, and what people asked in vain, can be counted.

use crate::support::chat_server::{ChatServer, OFFICIAL, said};
use crate::support::mails::{AN, Mail};
use crate::support::roster::{CHRIS, roster};
use crate::support::town::Town;
use eerstelijn::app::App;
use eerstelijn::app::knowledge_stats::{KnowledgeStats, Unreadable, knowledge_stats};
use eerstelijn::app::memos_due::{Told, tell_of_due_memos};
use eerstelijn::app::ports::{
    ArrivalDone, Change, ClaimedArrival, Committed, DecisionRecord, Extent, Intake, Leaves,
    Outcome, Position, ReadRecord,
};
use eerstelijn::app::renewal::tell_of_broken_files;
use eerstelijn::domain::chat::ids::EventId;
use eerstelijn::domain::chat::incoming::{Happening, Said};
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::ids::{InboxId, MailboxName, TicketId};
use eerstelijn::domain::intake::sender::Standing;
use eerstelijn::domain::triage::category::Kind;
use insta::assert_snapshot;
use jiff::{SignedDuration, Timestamp};

/// A process that knows nothing of what was said before looks at the clock.
async fn a_new_process_looks(app: &App) -> Told {
    tell_of_due_memos(app, None).await.unwrap()
}

async fn posts(town: &Town) -> Vec<String> {
    town.run_until_idle().await;
    town.chat.words_in(&ChatServer::oncall())
}

#[tokio::test]
async fn on_monday_at_eight_the_memos_that_are_due_are_told_once() {
    let mut town = Town::with_an_on_call_room().await;
    // The shipped memos are all in order on this Monday.
    assert_eq!(a_new_process_looks(&town.app).await, Told::NothingDue);
    town.jump_to("2027-05-24T05:59:59Z");
    assert_eq!(a_new_process_looks(&town.app).await, Told::NotNow);
    assert!(posts(&town).await.is_empty(), "it isn't eight yet");

    town.jump_to("2027-05-24T06:00:00Z");
    let other = town.another_instance().await;
    let monday = town.now();
    let said = a_new_process_looks(&town.app).await;
    assert_eq!(said, Told::Said(monday));
    a_new_process_looks(&other).await;
    let told = posts(&town).await;
    assert_eq!(told.len(), 1, "two instances say it once");
    assert_snapshot!("one_memo", told[0]);
    assert!(town.received().is_empty(), "nobody gets a mail besides");

    // A minute later, after a restart, and on the days after.
    let again = tell_of_due_memos(&town.app, Some(monday)).await;
    assert_eq!(again.unwrap(), said);
    town.restarts().await;
    a_new_process_looks(&town.app).await;
    a_new_process_looks(&other).await;
    town.jump_to("2027-05-27T06:00:00Z");
    assert_eq!(a_new_process_looks(&town.app).await, Told::NotNow);
    assert_eq!(posts(&town).await.len(), 1);

    // The next Monday, on which the service is down until the evening.
    town.jump_to("2027-05-31T18:00:00Z");
    a_new_process_looks(&town.app).await;
    a_new_process_looks(&other).await;
    let told = posts(&town).await;
    assert_eq!(told.len(), 2);
    assert_snapshot!("ten_memos", told[1]);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn many_are_counted_and_the_oldest_named() {
    let town = Town::with_an_on_call_room().await;
    town.jump_to("2027-11-29T07:00:00Z");
    a_new_process_looks(&town.app).await;
    let told = posts(&town).await;
    assert_eq!(told[0].matches("(datum ").count(), 15, "{}", told[0]);
    assert!(told[0].contains("En nog 30 van later"), "{}", told[0]);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn without_chat_who_coordinates_gets_the_list_by_mail() {
    let town = Town::with(|settings| settings.roster = roster()).await;
    town.jump_to("2027-05-31T06:00:00Z");
    a_new_process_looks(&town.app).await;
    a_new_process_looks(&town.app).await;
    town.run_until_idle().await;
    assert_eq!(town.recipients(), [CHRIS]);
    let mail = town.last_to(CHRIS).mail;
    assert_snapshot!(
        "by_mail",
        format!("{}\n\n{}", mail.subject, mail.text.trim_end())
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn where_nobody_is_on_the_roster_nobody_is_told() {
    let town = Town::new().await;
    town.jump_to("2027-05-31T06:00:00Z");
    assert_eq!(a_new_process_looks(&town.app).await, Told::Nobody);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn broken_files_call_who_coordinates() {
    let town = Town::with_an_on_call_room().await;
    let other = town.another_instance().await;
    for app in [&town.app, &other] {
        let places = ["memos/mfa.md:3".to_owned()];
        tell_of_broken_files(app, &places).await.unwrap();
    }
    let told = posts(&town).await;
    assert_eq!(told.len(), 1, "two instances on one folder say it once");
    assert!(told[0].contains("memos/mfa.md:3"), "{}", told[0]);
    assert_eq!(town.recipients(), [CHRIS]);
    town.comes_to_rest().await;
}

const IN_THE_LOBBY: &str = "Hoe vaak moeten wij de robotmaaier van de gemeente laten onderhouden?";
const OF_THE_INVENTORY: &str =
    "Wie moet de wijziging van de statuten van een opdrachthoudende vereniging goedkeuren?";
const BY_MAIL: &str = "Welke kleur moet de nieuwe brandweerwagen van de gemeente hebben?";

async fn asked_in_the_lobby(town: &Town, who: &str, text: &str) {
    let lobby = ChatServer::lobby();
    town.in_room(&lobby, who, Trust::ServerOnly, said(text, None))
        .await;
    town.jump(SignedDuration::from_mins(1));
}

/// A town in which one question was answered and two were not, and somebody reported an incident.
async fn after_a_day_of_questions() -> Town {
    let town = Town::with_an_on_call_room().await;
    asked_in_the_lobby(&town, OFFICIAL, "Hebben wij een SIEM nodig?").await;
    asked_in_the_lobby(&town, OFFICIAL, IN_THE_LOBBY).await;
    asked_in_the_lobby(&town, "@iemand:elders.example", IN_THE_LOBBY).await;
    let mail = format!(
        "{BY_MAIL}\n\nMet vriendelijke groeten,\nAn Peeters\n014 12 34 56\n\n\
         Op ma 23 nov. 2026 om 10:00 schreef Bart <bart@hackegem.example>:\n> Vraag het aan het CRT."
    );
    town.hears(&Mail::from(AN, "wagen").text(&mail)).await;
    town.jump(SignedDuration::from_mins(1));
    let report = "Wij kregen een phishingmail. Niemand heeft geklikt.";
    town.hears(&Mail::from(AN, "lokmail").text(report)).await;
    town
}

async fn count(town: &Town, since: Option<Timestamp>, most: usize) -> KnowledgeStats {
    knowledge_stats(&town.app, since, most, "chris")
        .await
        .unwrap()
}

fn texts(stats: &KnowledgeStats) -> Vec<&str> {
    let texts = stats.unanswered.iter().map(|one| one.text.as_str());
    texts.collect()
}

async fn reads(town: &Town, ticket: &TicketId) -> usize {
    town.app.store.reads_of(ticket).await.unwrap().len()
}

#[tokio::test]
async fn what_answered_and_what_was_asked_in_vain_is_counted() {
    let town = after_a_day_of_questions().await;
    let stats = count(&town, None, 50).await;
    let siem = stats.answered.iter().find(|one| one.id == "siem").unwrap();
    assert_eq!((siem.kind, siem.times), ("memo", 1));
    let phishing = stats.answered.iter().find(|one| one.id == "phishing");
    assert_eq!(phishing.unwrap().kind, "playbook", "first help counts too");
    let never: Vec<&str> = stats.never_found.iter().map(|one| &*one.id).collect();
    assert!(never.contains(&"usb-media") && !never.contains(&"siem"));
    // The own words, the newest first; neither who asked, nor what he quoted, nor what a stranger says in the lobby.
    assert_eq!(texts(&stats), [BY_MAIL, IN_THE_LOBBY]);
    assert_eq!(stats.unanswered_count, 2);

    // The same again: counting changes nothing. Since a moment, and fewer questions than there are.
    let again = count(&town, None, 1).await;
    assert_eq!(again.answered, stats.answered);
    assert_eq!((texts(&again), again.unanswered_count), (vec![BY_MAIL], 2));
    let later = count(&town, Some(town.now()), 50).await;
    assert!(later.unanswered.is_empty() && later.answered.iter().all(|one| one.id != "siem"));
    town.comes_to_rest().await;
}

#[tokio::test]
async fn who_reads_the_questions_is_on_record_and_who_counts_is_not() {
    let town = after_a_day_of_questions().await;
    let tickets = town.tickets().await;
    let beside = ReadRecord::beside_tickets();
    let mut read = 0;
    count(&town, None, 0).await;
    for ticket in tickets.iter().map(|ticket| &ticket.id).chain([&beside]) {
        assert_eq!(reads(&town, ticket).await, 0, "none was shown");
    }
    let shown = count(&town, None, 50).await;
    for ticket in &tickets {
        read += reads(&town, &ticket.id).await;
    }
    assert_eq!(shown.unanswered.len(), 2);
    assert_eq!(read, 1, "the question by mail is on a ticket");
    let records = town.app.store.reads_of(&beside).await.unwrap();
    assert_eq!(records.len(), 1, "the one in the lobby is on none");
    assert_eq!(records[0].reader, "chris");
    let through = &*records[0].through;
    let message = through.strip_prefix("knowledge stats: messages ").unwrap();
    let read = town
        .app
        .store
        .decision(&InboxId::from_stored(message.to_owned()))
        .await;
    let course = read.unwrap().unwrap().course;
    assert_eq!(course, "lobby silent", "it says which message was read");
    town.comes_to_rest().await;
}

#[tokio::test]
async fn who_corrects_his_question_asks_once() {
    let town = Town::with_an_on_call_room().await;
    asked_in_the_lobby(&town, OFFICIAL, IN_THE_LOBBY).await;
    let lobby = ChatServer::lobby();
    let Happening::Said(first) = said(IN_THE_LOBBY, None) else {
        unreachable!()
    };
    let corrected = Said {
        replaces: EventId::parse("$een-eerder-bericht"),
        ..first
    };
    town.in_room(
        &lobby,
        OFFICIAL,
        Trust::ServerOnly,
        Happening::Said(corrected),
    )
    .await;
    let stats = count(&town, None, 50).await;
    assert_eq!(texts(&stats), [IN_THE_LOBBY]);
    town.comes_to_rest().await;
}

/// Search finds an obligation for it, and the lobby hears memos only.
#[tokio::test]
async fn what_is_found_and_not_said_in_the_lobby_is_neither_missing_nor_in_vain() {
    let town = Town::with_an_on_call_room().await;
    asked_in_the_lobby(&town, OFFICIAL, OF_THE_INVENTORY).await;
    let found: Vec<String> = found_in_the_lobby(&town).await;
    assert!(!found.is_empty(), "choose another question");
    let stats = count(&town, None, 50).await;
    assert!(stats.answered.is_empty(), "choose another question");
    assert_eq!(stats.unanswered_count, 0);
    for id in found {
        assert!(stats.never_found.iter().all(|one| one.id != id), "{id}");
    }
    town.comes_to_rest().await;
}

/// The entries that search found for what was said in the lobby.
async fn found_in_the_lobby(town: &Town) -> Vec<String> {
    let since = Timestamp::UNIX_EPOCH;
    let page = town.app.store.decisions_since(since, 0).await.unwrap();
    let records = page.decisions.iter().map(|kept| &kept.record);
    let silent = records.filter(|record| record.course == "lobby silent");
    silent
        .flat_map(|record| &record.found)
        .map(|name| name.split('#').next().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_duty_whose_clock_was_told_was_found() {
    let mut town = Town::with_an_on_call_room().await;
    let report = "Onze servers zijn versleuteld door ransomware en er staat een losgeldbrief. Persoonsgegevens van 5000 inwoners zijn gestolen.";
    town.hears(&Mail::from(AN, "ransomware").text(report)).await;
    let stats = count(&town, None, 0).await;
    let told: Vec<&str> = stats
        .answered
        .iter()
        .filter(|one| one.kind == "duty")
        .map(|one| &*one.id)
        .collect();
    assert!(!told.is_empty(), "{:?}", stats.answered);
    for id in told {
        assert!(stats.never_found.iter().all(|one| one.id != id), "{id}");
    }
    town.leaves_work();
}

#[tokio::test]
async fn what_cant_be_read_is_counted_and_hides_nothing_else() {
    let mut town = after_a_day_of_questions().await;
    let whole = count(&town, None, 50).await;
    assert_eq!(whole.unreadable, Unreadable::default());
    // The decision on the first question, and what stands on the ticket of the second mail.
    town.spoils(
        "UPDATE inbox SET sealed_decision = x'00' WHERE ordinal = (SELECT min(ordinal) FROM inbox);
         UPDATE ticket_events SET sealed = x'00' WHERE ticket_id = (
             SELECT ticket_id FROM inbox WHERE ordinal = (SELECT max(ordinal) FROM inbox))",
    )
    .await;
    let stats = count(&town, None, 50).await;
    let expected = Unreadable {
        messages: 1,
        tickets: 1,
    };
    assert_eq!(stats.unreadable, expected);
    assert_eq!(texts(&stats), [BY_MAIL, IN_THE_LOBBY]);
    assert!(stats.answered.iter().all(|one| one.id != "siem"));
    town.leaves_work();
}

/// A message of chat with these bytes is on record as a question that got no answer.
async fn stands_unanswered(town: &Town, event: &str, raw: &[u8]) {
    let position = Position::Matrix {
        room: ChatServer::lobby(),
        event: EventId::parse(event).unwrap(),
    };
    let (account, now) = (MailboxName::new("matrix:@crt:crt.example"), town.now());
    let app = &town.app;
    let admit = app.admit(&account, position, raw.to_vec(), Extent::Whole, now);
    admit.await.unwrap();
    let until = now + SignedDuration::from_mins(1);
    let claimed = app.store.claim_arrival(now, until).await.unwrap();
    let ClaimedArrival { id, attempt, .. } = claimed.unwrap();
    let record = DecisionRecord {
        kind: Kind::Question,
        standing: Some(Standing::Proven),
        ..DecisionRecord::without_triage("lobby silent", "0", now)
    };
    let done = ArrivalDone {
        id,
        attempt,
        outcome: Outcome::NoTicket,
        kind: Kind::Question,
        record: Some(record),
        fingerprint: None,
        leaves: Leaves::AtOnce,
    };
    let change = Change {
        arrival: Some(done),
        ..Change::default()
    };
    let committed = app.store.commit(change, now).await.unwrap();
    assert_eq!(committed, Committed::Done);
}

#[tokio::test]
async fn words_of_chat_that_cant_be_read_are_counted_and_a_picture_has_none() {
    let town = Town::with_an_on_call_room().await;
    asked_in_the_lobby(&town, OFFICIAL, IN_THE_LOBBY).await;
    let newer = br#"{"room":"!lobby:crt.example","said-by-a-later-version":true}"#;
    stands_unanswered(&town, "$nieuwer", newer).await;
    let picture = Happening::Shared {
        name: "foto.jpg".to_owned(),
        mime: "image/jpeg".to_owned(),
        size: 9,
        caption: None,
        thread: None,
    };
    let lobby = ChatServer::lobby();
    let shared = town
        .chat
        .happens(&lobby, OFFICIAL, Trust::ServerOnly, town.now(), picture);
    let raw = serde_json::to_vec(&shared).unwrap();
    stands_unanswered(&town, "$foto", &raw).await;

    let stats = count(&town, None, 50).await;
    assert_eq!(texts(&stats), [IN_THE_LOBBY]);
    assert_eq!(stats.unanswered_count, 3);
    let expected = Unreadable {
        messages: 1,
        tickets: 0,
    };
    assert_eq!(stats.unreadable, expected, "a picture has no words to read");
    town.comes_to_rest().await;
}

#[tokio::test]
async fn what_was_purged_is_neither_counted_nor_shown() {
    let mut town = after_a_day_of_questions().await;
    town.spoils(
        "UPDATE data_keys SET wrapped = NULL, destroyed_at = 1 WHERE key_id LIKE 'inbox/%'",
    )
    .await;
    let stats = count(&town, None, 50).await;
    assert_eq!((stats.unanswered_count, stats.unanswered.len()), (0, 0));
    town.leaves_work();
}
