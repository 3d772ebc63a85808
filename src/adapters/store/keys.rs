//! The table of data keys: made with their owner, read when something is opened.

use crate::adapters::store::fault::{broken_seal, inconsistent};
use crate::adapters::store::rows::millis;
use crate::adapters::store::sql::{Connection, query};
use crate::adapters::store::vault::{DataKey, Vault};
use crate::app::ports::StoreError;
use crate::domain::ids::{InboxId, TicketId};
use jiff::Timestamp;

const INSERT: &str = "/* data_keys.insert */
    INSERT INTO data_keys (key_id, wrapped, created_at) VALUES ($1, $2, $3)";
const OFFER: &str = "/* data_keys.offer */
    INSERT INTO data_keys (key_id, wrapped, created_at) VALUES ($1, $2, $3)
    ON CONFLICT (key_id) DO NOTHING";
const GET: &str = "/* data_keys.get */
    SELECT wrapped FROM data_keys WHERE key_id = $1";

/// Whose key it is.
#[derive(Clone, Copy)]
pub(super) enum KeyOf<'a> {
    /// A ticket's.
    Ticket(&'a TicketId),
    /// A message's.
    Inbox(&'a InboxId),
    /// The log's of who read what.
    Reads,
    /// The kept knowledge's.
    Knowledge,
    /// That of the certificates that are remembered.
    PinnedKeys,
    /// That of what the bot says to the team on its own account.
    Team,
}

impl KeyOf<'_> {
    /// The name that it is stored under.
    pub(super) fn id(self) -> String {
        match self {
            Self::Ticket(id) => format!("ticket/{id}"),
            Self::Inbox(id) => format!("inbox/{id}"),
            Self::Reads => "reads".to_owned(),
            Self::Knowledge => "knowledge".to_owned(),
            Self::PinnedKeys => "pinned-keys".to_owned(),
            Self::Team => "team".to_owned(),
        }
    }
}

/// Stores a new key that the vault made.
pub(super) async fn insert(
    conn: &mut Connection,
    id: &str,
    wrapped: &[u8],
    now: Timestamp,
) -> Result<(), StoreError> {
    query(INSERT)
        .bind(id)
        .bind(wrapped)
        .bind(millis(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// Makes and stores a new key.
pub(super) async fn create(
    conn: &mut Connection,
    vault: &Vault,
    of: KeyOf<'_>,
    now: Timestamp,
) -> Result<DataKey, StoreError> {
    let id = of.id();
    let (key, wrapped) = vault.new_data_key(&id).map_err(broken_seal("data_keys"))?;
    insert(conn, &id, &wrapped, now).await?;
    Ok(key)
}

/// The key, where it exists and was not destroyed.
pub(super) async fn find(
    conn: &mut Connection,
    vault: &Vault,
    of: KeyOf<'_>,
) -> Result<Option<DataKey>, StoreError> {
    let id = of.id();
    let wrapped: Option<Option<Vec<u8>>> = query(GET).bind(&id).fetch_optional(conn).await?;
    wrapped
        .flatten()
        .map(|wrapped| vault.unwrap_data_key(&id, &wrapped))
        .transpose()
        .map_err(broken_seal("data_keys"))
}

/// The key, which must be there.
pub(super) async fn load(
    conn: &mut Connection,
    vault: &Vault,
    of: KeyOf<'_>,
) -> Result<DataKey, StoreError> {
    find(conn, vault, of)
        .await?
        .ok_or_else(|| inconsistent("data_keys", "a key is missing or was destroyed"))
}

/// The key, made where it isn't there yet.
pub(super) async fn load_or_create(
    conn: &mut Connection,
    vault: &Vault,
    of: KeyOf<'_>,
    now: Timestamp,
) -> Result<DataKey, StoreError> {
    if let Some(key) = find(&mut *conn, vault, of).await? {
        return Ok(key);
    }
    // Another instance may make it at the same time: whichever was stored is the key.
    let id = of.id();
    let (_, wrapped) = vault.new_data_key(&id).map_err(broken_seal("data_keys"))?;
    query(OFFER)
        .bind(&id)
        .bind(wrapped)
        .bind(millis(now))
        .execute(&mut *conn)
        .await?;
    load(conn, vault, of).await
}
