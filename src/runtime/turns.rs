//! Taking turns: each mailbox is read by one instance at a time, whatever instances there are.
//!
//! A turn is a lease in the database, renewed long before it ends; whoever can't renew it stops reading. Two that
//! read for a moment at the same time do no harm: each message is stored once, by its place. What a late reader
//! would write about the numbering of a folder is refused by the epoch of his turn.

use crate::adapters::mail::source::{Change, Kick, Turn};
use crate::app::App;
use crate::domain::ids::MailboxName;
use crate::runtime::supervisor::{Supervisor, wait};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// A turn lasts a quarter as long as a row is held (30 s), so that a mailbox is read again before anything
/// else is taken over; it is renewed, or asked for, six times in that while.
const TURNS_IN_A_LEASE: i32 = 4;
const RENEWALS_IN_A_TURN: i32 = 6;

/// Who reads besides us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Nobody: the lock on the database says so. There is one turn, and it is ours.
    OnlyUs,
    /// Other instances.
    Several,
}

/// How soon a turn is asked for again that could not be had.
const ASK_AGAIN: Duration = Duration::from_secs(5);
/// Longer than any run.
const FOR_GOOD: SignedDuration = SignedDuration::from_hours(24 * 365);

/// Takes part in the turns of one mailbox until the program stops.
pub(crate) fn take_turns(
    app: &App,
    mailbox: &MailboxName,
    turn: Turn,
    kick: Kick,
    readers: Readers,
    supervisor: &Supervisor,
) {
    let (app, mailbox) = (app.clone(), mailbox.clone());
    let stop = supervisor.stop_signal();
    supervisor.spawn("turns", async move {
        let lasts = match readers {
            Readers::OnlyUs => FOR_GOOD,
            Readers::Several => app.settings.lease / TURNS_IN_A_LEASE,
        };
        let renew = (lasts / RENEWALS_IN_A_TURN).unsigned_abs();
        let mut until = Timestamp::MIN;
        while !stop.is_cancelled() {
            let (epoch, ends) = ask(&app, &mailbox, &turn, (until, lasts)).await;
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
                () = wait(if turn.epoch().is_some() { renew } else { renew.min(ASK_AGAIN) }) => {}
            }
        }
        turn.note(None);
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
    (until, lasts): (Timestamp, SignedDuration),
) -> (Option<crate::app::ports::Epoch>, Timestamp) {
    let now = app.clock.now();
    let ends = now.saturating_add(lasts).unwrap_or(now);
    match app.store.hold(&mailbox.work(), now, ends).await {
        Ok(epoch) => (epoch, ends),
        Err(error) => {
            tracing::warn!(mailbox = %mailbox, error = %error, "a turn could not be renewed");
            let now = app.clock.now();
            // Some time before its end: clocks differ, and a round may be under way.
            let margin = lasts / 3;
            let holds = now < until.saturating_sub(margin).unwrap_or(until);
            (turn.epoch().filter(|_| holds), until)
        }
    }
}
