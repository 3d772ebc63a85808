//! What kind of message a human says it is. That it is no incident sets aside what triage made of it, until something bad is
//! told, or a human takes it back.

use crate::domain::ticket::state::Ticket;
use crate::domain::triage::assessment::Assessment;
use crate::domain::triage::category::{Category, Kind, Severity};

/// What was known and set before a human said that it is no incident.
#[derive(Debug, Clone, PartialEq)]
pub struct SetAside {
    assessment: Option<Assessment>,
    severity_set: Option<Severity>,
    category_set: Option<Category>,
}

impl Ticket {
    /// Does a human say that it is no incident?
    pub fn is_said_to_be_none(&self) -> bool {
        self.kind_set
            .is_some_and(|kind| !kind.tells_of_an_incident())
    }

    pub(super) fn set_kind(&mut self, kind: Kind) {
        self.kind_set = Some(kind);
        if kind.tells_of_an_incident() {
            self.take_up_again();
            return;
        }
        if self.set_aside.is_none() {
            self.set_aside = Some(Box::new(SetAside {
                assessment: self.assessment.clone(),
                severity_set: self.severity_set,
                category_set: self.category_set,
            }));
        }
        self.severity_set = None;
        self.category_set = None;
        // What follows is read with this: nothing of what was thought, and nothing bad that could not go down.
        self.assessment = self
            .assessment
            .take()
            .map(|thought| thought.of_no_incident(kind));
    }

    /// What has a category is an incident.
    pub(super) fn set_category(&mut self, category: Category) {
        self.category_set = Some(category);
        self.kind_set = self.kind_set.filter(|kind| kind.tells_of_an_incident());
        self.take_up_again();
        if self.kind().is_none_or(|kind| !kind.tells_of_an_incident()) {
            self.kind_set = Some(Kind::Incident);
        }
    }

    /// That it is no incident holds until something bad is told, however bad it was found before.
    pub(super) fn hears_of(&mut self, assessment: &Assessment) {
        let is_bad =
            assessment.kind.tells_of_an_incident() && assessment.severity >= Severity::High;
        if is_bad && self.is_said_to_be_none() {
            self.kind_set = None;
            self.set_aside = None;
        }
    }

    /// What was known and set before counts again, beside what came since: the worse of the two.
    fn take_up_again(&mut self) {
        let Some(aside) = self.set_aside.take() else {
            return;
        };
        self.severity_set = self.severity_set.or(aside.severity_set);
        self.category_set = self.category_set.or(aside.category_set);
        let is_worse = |now: &Assessment| {
            let before = aside.assessment.as_ref();
            now.kind.tells_of_an_incident()
                && before.is_none_or(|before| now.severity > before.severity)
        };
        if !self.assessment.as_ref().is_some_and(is_worse) {
            self.assessment = aside.assessment;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::TicketId;
    use crate::domain::ticket::event::{Actor, RecordedEvent, TicketEvent};
    use jiff::Timestamp;

    const ID: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaa";

    fn heard(kind: Kind, category: Option<Category>, severity: Severity) -> TicketEvent {
        let json = serde_json::json!({
            "event": "assessed", "inbox": ID, "handbook": "v",
            "assessment": {"kind": kind, "language": "nl", "category": category, "confidence": 0.9, "alternatives": [],
                "because": [], "facts": {}, "severity": severity, "page": severity >= Severity::High, "citizen": false,
                "indicators": []},
        });
        serde_json::from_value(json).unwrap()
    }

    fn says(kind: Kind) -> TicketEvent {
        let by = "els".parse().unwrap();
        TicketEvent::KindSet { by, kind }
    }

    fn severity(severity: Severity) -> TicketEvent {
        let by = "els".parse().unwrap();
        TicketEvent::SeveritySet { by, severity }
    }

    fn category(category: Category) -> TicketEvent {
        let by = "els".parse().unwrap();
        TicketEvent::CategorySet { by, category }
    }

    /// What the card says after a critical report of ransomware and these events.
    fn after(events: &[TicketEvent]) -> (Option<Kind>, Option<Category>, Severity) {
        let first = heard(
            Kind::Incident,
            Some(Category::Ransomware),
            Severity::Critical,
        );
        let events = [first].into_iter().chain(events.iter().cloned());
        let recorded: Vec<RecordedEvent> = (1..)
            .zip(events)
            .map(|(seq, event)| RecordedEvent {
                seq,
                at: Timestamp::UNIX_EPOCH,
                actor: Actor::Bot,
                event,
            })
            .collect();
        let id = TicketId::from_stored(ID.to_owned());
        let ticket = Ticket::replay(&id, &recorded).unwrap();
        (ticket.kind(), ticket.category(), ticket.severity())
    }

    #[test]
    fn what_a_human_says_holds_until_something_bad_is_told() {
        use Category::{Malware, Outage, Ransomware};
        use Kind::{Incident, Other, Question};
        use Severity::{Critical, High, Low, Medium};
        let none = (Some(Question), None, Low);
        let first = (Some(Incident), Some(Ransomware), Critical);
        let thanks = || heard(Other, None, Low);
        let medium = || heard(Incident, Some(Outage), Medium);
        let critical = || heard(Incident, Some(Malware), Critical);
        let news = (Some(Incident), Some(Malware), Critical);
        for (events, expected) in [
            (vec![], first),
            (vec![says(Question)], none),
            (vec![says(Question), thanks()], none),
            (vec![says(Question), medium()], none),
            (vec![says(Question), critical()], news),
            (
                vec![says(Question), heard(Incident, Some(Outage), High)],
                (Some(Incident), Some(Outage), High),
            ),
            // Lowered once more by hand, and bad all the same.
            (vec![says(Question), severity(Low), critical()], news),
            // Taken back, whatever was said in between.
            (vec![says(Question), says(Incident)], first),
            (vec![says(Question), thanks(), says(Incident)], first),
            (vec![says(Question), medium(), says(Incident)], first),
            (vec![says(Question), says(Other), says(Incident)], first),
            (
                vec![says(Question), category(Malware)],
                (Some(Incident), Some(Malware), Critical),
            ),
            (
                vec![severity(High), says(Question), says(Incident)],
                (Some(Incident), Some(Ransomware), High),
            ),
        ] {
            assert_eq!(after(&events), expected, "{events:?}");
        }
    }
}
