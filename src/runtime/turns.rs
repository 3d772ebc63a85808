//! Taking turns: each mailbox is read by one instance at a time, whatever instances there are.
//!
//! A turn is a lease in the database. It is renewed long before it ends; whoever can't renew it stops reading
//! before another one may begin. What a late reader would still write is refused by the epoch of his turn.

use crate::adapters::mail::source::{Change, Kick, Turn};
use crate::app::App;
use crate::domain::ids::MailboxName;
use crate::runtime::supervisor::{Supervisor, wait};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// How long a turn lasts without being renewed.
const LASTS: SignedDuration = SignedDuration::from_secs(30);
/// How often it is renewed, or asked for.
const RENEW_EVERY: Duration = Duration::from_secs(5);
/// How long before its end a turn counts as lost: clocks differ, and a round may be under way.
const MARGIN: SignedDuration = SignedDuration::from_secs(10);

/// Takes part in the turns of one mailbox until the program stops.
pub(crate) fn take_turns(
    app: &App,
    mailbox: &MailboxName,
    turn: Turn,
    kick: Kick,
    supervisor: &Supervisor,
) {
    let (app, mailbox) = (app.clone(), mailbox.clone());
    let stop = supervisor.stop_signal();
    supervisor.spawn("turns", async move {
        let mut until = Timestamp::MIN;
        while !stop.is_cancelled() {
            let (epoch, ends) = ask(&app, &mailbox, &turn, until).await;
            until = ends;
            match turn.note(epoch) {
                Change::None => {}
                Change::Won => {
                    tracing::info!(mailbox = %mailbox, "reading this mailbox is ours");
                    kick.now();
                }
                Change::Lost => {
                    tracing::warn!(mailbox = %mailbox, "reading this mailbox is another instance's");
                    kick.now();
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = wait(RENEW_EVERY) => {}
            }
        }
        // Another one need not wait for its end.
        if let Err(error) = app.store.let_go(&mailbox.work()).await {
            tracing::debug!(mailbox = %mailbox, error = %error, "a turn could not be given back");
        }
    });
}

/// Whose turn it is, and until when that is certain.
async fn ask(
    app: &App,
    mailbox: &MailboxName,
    turn: &Turn,
    until: Timestamp,
) -> (Option<crate::app::ports::Epoch>, Timestamp) {
    let now = app.clock.now();
    let ends = now.saturating_add(LASTS).unwrap_or(now);
    match app.store.hold(&mailbox.work(), now, ends).await {
        Ok(epoch) => (epoch, ends),
        Err(error) => {
            tracing::warn!(mailbox = %mailbox, error = %error, "a turn could not be renewed");
            let now = app.clock.now();
            let holds = now < until.saturating_sub(MARGIN).unwrap_or(until);
            (turn.epoch().filter(|_| holds), until)
        }
    }
}
