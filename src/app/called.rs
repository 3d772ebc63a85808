//! Is somebody called because of a message, whom would it reach, and when may that be said?
//!
//! What a climb does once it began stands in `wake`.

use crate::app::App;
use crate::domain::ids::InboxId;
use crate::domain::oncall::people::Channel;
use crate::domain::oncall::roster::Notice;
use crate::domain::ticket::dialogue::talk_on;
use crate::domain::ticket::event::TicketEvent;
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::PageReason;
use crate::domain::triage::assessment::Assessment;
use crate::domain::triage::category::{Kind, Severity};
use jiff::Timestamp;

/// Is there anybody whom a page of this severity would reach, by a way that works here?
pub(crate) fn can_be_woken(app: &App, severity: Severity, now: Timestamp) -> bool {
    let roster = &app.settings.roster;
    roster.climb(severity, now).is_some_and(|climb| {
        climb.rungs().any(|rung| {
            let notices = roster.notices(rung.notify, rung.channels, now);
            notices.iter().any(|notice| reaches(app, notice))
        })
    })
}

/// Is somebody called at once? Only then it may be said.
pub(crate) fn is_woken_at_once(app: &App, severity: Severity, now: Timestamp) -> bool {
    let climb = app.settings.roster.climb(severity, now);
    let first = climb.and_then(|climb| climb.rung(0));
    first.is_some_and(|rung| rung.due <= now) && can_be_woken(app, severity, now)
}

/// Is somebody called at once because of this event? Only then it may be said.
pub(crate) fn calls_at_once(app: &App, page: Option<&TicketEvent>, now: Timestamp) -> bool {
    match page {
        Some(TicketEvent::PageRaised { severity, .. }) => is_woken_at_once(app, *severity, now),
        _ => false,
    }
}

/// The event with which a conversation is handed over to a human, where this message does so.
pub(crate) fn called_on(
    known: Option<&Ticket>,
    assessment: &Assessment,
    inbox: &InboxId,
) -> Option<TicketEvent> {
    let because = talk_on(known, assessment).calls()?;
    Some(TicketEvent::NeedsHuman {
        inbox: inbox.clone(),
        because,
    })
}

/// How bad it is for whom it wakes. Who asks for a human is never told to wait because nothing happens: he is called as
/// for a ticket that people look at in office hours, and where nobody is then, as for one that they are woken for.
fn severity_of_page(
    app: &App,
    because: PageReason,
    severity: Severity,
    now: Timestamp,
) -> Severity {
    let least = match because {
        PageReason::HandedOver if can_be_woken(app, Severity::Medium, now) => Severity::Medium,
        PageReason::HandedOver => Severity::High,
        _ => Severity::Low,
    };
    severity.max(least)
}

/// The event with which somebody is woken because of what triage made of a message, where somebody can be.
pub(crate) fn page_event(
    app: &App,
    known: Option<&Ticket>,
    assessment: &Assessment,
    now: Timestamp,
) -> Option<TicketEvent> {
    let because = match known {
        Some(ticket) => ticket.page_for(assessment),
        None if assessment.page => Some(PageReason::Report),
        // Anybody may ask; only who reports wakes somebody with it.
        None if assessment.kind == Kind::Incident => {
            let called = talk_on(None, assessment).calls();
            called.map(|_| PageReason::HandedOver)
        }
        None => None,
    }?;
    let severity = severity_of_page(app, because, assessment.severity, now);
    can_be_woken(app, severity, now).then(|| TicketEvent::PageRaised {
        climb: known.map_or(1, Ticket::next_climb),
        severity,
        because,
    })
}

/// Does one of these ways work here?
pub(crate) fn reaches(app: &App, notice: &Notice<'_>) -> bool {
    notice.channels.iter().any(|channel| match channel {
        Channel::Mail => true,
        Channel::Matrix => app.settings.chat.is_some(),
        // Not built yet: whoever has nothing else is not reached.
        Channel::Webhook => false,
    })
}
