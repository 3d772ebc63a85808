//! Hints of other instances wake our workers, and the clock of the database server is everybody's clock.
//!
//! Nothing depends on a hint: workers look by themselves too.

use crate::adapters::store::{Hint, Hints, SqlStore};
use crate::app::Wake;
use crate::runtime::clock::{Heard, SharedClock};
use crate::runtime::supervisor::{Supervisor, wait};
use std::sync::Arc;
use std::time::Duration;

/// How long until the next try to listen.
const AGAIN: Duration = Duration::from_secs(5);
/// How often the server is asked for its time in one comparison.
const MOST_ASKED: u32 = 5;
/// How long nothing may be heard before it is made sure that the connection lives.
const LONGEST_SILENCE: Duration = Duration::from_mins(1);
/// How often the clock is compared.
const COMPARE_EVERY: Duration = Duration::from_mins(1);

/// Listens to other instances until the program stops. On SQLite there are none.
pub(crate) fn start_hints(store: Arc<SqlStore>, wake: Arc<Wake>, supervisor: &Supervisor) {
    let stop = supervisor.stop_signal();
    supervisor.spawn("hints", async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = listen(&store, &wake) => stop.cancelled().await,
        }
    });
}

/// Ends only where there is nobody to listen to.
async fn listen(store: &SqlStore, wake: &Wake) {
    loop {
        match store.listen().await {
            Ok(None) => return,
            Ok(Some(mut hints)) => {
                // Something may have been missed until now.
                pass_all(wake);
                pass_on(&mut hints, wake).await;
            }
            Err(error) => {
                tracing::warn!(error = %error, "can't listen to other instances");
                wait(AGAIN).await;
            }
        }
    }
}

/// Ends when the connection does, or says nothing for long: one that is cut without a word looks the same.
async fn pass_on(hints: &mut Hints, wake: &Wake) {
    loop {
        let heard = tokio::select! {
            heard = hints.next() => heard,
            () = wait(LONGEST_SILENCE) => return,
        };
        match heard {
            Ok(Some(hint)) => pass(hint, wake),
            // The connection was made anew: something may have been missed.
            Ok(None) => pass_all(wake),
            Err(error) => {
                tracing::warn!(error = %error, "listening to other instances ended");
                wait(AGAIN).await;
                return;
            }
        }
    }
}

fn pass_all(wake: &Wake) {
    for hint in Hint::ALL {
        pass(*hint, wake);
    }
}

fn pass(hint: Hint, wake: &Wake) {
    match hint {
        Hint::Arrivals => wake.arrivals.notify_one(),
        Hint::Mail => wake.mail.notify_one(),
        Hint::Chat => wake.chat.notify_one(),
        Hint::Timers => wake.timers.notify_one(),
        Hint::Settled => wake.settled.notify_one(),
    }
}

/// Compares our clock with the server's until the program stops. The first time before anything else.
pub(crate) async fn share_clock(
    store: &Arc<SqlStore>,
    clock: &SharedClock,
    supervisor: &Supervisor,
) -> Result<(), crate::app::ports::StoreError> {
    compare(store, clock).await?;
    let (store, clock) = (Arc::clone(store), clock.clone());
    let stop = supervisor.stop_signal();
    supervisor.spawn("clock", async move {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                () = wait(COMPARE_EVERY) => {
                    if let Err(error) = compare(&store, &clock).await {
                        tracing::debug!(error = %error, "the clock could not be compared");
                    }
                }
            }
        }
    });
    Ok(())
}

async fn compare(
    store: &SqlStore,
    clock: &SharedClock,
) -> Result<(), crate::app::ports::StoreError> {
    for _ in 0..MOST_ASKED {
        let asked = clock.own_time();
        let Some(told) = store.server_time().await? else {
            return Ok(());
        };
        if clock.heard(asked, told, clock.own_time()) == Heard::InTime {
            return Ok(());
        }
    }
    tracing::warn!("the database server answers too slowly to compare clocks");
    Ok(())
}
