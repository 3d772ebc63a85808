//! Acting in chat: one errand at a time, its place looked up when it is done.
//!
//! Like mail, but by a worker of its own: a homeserver that is away holds up no mail, and the reverse.

use crate::app::App;
use crate::app::card::card_post;
use crate::app::faults::CrashPoint;
use crate::app::file::ticket_change;
use crate::app::ports::{
    Change, ChatErrand, ClaimedOutgoing, Committed, DeliveryDone, DeliveryRecord, Dispatch,
    RoomAct, RoomFailure, RoomOutcome, Rooms, Route, Secrecy, Voice,
};
use crate::app::step::{LEASE, RACES, Step, StepError};
use crate::domain::chat::ids::EventId;
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::send::may_still_wake;
use crate::domain::ticket::state::Ticket;
use jiff::{SignedDuration, Timestamp};

/// Does the next errand in chat that is due.
pub async fn chat_step(app: &App) -> Result<Step, StepError> {
    let Some(rooms) = &app.rooms else {
        return Ok(Step::Idle);
    };
    let now = app.clock.now();
    let until = now.saturating_add(LEASE).unwrap_or(now);
    let Some(claimed) = app.store.claim_outgoing(Route::Chat, now, until).await? else {
        return Ok(Step::Idle);
    };
    let end = act(app, rooms.as_ref(), &claimed).await?;
    record(app, &claimed, end).await?;
    Ok(Step::Worked)
}

/// What became of it.
enum End {
    Done(Option<EventId>),
    Retry(RoomFailure, Option<SignedDuration>),
    GivenUp(&'static str),
    Withdrawn,
}

async fn act(app: &App, rooms: &dyn Rooms, claimed: &ClaimedOutgoing) -> Result<End, StepError> {
    let Some(Dispatch::Chat(errand)) = &claimed.dispatch else {
        return Ok(End::GivenUp("unreadable"));
    };
    let ticket = match &claimed.ticket {
        Some(id) => Ticket::replay(id, &app.store.history(id).await?),
        None => None,
    };
    if claimed.voice == Voice::Page && may_still_wake(ticket.as_ref()).is_err() {
        return Ok(End::Withdrawn);
    }
    let Some(act) = place(app, ticket.as_ref(), errand) else {
        return Ok(End::GivenUp(RoomFailure::NotInRoom.as_str()));
    };
    app.faults.reach(CrashPoint::BeforeSend);
    let outcome = rooms.perform(&claimed.id, &act).await;
    app.faults.reach(CrashPoint::Accepted);
    Ok(match outcome {
        RoomOutcome::Done { event, .. } => End::Done(event),
        RoomOutcome::Retry { failure, after } => End::Retry(failure, after),
        RoomOutcome::GivenUp(failure) => End::GivenUp(failure.as_str()),
    })
}

/// Where an errand is done. Nothing where there is no such place any more.
fn place(app: &App, ticket: Option<&Ticket>, errand: &ChatErrand) -> Option<RoomAct> {
    let room = app.settings.chat.as_ref()?.oncall_room.clone();
    let post_to = |thread: Option<EventId>, post| RoomAct::Post {
        room: room.clone(),
        thread,
        answers: None,
        post,
        secrecy: Secrecy::Encrypted,
    };
    Some(match errand {
        ChatErrand::Act(act) => act.clone(),
        ChatErrand::OncallRoom { post } => post_to(None, post.clone()),
        // A card that could not be posted: better a page without a thread than none.
        ChatErrand::Thread { post } => post_to(ticket?.card.clone(), post.clone()),
        ChatErrand::Card => {
            let ticket = ticket?;
            let post = card_post(app, ticket);
            match &ticket.card {
                Some(target) => RoomAct::Edit {
                    room: room.clone(),
                    target: target.clone(),
                    post,
                },
                None => post_to(None, post),
            }
        }
    })
}

async fn record(app: &App, claimed: &ClaimedOutgoing, end: End) -> Result<(), StepError> {
    let now = app.clock.now();
    let (record, event) = read_end(claimed, end, now);
    for _ in 0..RACES {
        let mut change = Change {
            delivery: Some(DeliveryDone {
                id: claimed.id.clone(),
                attempt: claimed.attempt,
                record,
            }),
            ..Change::default()
        };
        if let (Some(ticket), Some(event)) = (&claimed.ticket, &event) {
            let history = app.store.history(ticket).await?;
            // A card that was posted twice after a crash keeps its first place.
            let known = Ticket::replay(ticket, &history).is_some_and(|t| t.card.is_some());
            if !(known && matches!(event, TicketEvent::CardPosted { .. })) {
                let events = vec![(Actor::Bot, event.clone())];
                let roster = &app.settings.roster;
                change
                    .tickets
                    .extend(ticket_change(ticket, &history, events, roster, now));
            }
        }
        if app.store.commit(change, now).await? == Committed::Done {
            return Ok(());
        }
    }
    Err(StepError::Contended)
}

fn read_end(
    claimed: &ClaimedOutgoing,
    end: End,
    now: Timestamp,
) -> (DeliveryRecord, Option<TicketEvent>) {
    let outbox = claimed.id.clone();
    let is_card = matches!(claimed.dispatch, Some(Dispatch::Chat(ChatErrand::Card)));
    match end {
        End::Withdrawn => (DeliveryRecord::Withdrawn, None),
        End::Done(event) => {
            let posted = event.filter(|_| is_card);
            let event = posted.map(|root| TicketEvent::CardPosted { root });
            (DeliveryRecord::Done, event)
        }
        End::Retry(failure, after) => {
            tracing::warn!(
                outbox = %outbox, failure = failure.as_str(), outcome = "retry",
                attempt = claimed.attempt, "chat {outbox} was not done"
            );
            (
                DeliveryRecord::RetryAt(later(now, claimed.attempt, after)),
                None,
            )
        }
        End::GivenUp(reason) => {
            tracing::error!(outbox = %outbox, failure = reason, outcome = "given-up", "chat {outbox} was not done");
            let reason = reason.to_owned();
            let event = TicketEvent::ChatFailed { outbox, reason };
            (DeliveryRecord::GivenUp, Some(event))
        }
    }
}

/// When to try again: 2 s, doubled each time, at most five minutes, and never before the server said so.
/// Somebody may be waiting to be woken, so it is quicker than mail.
fn later(now: Timestamp, attempt: u32, after: Option<SignedDuration>) -> Timestamp {
    let doubled = attempt.saturating_sub(1).min(8);
    let own = SignedDuration::from_secs(2_i64.saturating_mul(1_i64 << doubled).min(300));
    let wait = after.map_or(own, |after| own.max(after));
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}
