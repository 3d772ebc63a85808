//! The events of a ticket. They are stored for good: once a version is out, a variant or field is never
//! renamed or given another meaning, only added. The words in the unsealed column stand in `event_kind`.
//!
//! Longer than 400 lines because it is one list: whoever asks what can happen to a ticket reads it here.

use crate::domain::address::MessageId;
use crate::domain::chat::ids::{EventId, RoomId, UserId};
use crate::domain::guidance::handbook::PassageKind;
use crate::domain::guidance::reply::ReplyPlan;
use crate::domain::ids::{InboxId, OutboxId, TicketNumber};
use crate::domain::oncall::people::PersonId;
use crate::domain::party::Party;
use crate::domain::pgp::certificate::Certificate;
use crate::domain::ticket::message::ReceivedMessage;
use crate::domain::ticket::words::{
    AckWay, CloseReason, PageReason, Release, Silence, Trouble, Warned,
};
use crate::domain::tlp::Label;
use crate::domain::triage::assessment::Assessment;
use crate::domain::triage::category::{Category, Kind, Severity};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A place in chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatPlace {
    /// The room.
    pub room: RoomId,
    /// The message.
    pub event: EventId,
}

/// Who caused an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// The reporter, by a message.
    Reporter,
    /// The bot itself.
    Bot,
    /// A person of the team, by his id on the roster or his login name; [`THE_MAILBOX`] where only that is known.
    Person(String),
}

/// Stands for whoever of the team wrote from the mailbox itself: the mail doesn't tell who that was.
pub const THE_MAILBOX: &str = "mailbox";

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
    /// The reporter goes on about something that was closed long ago: this ticket follows that one.
    Follows {
        /// The earlier ticket.
        earlier: TicketNumber,
        /// With whom that one may be shared: this one with no more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tlp: Option<Label>,
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
    /// It left the holding pen as a part of another ticket.
    MergedInto {
        /// Who said so.
        by: PersonId,
        /// The other ticket.
        number: TicketNumber,
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
        /// The message in the ticket's room that holds these words.
        origin: EventId,
        /// The label that it bears.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tlp: Option<Label>,
    },
    /// Somebody of the team answered the reporter from the mailbox itself, past the bot.
    AnsweredFromMailbox {
        /// The answer, as it lay in the folder for sent mail.
        inbox: InboxId,
        /// Its Message-ID.
        message_id: Option<MessageId>,
        /// What he wrote, without what he quoted.
        text: String,
    },
    /// An expert wrote words that leave when he sets his sign on them.
    DraftWritten {
        /// The message in the ticket's room that holds these words.
        origin: EventId,
        /// Who.
        by: PersonId,
        /// The message of the reporter that they answer; without one, his latest.
        answers: Option<InboxId>,
        /// The text.
        text: String,
        /// What he was told about the way that they go.
        #[serde(default, skip_serializing_if = "Warned::is_nothing")]
        warned: Warned,
    },
    /// A draft was taken back by its author before it left.
    DraftDropped {
        /// The message in the ticket's room that held the words.
        origin: EventId,
    },
    /// Commands of a message ran. An edit of that message runs only what is new.
    CommandsRan {
        /// The message, as it was first sent.
        origin: EventId,
        /// Who.
        by: PersonId,
        /// The commands as one would write them.
        commands: Vec<String>,
    },
    /// Something to remember; it goes to nobody.
    Noted {
        /// Who.
        by: PersonId,
        /// The text.
        text: String,
    },
    /// Somebody called, and a person of the team wrote it down.
    CallNoted {
        /// The message in which he wrote it down.
        inbox: InboxId,
        /// Who.
        by: PersonId,
        /// The local government, as he heard it.
        town: String,
        /// The number to call back, as he heard it.
        callback: String,
        /// What is going on.
        notes: String,
    },
    /// A room for the work on it was ordered.
    RoomOrdered {
        /// The errand.
        outbox: OutboxId,
    },
    /// The room for the work on it is there.
    RoomMade {
        /// The room.
        room: RoomId,
        /// Who was invited.
        invited: Vec<PersonId>,
    },
    /// Somebody who works on it came into its room. Nobody reads there what was said before he came.
    WorkerJoined {
        /// Who.
        by: PersonId,
    },
    /// Somebody left its room.
    WorkerLeft {
        /// Who.
        by: PersonId,
    },
    /// Words of the reporter stand in the ticket's room.
    Relayed {
        /// The message.
        inbox: InboxId,
        /// Where they stand.
        posted: EventId,
    },
    /// A reply that waits for approval stands in the ticket's thread.
    DraftShown {
        /// The reply.
        outbox: OutboxId,
        /// Where it stands.
        posted: EventId,
    },
    /// The reporter is asked into an encrypted chat with the bot alone.
    DirectChatOffered {
        /// Who.
        user: UserId,
        /// What he wrote in the lobby.
        asked: ChatPlace,
        /// Until when he is waited for, before help is given in the lobby.
        until: Timestamp,
    },
    /// There is an encrypted chat with the reporter alone.
    DirectChatOpened {
        /// Who.
        user: UserId,
        /// The room.
        room: RoomId,
    },
    /// The reporter came in.
    DirectChatAccepted {
        /// Who.
        user: UserId,
    },
    /// The reporter did not come in time: general first steps went to the lobby.
    DirectChatMissed {
        /// Who.
        user: UserId,
    },
    /// The reporter left the direct chat.
    DirectChatLeft {
        /// Who.
        user: UserId,
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
    /// A human set what kind of message began it.
    KindSet {
        /// Who.
        by: PersonId,
        /// What kind.
        kind: Kind,
    },
    /// A person said that the reporter's new OpenPGP key is his.
    KeyAccepted {
        /// Who.
        by: PersonId,
        /// The key.
        certificate: Certificate,
    },
    /// A human set with whom it may be shared.
    TlpSet {
        /// Who.
        by: PersonId,
        /// With whom.
        label: Label,
    },
    /// Somebody of the team wants to read what waits in the holding pen, in a chat of his own.
    ReadAsked {
        /// Who.
        by: PersonId,
        /// The errand that makes that chat, where there is none yet.
        outbox: OutboxId,
    },
    /// There is an encrypted chat with him alone.
    ReadersChatOpened {
        /// Who.
        by: PersonId,
        /// The room.
        room: RoomId,
    },
    /// He came in: what waits is shown to him there.
    ReaderCame {
        /// Who.
        by: PersonId,
        /// Where he came in. He may be quicker than our record of the room that was made for him.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        room: Option<RoomId>,
    },
    /// He turned the invitation down, or left: whoever asks again is asked into another chat.
    ReaderLeft {
        /// Who.
        by: PersonId,
        /// Where.
        room: RoomId,
    },
    /// What waits could not be shown in that chat, and will not be.
    ReadersChatGivenUp {
        /// Whose.
        by: PersonId,
        /// The room.
        room: RoomId,
    },
    /// Its card stands in the on-call room.
    CardPosted {
        /// The root of the ticket's thread.
        root: EventId,
    },
    /// A mention that wakes somebody stands in the ticket's thread: a sign on it is a sign on the ticket.
    PagePosted {
        /// Where it stands.
        posted: EventId,
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
