//! The stories on PostgreSQL, and what only a server has: other runs beside, a key that two draw at once.

use crate::contracts::store_samples::*;
use crate::contracts::stories::stories;
use crate::support::databases::TestDatabase;
use eerstelijn::adapters::store::{OpenError, PostgresSettings};
use eerstelijn::app::ports::Store;
use eerstelijn::domain::ids::InstanceId;
use eerstelijn::domain::ticket::words::Release;

stories!(TestDatabase::on_postgres());

#[tokio::test]
async fn a_restart_frees_what_its_former_run_held_and_nothing_of_others() {
    let Some(database) = TestDatabase::on_postgres().await else {
        return;
    };
    let (name, other) = (instance(1), instance(2));
    let run = |name: &InstanceId, n| InstanceId::of_run(name.as_str(), [n; 16]);
    let before = database.try_open(1, run(&name, 1)).await.unwrap();
    report(&before, 1, Release::AtOnce).await;
    assert_eq!(next_to_send(&before, 2).await, Some(outbox(1)));
    let beside = database.try_open(1, run(&other, 1)).await.unwrap();
    admit_and_claim(&beside, 2).await;
    drop(before);
    let after = database.try_open(1, run(&name, 2)).await.unwrap();
    assert_eq!(next_to_send(&after, 3).await, None);
    assert_eq!(after.release_stale_leases().await.unwrap(), 1);
    assert_eq!(next_to_send(&after, 3).await, Some(outbox(1)));
    let claimed = after.claim_arrival(at(3), lease(3)).await.unwrap();
    assert!(claimed.is_none(), "the other one lives and holds it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_that_start_together_make_one_database_with_one_key() {
    let Some(database) = TestDatabase::on_postgres().await else {
        return;
    };
    let (one, other) = tokio::join!(
        database.try_open(1, instance(1)),
        database.try_open(1, instance(2))
    );
    let (one, other) = (one.unwrap(), other.unwrap());
    report(&one, 1, Release::AtOnce).await;
    assert_eq!(other.history(&ticket(1)).await.unwrap().len(), 4);
    let refused = database.try_open(2, instance(3)).await;
    assert!(matches!(refused, Err(OpenError::WrongKey(_))));
}

#[tokio::test]
async fn a_server_without_the_database_and_a_database_of_somebody_else_are_named() {
    let Some(database) = TestDatabase::on_postgres().await else {
        return;
    };
    database
        .tamper("CREATE TABLE cashbook (amount BIGINT)")
        .await;
    let foreign = database.try_open(1, instance(1)).await.err().unwrap();
    assert!(matches!(foreign, OpenError::Foreign(_)), "{foreign}");
    let TestDatabase::Server { server, settings } = database else {
        unreachable!()
    };
    let settings = PostgresSettings {
        name: "nowhere".to_owned(),
        ..settings
    };
    let absent = TestDatabase::Server { server, settings };
    let absent = absent.try_open(1, instance(1)).await;
    let absent = absent.err().unwrap().to_string();
    assert!(absent.contains("createdb"), "{absent}");
    assert!(absent.contains("/nowhere"), "{absent}");
}
