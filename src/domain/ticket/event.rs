//! The events of a ticket. They are stored for good: a variant or field is never renamed or given
//! another meaning, only added.

use crate::domain::address::{EmailAddress, Mailbox, MessageId};
use crate::domain::guidance::handbook::PassageKind;
use crate::domain::guidance::reply::ReplyPlan;
use crate::domain::ids::{InboxId, OutboxId, TicketNumber};
use crate::domain::intake::message::{Attachment, Defect, ForwardedMail, Via};
use crate::domain::intake::sender::Standing;
use crate::domain::triage::assessment::{Assessment, Channel};
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

/// A message on the ticket. The whole original stays sealed in the inbox under `inbox`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedMessage {
    /// The original.
    pub inbox: InboxId,
    /// The way it came.
    pub channel: Channel,
    /// Its sender, where there is exactly one.
    pub from: Option<Mailbox>,
    /// Where the sender would like answers: shown to humans, never used.
    pub reply_to: Vec<EmailAddress>,
    /// The subject.
    pub subject: String,
    /// The reporter's own new words.
    pub text: String,
    /// Its Message-ID.
    pub message_id: Option<MessageId>,
    /// What it answers.
    pub in_reply_to: Vec<MessageId>,
    /// The thread it is in.
    pub references: Vec<MessageId>,
    /// What is proven about the sender.
    pub standing: Standing,
    /// The files, by name, type, size and hash.
    pub attachments: Vec<AttachmentNote>,
    /// Mails that were forwarded.
    pub forwarded: Vec<ForwardedNote>,
    /// What is odd about it.
    pub defects: Vec<Defect>,
    /// When our server received it.
    pub received_at: Timestamp,
}

/// An attachment as noted on the ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentNote {
    /// Its name.
    pub name: String,
    /// The media type it claims.
    pub mime: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// A forwarded mail as noted on the ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForwardedNote {
    /// Its sender, as written.
    pub from: String,
    /// Its subject.
    pub subject: String,
    /// How it came.
    pub via: Via,
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

/// When a written reply may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Release {
    /// At once.
    AtOnce,
    /// When a person approves it.
    OnApproval,
    /// Never: it only shows what would have been sent.
    DraftOnly,
}

/// Why no automatic reply was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Silence {
    /// A machine wrote the message.
    Machine,
    /// There is not exactly one sender to answer.
    NoSingleSender,
    /// The sender failed DMARC, or claims to be us.
    RefusedSender,
    /// Our address is in neither To nor Cc.
    NotAddressedToUs,
    /// The mail is more than a day old: a human decides what still helps.
    TooOld,
    /// The address got its share of automatic mail.
    AddressLimit,
    /// The ticket got its share.
    TicketLimit,
    /// The domain got its share.
    DomainLimit,
    /// All together got their share: a human must look.
    GlobalLimit,
    /// The same text went to this address before.
    SameText,
    /// Thanks or advertising.
    NothingToSay,
    /// A human has the word.
    HumanSpeaks,
    /// The words could not be put together: a human must answer.
    NotWritten,
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
    },
    /// An automatic reply was written.
    ReplyWritten {
        /// The outgoing message.
        outbox: OutboxId,
        /// Its Message-ID.
        message_id: MessageId,
        /// The message that it answers.
        inbox: InboxId,
        /// To whom.
        to: EmailAddress,
        /// What it says.
        plan: Box<ReplyPlan>,
        /// The subject as sent.
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
    /// The mail server took a reply over.
    ReplySent {
        /// The outgoing message.
        outbox: OutboxId,
    },
    /// A reply can't be delivered; a human must reach the reporter in another way.
    ReplyFailed {
        /// The outgoing message.
        outbox: OutboxId,
        /// What the server said, as a closed word.
        reason: String,
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
            Self::ReplyWritten { .. } => "reply-written",
            Self::ReplyWithheld { .. } => "reply-withheld",
            Self::ReplyApproved { .. } => "reply-approved",
            Self::ReplySent { .. } => "reply-sent",
            Self::ReplyFailed { .. } => "reply-failed",
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

impl From<&Attachment> for AttachmentNote {
    fn from(attachment: &Attachment) -> Self {
        Self {
            name: attachment.name.clone(),
            mime: attachment.mime.clone(),
            size: attachment.size,
            sha256: attachment.sha256.clone(),
        }
    }
}

impl From<&ForwardedMail> for ForwardedNote {
    fn from(mail: &ForwardedMail) -> Self {
        let named = !mail.from_name.is_empty();
        let from = if named {
            format!("{} <{}>", mail.from_name, mail.from_address)
        } else {
            mail.from_address.clone()
        };
        Self {
            from,
            subject: mail.subject.clone(),
            via: mail.via,
        }
    }
}
