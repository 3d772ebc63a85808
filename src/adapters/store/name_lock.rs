//! The name of an instance belongs to one process at a time. Two that run under one name, as they do after a
//! folder was copied, would free what the other one is doing.
//!
//! On a server that is a lock of a session: it ends with the connection, whatever ends that. A process that was
//! stopped, or whose network is cut without a word, loses it when its session was silent for a while; so the
//! holder must speak up ([`NameLock::speak`]). On a file the lock of the service does the same
//! ([`crate::adapters::store::lock`]).

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::postgres::{Patience, connect_alone};
use crate::app::ports::StoreError;
use sha2::{Digest, Sha256};
use sqlx::postgres::PgConnection;
use std::time::Duration;

/// The server ends the session of a holder that says nothing for so long.
pub const LONGEST_SILENCE: Duration = Duration::from_secs(12);

/// The same for the server.
const SESSION: &str = "SET idle_session_timeout = '12s'";
const TAKE: &str = "/* name.take */ SELECT pg_try_advisory_lock($1)";
const SPEAK: &str = "/* name.speak */ SELECT true";

/// As long as this lives and speaks up, no other process works under our name.
#[derive(Debug)]
pub struct NameLock(PgConnection);

/// Whose our name is.
#[derive(Debug)]
pub enum Claim {
    /// Ours, from now on.
    Ours(NameLock),
    /// Another process has it, or a former one of ours whose end the server hasn't noticed yet.
    Anothers,
    /// There is nobody else: the database is a file, or we have no name.
    Undisputed,
}

impl SqlStore {
    /// Claims the name of this instance. Doesn't wait.
    pub async fn claim_name(&self) -> Result<Claim, StoreError> {
        let (Some(pool), Some(name)) = (self.server(), self.instance.family()) else {
            return Ok(Claim::Undisputed);
        };
        let mut conn = connect_alone(&pool.connect_options(), SESSION).await?;
        let asking = sqlx::query_scalar(TAKE).bind(number_of(name));
        let taken: bool = Patience::Short.wait(asking.fetch_one(&mut conn)).await?;
        Ok(if taken {
            Claim::Ours(NameLock(conn))
        } else {
            Claim::Anothers
        })
    }
}

impl NameLock {
    /// Says that we are there. Where it fails the lock is lost.
    pub async fn speak(&mut self) -> Result<(), StoreError> {
        let asking = sqlx::query_scalar(SPEAK).fetch_one(&mut self.0);
        let _: bool = Patience::Short.wait(asking).await?;
        Ok(())
    }
}

/// What stands for a name among the locks of a database, apart from everything else that is locked by number.
fn number_of(name: &str) -> i64 {
    let hash = Sha256::new()
        .chain_update("eerstelijn instance ")
        .chain_update(name)
        .finalize();
    hash.first_chunk()
        .map_or(0, |begin| i64::from_be_bytes(*begin))
}
