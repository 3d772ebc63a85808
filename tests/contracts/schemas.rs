//! Both databases have the same schema: tables, columns, kinds of value, keys, indexes, rules.

use crate::contracts::store_samples::instance;
use crate::support::databases::TestDatabase;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, Row};
use std::collections::BTreeSet;

/// One line for each thing that a schema holds.
type Lines = BTreeSet<String>;

/// A column: table, name, kind, whether it may be empty, its place in the primary key.
const SQLITE_COLUMNS: &str = "
    SELECT t.name || '.' || c.name || ' '
        || CASE c.type WHEN 'INTEGER' THEN 'number' WHEN 'TEXT' THEN 'text' ELSE 'bytes' END
        || CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN ' filled' ELSE '' END
        || CASE WHEN c.pk > 0 THEN ' key ' || c.pk ELSE '' END
    FROM sqlite_master t JOIN pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> '_sqlx_migrations'";
const POSTGRES_COLUMNS: &str = "
    SELECT c.table_name || '.' || c.column_name || ' '
        || CASE c.data_type WHEN 'bigint' THEN 'number' WHEN 'text' THEN 'text'
               WHEN 'bytea' THEN 'bytes' ELSE c.data_type END
        || CASE c.is_nullable WHEN 'NO' THEN ' filled' ELSE '' END
        || coalesce((
            SELECT ' key ' || k.ordinal_position FROM information_schema.key_column_usage k
            JOIN information_schema.table_constraints t USING (constraint_name)
            WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_name = c.table_name
                AND k.column_name = c.column_name), '')
    FROM information_schema.columns c
    WHERE c.table_schema = current_schema() AND c.table_name <> '_sqlx_migrations'";

/// An index or a unique constraint: table, whether each value stands once, whether it holds some rows
/// only, its columns. Primary keys stand with the columns.
const SQLITE_INDEXES: &str = "
    SELECT t.name || CASE i.\"unique\" WHEN 1 THEN ' unique' ELSE '' END
        || CASE i.partial WHEN 1 THEN ' some rows' ELSE '' END || ' ('
        || (SELECT group_concat(name, ', ') FROM (
            SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')'
    FROM sqlite_master t JOIN pragma_index_list(t.name) i
    WHERE t.type = 'table' AND i.origin <> 'pk' AND t.name <> '_sqlx_migrations'";
const POSTGRES_INDEXES: &str = "
    SELECT t.relname || CASE i.indisunique WHEN true THEN ' unique' ELSE '' END
        || CASE WHEN i.indpred IS NOT NULL THEN ' some rows' ELSE '' END || ' ('
        || (SELECT string_agg(a.attname, ', ' ORDER BY k.place)
            FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum) || ')'
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE n.nspname = current_schema() AND NOT i.indisprimary AND t.relname <> '_sqlx_migrations'";

/// How many rules a table has, by kind.
const SQLITE_RULES: &str = "
    SELECT t.name || ': '
        || ((length(t.sql) - length(replace(t.sql, 'CHECK (', ''))) / length('CHECK (')) || ' checks, '
        || (SELECT count(DISTINCT id) FROM pragma_foreign_key_list(t.name)) || ' references'
    FROM sqlite_master t
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> '_sqlx_migrations'";
const POSTGRES_RULES: &str = "
    SELECT t.relname || ': '
        || (SELECT count(*) FROM pg_constraint c WHERE c.conrelid = t.oid AND c.contype = 'c')
        || ' checks, '
        || (SELECT count(*) FROM pg_constraint c WHERE c.conrelid = t.oid AND c.contype = 'f')
        || ' references'
    FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE n.nspname = current_schema() AND t.relkind = 'r' AND t.relname <> '_sqlx_migrations'";

#[tokio::test]
async fn both_databases_have_the_same_schema() {
    let Some(server) = TestDatabase::on_postgres().await else {
        return;
    };
    let file = TestDatabase::file();
    for (on_sqlite, on_postgres) in [
        (SQLITE_COLUMNS, POSTGRES_COLUMNS),
        (SQLITE_INDEXES, POSTGRES_INDEXES),
        (SQLITE_RULES, POSTGRES_RULES),
    ] {
        let (on_sqlite, on_postgres) = (
            lines(&file, on_sqlite).await,
            lines(&server, on_postgres).await,
        );
        assert!(on_sqlite.len() > 5, "the question finds something");
        let only = |these: &Lines, those: &Lines| -> Vec<String> {
            these.difference(those).cloned().collect()
        };
        assert_eq!(
            (
                only(&on_sqlite, &on_postgres),
                only(&on_postgres, &on_sqlite)
            ),
            (vec![], vec![]),
            "only on SQLite, only on PostgreSQL"
        );
    }
}

async fn lines(database: &TestDatabase, question: &'static str) -> Lines {
    let store = database.open(instance(1)).await;
    store.close().await;
    let question = AssertSqlSafe(question);
    match database {
        TestDatabase::File(dir) => {
            let options =
                SqliteConnectOptions::new().filename(dir.path().join("data/eerstelijn.db"));
            let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
            let rows = sqlx::query(question).fetch_all(&mut conn).await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        }
        TestDatabase::Server { server, settings } => {
            let mut conn = server.connect(&settings.name).await;
            let rows = sqlx::query(question).fetch_all(&mut conn).await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        }
    }
}
