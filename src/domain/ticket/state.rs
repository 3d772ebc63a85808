//! What a ticket is now: read from its events, never stored.
//!
//! How each event changes it stands in `apply`; what lists show in `summary`.

use crate::domain::address::MessageId;
use crate::domain::chat::ids::EventId;
use crate::domain::ids::{InboxId, OutboxId, TicketId, TicketNumber};
use crate::domain::intake::sender::Standing;
use crate::domain::oncall::people::PersonId;
use crate::domain::oncall::roster::Roster;
use crate::domain::party::Party;
use crate::domain::pgp::course::TicketIs;
use crate::domain::ticket::decide::Word;
use crate::domain::ticket::dialogue::HandedOver;
use crate::domain::ticket::direct::DirectChat;
use crate::domain::ticket::due::{TimerKind, Timers};
use crate::domain::ticket::event::RecordedEvent;
use crate::domain::ticket::keys::TicketKeys;
use crate::domain::ticket::kind::SetAside;
use crate::domain::ticket::message::ReceivedMessage;
use crate::domain::ticket::page::Page;
use crate::domain::ticket::reply::WrittenReply;
use crate::domain::ticket::words::CloseReason;
use crate::domain::ticket::work::Work;
use crate::domain::tlp::Label;
use crate::domain::triage::assessment::{Assessment, ChannelTrust, Known};
use crate::domain::triage::category::{Category, Kind, Severity, closed_list};
use crate::domain::triage::facts::FactKey;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

closed_list! {
    /// Where a ticket stands.
    TicketState {
        /// In the holding pen, not yet a ticket of its own.
        Held = "held",
        /// Opened, nobody has answered yet.
        New = "new",
        /// We wrote last.
        WaitingForReporter = "waiting-for-reporter",
        /// The reporter, or a machine, wrote last.
        WaitingForUs = "waiting-for-us",
        /// An expert works on it.
        Taken = "taken",
        /// It is over.
        Closed = "closed",
    }
}

/// How long a message on a closed ticket opens it again.
const REOPENS_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A ticket, folded from its events.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// Its number; none while it is in the holding pen.
    pub number: Option<TicketNumber>,
    /// The ticket that it may belong to, while in the pen.
    pub possibly: Option<TicketNumber>,
    /// The ticket, closed long ago, on which it goes on.
    pub follows: Option<TicketNumber>,
    /// The ticket that it became a part of.
    pub merged_into: Option<TicketNumber>,
    /// Until when it waits in the holding pen.
    pub held_until: Option<Timestamp>,
    /// The constituent's name, where known.
    pub constituent: Option<String>,
    /// When it began.
    pub opened_at: Timestamp,
    /// When something last happened.
    pub updated_at: Timestamp,
    /// Who wrote on it, from outside.
    pub parties: Vec<Party>,
    /// What triage last made of it.
    pub assessment: Option<Assessment>,
    /// With whom it may be shared: the strictest that was said, or what a human set since.
    pub tlp: Label,
    /// The strictest label that stood in a message, or in a letter of ours that comes back in its answer.
    pub tlp_seen: Option<Label>,
    /// Can the attacker read what we send?
    pub channel: ChannelTrust,
    /// The latest message of a reporter.
    pub latest_message: Option<ReceivedMessage>,
    /// The latest message whose sender may be answered.
    pub latest_answerable: Option<ReceivedMessage>,
    /// The message that waits for an answer, of a reporter or a machine.
    pub unanswered: Option<InboxId>,
    /// Since when.
    pub unanswered_since: Option<Timestamp>,
    /// The replies.
    pub replies: Vec<WrittenReply>,
    /// The Message-IDs of our own mails: nobody can guess them.
    pub own_message_ids: Vec<MessageId>,
    /// How many replies there were when it was last opened again: a new conversation begins.
    pub replies_before: usize,
    /// Was the conversation handed over to a human?
    pub handed_over: HandedOver,
    /// Is there something of our own making that a human must look at?
    pub trouble: bool,
    /// The latest climb.
    pub page: Option<Page>,
    /// Who works on it.
    pub owner: Option<PersonId>,
    /// When a human last wrote to the reporter, or took the ticket: from then on the bot is silent.
    pub human_spoke_at: Option<Timestamp>,
    /// When a human last wrote to the reporter.
    pub human_wrote_at: Option<Timestamp>,
    /// When somebody of the team last did something on it.
    pub team_sign_at: Option<Timestamp>,
    /// How bad a human says it is.
    pub severity_set: Option<Severity>,
    /// What a human says it is about.
    pub category_set: Option<Category>,
    /// What kind of message a human says began it.
    pub kind_set: Option<Kind>,
    /// What was known before he said that it is no incident.
    pub set_aside: Option<Box<SetAside>>,
    /// The OpenPGP keys of those who write on it.
    pub keys: TicketKeys,
    /// Its card in the on-call room: the root of its thread.
    pub card: Option<EventId>,
    /// The work of people on it.
    pub work: Work,
    /// The encrypted chat with its reporter.
    pub direct: Option<DirectChat>,
    /// Who closed it, and why.
    pub closing: Option<(PersonId, CloseReason)>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The seq of its last event.
    pub last_seq: u64,
}

impl Ticket {
    /// Folds a ticket from all its events in order; nothing where there are none.
    pub fn replay(id: &TicketId, events: &[RecordedEvent]) -> Option<Self> {
        let first = events.first()?;
        let mut ticket = Self {
            id: id.clone(),
            number: None,
            possibly: None,
            follows: None,
            merged_into: None,
            held_until: None,
            constituent: None,
            opened_at: first.at,
            updated_at: first.at,
            parties: Vec::new(),
            assessment: None,
            tlp: Label::OF_A_TICKET,
            tlp_seen: None,
            channel: ChannelTrust::default(),
            latest_message: None,
            latest_answerable: None,
            unanswered: None,
            unanswered_since: None,
            replies: Vec::new(),
            own_message_ids: Vec::new(),
            replies_before: 0,
            handed_over: HandedOver::NotYet,
            trouble: false,
            page: None,
            owner: None,
            human_spoke_at: None,
            human_wrote_at: None,
            team_sign_at: None,
            severity_set: None,
            category_set: None,
            kind_set: None,
            set_aside: None,
            keys: TicketKeys::default(),
            card: None,
            work: Work::default(),
            direct: None,
            closing: None,
            closed_at: None,
            last_seq: 0,
        };
        for recorded in events {
            ticket.apply(recorded);
        }
        Some(ticket)
    }

    /// Who speaks with the reporter.
    pub fn word(&self) -> Word {
        if self.human_spoke_at.is_some() {
            Word::Human
        } else {
            Word::Bot
        }
    }

    /// Was it closed so long ago that a message no longer opens it again, but begins a new one?
    pub fn has_ended(&self, now: Timestamp) -> bool {
        self.closed_at
            .is_some_and(|at| now.duration_since(at) > REOPENS_FOR)
    }

    /// Where it stands: read off who had the last word.
    pub fn state(&self) -> TicketState {
        let answered = self.replies.iter().any(|reply| reply.sent_at.is_some());
        if self.held_until.is_some() {
            TicketState::Held
        } else if self.closed_at.is_some() {
            TicketState::Closed
        } else if self.owner.is_some() {
            TicketState::Taken
        } else if self.unanswered.is_none() {
            TicketState::WaitingForReporter
        } else if answered || !self.replies.is_empty() || self.possibly.is_some() {
            TicketState::WaitingForUs
        } else {
            TicketState::New
        }
    }

    /// What kind of message began it: what a human says, and until then triage. None where nobody could look at it yet.
    pub fn kind(&self) -> Option<Kind> {
        let assessed = self.assessment.as_ref().map(|assessment| assessment.kind);
        self.kind_set.or(assessed)
    }

    /// What it is about: what a human says, and until then triage. None where it is no incident.
    pub fn category(&self) -> Option<Category> {
        if self.is_said_to_be_none() {
            return None;
        }
        if self.category_set.is_some() {
            return self.category_set;
        }
        self.assessment
            .as_ref()
            .and_then(|assessment| assessment.category)
    }

    /// How bad it is: what a human says, and until then triage. What nobody could look at is serious.
    pub fn severity(&self) -> Severity {
        if let Some(severity) = self.severity_set {
            return severity;
        }
        if self.is_said_to_be_none() {
            return Severity::Low;
        }
        match &self.assessment {
            Some(assessment) => assessment.severity,
            None if self.trouble => Severity::High,
            None => Severity::Medium,
        }
    }

    /// Must a human be woken?
    pub fn calls_for_a_human(&self) -> bool {
        match &self.assessment {
            Some(assessment) => assessment.page,
            None => self.trouble,
        }
    }

    /// May a mail to the reporter show the number? Only where he is proven, and nobody reads along.
    pub fn shows_its_number(&self) -> bool {
        // What came encrypted isn't spoken of in the open.
        if self.keys.ticket_is() == TicketIs::Sealed {
            return false;
        }
        let proven = self
            .latest_message
            .as_ref()
            .is_some_and(|message| message.standing == Standing::Proven);
        proven && self.channel == ChannelTrust::Unsuspected
    }

    /// Is this somebody who wrote on the ticket before?
    pub fn has_party(&self, party: &Party) -> bool {
        self.parties.iter().any(|known| known.is_same(party))
    }

    /// Lines that the reporter has, or that are on their way to him.
    pub fn said(&self) -> BTreeSet<String> {
        self.replies
            .iter()
            .filter(|reply| reply.reaches_the_reporter())
            .flat_map(|reply| reply.lines.iter().cloned())
            .collect()
    }

    /// What is known when the reporter writes again.
    pub fn known(&self) -> Known<'_> {
        Known {
            earlier: self.assessment.as_ref(),
            asked: self.asked(),
        }
    }

    /// The facts that our last reply asked after, in the order of its questions. Nothing once a human spoke: what he asks is
    /// not known here.
    pub fn asked(&self) -> &[FactKey] {
        let mut replies = self.replies.iter().rev();
        let last = replies.find(|reply| reply.reaches_the_reporter());
        let asks = last.filter(|_| self.word() == Word::Bot);
        asks.map_or(&[], |reply| &reply.asked)
    }

    /// The replies that wait for a person's approval.
    pub fn awaiting_approval(&self) -> impl Iterator<Item = &WrittenReply> {
        self.replies.iter().filter(|reply| reply.awaits_approval())
    }

    /// The reply of ours that bears this Message-ID's id.
    pub fn reply(&self, outbox: &OutboxId) -> Option<&WrittenReply> {
        self.replies.iter().find(|reply| &reply.outbox == outbox)
    }

    /// All that it waits for.
    pub fn timers(&self, roster: &Roster) -> Timers {
        let mut timers = self.page_timers(roster);
        if let Some(until) = self.held_until {
            timers.insert(TimerKind::ReleaseFromPen, until);
        }
        if let Some(direct) = &self.direct {
            timers.extend(direct.timers());
        }
        timers
    }
}
