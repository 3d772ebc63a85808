//! A reply on a ticket and how far it came.

use crate::domain::guidance::reply::{ReplyPlan, Template};
use crate::domain::ids::{InboxId, OutboxId};
use crate::domain::party::Party;
use crate::domain::ticket::words::Release;
use crate::domain::triage::facts::FactKey;
use jiff::Timestamp;

/// A reply on the ticket and how far it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenReply {
    /// The outgoing message.
    pub outbox: OutboxId,
    /// The message that it answers.
    pub inbox: InboxId,
    /// To whom.
    pub to: Party,
    /// Which mail it is.
    pub template: Template,
    /// Its lines that help.
    pub lines: Vec<String>,
    /// The facts that it asks after, in the order of its questions.
    pub asked: Vec<FactKey>,
    /// When it may leave.
    pub release: Release,
    /// Has a person approved it?
    pub approved_at: Option<Timestamp>,
    /// Has the server taken it?
    pub sent_at: Option<Timestamp>,
    /// Was it given up, or did it come back?
    pub failed_at: Option<Timestamp>,
    /// Was it taken back before it left?
    pub withdrawn_at: Option<Timestamp>,
}

impl WrittenReply {
    /// A reply that was just written.
    pub fn new(
        outbox: &OutboxId,
        inbox: &InboxId,
        to: &Party,
        plan: &ReplyPlan,
        release: Release,
    ) -> Self {
        Self {
            to: to.clone(),
            outbox: outbox.clone(),
            inbox: inbox.clone(),
            template: plan.template,
            lines: plan.guidance_lines().cloned().collect(),
            asked: plan.asked.clone(),
            release,
            approved_at: None,
            sent_at: None,
            failed_at: None,
            withdrawn_at: None,
        }
    }

    /// Does the reporter have it, or is it on its way? A draft never is, and what came back isn't either.
    pub fn reaches_the_reporter(&self) -> bool {
        let leaves = match self.release {
            Release::AtOnce => true,
            Release::OnApproval => self.approved_at.is_some(),
            Release::DraftOnly => false,
        };
        leaves && self.failed_at.is_none() && self.withdrawn_at.is_none()
    }

    /// Does it wait for a person?
    pub fn awaits_approval(&self) -> bool {
        self.release == Release::OnApproval
            && self.approved_at.is_none()
            && self.withdrawn_at.is_none()
    }
}
