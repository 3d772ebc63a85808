//! The events of a ticket. They are stored for good: once a version is out, a variant or field is never
//! renamed or given another meaning, only added.

use crate::domain::address::MessageId;
use crate::domain::chat::ids::EventId;
use crate::domain::guidance::handbook::PassageKind;
use crate::domain::guidance::reply::ReplyPlan;
use crate::domain::ids::{InboxId, OutboxId, TicketNumber};
use crate::domain::oncall::people::PersonId;
use crate::domain::party::Party;
use crate::domain::ticket::message::ReceivedMessage;
use crate::domain::ticket::words::{AckWay, CloseReason, PageReason, Release, Silence, Trouble};
use crate::domain::triage::assessment::Assessment;
use crate::domain::triage::category::{Category, Kind, Severity};
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
    /// Somebody must be woken: a climb begins.
    PageRaised {
        /// Its number on this ticket, from 1.
        climb: u32,
        /// How bad it is: decides the policy.
        severity: Severity,
        /// Why.
        because: PageReason,
    },
    /// A rung of the climb was reached: these people were called.
    Paged {
        /// Which climb.
        climb: u32,
        /// Which rung, from 0.
        rung: u32,
        /// Who; nobody where the roster has a gap.
        people: Vec<PersonId>,
        /// The Message-IDs of the mails that woke them: an answer to one acknowledges.
        mails: Vec<MessageId>,
    },
    /// Somebody gave a sign without words: the climb waits for him.
    AckHeld {
        /// Which climb.
        climb: u32,
        /// Who.
        by: PersonId,
        /// Until when.
        until: Timestamp,
    },
    /// A human is awake.
    Acknowledged {
        /// Which climb.
        climb: u32,
        /// Who.
        by: PersonId,
        /// How.
        way: AckWay,
    },
    /// The last rung has waited long enough: nobody was reached.
    NobodyReached {
        /// Which climb.
        climb: u32,
        /// The Message-IDs of the mails that tell the coordinators: an answer to one acknowledges.
        mails: Vec<MessageId>,
    },
    /// Somebody answered a mail that woke him, and it was not understood: a human reads it.
    PageAnswered {
        /// The message.
        inbox: InboxId,
        /// Whose address it bears.
        by: PersonId,
        /// What he wrote.
        text: String,
    },
    /// Somebody works on it: the bot has no more words for the reporter.
    Taken {
        /// Who.
        by: PersonId,
    },
    /// Somebody of the team did or said something on it.
    TeamSpoke {
        /// Who.
        by: PersonId,
    },
    /// An expert wrote to the reporter.
    HumanWrote {
        /// The outgoing message.
        outbox: OutboxId,
        /// Who.
        by: PersonId,
        /// To whom.
        to: Party,
        /// Its Message-ID, where it is a mail.
        message_id: Option<MessageId>,
        /// The text.
        text: String,
    },
    /// A human set how bad it is. Only a human lowers it.
    SeveritySet {
        /// Who.
        by: PersonId,
        /// How bad.
        severity: Severity,
    },
    /// It is over.
    Closed {
        /// Who.
        by: PersonId,
        /// Why.
        reason: CloseReason,
        /// What else he said.
        remark: Option<String>,
    },
    /// A human set what it is about.
    CategorySet {
        /// Who.
        by: PersonId,
        /// What.
        category: Category,
    },
    /// Its card stands in the on-call room.
    CardPosted {
        /// The root of the ticket's thread.
        root: EventId,
    },
    /// Something in chat could not be done.
    ChatFailed {
        /// The outgoing message.
        outbox: OutboxId,
        /// Why, as a closed word.
        reason: String,
    },
    /// A message came on a closed ticket.
    Reopened,
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
            Self::PageRaised { .. } => "page-raised",
            Self::Paged { .. } => "paged",
            Self::AckHeld { .. } => "ack-held",
            Self::Acknowledged { .. } => "acknowledged",
            Self::NobodyReached { .. } => "nobody-reached",
            Self::PageAnswered { .. } => "page-answered",
            Self::Taken { .. } => "taken",
            Self::TeamSpoke { .. } => "team-spoke",
            Self::HumanWrote { .. } => "human-wrote",
            Self::SeveritySet { .. } => "severity-set",
            Self::Closed { .. } => "closed",
            Self::CategorySet { .. } => "category-set",
            Self::CardPosted { .. } => "card-posted",
            Self::ChatFailed { .. } => "chat-failed",
            Self::Reopened => "reopened",
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
