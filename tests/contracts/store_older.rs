//! A database that an older version filled is brought up to date: step 13, which changes rules of tables that hold rows.

use crate::contracts::store_samples::instance;
use crate::support::databases::TestDatabase;
use eerstelijn::adapters::store::{MasterKey, OpenError, SqlStore, Vault};
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, Row};

static ON_SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static ON_POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// The step before the one that is tried.
const BEFORE: i64 = 12;

/// Rows as version 12 left them: each voice, each state, with and without what may be empty.
const ROWS: &str = "
    INSERT INTO tickets (ticket_id, state, severity, page, opened_at, updated_at, awaiting_approval, last_seq,
        head_hash, row_mac)
    VALUES ('t1', 'new', 'low', 0, 1, 2, 0, 1, x'01', x'02');
    INSERT INTO inbox (inbox_id, mailbox, position_kind, position, extent, received_at, stored_at, state, next_at)
    VALUES ('i1', 'crt', 'imap', '7', 'whole', 3, 4, 'undecided', 5);
    INSERT INTO alarms (alarm, raised_at) VALUES ('mail-limit', 11), ('unproven-limit', 12);
    INSERT INTO outbox (ordinal, outbox_id, ticket_id, cause, route, lane, voice, state, share, recipient_hash,
        domain_hash, text_hash, answers, created_at, due_at, attempts, lease_owner, lease_until, ended_at)
    VALUES
        (3, 'o1', 't1', NULL, 'mail', 2, 'bot', 'done', 'proven', x'0a', x'0b', x'0c', 'm1', 20, 21, 1, NULL, NULL, 22),
        (4, 'o2', NULL, 'i1', 'mail', 0, 'page', 'sending', NULL, NULL, NULL, NULL, NULL, 23, 24, 0, 'other', 25, NULL),
        (7, 'o3', 't1', 'i1', 'chat', 4, 'inside', 'ready', NULL, NULL, NULL, NULL, NULL, 26, 27, 3, NULL, NULL, NULL),
        (8, 'o4', 't1', NULL, 'mail', 2, 'human', 'draft', NULL, NULL, NULL, NULL, NULL, 28, 29, 0, NULL, NULL, NULL),
        (9, 'o5', 't1', NULL, 'mail', 1, 'notice', 'given-up', 'dialogue', x'0d', x'0e', x'0f', NULL, 30, 31, 9, NULL, NULL, 32);
    INSERT INTO outbox_body (outbox_id, sealed)
    VALUES ('o1', x'aa'), ('o2', x'bb'), ('o3', x'cc'), ('o4', x'dd'), ('o5', x'ee')";

/// What only a schema from step 13 on takes: words to the team that answer nothing.
const TO_THE_TEAM: [&str; 3] = [
    "INSERT INTO alarms (alarm, raised_at) VALUES ('knowledge-broken', 40)",
    "INSERT INTO alarms (alarm, raised_at) VALUES ('memos-due', 41)",
    "INSERT INTO outbox (outbox_id, route, lane, voice, state, created_at, due_at)
     VALUES ('o6', 'chat', 3, 'inside', 'ready', 42, 43)",
];
/// What none takes.
const REFUSED: [&str; 3] = [
    "INSERT INTO alarms (alarm, raised_at) VALUES ('something-else', 50)",
    "INSERT INTO outbox (outbox_id, route, lane, voice, state, created_at, due_at)
     VALUES ('o7', 'mail', 3, 'bot', 'ready', 51, 52)",
    "INSERT INTO outbox_body (outbox_id, sealed) SELECT 'o8', sealed FROM outbox_body WHERE outbox_id = 'o1'",
];

/// Everything that stands in the tables which step 13 changes.
const ALL: &str = "
    SELECT 'alarm ' || alarm || ' ' || raised_at FROM alarms
    UNION ALL
    SELECT 'outbox ' || ordinal || ' ' || o.outbox_id || ' ' || coalesce(ticket_id, '-') || ' ' || coalesce(cause, '-')
        || ' ' || route || ' ' || lane || ' ' || voice || ' ' || state || ' ' || coalesce(share, '-')
        || ' ' || coalesce(HEX(recipient_hash), '-') || ' ' || coalesce(HEX(domain_hash), '-')
        || ' ' || coalesce(HEX(text_hash), '-') || ' ' || coalesce(answers, '-') || ' ' || created_at || ' ' || due_at
        || ' ' || attempts || ' ' || coalesce(lease_owner, '-') || ' ' || coalesce(lease_until, -1)
        || ' ' || coalesce(ended_at, -1) || ' ' || coalesce(HEX(b.sealed), '-')
    FROM outbox o LEFT JOIN outbox_body b ON b.outbox_id = o.outbox_id
    ORDER BY 1";

#[tokio::test]
async fn what_an_older_version_left_on_sqlite_survives_and_new_words_are_taken() {
    survives(&of_version_12(TestDatabase::file()).await).await;
}

#[tokio::test]
async fn what_an_older_version_left_on_postgres_survives_and_new_words_are_taken() {
    let Some(database) = TestDatabase::on_postgres().await else {
        return;
    };
    survives(&of_version_12(database).await).await;
}

async fn survives(database: &TestDatabase) {
    let before = rows(database, ALL).await;
    assert_eq!(before.len(), 7, "{before:?}");
    for statement in TO_THE_TEAM {
        let taken = try_to(database, statement).await;
        assert!(taken.is_err(), "version 12 knows it: {statement}");
    }
    let vault = Vault::new(&MasterKey::generate([1; 32]));
    let looked = SqlStore::open_existing(database.settings(), vault, instance(1)).await;
    assert!(matches!(looked, Err(OpenError::Older(_))));

    database.open(instance(1)).await.close().await;
    assert_eq!(rows(database, ALL).await, before);
    for statement in TO_THE_TEAM {
        try_to(database, statement).await.unwrap();
    }
    for statement in REFUSED {
        assert!(try_to(database, statement).await.is_err(), "{statement}");
    }
    assert_eq!(rows(database, ALL).await.len(), before.len() + 3);
    // A program of version 12 must not work on rows that it can't read.
    let oldest = rows(database, "SELECT '' || oldest FROM schema_terms").await;
    assert_eq!(oldest, ["13"]);
}

/// An instance that works holds one table while it waits for the other, and the step of the schema does so the other
/// way round.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_that_meets_an_instance_at_work_is_tried_again() {
    let Some(database) = TestDatabase::on_postgres().await else {
        return;
    };
    let database = of_version_12(database).await;
    let TestDatabase::Server { server, settings } = &database else {
        unreachable!()
    };
    let mut at_work = server.connect(&settings.name).await;
    // The step is the one that gives way: it looks whether anybody waits for it, and the instance doesn't.
    let name = &settings.name;
    run(
        &mut at_work,
        &format!("ALTER DATABASE {name} SET deadlock_timeout = '4s'"),
    )
    .await;
    run(
        &mut at_work,
        "SET deadlock_timeout = '10min'; BEGIN; LOCK TABLE outbox IN ROW EXCLUSIVE MODE",
    )
    .await;
    let works_on = async {
        let mut onlooker = server.connect(&settings.name).await;
        let mut looks = 0;
        while !waits_for_the_outbox(&mut onlooker).await {
            looks += 1;
            assert!(looks < 100_000, "the step never meets the instance");
        }
        run(
            &mut at_work,
            "LOCK TABLE alarms IN ROW EXCLUSIVE MODE; COMMIT",
        )
        .await;
    };
    let (opened, ()) = tokio::join!(database.try_open(1, instance(1)), works_on);
    opened.unwrap().close().await;
    for statement in TO_THE_TEAM {
        try_to(&database, statement).await.unwrap();
    }
}

async fn waits_for_the_outbox(conn: &mut PgConnection) -> bool {
    let waiting =
        "SELECT count(*) FROM pg_locks WHERE relation = 'outbox'::regclass AND NOT granted";
    let count: i64 = sqlx::query_scalar(waiting).fetch_one(conn).await.unwrap();
    count > 0
}

async fn run(conn: &mut PgConnection, statements: &str) {
    let statements = AssertSqlSafe(statements.to_owned());
    sqlx::raw_sql(statements).execute(conn).await.unwrap();
}

/// A database as version 12 made and filled it.
async fn of_version_12(database: TestDatabase) -> TestDatabase {
    match &database {
        TestDatabase::File(dir) => {
            std::fs::create_dir(dir.path().join("data")).unwrap();
            let mut conn = on_file(&database).await;
            ON_SQLITE.run_to(BEFORE, &mut conn).await.unwrap();
            conn.close().await.unwrap();
        }
        TestDatabase::Server { server, settings } => {
            let mut conn = server.connect(&settings.name).await;
            ON_POSTGRES.run_to(BEFORE, &mut conn).await.unwrap();
            conn.close().await.unwrap();
        }
    }
    database.tamper(ROWS).await;
    database
}

async fn on_file(database: &TestDatabase) -> SqliteConnection {
    let TestDatabase::File(dir) = database else {
        unreachable!()
    };
    let options = SqliteConnectOptions::new()
        .filename(dir.path().join("data/eerstelijn.db"))
        .create_if_missing(true);
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// The lines that a question finds.
async fn rows(database: &TestDatabase, question: &str) -> Vec<String> {
    match database {
        TestDatabase::File(_) => {
            let mut conn = on_file(database).await;
            let asked = sqlx::query(AssertSqlSafe(question.to_owned()));
            let found = asked.fetch_all(&mut conn).await.unwrap();
            found.iter().map(|row| row.get(0)).collect()
        }
        TestDatabase::Server { server, settings } => {
            let mut conn = server.connect(&settings.name).await;
            let question = hex_on_postgres(question);
            let found = sqlx::query(AssertSqlSafe(question))
                .fetch_all(&mut conn)
                .await
                .unwrap();
            found.iter().map(|row| row.get(0)).collect()
        }
    }
}

/// `HEX(a)` as PostgreSQL says it.
fn hex_on_postgres(question: &str) -> String {
    let hex = regex::Regex::new(r"HEX\(([a-z_.]+)\)").unwrap();
    hex.replace_all(question, "encode($1, 'hex')").into_owned()
}

/// One statement, with the rules of the tables.
async fn try_to(database: &TestDatabase, statement: &str) -> Result<(), sqlx::Error> {
    let sql = AssertSqlSafe(statement.to_owned());
    match database {
        TestDatabase::File(_) => {
            let mut conn = on_file(database).await;
            sqlx::raw_sql(sql).execute(&mut conn).await?;
        }
        TestDatabase::Server { server, settings } => {
            let mut conn = server.connect(&settings.name).await;
            sqlx::raw_sql(sql).execute(&mut conn).await?;
        }
    }
    Ok(())
}
