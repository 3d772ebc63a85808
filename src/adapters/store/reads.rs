//! Who read which ticket: a chain of its own. The reader's name is sealed, and so is why he read it.

use crate::adapters::store::chain::{Link, START};
use crate::adapters::store::database::SqlStore;
use crate::adapters::store::fault::{broken_seal, inconsistent};
use crate::adapters::store::keys::{self, KeyOf};
use crate::adapters::store::rows::{millis, time};
use crate::adapters::store::sql::{Connection, Table, query};
use crate::adapters::store::vault::{DataKey, Place, Vault};
use crate::app::ports::{ReadRecord, StoreError};
use crate::domain::ids::TicketId;
use jiff::Timestamp;

const INSERT: &str = "/* ticket_reads.insert */
    INSERT INTO ticket_reads (seq, ticket_id, at, sealed, prev_hash, hash)
    VALUES ($1, $2, $3, $4, $5, $6)";
const HEAD: &str = "/* chain_heads.get */
    SELECT last_seq, head_hash, row_mac FROM chain_heads WHERE chain = 'reads'";
const SET_HEAD: &str = "/* chain_heads.set */
    INSERT INTO chain_heads (chain, last_seq, head_hash, row_mac) VALUES ('reads', $1, $2, $3)
    ON CONFLICT (chain) DO UPDATE SET
        last_seq = excluded.last_seq, head_hash = excluded.head_hash, row_mac = excluded.row_mac";
const OF_TICKET: &str = "/* ticket_reads.of_ticket */
    SELECT seq, at, sealed FROM ticket_reads WHERE ticket_id = $1 ORDER BY seq";
const LAST: &str = "/* ticket_reads.last */ SELECT max(seq) FROM ticket_reads";

/// Where the chain of reads ends.
pub(super) struct Head {
    /// The seq of the last read.
    pub(super) last_seq: i64,
    /// Its hash.
    pub(super) hash: Vec<u8>,
    /// Was this row written by us as it is?
    pub(super) genuine: bool,
}

fn head_mac(vault: &Vault, last_seq: i64, hash: &[u8]) -> Vec<u8> {
    let facts: [&[u8]; 3] = [b"reads", &last_seq.to_be_bytes(), hash];
    vault.row_mac("chain_heads", &facts).to_vec()
}

/// Where the chain of reads ends; genuine and empty before the first read.
pub(super) async fn head(conn: &mut Connection, vault: &Vault) -> Result<Head, StoreError> {
    let row: Option<(i64, Vec<u8>, Vec<u8>)> = query(HEAD).fetch_optional(&mut *conn).await?;
    if let Some((last_seq, hash, row_mac)) = row {
        let genuine = row_mac == head_mac(vault, last_seq, &hash);
        return Ok(Head {
            last_seq,
            hash,
            genuine,
        });
    }
    // Reads without a head: somebody removed it. Writing on must not fail and not hide it.
    let last: Option<i64> = query(LAST).fetch_one(conn).await?;
    Ok(Head {
        last_seq: last.unwrap_or_default(),
        hash: START.to_vec(),
        genuine: last.is_none(),
    })
}

fn place(row: &str) -> Place<'_> {
    Place {
        table: "ticket_reads",
        column: "sealed",
        row,
    }
}

/// Who, through what and why, as bytes. A read without a reason has two parts, as all had once.
fn write_down(read: &ReadRecord) -> Result<Vec<u8>, StoreError> {
    let (reader, through) = (&read.reader, &read.through);
    let written = match &read.reason {
        Some(reason) => serde_json::to_vec(&(reader, through, reason)),
        None => serde_json::to_vec(&(reader, through)),
    };
    written.map_err(|_| inconsistent("ticket_reads", "a read that can't be written down"))
}

/// The parts again.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Written {
    WithReason(String, String, String),
    Without(String, String),
}

impl Written {
    fn read_back(self, ticket: &TicketId, at: Timestamp) -> ReadRecord {
        let (reader, through, reason) = match self {
            Self::WithReason(reader, through, reason) => (reader, through, Some(reason)),
            Self::Without(reader, through) => (reader, through, None),
        };
        ReadRecord {
            ticket: ticket.clone(),
            reader,
            through: through.into(),
            reason,
            at,
        }
    }
}

/// Can the sealed part of a read be opened and read?
pub(super) fn opens(key: &DataKey, seq: i64, sealed: &[u8]) -> bool {
    key.open(place(&seq.to_string()), sealed)
        .is_ok_and(|plain| serde_json::from_slice::<Written>(&plain).is_ok())
}

impl SqlStore {
    pub(super) async fn reads_on(&self, ticket: &TicketId) -> Result<Vec<ReadRecord>, StoreError> {
        let mut tx = self.begin_read().await?;
        let rows: Vec<(i64, i64, Vec<u8>)> = query(OF_TICKET)
            .bind(ticket.as_str())
            .fetch_all(&mut tx)
            .await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let key = keys::load(&mut tx, &self.vault, KeyOf::Reads).await?;
        let mut reads = Vec::new();
        for (seq, at, sealed) in rows {
            let plain = key
                .open(place(&seq.to_string()), &sealed)
                .map_err(broken_seal("ticket_reads"))?;
            let written: Written = serde_json::from_slice(&plain)
                .map_err(|_| inconsistent("ticket_reads", "a read that can't be read"))?;
            reads.push(written.read_back(ticket, time("ticket_reads", at)?));
        }
        Ok(reads)
    }

    pub(super) async fn append_read(&self, read: &ReadRecord) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        tx.alone_on(Table::ChainHeads).await?;
        let key = keys::load_or_create(&mut tx, &self.vault, KeyOf::Reads, read.at).await?;
        let head = head(&mut tx, &self.vault).await?;
        // A row that somebody added behind the head must not keep us from writing.
        let last: Option<i64> = query(LAST).fetch_one(&mut tx).await?;
        let seq = head
            .last_seq
            .max(last.unwrap_or_default())
            .saturating_add(1);
        let row = seq.to_string();
        let sealed = key
            .seal(place(&row), &write_down(read)?)
            .map_err(broken_seal("ticket_reads"))?;
        let hash = self.vault.link_hash(&Link {
            chain: "read",
            ticket: read.ticket.as_str(),
            seq,
            at: millis(read.at),
            role: "",
            kind: "",
            sealed: &sealed,
            previous: &head.hash,
        });
        query(INSERT)
            .bind(seq)
            .bind(read.ticket.as_str())
            .bind(millis(read.at))
            .bind(sealed)
            .bind(head.hash)
            .bind(hash.as_slice())
            .execute(&mut tx)
            .await?;
        // A head that somebody changed stays a finding.
        let row_mac = if head.genuine {
            head_mac(&self.vault, seq, &hash)
        } else {
            Vec::new()
        };
        query(SET_HEAD)
            .bind(seq)
            .bind(hash.as_slice())
            .bind(row_mac)
            .execute(&mut tx)
            .await?;
        Ok(tx.commit().await?)
    }
}
