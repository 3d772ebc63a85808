//! What a ticket is now: the fold of its events.

use crate::domain::address::{EmailAddress, MessageId};
use crate::domain::guidance::reply::Template;
use crate::domain::ids::{OutboxId, TicketId, TicketNumber};
use crate::domain::ticket::event::{ReceivedMessage, RecordedEvent, Release, TicketEvent};
use crate::domain::triage::assessment::Assessment;
use crate::domain::triage::category::{Category, Kind, Severity, closed_list};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

closed_list! {
    /// Where a ticket stands.
    TicketState {
        /// In the holding pen, not yet a ticket of its own.
        Held = "held",
        /// Opened, nobody has answered yet.
        New = "new",
        /// We wrote last and asked something.
        WaitingForReporter = "waiting-for-reporter",
        /// The reporter, or a machine, wrote last.
        WaitingForUs = "waiting-for-us",
    }
}

/// A reply on the ticket and how far it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenReply {
    /// The outgoing message.
    pub outbox: OutboxId,
    /// When it may leave.
    pub release: Release,
    /// Has the server taken it?
    pub sent_at: Option<Timestamp>,
    /// Has a person approved it?
    pub approved_at: Option<Timestamp>,
    /// Was it given up?
    pub failed_at: Option<Timestamp>,
}

/// A ticket, folded from its events.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// Its number; none while it is in the holding pen.
    pub number: Option<TicketNumber>,
    /// The ticket that it may belong to, while in the pen.
    pub possibly: Option<TicketNumber>,
    /// The constituent's name, where known.
    pub constituent: Option<String>,
    /// Where it stands.
    pub state: TicketState,
    /// When it began.
    pub opened_at: Timestamp,
    /// When something last happened.
    pub updated_at: Timestamp,
    /// The addresses that wrote on it.
    pub participants: Vec<EmailAddress>,
    /// What triage last made of it.
    pub assessment: Option<Assessment>,
    /// The latest message of a reporter.
    pub latest_message: Option<ReceivedMessage>,
    /// Lines of guidance and clocks that the reporter already has. Questions are not among them: an
    /// unanswered one may be asked again.
    pub said: BTreeSet<String>,
    /// Automatic mails so far, by template.
    pub templates_used: Vec<Template>,
    /// The replies.
    pub replies: Vec<WrittenReply>,
    /// The Message-IDs of the thread: theirs and ours.
    pub message_ids: Vec<MessageId>,
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
            constituent: None,
            state: TicketState::New,
            opened_at: first.at,
            updated_at: first.at,
            participants: Vec::new(),
            assessment: None,
            latest_message: None,
            said: BTreeSet::new(),
            templates_used: Vec::new(),
            replies: Vec::new(),
            message_ids: Vec::new(),
            last_seq: 0,
        };
        for recorded in events {
            ticket.apply(recorded);
        }
        Some(ticket)
    }

    /// Takes one more event in.
    pub fn apply(&mut self, recorded: &RecordedEvent) {
        self.last_seq = recorded.seq;
        self.updated_at = recorded.at;
        match &recorded.event {
            TicketEvent::Opened {
                number,
                constituent,
            } => {
                self.number = Some(number.clone());
                self.constituent.clone_from(constituent);
                self.state = TicketState::New;
            }
            TicketEvent::Held {
                possibly,
                constituent,
                ..
            } => {
                self.possibly = Some(possibly.clone());
                self.constituent.clone_from(constituent);
                self.state = TicketState::Held;
            }
            TicketEvent::Released { number } => {
                self.number = Some(number.clone());
                self.state = TicketState::WaitingForUs;
            }
            TicketEvent::MessageReceived(message) => self.hear(message),
            TicketEvent::Assessed { assessment, .. } => {
                self.assessment = Some(assessment.as_ref().clone());
            }
            TicketEvent::ReplyWritten {
                outbox,
                message_id,
                plan,
                release,
                ..
            } => {
                self.message_ids.push(message_id.clone());
                self.templates_used.push(plan.template);
                let lines = plan
                    .now
                    .iter()
                    .chain(&plan.avoid)
                    .chain(&plan.keep)
                    .chain(&plan.notify)
                    .chain(&plan.clocks);
                self.said.extend(lines.cloned());
                self.replies.push(WrittenReply {
                    outbox: outbox.clone(),
                    release: *release,
                    sent_at: None,
                    approved_at: None,
                    failed_at: None,
                });
            }
            TicketEvent::ReplyApproved { outbox, .. } => {
                self.reply_mut(outbox, |reply| reply.approved_at = Some(recorded.at));
            }
            TicketEvent::ReplySent { outbox } => {
                self.reply_mut(outbox, |reply| reply.sent_at = Some(recorded.at));
                if self.state != TicketState::Held {
                    self.state = TicketState::WaitingForReporter;
                }
            }
            TicketEvent::ReplyFailed { outbox, .. } => {
                self.reply_mut(outbox, |reply| reply.failed_at = Some(recorded.at));
                self.wait_for_us();
            }
            TicketEvent::MachineHeard { .. } => self.wait_for_us(),
            TicketEvent::ReplyWithheld { .. } => {}
        }
    }

    /// Is this address one that wrote on the ticket before?
    pub fn has_participant(&self, address: &EmailAddress) -> bool {
        self.participants
            .iter()
            .any(|known| known.key() == address.key())
    }

    /// The replies that wait for a person's approval.
    pub fn awaiting_approval(&self) -> impl Iterator<Item = &WrittenReply> {
        self.replies
            .iter()
            .filter(|reply| reply.release == Release::OnApproval && reply.approved_at.is_none())
    }

    /// What lists show of it: closed words only, nothing of the report.
    pub fn summary(&self) -> TicketSummary {
        TicketSummary {
            id: self.id.clone(),
            number: self.number.clone(),
            possibly: self
                .possibly
                .clone()
                .filter(|_| self.state == TicketState::Held),
            state: self.state,
            kind: self.assessment.as_ref().map(|assessment| assessment.kind),
            category: self
                .assessment
                .as_ref()
                .and_then(|assessment| assessment.category),
            severity: self
                .assessment
                .as_ref()
                .map_or(Severity::Medium, |a| a.severity),
            page: self
                .assessment
                .as_ref()
                .is_some_and(|assessment| assessment.page),
            opened_at: self.opened_at,
            updated_at: self.updated_at,
            awaiting_approval: self.awaiting_approval().count(),
        }
    }

    fn hear(&mut self, message: &ReceivedMessage) {
        if let Some(from) = &message.from
            && !self.has_participant(&from.address)
        {
            self.participants.push(from.address.clone());
        }
        self.message_ids.extend(message.message_id.clone());
        self.latest_message = Some(message.clone());
        if !self.replies.is_empty() {
            self.wait_for_us();
        }
    }

    fn wait_for_us(&mut self) {
        if self.state != TicketState::Held {
            self.state = TicketState::WaitingForUs;
        }
    }

    fn reply_mut(&mut self, outbox: &OutboxId, change: impl FnOnce(&mut WrittenReply)) {
        if let Some(reply) = self
            .replies
            .iter_mut()
            .find(|reply| &reply.outbox == outbox)
        {
            change(reply);
        }
    }
}

/// A ticket in a list. All of it may stand unsealed: closed words, times, the number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketSummary {
    /// Its id.
    pub id: TicketId,
    /// Its number; none while in the holding pen.
    pub number: Option<TicketNumber>,
    /// The ticket that it may belong to, while in the pen.
    pub possibly: Option<TicketNumber>,
    /// Where it stands.
    pub state: TicketState,
    /// What kind of message began it.
    pub kind: Option<Kind>,
    /// The category.
    pub category: Option<Category>,
    /// How bad.
    pub severity: Severity,
    /// Must a human be woken?
    pub page: bool,
    /// When it began.
    pub opened_at: Timestamp,
    /// When something last happened.
    pub updated_at: Timestamp,
    /// Replies that wait for approval.
    pub awaiting_approval: usize,
}
