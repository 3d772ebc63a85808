//! Everything of one ticket, gathered for a hand-over: originals, what left, and why it was decided so.
//!
//! Only gathered: how it is packed and encrypted is the work of an adapter, and what a person reads of the
//! ticket is put into words by the command line. What can't be opened is named, and the others go along.

use crate::app::App;
use crate::app::ports::{
    Arrival, ChatErrand, Dispatch, Extent, Position, StoreError, StoredOutgoing, Voice,
};
use crate::app::replay::messages_of;
use crate::app::step::StepError;
use crate::app::tickets::{Reading, TicketError, read};
use crate::domain::ids::{InboxId, TicketNumber};
use crate::domain::ticket::event::RecordedEvent;
use crate::domain::ticket::state::Ticket;
use jiff::Timestamp;

/// A ticket with all that belongs to it.
pub struct Exported {
    /// The ticket.
    pub ticket: Ticket,
    /// Its events.
    pub events: Vec<RecordedEvent>,
    /// Its messages and decisions: `messages/1-in.eml`, `decisions/1.json`. One count for what came and what
    /// left, in the order of time.
    pub papers: Vec<Paper>,
    /// What is missing or not whole, each as a sentence.
    pub gaps: Vec<String>,
}

/// One file of a hand-over.
pub struct Paper {
    /// Its place, with `/`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Gathers a ticket. The read is on record, with its reason, before anything is looked at.
///
/// # Errors
/// Where there is no such ticket, or the store fails.
pub async fn export(
    app: &App,
    number: &TicketNumber,
    reader: &str,
    reason: &str,
) -> Result<Exported, TicketError> {
    let reading = Reading {
        reason: Some(reason),
        ..Reading::by(reader, "tickets export")
    };
    let (ticket, events) = read(app, number, reading).await?;
    let mut exported = Exported {
        ticket,
        events,
        papers: Vec::new(),
        gaps: Vec::new(),
    };
    for (n, item) in (1_usize..).zip(correspondence(app, &exported).await?) {
        match item {
            Item::In(inbox) => exported.incoming(app, n, &inbox).await?,
            Item::Out(outgoing) => exported.outgoing(n, *outgoing),
        }
    }
    Ok(exported)
}

enum Item {
    In(InboxId),
    Out(Box<StoredOutgoing>),
}

/// What came and what left, in the order of time.
async fn correspondence(app: &App, of: &Exported) -> Result<Vec<Item>, StepError> {
    let mut items: Vec<(Timestamp, Item)> = messages_of(&of.events)
        .into_iter()
        .map(|message| (message.at, Item::In(message.inbox)))
        .collect();
    let outgoing = app.store.outgoing_of(&of.ticket.id).await?;
    let left = outgoing.into_iter().filter(is_correspondence);
    items.extend(left.map(|it| (it.created_at, Item::Out(Box::new(it)))));
    // A stable order: what came stands before what was written because of it at the same moment.
    items.sort_by_key(|(at, _)| *at);
    Ok(items.into_iter().map(|(_, item)| item).collect())
}

/// All mail that left, and what was said to a reporter in chat. Cards, relays, rooms and mentions of the team
/// only bring there what stands in the events.
fn is_correspondence(outgoing: &StoredOutgoing) -> bool {
    let in_chat = matches!(outgoing.dispatch, Some(Dispatch::Chat(_)));
    let of_the_team = matches!(outgoing.voice, Voice::Inside | Voice::Page);
    outgoing.left_at.is_some() && !(in_chat && of_the_team)
}

impl Exported {
    async fn incoming(&mut self, app: &App, n: usize, inbox: &InboxId) -> Result<(), StepError> {
        match opened(app.store.arrival(inbox).await)? {
            Ok(Some(arrival)) => self.original(n, arrival),
            Ok(None) => self.gap(format!("message {n}: its original is gone: it was purged")),
            Err(Sealed) => self.gap(format!("message {n}: what is stored of it can't be opened")),
        }
        match opened(app.store.decision(inbox).await)? {
            Ok(Some(record)) => {
                let bytes = serde_json::to_vec_pretty(&record).map_err(unwritable)?;
                self.add(format!("decisions/{n}.json"), bytes);
            }
            Ok(None) => {}
            Err(Sealed) => self.gap(format!(
                "message {n}: why it was decided so can't be opened"
            )),
        }
        Ok(())
    }

    fn original(&mut self, n: usize, arrival: Arrival) {
        let ending = match arrival.position {
            Position::Matrix { .. } => "json",
            Position::Imap { .. } | Position::Maildir { .. } => "eml",
        };
        match arrival.extent {
            Extent::Whole => {}
            Extent::Beginning => self.gap(format!(
                "message {n}: only its beginning is stored; the whole lies in the mailbox"
            )),
            Extent::Locked => self.gap(format!("message {n}: it could never be decrypted")),
        }
        self.add(format!("messages/{n}-in.{ending}"), arrival.raw);
    }

    fn outgoing(&mut self, n: usize, outgoing: StoredOutgoing) {
        match outgoing.dispatch {
            Some(Dispatch::Mail(mail)) => self.add(format!("messages/{n}-out.eml"), mail.bytes),
            Some(Dispatch::Chat(errand)) => self.said_in_chat(n, &errand),
            None => self.gap(format!("message {n}, which left, can't be opened")),
        }
    }

    fn said_in_chat(&mut self, n: usize, errand: &ChatErrand) {
        match serde_json::to_vec_pretty(errand) {
            Ok(bytes) => self.add(format!("messages/{n}-out.json"), bytes),
            Err(_) => self.gap(format!("message {n}, which left, can't be written down")),
        }
    }

    fn add(&mut self, name: String, bytes: Vec<u8>) {
        self.papers.push(Paper { name, bytes });
    }

    fn gap(&mut self, what: String) {
        self.gaps.push(what);
    }
}

/// What is stored and doesn't open.
struct Sealed;

fn opened<T>(read: Result<T, StoreError>) -> Result<Result<T, Sealed>, StoreError> {
    match read {
        Ok(value) => Ok(Ok(value)),
        Err(StoreError::Inconsistent { .. }) => Ok(Err(Sealed)),
        Err(error) => Err(error),
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is given to map_err as a function"
)]
fn unwritable(error: serde_json::Error) -> StoreError {
    StoreError::Inconsistent {
        table: "inbox",
        what: format!("a decision that can't be written down: {error}"),
    }
}
