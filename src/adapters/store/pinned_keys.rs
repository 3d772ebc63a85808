//! OpenPGP certificates that proved themselves: found by the hash of the address, sealed under a key of their own.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::fault::{Refusal, broken_seal, inconsistent};
use crate::adapters::store::keys::{self, KeyOf};
use crate::adapters::store::rows::millis;
use crate::adapters::store::sql::{Connection, query};
use crate::adapters::store::vault::{Place, Vault};
use crate::app::ports::{KeyPin, PinnedBy, StoreError};
use crate::domain::party::Party;
use crate::domain::pgp::certificate::Certificate;
use data_encoding::HEXLOWER;
use jiff::Timestamp;

const OFFER: &str = "/* pinned_keys.offer */
    INSERT INTO pinned_keys (hash, sealed, pinned_at) VALUES ($1, $2, $3)
    ON CONFLICT (hash) DO NOTHING";
const REPLACE: &str = "/* pinned_keys.replace */
    UPDATE pinned_keys SET sealed = $2, pinned_at = $3 WHERE hash = $1";
const GET: &str = "/* pinned_keys.get */ SELECT sealed FROM pinned_keys WHERE hash = $1";

fn place(row: &str) -> Place<'_> {
    Place {
        table: "pinned_keys",
        column: "sealed",
        row,
    }
}

/// Remembers a certificate. What proved itself takes the place of an older form of the same, and is a conflict
/// where another certificate is there by now; what a person decided takes any place.
pub(super) async fn pin(
    conn: &mut Connection,
    vault: &Vault,
    pin: &KeyPin,
    now: Timestamp,
) -> Result<(), Refusal> {
    let hash = vault.recipient_hash(&pin.party);
    let key = keys::load_or_create(&mut *conn, vault, KeyOf::PinnedKeys, now).await?;
    let row = HEXLOWER.encode(hash.as_slice());
    let written = serde_json::to_vec(&pin.certificate)
        .map_err(|_| inconsistent("pinned_keys", "a certificate that can't be written down"))?;
    let sealed = key
        .seal(place(&row), &written)
        .map_err(broken_seal("pinned_keys"))?;
    query(OFFER)
        .bind(hash.as_slice())
        .bind(sealed.as_slice())
        .bind(millis(now))
        .execute(&mut *conn)
        .await?;
    let there = find(&mut *conn, vault, &pin.party).await?;
    let is_another = there
        .as_ref()
        .is_some_and(|there| there.fingerprint != pin.certificate.fingerprint);
    if is_another && pin.by == PinnedBy::Proof {
        return Err(Refusal::Conflict);
    }
    if there.as_ref() != Some(&pin.certificate) {
        query(REPLACE)
            .bind(hash.as_slice())
            .bind(sealed)
            .bind(millis(now))
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// The certificate of somebody.
async fn find(
    conn: &mut Connection,
    vault: &Vault,
    party: &Party,
) -> Result<Option<Certificate>, StoreError> {
    let hash = vault.recipient_hash(party);
    let sealed: Option<Vec<u8>> = query(GET)
        .bind(hash.as_slice())
        .fetch_optional(&mut *conn)
        .await?;
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let key = keys::load(conn, vault, KeyOf::PinnedKeys).await?;
    let row = HEXLOWER.encode(hash.as_slice());
    let plain = key
        .open(place(&row), &sealed)
        .map_err(broken_seal("pinned_keys"))?;
    serde_json::from_slice(&plain)
        .map(Some)
        .map_err(|_| inconsistent("pinned_keys", "a certificate that can't be read"))
}

impl SqlStore {
    pub(super) async fn pinned_to(&self, party: &Party) -> Result<Option<Certificate>, StoreError> {
        let mut tx = self.begin_read().await?;
        find(&mut tx, &self.vault, party).await
    }
}
