//! What people do with tickets from the command line: list, read, approve a reply, check the chains.
//! Replaying and handing over stand in `replay` and `export`; they read through here.

use crate::app::App;
use crate::app::on_ticket::{Decision, on_ticket};
use crate::app::ports::{AuditReport, Backlog, Change, ReadRecord, StoreError};
use crate::app::step::StepError;
use crate::domain::ids::{OutboxId, TicketId, TicketNumber};
use crate::domain::ticket::decide::{Mode, Word};
use crate::domain::ticket::event::{Actor, RecordedEvent, TicketEvent};
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::summary::TicketSummary;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Something asked for that can't be done, as a sentence for the person who asked.
#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    /// There is no such ticket.
    #[error("there is no ticket {0}; `tickets list` shows those that are open")]
    NoSuchTicket(TicketNumber),
    /// Nothing waits.
    #[error("no reply on {0} waits for approval")]
    NothingWaits(TicketNumber),
    /// A human has the word.
    #[error(
        "somebody of the team speaks on {0}: the bot's reply no longer leaves; answer yourself"
    )]
    HumanSpeaks(TicketNumber),
    /// The mode forbids it.
    #[error(
        "in mode \"observe\" nothing is sent; set organisation.mode to \"approve\" or \"answer\""
    )]
    OnlyObserving,
    /// The store failed, or others kept changing the ticket.
    #[error("it can't be done now: {0}; try again")]
    Step(#[from] StepError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A list of tickets with what is waiting.
pub struct TicketList {
    /// The tickets, most recently changed first.
    pub tickets: Vec<TicketSummary>,
    /// What is waiting.
    pub backlog: Backlog,
}

/// Lists tickets, at most `limit`. Shows closed words only, so it is not logged as a read.
pub async fn list(app: &App, limit: u32) -> Result<TicketList, TicketError> {
    let tickets = app.store.list(limit).await?;
    Ok(TicketList {
        tickets,
        backlog: app.store.backlog().await?,
    })
}

/// Shows a ticket to a person. The read is on record before anything is shown.
pub async fn show(
    app: &App,
    number: &TicketNumber,
    reader: &str,
) -> Result<(Ticket, Vec<RecordedEvent>), TicketError> {
    read(app, number, Reading::by(reader, "tickets show")).await
}

/// How somebody comes to read a ticket.
pub(super) struct Reading<'a> {
    pub(super) reader: &'a str,
    pub(super) through: &'static str,
    pub(super) reason: Option<&'a str>,
}

impl<'a> Reading<'a> {
    /// A read that nobody is asked a reason for.
    pub(super) fn by(reader: &'a str, through: &'static str) -> Self {
        Self {
            reader,
            through,
            reason: None,
        }
    }
}

/// Reads a ticket for a person. The read is on record before anything of the ticket is looked at.
pub(super) async fn read(
    app: &App,
    number: &TicketNumber,
    reading: Reading<'_>,
) -> Result<(Ticket, Vec<RecordedEvent>), TicketError> {
    let id = find(app, number).await?;
    let record = ReadRecord {
        ticket: id.clone(),
        reader: reading.reader.to_owned(),
        through: reading.through.into(),
        reason: reading.reason.map(str::to_owned),
        at: app.clock.now(),
    };
    app.store.record_read(record).await?;
    load(app, &id, number).await
}

/// Lets the replies that wait on a ticket leave. Returns how many.
pub async fn approve(app: &App, number: &TicketNumber, by: &str) -> Result<usize, TicketError> {
    if app.settings.mode == Mode::Observe {
        return Err(TicketError::OnlyObserving);
    }
    let id = find(app, number).await?;
    let approved = AtomicUsize::new(0);
    on_ticket(app, &id, |ticket: Ticket, _| {
        let approved = &approved;
        async move {
            let waiting: Vec<OutboxId> = ticket
                .awaiting_approval()
                .map(|reply| reply.outbox.clone())
                .collect();
            if ticket.word() == Word::Human {
                return Err(TicketError::HumanSpeaks(number.clone()));
            }
            if waiting.is_empty() {
                return Err(TicketError::NothingWaits(number.clone()));
            }
            approved.store(waiting.len(), Ordering::Relaxed);
            Ok(approval(waiting, by))
        }
    })
    .await?;
    Ok(approved.into_inner())
}

/// The decision that these replies may leave.
fn approval(waiting: Vec<OutboxId>, by: &str) -> Decision {
    let event = |outbox: &OutboxId| TicketEvent::ReplyApproved {
        outbox: outbox.clone(),
        by: by.to_owned(),
    };
    Decision {
        events: waiting
            .iter()
            .map(|outbox| (Actor::Person(by.to_owned()), event(outbox)))
            .collect(),
        with: Change {
            approved: waiting,
            ..Change::default()
        },
    }
}

/// Checks the chains of all tickets and of the reads, and the messages with their decisions.
pub async fn verify(app: &App) -> Result<AuditReport, TicketError> {
    Ok(app.store.verify().await?)
}

async fn find(app: &App, number: &TicketNumber) -> Result<TicketId, TicketError> {
    let found = app.store.find_by_number(number).await?;
    found.ok_or_else(|| TicketError::NoSuchTicket(number.clone()))
}

async fn load(
    app: &App,
    id: &TicketId,
    number: &TicketNumber,
) -> Result<(Ticket, Vec<RecordedEvent>), TicketError> {
    let history = app.store.history(id).await?;
    let ticket = Ticket::replay(id, &history);
    ticket
        .map(|ticket| (ticket, history))
        .ok_or_else(|| TicketError::NoSuchTicket(number.clone()))
}
