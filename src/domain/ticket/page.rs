//! Waking somebody: when a climb begins, what holds it, what ends it, when it begins again.
//!
//! Which rung is due when, and whom it wakes, is the roster's (`domain::oncall`). Here is only what the
//! ticket knows of it.

use crate::domain::address::MessageId;
use crate::domain::oncall::climb::{Climb, Rung};
use crate::domain::oncall::people::PersonId;
use crate::domain::oncall::roster::Roster;
use crate::domain::ticket::due::{TimerKind, Timers};
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::PageReason;
use crate::domain::triage::assessment::Assessment;
use crate::domain::triage::category::Severity;
use jiff::Timestamp;

/// One climb, as far as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its number on this ticket, from 1.
    pub climb: u32,
    /// How bad it is: decides the policy.
    pub severity: Severity,
    /// Why somebody is woken.
    pub because: PageReason,
    /// When it first called somebody; or the climb did that it took the place of while nobody had acknowledged.
    pub called_at: Option<Timestamp>,
    /// When it began.
    pub began_at: Timestamp,
    /// How many rungs were reached.
    pub rungs: u32,
    /// Until when a sign without words holds it, and whose.
    pub held: Option<(PersonId, Timestamp)>,
    /// Who is awake, since when.
    pub acked: Option<(PersonId, Timestamp)>,
    /// When it had reached nobody.
    pub fruitless_at: Option<Timestamp>,
    /// When the reporter took his report back before anybody was called.
    pub stopped_at: Option<Timestamp>,
    /// When its last rung found nobody to call: the next one doesn't wait.
    pub skipped_at: Option<Timestamp>,
    /// The mails that woke people: an answer to one of these acknowledges this climb and no other.
    pub mails: Vec<MessageId>,
}

impl Page {
    /// Does it still climb?
    pub fn is_running(&self) -> bool {
        self.acked.is_none() && self.fruitless_at.is_none() && self.stopped_at.is_none()
    }

    fn climb<'a>(&self, roster: &'a Roster) -> Option<Climb<'a>> {
        roster.climb(self.severity, self.began_at)
    }

    /// The next rung.
    pub fn next_rung<'a>(&self, roster: &'a Roster) -> Option<Rung<'a>> {
        self.climb(roster)?.rung(self.rungs)
    }
}

impl Ticket {
    /// Must a climb begin because of this assessment? Only a human ends one, so what is no worse than the
    /// climb that runs, or than what was acknowledged, begins no other.
    pub fn page_for(&self, assessment: &Assessment) -> Option<PageReason> {
        // Nobody was reached, or it was stopped, and it goes on: try again.
        let over = |page: &Page| page.fruitless_at.is_some() || page.stopped_at.is_some();
        let nobody_is_called = self.page.as_ref().is_none_or(over);
        let worse = |page: &Page| {
            let only_asked = page.because == PageReason::HandedOver;
            // Who acknowledged it said that it is no incident: this is news to him.
            let was_none = page.acked.is_some() && self.is_said_to_be_none();
            only_asked || was_none || assessment.severity > page.severity
        };
        if !assessment.page {
            let waits = self.talk(assessment).waits_for_a_human() && nobody_is_called;
            waits.then_some(PageReason::HandedOver)
        } else if self.page.as_ref().is_some_and(worse) {
            Some(PageReason::Worse)
        } else {
            nobody_is_called.then_some(PageReason::Report)
        }
    }

    /// The number of the next climb.
    pub fn next_climb(&self) -> u32 {
        self.page
            .as_ref()
            .map_or(1, |page| page.climb.saturating_add(1))
    }

    /// The climb that runs.
    pub fn running_page(&self) -> Option<&Page> {
        self.page.as_ref().filter(|page| page.is_running())
    }

    /// Has somebody acknowledged, and nobody answered the reporter since?
    fn waits_for_the_team(&self) -> bool {
        self.closed_at.is_none() && (self.unanswered.is_some() || self.human_wrote_at.is_none())
    }

    /// What paging waits for.
    pub(super) fn page_timers(&self, roster: &Roster) -> Timers {
        let mut timers = Timers::new();
        let Some(page) = &self.page else {
            return timers;
        };
        let Some(climb) = page.climb(roster) else {
            return timers;
        };
        if self.closed_at.is_some() {
            return timers;
        }
        if page.is_running() {
            let not_before = page
                .held
                .as_ref()
                .map_or(page.began_at, |(_, until)| *until);
            match climb.rung(page.rungs) {
                Some(rung) => {
                    let due = page.skipped_at.unwrap_or(rung.due);
                    timers.insert(TimerKind::NextRung, due.max(not_before))
                }
                None => timers.insert(
                    TimerKind::NobodyReached,
                    climb.fruitless_at().max(not_before),
                ),
            };
        } else if page.acked.is_some() && self.waits_for_the_team() {
            let last_sign = self
                .team_sign_at
                .max(self.unanswered_since)
                .unwrap_or(page.began_at);
            timers.insert(TimerKind::Silence, climb.silent_at(last_sign));
        }
        timers
    }
}
