//! Hints between instances: "something was stored", by PostgreSQL's LISTEN and NOTIFY. Only a hint: whoever
//! misses one finds the row when he looks by himself.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::sql::{Connection, query};
use crate::app::ports::StoreError;
use crate::domain::triage::category::closed_list;
use sqlx::postgres::PgListener;

/// The channel that all instances on one database listen on.
pub(super) const CHANNEL: &str = "eerstelijn";

// Repeats within a transaction are told once.
const NOTIFY: &str = "/* hints.notify */ SELECT pg_notify('eerstelijn', $1)";

closed_list! {
    /// What there may be to do.
    Hint {
        /// A message was stored.
        Arrivals = "arrivals",
        /// A mail may leave.
        Mail = "mail",
        /// An act in chat is due.
        Chat = "chat",
        /// A ticket waits for something new.
        Timers = "timers",
        /// An original may be moved away.
        Settled = "settled",
    }
}

/// What other instances hint at.
pub struct Hints(PgListener);

impl Hints {
    /// Waits for the next hint. A connection that was lost is made anew; what was hinted at meanwhile is
    /// lost, so nothing means: look at everything.
    pub async fn next(&mut self) -> Result<Option<Hint>, StoreError> {
        let told = self.0.try_recv().await?;
        Ok(told.and_then(|told| told.payload().parse().ok()))
    }
}

impl SqlStore {
    /// Listens to other instances; nothing on SQLite, where there are none.
    pub async fn listen(&self) -> Result<Option<Hints>, StoreError> {
        let Some(pool) = self.server() else {
            return Ok(None);
        };
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Some(Hints(listener)))
    }
}

/// Tells other instances when this transaction is durable.
pub(super) async fn tell(conn: &mut Connection, hint: Hint) -> Result<(), StoreError> {
    if let Connection::Postgres(..) = conn {
        query(NOTIFY).bind(hint.as_str()).execute(conn).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_tells_on_the_channel_that_is_listened_on() {
        assert!(NOTIFY.contains(&format!("'{CHANNEL}'")));
    }
}
