//! What one decision changes, as plain values that the store writes in one transaction.

use crate::domain::address::{EmailAddress, MessageId};
use crate::domain::ids::{InboxId, OutboxId, TicketId, TicketNumber, TimerId};
use crate::domain::intake::sender::Authentication;
use crate::domain::ticket::event::{Actor, Release, Silence, TicketEvent};
use crate::domain::ticket::state::TicketSummary;
use crate::domain::triage::assessment::Assessment;
use crate::domain::triage::category::{Kind, closed_list};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
closed_list! {
    /// What became of a message that came in.
    Outcome {
        /// It is on a ticket.
        OnTicket = "on-ticket",
        /// It was answered or needs no ticket.
        NoTicket = "no-ticket",
        /// The same message was decided before.
        Duplicate = "duplicate",
        /// It failed too often and waits for a human.
        SetAside = "set-aside",
    }
}

/// Why a message was treated as it was. Sealed with the message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecisionRecord {
    /// When.
    pub at: Timestamp,
    /// What kind of message it is.
    pub kind: Kind,
    /// Signs of a machine.
    pub machine_because: Vec<String>,
    /// What our server recorded about the sender.
    pub authentication: Authentication,
    /// What triage made of it.
    pub assessment: Option<Assessment>,
    /// The version of the knowledge that decided.
    pub handbook: String,
    /// Passages that were used, as `id#section@version`.
    pub passages: Vec<String>,
    /// Why no reply was written, where none was.
    pub silence: Option<Silence>,
}

/// The end of deciding on a message.
pub struct ArrivalDone {
    /// The message.
    pub id: InboxId,
    /// What became of it.
    pub outcome: Outcome,
    /// The kind, unsealed, for counting.
    pub kind: Kind,
    /// Why.
    pub record: DecisionRecord,
    /// What tells a second delivery of the same message: stored as a keyed hash, unique.
    pub fingerprint: Option<String>,
}

/// Something by which a ticket is found: stored as a keyed hash.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trace {
    /// A Message-ID on the ticket, theirs or ours.
    MessageId(MessageId),
    /// The token of our reply address.
    Token(String),
}

/// New events for a ticket, with what lists and look-ups need.
pub struct TicketChange {
    /// The ticket.
    pub id: TicketId,
    /// The seq of the last event that the decision saw; 0 for a new ticket.
    pub after_seq: u64,
    /// The new events, in order.
    pub events: Vec<(Actor, TicketEvent)>,
    /// The ticket as it is after them.
    pub summary: TicketSummary,
    /// New ways to find it.
    pub traces: Vec<Trace>,
    /// The number that it takes with these events, if it takes one.
    pub takes_number: Option<TicketNumber>,
}

/// The mail as it goes to the server.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingMail {
    /// Envelope sender: where bounces go.
    pub envelope_from: Option<EmailAddress>,
    /// Envelope recipient.
    pub to: EmailAddress,
    /// The exact bytes.
    pub bytes: Vec<u8>,
}

/// A new row of the outbox.
pub struct NewOutgoing {
    /// Its id, also the left side of its Message-ID.
    pub id: OutboxId,
    /// The ticket, if any.
    pub ticket: Option<TicketId>,
    /// The message that caused it. One cause has at most one automatic reply.
    pub cause: InboxId,
    /// The mail.
    pub mail: OutgoingMail,
    /// When it may leave.
    pub release: Release,
    /// The text, so that the same never goes twice: stored as a keyed hash.
    pub text: String,
}

/// An outgoing message that this instance holds for sending.
pub struct ClaimedOutgoing {
    /// Its id.
    pub id: OutboxId,
    /// The ticket, if any.
    pub ticket: Option<TicketId>,
    /// The mail.
    pub mail: OutgoingMail,
    /// How often it was tried before.
    pub attempts: u32,
}

/// What became of a try to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryRecord {
    /// The server took it.
    Done,
    /// Try again then.
    RetryAt(Timestamp),
    /// It will not be tried again.
    GivenUp,
}

closed_list! {
    /// The kinds of timer.
    TimerKind {
        /// A held message becomes a ticket of its own.
        ReleaseFromPen = "release-from-pen",
    }
}

/// A timer: due and not done, never due exactly now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// Its id.
    pub id: TimerId,
    /// What it does.
    pub kind: TimerKind,
    /// On which ticket.
    pub ticket: TicketId,
    /// From when on.
    pub due_at: Timestamp,
}

/// All that one decision changes, written in one transaction.
#[derive(Default)]
pub struct Change {
    /// New events of one ticket.
    pub ticket: Option<TicketChange>,
    /// The end of deciding on a message.
    pub arrival: Option<ArrivalDone>,
    /// New outgoing messages.
    pub outgoing: Vec<NewOutgoing>,
    /// What became of a try to send.
    pub delivery: Option<(OutboxId, DeliveryRecord)>,
    /// Outgoing messages that a person approved.
    pub approved: Vec<OutboxId>,
    /// New timers.
    pub timers: Vec<Timer>,
    /// Timers that are done.
    pub timers_done: Vec<TimerId>,
}

/// Did a change go through?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Committed {
    /// Yes, all of it.
    Done,
    /// No, nothing: somebody else was first. Decide again on what is there now.
    Conflict,
    /// No, nothing: the fingerprint shows that this message was decided before.
    Duplicate,
}
