//! Knowledge that is cared for: on Mondays the team hears which memos are due for review, once; and at once where a file
//! can't be used.

use crate::support::chat_server::ChatServer;
use crate::support::roster::{CHRIS, roster};
use crate::support::town::Town;
use eerstelijn::app::App;
use eerstelijn::app::memos_due::tell_of_due_memos;
use eerstelijn::app::renewal::tell_of_broken_files;
use insta::assert_snapshot;
use jiff::Timestamp;

/// A process that knows nothing of what was said before looks at the clock.
async fn a_new_process_looks(app: &App) -> Option<Timestamp> {
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
    assert_eq!(a_new_process_looks(&town.app).await, None);
    town.jump_to("2027-05-24T05:59:59Z");
    a_new_process_looks(&town.app).await;
    assert!(posts(&town).await.is_empty(), "it isn't eight yet");

    town.jump_to("2027-05-24T06:00:00Z");
    let other = town.another_instance().await;
    let said = a_new_process_looks(&town.app).await;
    assert_eq!(said, Some(town.now()));
    a_new_process_looks(&other).await;
    let told = posts(&town).await;
    assert_eq!(told.len(), 1, "two instances say it once");
    assert_snapshot!("one_memo", told[0]);
    assert!(town.received().is_empty(), "nobody gets a mail besides");

    // A minute later, after a restart, and on the days after.
    assert_eq!(tell_of_due_memos(&town.app, said).await.unwrap(), said);
    town.restarts().await;
    a_new_process_looks(&town.app).await;
    a_new_process_looks(&other).await;
    town.jump_to("2027-05-27T06:00:00Z");
    assert_eq!(a_new_process_looks(&town.app).await, None);
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
