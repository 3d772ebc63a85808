//! The first thing that the service does: come to its database, and be the only one under its name there. A
//! database that is away is waited for, so that a machine that starts everything at once comes up; a setting
//! that is wrong is not.
//!
//! Later on the same connection tells when the database is lost and when it is back.

use crate::adapters::store::name_lock::{Claim, LONGEST_SILENCE, NameLock};
use crate::adapters::store::{OpenError, SqlStore};
use crate::config::Config;
use crate::runtime::opening::store_for_service;
use crate::runtime::supervisor::{Supervisor, wait};
use crate::runtime::wire::WireError;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// How long until the next try to open the database: doubled each time, from the first to the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));
/// How often we say that we are there.
const BEAT: Duration = Duration::from_secs(3);
/// How long until the next try to get a lost connection back, or a name that is taken.
const AGAIN: Duration = Duration::from_secs(1);
/// How often a name is found taken before it is believed. The server needs a while to notice that a process is
/// gone whose machine lost its power.
const TRIES: u64 = LONGEST_SILENCE.as_secs() * 2;

/// The lock on our name, where there is one; it must be held until nothing is done any more.
pub(crate) type Name = Option<Arc<Mutex<NameLock>>>;

/// The database for the service, and our name in it. Waits while the database is away.
pub(crate) async fn open_for_service(config: &Config) -> Result<(Arc<SqlStore>, Name), WireError> {
    let store = Arc::new(open_patiently(config).await?);
    let mut taken = 0;
    loop {
        match store.claim_name().await? {
            Claim::Undisputed => return Ok((store, None)),
            Claim::Ours(lock) => return Ok((store, Some(Arc::new(Mutex::new(lock))))),
            Claim::Anothers if taken < TRIES => {
                if taken == 0 {
                    tracing::warn!("our name is still in use on the database; waiting for its end");
                }
                taken += 1;
                wait(AGAIN).await;
            }
            Claim::Anothers => return Err(same_name(config)),
        }
    }
}

fn same_name(config: &Config) -> WireError {
    WireError::Setting {
        key: "store.data_dir".to_owned(),
        what: format!(
            "another service works on this database under the name in {}: the folder was copied; give this one a data_dir of its own, a new one",
            config.file.store.data_dir.join("instance").display()
        ),
    }
}

async fn open_patiently(config: &Config) -> Result<SqlStore, WireError> {
    let (mut pause, longest) = PAUSES;
    let mut said = String::new();
    loop {
        match store_for_service(config).await {
            Err(WireError::Open(error @ OpenError::Away { .. })) => {
                let reason = error.to_string();
                if reason != said {
                    tracing::warn!(error = %reason, "waiting for the database");
                    said = reason;
                }
                wait(pause).await;
                pause = pause.saturating_mul(2).min(longest);
            }
            opened => {
                if opened.is_ok() && !said.is_empty() {
                    tracing::info!("the database is back");
                }
                return opened;
            }
        }
    }
}

/// Speaks up for our name until the program stops, and gets it back after an outage. Ends by itself, and with it
/// the service, only where another process has taken the name meanwhile.
pub(crate) fn keep_name(store: Arc<SqlStore>, name: &Name, supervisor: &Supervisor) {
    let Some(name) = name.clone() else {
        return;
    };
    let stop = supervisor.stop_signal();
    supervisor.spawn("name", async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = speak_up(&store, &name) => {}
        }
    });
}

async fn speak_up(store: &SqlStore, name: &Mutex<NameLock>) {
    loop {
        wait(BEAT).await;
        let mut held = name.lock().await;
        let Err(error) = held.speak().await else {
            continue;
        };
        tracing::warn!(error = %error, "the connection to the database is lost");
        match back_again(store).await {
            Some(lock) => *held = lock,
            None => return,
        }
        tracing::info!("the database is back");
    }
}

/// The lock, when the database is back; nothing where our name is another's by then.
async fn back_again(store: &SqlStore) -> Option<NameLock> {
    let mut taken = 0;
    while taken < TRIES {
        match store.claim_name().await {
            Ok(Claim::Ours(lock)) => return Some(lock),
            Ok(Claim::Anothers | Claim::Undisputed) => taken += 1,
            // Still away: that was said.
            Err(_) => {}
        }
        wait(AGAIN).await;
    }
    tracing::error!(
        "another service works under our name: store.data_dir was copied; give each instance one of its own"
    );
    None
}
