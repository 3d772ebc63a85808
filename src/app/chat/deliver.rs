//! Acting in chat: one errand at a time, its place looked up when it is done.
//!
//! Like mail, but by a worker of its own: a homeserver that is away holds up no mail, and the reverse.

use crate::app::App;
use crate::app::chat::place::{accounts, place};
use crate::app::faults::CrashPoint;
use crate::app::leave::{may_leave, readable_history};
use crate::app::ports::{
    ChatErrand, ClaimedOutgoing, Company, DeliveryRecord, Dispatch, Order, ReadRecord, RoomFailure,
    RoomOutcome, Rooms, Route, Voice,
};
use crate::app::record::{is_ours, record};
use crate::app::step::{Step, StepError};
use crate::domain::chat::ids::{EventId, RoomId};
use crate::domain::ids::TicketId;
use crate::domain::oncall::people::PersonId;
use crate::domain::ticket::event::TicketEvent;
use crate::domain::ticket::send::may_notice_leave;
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Silence;
use jiff::{SignedDuration, Timestamp};

/// Does the next errand in chat that is due.
pub async fn chat_step(app: &App) -> Result<Step, StepError> {
    let Some(rooms) = &app.rooms else {
        return Ok(Step::Idle);
    };
    // Another instance may be in touch with the homeserver.
    if !rooms.is_ready() {
        return Ok(Step::Idle);
    }
    let now = app.clock.now();
    let until = app.settings.held_until(now);
    let Some(claimed) = app.store.claim_outgoing(Route::Chat, now, until).await? else {
        return Ok(Step::Idle);
    };
    let Some(end) = act(app, rooms.as_ref(), &claimed).await? else {
        return Ok(Step::Worked);
    };
    let written = written(&claimed, &end, app.clock.now());
    record(app, &claimed, written, |ticket| {
        event(&claimed, &end, ticket)
    })
    .await?;
    app.faults.reach(CrashPoint::Recorded);
    Ok(Step::Worked)
}

/// What became of it.
enum End {
    Done {
        event: Option<EventId>,
        room: Option<RoomId>,
    },
    Retry(RoomFailure, Option<SignedDuration>),
    GivenUp(&'static str),
    Withdrawn(Silence),
}

/// Asks once more whether it may be done, and does it. Nothing where another instance does that.
async fn act(
    app: &App,
    rooms: &dyn Rooms,
    claimed: &ClaimedOutgoing,
) -> Result<Option<End>, StepError> {
    let Some(Dispatch::Chat(errand)) = &claimed.dispatch else {
        return Ok(Some(End::GivenUp("unreadable")));
    };
    app.faults.reach(CrashPoint::BeforeSend);
    if !is_ours(app, claimed).await? {
        return Ok(None);
    }
    let history = match &claimed.ticket {
        Some(id) => match readable_history(app, id).await? {
            Some(history) => history,
            None => return Ok(Some(End::GivenUp("unreadable"))),
        },
        None => Vec::new(),
    };
    let ticket = claimed
        .ticket
        .as_ref()
        .and_then(|id| Ticket::replay(id, &history));
    // Not when it was claimed: the process may have been stopped in between.
    let now = app.clock.now();
    // It asks the reporter in, so it is a word to him; but whoever took the ticket needs it.
    let may = if matches!(errand, ChatErrand::MakeDirectChat { .. }) {
        may_notice_leave(None, app.settings.mode, claimed.created_at, now)
    } else {
        may_leave(app, claimed, ticket.as_ref(), now)
    };
    if let Err(silence) = may {
        return Ok(Some(End::Withdrawn(silence)));
    }
    if has_nothing_to_read(errand, ticket.as_ref(), claimed.attempt) {
        return Ok(Some(End::Withdrawn(Silence::NothingToSay)));
    }
    let Some(act) = place(app, ticket.as_ref(), &history, errand) else {
        return Ok(Some(End::GivenUp(RoomFailure::NotInRoom.as_str())));
    };
    if let Some(end) = not_private(app, rooms, ticket.as_ref(), errand).await {
        return Ok(Some(end));
    }
    if let (ChatErrand::ShowTo { person }, Some(id)) = (errand, &claimed.ticket) {
        note_read(app, claimed, id, person).await?;
    }
    let order = Order {
        id: &claimed.id,
        attempt: claimed.attempt,
        written_at: claimed.created_at,
    };
    let outcome = rooms.perform(order, &act).await;
    app.faults.reach(CrashPoint::Accepted);
    Ok(Some(match outcome {
        RoomOutcome::Done { event, room } => End::Done { event, room },
        RoomOutcome::Retry { failure, after } => End::Retry(failure, after),
        RoomOutcome::GivenUp(failure) => End::GivenUp(failure.as_str()),
    }))
}

/// Is it about reading what no longer waits in the holding pen? A chat that was tried before is made all the same:
/// the homeserver may have it already, and what is on record is left again.
fn has_nothing_to_read(errand: &ChatErrand, ticket: Option<&Ticket>, attempt: u32) -> bool {
    let waits = ticket.is_some_and(|ticket| ticket.held_until.is_some());
    match errand {
        ChatErrand::ShowTo { .. } => !waits,
        ChatErrand::MakeReadersChat { .. } => !waits && attempt == 1,
        _ => false,
    }
}

/// The read is on record before anything is shown; once, however often it is tried.
async fn note_read(
    app: &App,
    claimed: &ClaimedOutgoing,
    ticket: &TicketId,
    reader: &PersonId,
) -> Result<(), StepError> {
    let read = ReadRecord {
        ticket: ticket.clone(),
        reader: reader.as_str().to_owned(),
        through: "!show".into(),
        reason: None,
        at: app.clock.now(),
    };
    let is_noted = |noted: &ReadRecord| {
        let same = (&noted.reader, &noted.through) == (&read.reader, &read.through);
        same && noted.at >= claimed.created_at
    };
    let tried_before = claimed.attempt > 1;
    if tried_before && app.store.reads_of(ticket).await?.iter().any(is_noted) {
        return Ok(());
    }
    Ok(app.store.record_read(read).await?)
}

/// Words to one person leave only where he is alone with us, asked anew each time: who is in a room that he
/// made himself is not ours to say.
async fn not_private(
    app: &App,
    rooms: &dyn Rooms,
    ticket: Option<&Ticket>,
    errand: &ChatErrand,
) -> Option<End> {
    let (room, user) = match errand {
        ChatErrand::Direct { .. } => {
            let chat = ticket?.direct.as_ref()?;
            (chat.open_room()?, chat.user.clone())
        }
        ChatErrand::ShowTo { person } => {
            let room = ticket?.work.readers.get(person)?.room.as_ref()?;
            (room, accounts(app, std::slice::from_ref(person)).pop()?)
        }
        _ => return None,
    };
    match rooms.company(room, &user).await {
        Company::Alone => None,
        Company::Others => Some(End::GivenUp(RoomFailure::NotAlone.as_str())),
        Company::Unknown => Some(End::Retry(RoomFailure::Unreachable, None)),
    }
}

fn written(claimed: &ClaimedOutgoing, end: &End, now: Timestamp) -> DeliveryRecord {
    let outbox = &claimed.id;
    match end {
        End::Done { .. } => DeliveryRecord::Done,
        End::Withdrawn(reason) => {
            tracing::info!(outbox = %outbox, outcome = reason.as_str(), "chat {outbox} taken back");
            DeliveryRecord::Withdrawn
        }
        End::Retry(failure, after) => {
            tracing::warn!(
                outbox = %outbox, failure = failure.as_str(), outcome = "retry",
                attempt = claimed.attempt, "chat {outbox} was not done"
            );
            DeliveryRecord::RetryAt(later(now, claimed.attempt, *after))
        }
        End::GivenUp(reason) => {
            tracing::error!(
                outbox = %outbox, failure = reason, outcome = "given-up", "chat {outbox} was not done"
            );
            DeliveryRecord::GivenUp
        }
    }
}

/// What the ticket remembers of it. Words to the reporter are remembered as a mail would be. What was done
/// twice after a crash keeps its first place.
fn event(claimed: &ClaimedOutgoing, end: &End, ticket: &Ticket) -> Option<TicketEvent> {
    let Some(Dispatch::Chat(errand)) = &claimed.dispatch else {
        return None;
    };
    let outbox = claimed.id.clone();
    let to_the_reporter = ticket.reply(&outbox).is_some() || ticket.work.letter(&outbox).is_some();
    match end {
        End::Done {
            event: Some(posted),
            ..
        } if claimed.voice == Voice::Page => Some(TicketEvent::PagePosted {
            posted: posted.clone(),
        }),
        End::Done { event, room } => done(errand, event.as_ref(), room.as_ref(), ticket)
            .or_else(|| to_the_reporter.then_some(TicketEvent::ReplySent { outbox })),
        End::Withdrawn(reason) => {
            let reason = *reason;
            to_the_reporter.then_some(TicketEvent::ReplyWithdrawn { outbox, reason })
        }
        // Once: the ticket shows that it waits, not each try.
        End::Retry(failure, _) => {
            (to_the_reporter && claimed.attempt == 1).then(|| TicketEvent::ReplyDelayed {
                outbox,
                reason: failure.as_str().to_owned(),
            })
        }
        End::GivenUp(reason) => {
            let reason = (*reason).to_owned();
            Some(if to_the_reporter {
                TicketEvent::ReplyFailed { outbox, reason }
            } else {
                not_shown(errand, ticket).unwrap_or(TicketEvent::ChatFailed { outbox, reason })
            })
        }
    }
}

/// What waits could not be shown: that chat is given up, so that asking again makes another one.
fn not_shown(errand: &ChatErrand, ticket: &Ticket) -> Option<TicketEvent> {
    let ChatErrand::ShowTo { person } = errand else {
        return None;
    };
    let room = ticket.work.readers.get(person)?.room.clone()?;
    let by = person.clone();
    Some(TicketEvent::ReadersChatGivenUp { by, room })
}

fn done(
    errand: &ChatErrand,
    event: Option<&EventId>,
    room: Option<&RoomId>,
    ticket: &Ticket,
) -> Option<TicketEvent> {
    match errand {
        ChatErrand::Card if ticket.card.is_none() => {
            event.map(|root| TicketEvent::CardPosted { root: root.clone() })
        }
        ChatErrand::Draft { outbox } => event.map(|event| TicketEvent::DraftShown {
            outbox: outbox.clone(),
            posted: event.clone(),
        }),
        ChatErrand::MakeRoom if ticket.work.room.is_none() => {
            room.map(|room| TicketEvent::RoomMade {
                room: room.clone(),
                invited: ticket.work.workers.clone(),
            })
        }
        ChatErrand::MakeReadersChat { person } => room.map(|room| TicketEvent::ReadersChatOpened {
            by: person.clone(),
            room: room.clone(),
        }),
        ChatErrand::Relay { inbox } => event.map(|event| TicketEvent::Relayed {
            inbox: inbox.clone(),
            posted: event.clone(),
        }),
        ChatErrand::MakeDirectChat { user } => room.map(|room| TicketEvent::DirectChatOpened {
            user: user.clone(),
            room: room.clone(),
        }),
        _ => None,
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
