//! Who read which ticket: a chain of its own. The reader's name is sealed.

use crate::adapters::store::chain::{Link, START};
use crate::adapters::store::database::SqlStore;
use crate::adapters::store::fault::{broken_seal, inconsistent};
use crate::adapters::store::keys::{self, KeyOf};
use crate::adapters::store::rows::millis;
use crate::adapters::store::sql::{Connection, Table, query};
use crate::adapters::store::vault::{Place, Vault};
use crate::app::ports::{ReadRecord, StoreError};

const INSERT: &str = "/* ticket_reads.insert */
    INSERT INTO ticket_reads (seq, ticket_id, at, sealed, prev_hash, hash)
    VALUES ($1, $2, $3, $4, $5, $6)";
const HEAD: &str = "/* chain_heads.get */
    SELECT last_seq, head_hash, row_mac FROM chain_heads WHERE chain = 'reads'";
const SET_HEAD: &str = "/* chain_heads.set */
    INSERT INTO chain_heads (chain, last_seq, head_hash, row_mac) VALUES ('reads', $1, $2, $3)
    ON CONFLICT (chain) DO UPDATE SET
        last_seq = excluded.last_seq, head_hash = excluded.head_hash, row_mac = excluded.row_mac";
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

impl SqlStore {
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
        let plain = serde_json::to_vec(&(&read.reader, read.through))
            .map_err(|_| inconsistent("ticket_reads", "a read that can't be written down"))?;
        let row = seq.to_string();
        let place = Place {
            table: "ticket_reads",
            column: "sealed",
            row: &row,
        };
        let sealed = key
            .seal(place, &plain)
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
