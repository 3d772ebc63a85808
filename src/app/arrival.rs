//! Deciding on one stored message: the path from the inbox to a ticket and a reply, in one transaction.
//!
//! Reading and deciding can be repeated at will; only the commit counts. Whoever loses the race for a
//! ticket decides again on what is there then. How a mail is decided stands in `case`.

use crate::app::App;
use crate::app::ack_mail::acknowledged_by_mail;
use crate::app::case::decide_mail;
use crate::app::chat::hear::decide_chat;
use crate::app::faults::CrashPoint;
use crate::app::limit_alarm::raise_where_all_is_used_up;
use crate::app::number::next_number;
use crate::app::ports::mail::Border;
use crate::app::ports::{
    Arrival, ArrivalDone, Change, ClaimedArrival, Committed, DecisionRecord, Leaves, Outcome,
    Position,
};
use crate::app::sender_check::check_signatures;
use crate::app::sent::answered_past_us;
use crate::app::step::{MOST_ATTEMPTS, RACES, Step, StepError, retry_at};
use crate::app::trouble::show_to_a_human;
use crate::app::understand::{ReadMail, read_mail};
use crate::domain::ids::InboxId;
use crate::domain::ticket::words::Trouble;
use crate::domain::triage::category::Kind;
use jiff::Timestamp;

/// Decides on the oldest message that is due.
pub async fn decide_step(app: &App) -> Result<Step, StepError> {
    let now = app.clock.now();
    let until = app.settings.held_until(now);
    let Some(claimed) = app.store.claim_arrival(now, until).await? else {
        return Ok(Step::Idle);
    };
    app.faults.reach(CrashPoint::Claimed);
    let ClaimedArrival {
        id,
        attempt,
        arrival,
    } = claimed;
    let Some(arrival) = arrival else {
        set_aside(app, &id, attempt, Trouble::Unreadable).await?;
        return Ok(Step::Worked);
    };
    if attempt > MOST_ATTEMPTS {
        set_aside(app, &id, attempt, Trouble::SetAside).await?;
        return Ok(Step::Worked);
    }
    if let Err(error) = decide_on(app, &arrival, attempt).await {
        app.store
            .defer_arrival(&id, attempt, retry_at(now, attempt))
            .await?;
        return Err(error);
    }
    Ok(Step::Worked)
}

async fn decide_on(app: &App, arrival: &Arrival, attempt: u32) -> Result<(), StepError> {
    match &arrival.position {
        Position::Matrix { .. } => Box::pin(decide_on_chat(app, arrival, attempt)).await,
        Position::Imap { .. } | Position::Maildir { .. } => {
            decide_on_mail(app, arrival, attempt).await
        }
    }
}

async fn decide_on_mail(app: &App, arrival: &Arrival, attempt: u32) -> Result<(), StepError> {
    let mut read = read_arrival(app, arrival);
    if let Some(verifier) = &app.dkim
        && !app.settings.is_sent_folder(&arrival.mailbox)
    {
        let (listed, team) = (&app.settings.constituents, app.settings.roster.addresses());
        check_signatures(verifier.as_ref(), &arrival.raw, &mut read, listed, &team).await;
    }
    for _ in 0..RACES {
        let now = app.clock.now();
        let as_of = Some(next_number(app, now).await?);
        let mut change = change_by_mail(app, arrival, attempt, &read, now).await?;
        raise_where_all_is_used_up(app, &mut change, now);
        app.faults.reach(CrashPoint::Decided);
        match write(app, Change { as_of, ..change }, now).await? {
            Committed::Done => return Ok(()),
            Committed::Conflict => {}
            Committed::NotOurs => {
                taken_over(&arrival.id);
                return Ok(());
            }
            Committed::Duplicate => return note_duplicate(app, &arrival.id, attempt).await,
        }
    }
    Err(StepError::Contended)
}

/// What a mail changes: the answer of a person of the team, the acknowledgement of one, or a message to us.
async fn change_by_mail(
    app: &App,
    arrival: &Arrival,
    attempt: u32,
    read: &ReadMail,
    now: Timestamp,
) -> Result<Change, StepError> {
    if app.settings.is_sent_folder(&arrival.mailbox) {
        return answered_past_us(app, arrival, attempt, now).await;
    }
    match acknowledged_by_mail(app, arrival, attempt, read, now).await? {
        Some(change) => Ok(change),
        None => decide_mail(app, arrival, attempt, read, now).await,
    }
}

/// Reads a stored mail as the settings say.
pub(crate) fn read_arrival(app: &App, arrival: &Arrival) -> ReadMail {
    let trusted = app.settings.trusted_authserv_ids.get(&arrival.mailbox);
    read_mail(
        app.reader.as_ref(),
        &arrival.raw,
        arrival.extent,
        &app.settings.own_addresses,
        trusted.unwrap_or(&Border::default()),
    )
}

async fn decide_on_chat(app: &App, arrival: &Arrival, attempt: u32) -> Result<(), StepError> {
    let Ok(event) = serde_json::from_slice(&arrival.raw) else {
        return set_aside(app, &arrival.id, attempt, Trouble::Unreadable).await;
    };
    for _ in 0..RACES {
        let now = app.clock.now();
        let as_of = Some(next_number(app, now).await?);
        let mut change = decide_chat(app, arrival, attempt, &event, now).await?;
        raise_where_all_is_used_up(app, &mut change, now);
        app.faults.reach(CrashPoint::Decided);
        match write(app, Change { as_of, ..change }, now).await? {
            Committed::Done => return Ok(()),
            Committed::NotOurs => {
                taken_over(&arrival.id);
                return Ok(());
            }
            Committed::Conflict | Committed::Duplicate => {}
        }
    }
    Err(StepError::Contended)
}

/// It took us so long that another instance decides on it.
fn taken_over(id: &InboxId) {
    tracing::info!(inbox = %id, outcome = "taken-over", "message {id} is another instance's now");
}

/// Writes what was decided, and wakes whoever goes on with it.
async fn write(app: &App, change: Change, now: Timestamp) -> Result<Committed, StepError> {
    let leaves = !change.outgoing.is_empty() || change.alarm.is_some();
    let committed = app.store.commit(change, now).await?;
    if committed == Committed::Done {
        app.faults.reach(CrashPoint::Committed);
        if leaves {
            app.wake.outgoing();
        } else {
            app.wake.settled.notify_one();
        }
        app.wake.timers.notify_one();
    }
    Ok(committed)
}

/// A message that can't be decided gets a ticket with nothing but its original: nobody is forgotten.
async fn set_aside(
    app: &App,
    id: &InboxId,
    attempt: u32,
    because: Trouble,
) -> Result<(), StepError> {
    tracing::error!(inbox = %id, outcome = because.as_str(), "message {id} waits for a human");
    for _ in 0..RACES {
        let now = app.clock.now();
        let done = ArrivalDone {
            id: id.clone(),
            attempt,
            outcome: Outcome::SetAside,
            kind: Kind::Other,
            record: None,
            fingerprint: None,
            leaves: Leaves::Never,
        };
        let mut change = Change {
            arrival: Some(done),
            ..Change::default()
        };
        show_to_a_human(app, &mut change, id, because, now).await?;
        match write(app, change, now).await? {
            Committed::Done => return Ok(()),
            Committed::NotOurs => {
                taken_over(id);
                return Ok(());
            }
            Committed::Conflict | Committed::Duplicate => {}
        }
    }
    Err(StepError::Contended)
}

/// A second copy of a message that was decided before, judged alike.
async fn note_duplicate(app: &App, id: &InboxId, attempt: u32) -> Result<(), StepError> {
    let now = app.clock.now();
    let handbook = app.knowledge.handbook();
    let record = DecisionRecord::without_triage("duplicate", &handbook.version, now);
    let done = ArrivalDone {
        id: id.clone(),
        attempt,
        outcome: Outcome::Duplicate,
        kind: Kind::Other,
        record: Some(record),
        fingerprint: None,
        leaves: Leaves::AtOnce,
    };
    let change = Change {
        arrival: Some(done),
        ..Change::default()
    };
    match write(app, change, now).await? {
        Committed::Done => Ok(()),
        Committed::NotOurs => {
            taken_over(id);
            Ok(())
        }
        // Somebody else holds it now and will find the same.
        Committed::Conflict | Committed::Duplicate => Err(StepError::Contended),
    }
}
