//! What lists show of a ticket: closed words, times and its number, nothing of the report.

use crate::domain::ids::{TicketId, TicketNumber};
use crate::domain::ticket::state::{Ticket, TicketState};
use crate::domain::triage::category::{Category, Kind, Severity};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A ticket in a list. All of it may stand unsealed.
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

impl Ticket {
    /// What lists show of it.
    pub fn summary(&self) -> TicketSummary {
        let state = self.state();
        TicketSummary {
            id: self.id.clone(),
            number: self.number.clone(),
            possibly: self.possibly.clone().filter(|_| state == TicketState::Held),
            state,
            kind: self.kind(),
            category: self.category(),
            severity: self.severity(),
            page: self.calls_for_a_human(),
            opened_at: self.opened_at,
            updated_at: self.updated_at,
            awaiting_approval: self.awaiting_approval().count(),
        }
    }
}
