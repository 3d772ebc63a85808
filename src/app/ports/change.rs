//! What one decision changes, as plain values that the store writes in one transaction.

use crate::app::ports::outgoing::NewOutgoing;
use crate::domain::address::MessageId;
use crate::domain::chat::ids::{EventId, RoomId, UserId};
use crate::domain::ids::{InboxId, OutboxId, TicketId, TicketNumber};
use crate::domain::intake::sender::{Authentication, Standing, Verdict};
use crate::domain::oncall::people::PersonId;
use crate::domain::party::Party;
use crate::domain::pgp::certificate::Certificate;
use crate::domain::ticket::due::{TimerKind, Timers};
use crate::domain::ticket::event::{Actor, GuidanceUsed, TicketEvent};
use crate::domain::ticket::summary::TicketSummary;
use crate::domain::ticket::words::Silence;
use crate::domain::triage::assessment::Assessment;
use crate::domain::triage::category::{Kind, closed_list};
use jiff::{SignedDuration, Timestamp};
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
        /// It failed too often: a ticket with nothing but the original waits for a human.
        SetAside = "set-aside",
    }
}

closed_list! {
    /// When the original may be moved to the folder for processed mail.
    Leaves {
        /// When an answer has left.
        WithReply = "with-reply",
        /// At once: a machine wrote it, or it is a second copy.
        AtOnce = "at-once",
        /// Never: nobody has answered, and the mailbox shows that.
        Never = "never",
    }
}

/// Why a message was treated as it was. Sealed with the message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecisionRecord {
    /// When.
    pub at: Timestamp,
    /// The version of the program that decided.
    pub program: String,
    /// What kind of message it is.
    pub kind: Kind,
    /// Signs of a machine.
    pub machine_because: Vec<String>,
    /// What was checked about the sender.
    pub authentication: Authentication,
    /// What our own check of the signatures said of it, where one was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_dkim: Option<Verdict>,
    /// What is proven about the sender.
    pub standing: Option<Standing>,
    /// Where it was placed and filed, in closed words: `on-ticket append`.
    pub course: String,
    /// What triage made of it.
    pub assessment: Option<Assessment>,
    /// The version of the knowledge that decided.
    pub handbook: String,
    /// Passages that search found, as `id#section@version`, best first.
    pub found: Vec<String>,
    /// What the reply was made of.
    pub used: Vec<GuidanceUsed>,
    /// Why no reply was written, where none was.
    pub silence: Option<Silence>,
    /// The message in chat that this one corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<EventId>,
}

impl DecisionRecord {
    /// Of a message that was treated without triage: a copy, a word of the team, what is none of our business.
    pub fn without_triage(course: &str, handbook: &str, at: Timestamp) -> Self {
        Self {
            at,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            kind: Kind::Other,
            machine_because: Vec::new(),
            authentication: Authentication::default(),
            own_dkim: None,
            standing: None,
            course: course.to_owned(),
            assessment: None,
            handbook: handbook.to_owned(),
            found: Vec::new(),
            used: Vec::new(),
            silence: None,
            corrects: None,
        }
    }
}

/// The end of deciding on a message.
pub struct ArrivalDone {
    /// The message.
    pub id: InboxId,
    /// On which try it was decided.
    pub attempt: u32,
    /// What became of it.
    pub outcome: Outcome,
    /// The kind, unsealed, for counting.
    pub kind: Kind,
    /// Why; nothing where the message can't even be opened.
    pub record: Option<DecisionRecord>,
    /// What tells a second delivery of the same message, judged alike: stored as a keyed hash, unique.
    pub fingerprint: Option<String>,
    /// When its original may leave the mailbox.
    pub leaves: Leaves,
}

/// Something by which a ticket is found: stored as a keyed hash.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trace {
    /// A Message-ID on the ticket, theirs or ours.
    MessageId(MessageId),
    /// A Message-ID that a mail on the ticket referred to: of a mail that is on no ticket.
    Shared(MessageId),
    /// The token of our reply address.
    Token(String),
    /// A room that is this ticket's: for work, or a direct chat.
    Room(RoomId),
    /// An event in chat that stands for the ticket: its card, a message of the reporter.
    Event(EventId),
    /// Somebody of the team who reads what waits in the holding pen.
    Reader(PersonId),
    /// Somebody with whom there is a direct chat about it.
    Reporter(UserId),
}

/// New events for a ticket, with what lists and look-ups need.
pub struct TicketChange {
    /// The ticket.
    pub id: TicketId,
    /// The seq of the last event that the decision saw; 0 for a new ticket.
    pub after_seq: u64,
    /// The new events, in order. None where only a timer turned out to be void.
    pub events: Vec<(Actor, TicketEvent)>,
    /// The ticket as it is after them.
    pub summary: TicketSummary,
    /// New ways to find it.
    pub traces: Vec<Trace>,
    /// The number that it takes with these events, if it takes one.
    pub takes_number: Option<TicketNumber>,
    /// All that it waits for after them: earlier timers are replaced.
    pub timers: Timers,
}

/// What became of a try to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryRecord {
    /// It was taken over.
    Done,
    /// Try again then.
    RetryAt(Timestamp),
    /// It will not be tried again.
    GivenUp,
    /// It may no longer leave.
    Withdrawn,
}

/// The end of a try to send.
#[derive(Debug, Clone)]
pub struct DeliveryDone {
    /// The outgoing message.
    pub id: OutboxId,
    /// Which try.
    pub attempt: u32,
    /// What became of it.
    pub record: DeliveryRecord,
}

/// A timer that this instance holds: due and not done, never due exactly now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueTimer {
    /// On which ticket.
    pub ticket: TicketId,
    /// What for.
    pub kind: TimerKind,
    /// From when on.
    pub due_at: Timestamp,
}

/// On whose word a certificate is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinnedBy {
    /// It proved itself, and there was none before.
    Proof,
    /// A person said that it is the right one, whatever was there before.
    Person,
}

/// A certificate that is remembered for somebody: further answers are encrypted to it alone.
#[derive(Clone)]
pub struct KeyPin {
    /// Whose: stored as a keyed hash.
    pub party: Party,
    /// The certificate, sealed.
    pub certificate: Certificate,
    /// On whose word.
    pub by: PinnedBy,
}

closed_list! {
    /// What is wrong with the bot as a whole, and not with one ticket.
    Alarm {
        /// The automatic mail of an hour is used up: nobody is answered.
        MailLimit = "mail-limit",
        /// The share of it that is for those who aren't proven is used up: only who is proven is answered.
        UnprovenLimit = "unproven-limit",
        /// Files of the knowledge were changed and can't be used: what they said before holds.
        KnowledgeBroken = "knowledge-broken",
        /// Memos are past the day of their review. Nothing is wrong: it is the same once-only call.
        MemosDue = "memos-due",
    }
}

/// Calls to people about the bot as a whole. They are written where the alarm was not raised lately, by
/// whatever instance, and dropped otherwise.
pub struct RaisedAlarm {
    /// What is wrong.
    pub what: Alarm,
    /// For how long it is not raised again.
    pub rests: SignedDuration,
    /// The calls.
    pub calls: Vec<NewOutgoing>,
}

/// All that one decision changes, written in one transaction.
#[derive(Default)]
pub struct Change {
    /// New events, each ticket at most once.
    pub tickets: Vec<TicketChange>,
    /// The next free number when the decision looked for a ticket. A change that begins one is a conflict when
    /// another ticket was opened since: it may be about the same.
    pub as_of: Option<TicketNumber>,
    /// The end of deciding on a message. It is on the first of the tickets.
    pub arrival: Option<ArrivalDone>,
    /// The conversations, on no ticket, in which the message in `arrival` is an answer by hand.
    pub answered_by_hand: Vec<MessageId>,
    /// A message, and how many mails of the team in its conversation the decision saw: a conflict where there are
    /// more by now.
    pub by_hand_so_far: Option<(MessageId, usize)>,
    /// Whoever can't be reached at all, by the word of a server.
    pub dead: Vec<Party>,
    /// The certificate that is remembered for somebody. It takes the place of another form of the same; a
    /// conflict where another certificate is there by now, unless a person decided it.
    pub pin: Option<KeyPin>,
    /// New outgoing messages.
    pub outgoing: Vec<NewOutgoing>,
    /// What became of a try to send.
    pub delivery: Option<DeliveryDone>,
    /// Outgoing messages that a person approved.
    pub approved: Vec<OutboxId>,
    /// What people are called for beside a ticket.
    pub alarm: Option<RaisedAlarm>,
}

/// Did a change go through?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Committed {
    /// Yes, all of it.
    Done,
    /// No, nothing: somebody else was first. Decide again on what is there now.
    Conflict,
    /// No, nothing: the message is no longer this instance's to decide or to send. Another one does it.
    NotOurs,
    /// No, nothing: the fingerprint shows that this message was decided before.
    Duplicate,
}
