//! Addresses that don't exist, as servers told us. Kept as hashes: they are only ever asked for by address.

use crate::adapters::store::rows::{millis, time};
use crate::adapters::store::sql::{Connection, query};
use crate::adapters::store::vault::Vault;
use crate::app::ports::StoreError;
use crate::domain::party::Party;
use jiff::Timestamp;

const INSERT: &str = "/* dead_addresses.insert */
    INSERT INTO dead_addresses (hash, failed_at) VALUES ($1, $2)
    ON CONFLICT (hash) DO UPDATE SET failed_at = excluded.failed_at";
const GET: &str = "/* dead_addresses.get */
    SELECT failed_at FROM dead_addresses WHERE hash = $1";

/// Notes that somebody can't be reached; the latest word counts.
pub(super) async fn insert(
    conn: &mut Connection,
    vault: &Vault,
    party: &Party,
    now: Timestamp,
) -> Result<(), StoreError> {
    query(INSERT)
        .bind(vault.recipient_hash(party).as_slice())
        .bind(millis(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// When that was last said of somebody.
pub(super) async fn since(
    conn: &mut Connection,
    vault: &Vault,
    party: &Party,
) -> Result<Option<Timestamp>, StoreError> {
    let at: Option<i64> = query(GET)
        .bind(vault.recipient_hash(party).as_slice())
        .fetch_optional(conn)
        .await?;
    at.map(|at| time("dead_addresses", at)).transpose()
}
