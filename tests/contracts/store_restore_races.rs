//! A restore into a database on a server, on which a service is just being started: one waits for the other,
//! whichever came first, and none hurts the other.

use crate::contracts::store_backup::{Made, restore};
use crate::contracts::store_samples::*;
use crate::support::databases::TestDatabase;
use eerstelijn::adapters::store::BackupError;
use eerstelijn::app::ports::Store;
use eerstelijn::domain::ticket::words::Release;
use std::future::Future;
use std::time::Duration;
use tokio::time::timeout;

/// How long anything may take.
const SOON: Duration = Duration::from_secs(60);

/// A back-up of one ticket and so many rows that it takes a while.
async fn long_backup() -> Option<Made> {
    let source = TestDatabase::on_postgres().await?;
    let store = source.open(instance(1)).await;
    report(&store, 1, Release::AtOnce).await;
    source
        .tamper(
            "INSERT INTO kept_knowledge (version, sealed, kept_at)
             SELECT 'v' || n, x'00', 0 FROM generate_series(1, 2000) AS n",
        )
        .await;
    Some(Made::of(&store).await)
}

/// Waits until a restore into this database has begun to write rows.
async fn rows_come(target: &TestDatabase) {
    const WRITES: &str = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE '/* restore.row */%')";
    let TestDatabase::Server { server, settings } = target else {
        unreachable!()
    };
    let mut conn = server.connect(&settings.name).await;
    loop {
        let asked = sqlx::query_scalar(WRITES).fetch_one(&mut conn).await;
        let writes: bool = asked.unwrap();
        if writes {
            return;
        }
    }
}

async fn in_time<T>(call: impl Future<Output = T>) -> T {
    timeout(SOON, call).await.expect("it ends in time")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_starts_during_a_restore_waits_and_finds_all_of_it() {
    let Some(made) = long_backup().await else {
        return;
    };
    let file = made.file();
    for _ in 0..3 {
        let target = TestDatabase::on_postgres().await.unwrap();
        let starting = async {
            rows_come(&target).await;
            target.try_open(1, instance(1)).await
        };
        let restoring = Box::pin(restore(&target, &file, 1));
        let both = Box::pin(async { tokio::join!(restoring, starting) });
        let (restored, started) = in_time(both).await;
        restored.unwrap();
        let history = started.unwrap().history(&ticket(1)).await.unwrap();
        assert_eq!(history.len(), 4, "all of it is there");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_and_a_service_at_the_same_moment_end_both_with_a_sentence() {
    let Some(made) = long_backup().await else {
        return;
    };
    let file = made.file();
    for _ in 0..6 {
        let target = TestDatabase::on_postgres().await.unwrap();
        let starting = target.try_open(1, instance(1));
        let restoring = Box::pin(restore(&target, &file, 1));
        let both = Box::pin(async { tokio::join!(starting, restoring) });
        let (started, restored) = in_time(both).await;
        let history = started.unwrap().history(&ticket(1)).await.unwrap();
        match restored {
            Ok(()) => assert_eq!(history.len(), 4, "all of it is there"),
            Err(BackupError::Filled(_)) => assert!(history.is_empty(), "nothing of it is there"),
            Err(other) => panic!("{other}"),
        }
    }
}
