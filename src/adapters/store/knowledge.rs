//! The knowledge as it was when it decided something.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::fault::broken_seal;
use crate::adapters::store::keys::{self, KeyOf};
use crate::adapters::store::rows::millis;
use crate::adapters::store::sql::query;
use crate::adapters::store::vault::Place;
use crate::app::ports::StoreError;
use jiff::Timestamp;

const KNOWN: &str = "/* kept_knowledge.known */
    SELECT kept_at FROM kept_knowledge WHERE version = $1";
const INSERT: &str = "/* kept_knowledge.insert */
    INSERT INTO kept_knowledge (version, sealed, kept_at) VALUES ($1, $2, $3)
    ON CONFLICT (version) DO NOTHING";
const GET: &str = "/* kept_knowledge.get */
    SELECT sealed FROM kept_knowledge WHERE version = $1";

fn place(version: &str) -> Place<'_> {
    Place {
        table: "kept_knowledge",
        column: "sealed",
        row: version,
    }
}

impl SqlStore {
    pub(super) async fn keep_version(
        &self,
        version: &str,
        archive: &[u8],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        let known: Option<i64> = query(KNOWN).bind(version).fetch_optional(&mut tx).await?;
        if known.is_some() {
            return Ok(());
        }
        let key = keys::load_or_create(&mut tx, &self.vault, KeyOf::Knowledge, now).await?;
        let sealed = key
            .seal(place(version), archive)
            .map_err(broken_seal("kept_knowledge"))?;
        query(INSERT)
            .bind(version)
            .bind(sealed)
            .bind(millis(now))
            .execute(&mut tx)
            .await?;
        Ok(tx.commit().await?)
    }

    pub(super) async fn kept_version(&self, version: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let mut tx = self.begin_read().await?;
        let sealed: Option<Vec<u8>> = query(GET).bind(version).fetch_optional(&mut tx).await?;
        let Some(sealed) = sealed else {
            return Ok(None);
        };
        let key = keys::load(&mut tx, &self.vault, KeyOf::Knowledge).await?;
        key.open(place(version), &sealed)
            .map(Some)
            .map_err(broken_seal("kept_knowledge"))
    }
}
