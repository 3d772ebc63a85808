//! The events of a ticket. They are stored for good: once a version is out, a variant or field is never
//! renamed or given another meaning, only added.

use crate::domain::address::MessageId;
use crate::domain::guidance::handbook::PassageKind;
use crate::domain::guidance::reply::ReplyPlan;
use crate::domain::ids::{InboxId, OutboxId, TicketNumber};
use crate::domain::party::Party;
use crate::domain::ticket::message::ReceivedMessage;
use crate::domain::ticket::words::{Release, Silence, Trouble};
use crate::domain::triage::assessment::Assessment;
use crate::domain::triage::category::Kind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Who caused an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// The reporter, by a message.
    Reporter,
    /// The bot itself.
    Bot,
    /// A person of the team, by his id on the roster or his login name.
    Person(String),
}

impl Actor {
    /// The word in the unsealed column: a role, never a name.
    pub fn role(&self) -> &'static str {
        match self {
            Self::Reporter => "reporter",
            Self::Bot => "bot",
            Self::Person(_) => "person",
        }
    }
}

/// What a reply was made of, so that it can be explained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GuidanceUsed {
    /// The playbook or memo.
    pub id: String,
    /// Which of the two.
    pub kind: PassageKind,
    /// The heading.
    pub section: String,
    /// sha256 of the file.
    pub version: String,
    /// How well it fitted.
    pub score: f64,
}

/// One event of a ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum TicketEvent {
    /// The ticket was opened and got its number.
    Opened {
        /// Its number.
        number: TicketNumber,
        /// The constituent, by name, where the sender's domain is listed.
        constituent: Option<String>,
    },
    /// A message that may belong to another ticket waits in the holding pen, without a number.
    Held {
        /// The ticket that it points at.
        possibly: TicketNumber,
        /// When it becomes a ticket of its own.
        until: Timestamp,
        /// The constituent, by name, where the sender's domain is listed.
        constituent: Option<String>,
    },
    /// It left the holding pen as a ticket of its own.
    Released {
        /// Its number.
        number: TicketNumber,
    },
    /// A message arrived.
    MessageReceived(Box<ReceivedMessage>),
    /// Triage looked at a message, together with what was known.
    Assessed {
        /// The message.
        inbox: InboxId,
        /// What triage made of it.
        assessment: Box<Assessment>,
        /// The version of the knowledge that decided.
        handbook: String,
    },
    /// A machine's message came on this ticket: a bounce, an out-of-office.
    MachineHeard {
        /// The message.
        inbox: InboxId,
        /// What kind.
        kind: Kind,
        /// Which signs say so.
        because: Vec<String>,
        /// The reply of ours that it is about, where it is a bounce.
        #[serde(default)]
        bounced: Option<OutboxId>,
    },
    /// A human must look at a message for a reason of ours.
    NeedsHuman {
        /// The message.
        inbox: InboxId,
        /// Why.
        because: Trouble,
    },
    /// An automatic reply was written.
    ReplyWritten {
        /// The outgoing message.
        outbox: OutboxId,
        /// The message that it answers.
        inbox: InboxId,
        /// To whom.
        to: Party,
        /// Its Message-ID, where it is a mail.
        message_id: Option<MessageId>,
        /// What it says.
        plan: Box<ReplyPlan>,
        /// The subject as sent; empty in chat.
        subject: String,
        /// The text as sent.
        text: String,
        /// What it was made of.
        guidance: Vec<GuidanceUsed>,
        /// When it may leave.
        release: Release,
    },
    /// No automatic reply was written.
    ReplyWithheld {
        /// The message that is not answered.
        inbox: InboxId,
        /// Why.
        reason: Silence,
    },
    /// A person approved a reply that waited.
    ReplyApproved {
        /// The outgoing message.
        outbox: OutboxId,
        /// Who.
        by: String,
    },
    /// The server took a reply over.
    ReplySent {
        /// The outgoing message.
        outbox: OutboxId,
    },
    /// A reply was not taken yet and will be tried again.
    ReplyDelayed {
        /// The outgoing message.
        outbox: OutboxId,
        /// Why, as a closed word.
        reason: String,
    },
    /// A reply can't be delivered; a human must reach the reporter in another way.
    ReplyFailed {
        /// The outgoing message.
        outbox: OutboxId,
        /// Why, as a closed word.
        reason: String,
    },
    /// A reply that was written may no longer leave.
    ReplyWithdrawn {
        /// The outgoing message.
        outbox: OutboxId,
        /// Why.
        reason: Silence,
    },
}

impl TicketEvent {
    /// The word in the unsealed column.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Held { .. } => "held",
            Self::Released { .. } => "released",
            Self::MessageReceived(_) => "message-received",
            Self::Assessed { .. } => "assessed",
            Self::MachineHeard { .. } => "machine-heard",
            Self::NeedsHuman { .. } => "needs-human",
            Self::ReplyWritten { .. } => "reply-written",
            Self::ReplyWithheld { .. } => "reply-withheld",
            Self::ReplyApproved { .. } => "reply-approved",
            Self::ReplySent { .. } => "reply-sent",
            Self::ReplyDelayed { .. } => "reply-delayed",
            Self::ReplyFailed { .. } => "reply-failed",
            Self::ReplyWithdrawn { .. } => "reply-withdrawn",
        }
    }
}

/// An event with its place in the ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordedEvent {
    /// Its place, counted from 1 without gaps.
    pub seq: u64,
    /// When it was decided.
    pub at: Timestamp,
    /// Who caused it.
    pub actor: Actor,
    /// What happened.
    pub event: TicketEvent,
}
