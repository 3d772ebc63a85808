//! What a back-up holds: each table with its columns, its key, and the order in which it is restored, so that
//! what is pointed at comes before what points. A test compares this with the schema.
//!
//! Left out on purpose: `leases` (who does what at this moment), `schema_terms` and `_sqlx_migrations` (they
//! belong to the schema, which a restore makes itself).

use crate::adapters::store::sql::{Row, Value, Wording};
use serde::{Deserialize, Serialize};
use sqlx::Error;

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// A whole number.
    Number,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

use Kind::{Bytes, Number, Text};

impl Kind {
    /// The value of a column of this kind.
    pub(super) fn read(self, row: &Row, place: usize) -> Result<Value<'static>, Error> {
        Ok(match self {
            Number => Value::from(row.get::<Option<i64>>(place)?),
            Text => Value::Text(row.get::<Option<String>>(place)?.map(Into::into)),
            Bytes => Value::from(row.get::<Option<Vec<u8>>>(place)?),
        })
    }

    /// Comes before every value that stands in a key.
    fn least(self) -> Value<'static> {
        match self {
            Number => Value::from(i64::MIN),
            Text => Value::from(""),
            Bytes => Value::from(Vec::new()),
        }
    }
}

/// A table.
pub(super) struct Table {
    /// Its name.
    pub(super) name: &'static str,
    /// The columns of its key, the first columns of the table.
    pub(super) key: usize,
    /// Its columns, each with its kind.
    pub(super) columns: &'static [(&'static str, Kind)],
    /// The column that can be long, if any: as many rows are read at a time as memory is meant for.
    pub(super) long: Option<&'static str>,
}

impl Table {
    /// The values of the key before the first row.
    pub(super) fn beginning(&self) -> Vec<Value<'static>> {
        let key = self.columns.iter().take(self.key);
        key.map(|(_, kind)| kind.least()).collect()
    }

    /// The next rows after a key.
    pub(super) fn rows(&self) -> Wording {
        let columns: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        self.page("rows", &columns.join(", "))
    }

    /// How long the next rows are; nothing where no row is long.
    pub(super) fn lengths(&self) -> Option<Wording> {
        let length = |long| format!("CAST(octet_length({long}) AS BIGINT)");
        self.long.map(|long| self.page("lengths", &length(long)))
    }

    fn page(&self, what: &str, columns: &str) -> Wording {
        let key: Vec<&str> = self
            .columns
            .iter()
            .take(self.key)
            .map(|(name, _)| *name)
            .collect();
        let (name, key) = (self.name, key.join(", "));
        let after = placeholders(self.key);
        let limit = self.key.saturating_add(1);
        Wording::built(format!(
            "/* backup.{name}.{what} */ SELECT {columns} FROM {name} \
             WHERE ({key}) > ({after}) ORDER BY {key} LIMIT ${limit}"
        ))
    }
}

/// `$1, $2, $3`.
pub(super) fn placeholders(count: usize) -> String {
    let each: Vec<String> = (1..=count).map(|n| format!("${n}")).collect();
    each.join(", ")
}

const fn table(
    name: &'static str,
    key: usize,
    columns: &'static [(&'static str, Kind)],
    long: Option<&'static str>,
) -> Table {
    Table {
        name,
        key,
        columns,
        long,
    }
}

/// All tables that are backed up.
pub(super) const TABLES: &[Table] = &[
    table("vault", 1, &[("name", Text), ("sealed", Bytes)], None),
    table("data_keys", 1, DATA_KEYS, None),
    table("tickets", 1, TICKETS, None),
    table("ticket_events", 2, TICKET_EVENTS, Some("sealed")),
    table("traces", 2, &[("hash", Bytes), ("ticket_id", Text)], None),
    table("ticket_numbers", 2, TICKET_NUMBERS, None),
    table("mailboxes", 1, MAILBOXES, None),
    table("inbox", 1, INBOX, Some("sealed_decision")),
    table(
        "inbox_raw",
        1,
        &[("inbox_id", Text), ("sealed", Bytes)],
        Some("sealed"),
    ),
    table(
        "answered_by_hand",
        2,
        &[("hash", Bytes), ("inbox_id", Text)],
        None,
    ),
    table("outbox", 1, OUTBOX, None),
    table(
        "outbox_body",
        1,
        &[("outbox_id", Text), ("sealed", Bytes)],
        Some("sealed"),
    ),
    table(
        "dead_addresses",
        1,
        &[("hash", Bytes), ("failed_at", Number)],
        None,
    ),
    table(
        "pinned_keys",
        1,
        &[("hash", Bytes), ("sealed", Bytes), ("pinned_at", Number)],
        Some("sealed"),
    ),
    table("alarms", 1, &[("alarm", Text), ("raised_at", Number)], None),
    table("timers", 2, TIMERS, None),
    table("ticket_reads", 1, TICKET_READS, None),
    table("chain_heads", 1, CHAIN_HEADS, None),
    table("kept_knowledge", 1, KEPT_KNOWLEDGE, Some("sealed")),
];

const DATA_KEYS: &[(&str, Kind)] = &[
    ("key_id", Text),
    ("wrapped", Bytes),
    ("created_at", Number),
    ("destroyed_at", Number),
];
const TICKETS: &[(&str, Kind)] = &[
    ("ticket_id", Text),
    ("prefix", Text),
    ("year", Number),
    ("serial", Number),
    ("possibly", Text),
    ("state", Text),
    ("kind", Text),
    ("category", Text),
    ("severity", Text),
    ("page", Number),
    ("opened_at", Number),
    ("updated_at", Number),
    ("awaiting_approval", Number),
    ("last_seq", Number),
    ("head_hash", Bytes),
    ("row_mac", Bytes),
];
const TICKET_EVENTS: &[(&str, Kind)] = &[
    ("ticket_id", Text),
    ("seq", Number),
    ("at", Number),
    ("actor_role", Text),
    ("kind", Text),
    ("sealed", Bytes),
    ("prev_hash", Bytes),
    ("hash", Bytes),
];
const TICKET_NUMBERS: &[(&str, Kind)] = &[
    ("prefix", Text),
    ("year", Number),
    ("last", Number),
    ("row_mac", Bytes),
];
const MAILBOXES: &[(&str, Kind)] = &[
    ("mailbox", Text),
    ("uid_validity", Number),
    ("last_uid", Number),
    ("started_at", Number),
];
const INBOX: &[(&str, Kind)] = &[
    ("ordinal", Number),
    ("inbox_id", Text),
    ("mailbox", Text),
    ("position_kind", Text),
    ("position", Text),
    ("extent", Text),
    ("received_at", Number),
    ("stored_at", Number),
    ("state", Text),
    ("next_at", Number),
    ("attempts", Number),
    ("lease_owner", Text),
    ("lease_until", Number),
    ("outcome", Text),
    ("kind", Text),
    ("sealed_decision", Bytes),
    ("decided_at", Number),
    ("leaves", Text),
    ("fingerprint_hash", Bytes),
    ("ticket_id", Text),
    ("moved_at", Number),
];
const OUTBOX: &[(&str, Kind)] = &[
    ("ordinal", Number),
    ("outbox_id", Text),
    ("ticket_id", Text),
    ("cause", Text),
    ("route", Text),
    ("lane", Number),
    ("voice", Text),
    ("state", Text),
    ("share", Text),
    ("recipient_hash", Bytes),
    ("domain_hash", Bytes),
    ("text_hash", Bytes),
    ("answers", Text),
    ("created_at", Number),
    ("due_at", Number),
    ("attempts", Number),
    ("lease_owner", Text),
    ("lease_until", Number),
    ("ended_at", Number),
];
const TIMERS: &[(&str, Kind)] = &[
    ("ticket_id", Text),
    ("kind", Text),
    ("due_at", Number),
    ("lease_owner", Text),
    ("lease_until", Number),
];
const TICKET_READS: &[(&str, Kind)] = &[
    ("seq", Number),
    ("ticket_id", Text),
    ("at", Number),
    ("sealed", Bytes),
    ("prev_hash", Bytes),
    ("hash", Bytes),
];
const CHAIN_HEADS: &[(&str, Kind)] = &[
    ("chain", Text),
    ("last_seq", Number),
    ("head_hash", Bytes),
    ("row_mac", Bytes),
];
const KEPT_KNOWLEDGE: &[(&str, Kind)] =
    &[("version", Text), ("sealed", Bytes), ("kept_at", Number)];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::store::sql::{Connection, query};
    use crate::adapters::store::sqlite;

    const SCHEMA: &str = "SELECT t.name || '.' || c.name,
            CASE c.type WHEN 'INTEGER' THEN 'Number' WHEN 'TEXT' THEN 'Text' ELSE 'Bytes' END
        FROM sqlite_master t JOIN pragma_table_info(t.name) c
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'
            AND t.name NOT IN ('leases', 'schema_terms', '_sqlx_migrations')
        ORDER BY 1";
    const KEYS: &str = "SELECT t.name || '.' || c.name, c.pk
        FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND c.pk > 0";

    /// A table or column that is new must be backed up, or be left out on purpose.
    #[tokio::test]
    async fn every_column_of_the_schema_is_in_a_back_up() {
        let dir = tempfile::tempdir().unwrap();
        let pools = sqlite::make(&dir.path().join("a.db")).await.unwrap();
        let mut conn = Connection::Sqlite(pools.read.begin().await.unwrap());
        let schema: Vec<(String, String)> = query(SCHEMA).fetch_all(&mut conn).await.unwrap();
        let keys: Vec<(String, i64)> = query(KEYS).fetch_all(&mut conn).await.unwrap();
        let mut ours: Vec<(String, String)> = Vec::new();
        for table in TABLES {
            for (place, (column, kind)) in table.columns.iter().enumerate() {
                let name = format!("{}.{column}", table.name);
                let key = keys.iter().find(|(key, _)| *key == name);
                let expected = (place < table.key).then(|| i64::try_from(place).unwrap() + 1);
                assert_eq!(key.map(|(_, place)| *place), expected, "{name}");
                ours.push((name, format!("{kind:?}")));
            }
        }
        ours.sort();
        assert_eq!(ours, schema);
    }
}
