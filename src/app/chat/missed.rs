//! The reporter did not come into the direct chat: general first steps go to the lobby, and people are woken.
//!
//! Never a category or a word of the report: everybody reads the lobby. If he comes later, help still comes.

use crate::app::App;
use crate::app::called::can_be_woken;
use crate::app::on_ticket::Decision;
use crate::app::ports::{Change, Secrecy, Voice};
use crate::app::reply::{Addressee, Spot, To, Wording, prepare};
use crate::app::step::StepError;
use crate::domain::guidance::reply::{ReplyPlan, Template};
use crate::domain::intake::limits::Share;
use crate::domain::ticket::decide::Word;
use crate::domain::ticket::direct::DirectChat;
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::PageReason;
use crate::domain::triage::assessment::Channel;
use crate::domain::triage::category::Severity;
use crate::domain::triage::language::Language;
use jiff::Timestamp;

/// What follows when he did not come in time.
pub(crate) async fn nobody_came(
    app: &App,
    ticket: &Ticket,
    now: Timestamp,
) -> Result<Decision, StepError> {
    let Some(chat) = &ticket.direct else {
        return Ok(Decision::default());
    };
    let user = chat.user.clone();
    let mut events = vec![TicketEvent::DirectChatMissed { user }];
    let mut with = Change::default();
    if ticket.closed_at.is_none() {
        events.extend(page(app, ticket, now));
        if ticket.word() == Word::Bot {
            let said = first_steps(app, ticket, chat, now, &mut with).await?;
            events.extend(said);
        }
    }
    Ok(Decision {
        events: events
            .into_iter()
            .map(|event| (Actor::Bot, event))
            .collect(),
        with,
    })
}

/// He reported something and can't be reached: somebody must, unless people are called or awake already.
fn page(app: &App, ticket: &Ticket, now: Timestamp) -> Option<TicketEvent> {
    let severity = ticket.severity().max(Severity::High);
    let runs = ticket.running_page().is_some();
    let acked = ticket
        .page
        .as_ref()
        .is_some_and(|page| page.acked.is_some());
    let wanted = !runs && !acked && ticket.owner.is_none();
    (wanted && can_be_woken(app, severity, now)).then(|| TicketEvent::PageRaised {
        climb: ticket.next_climb(),
        severity,
        because: PageReason::Report,
    })
}

async fn first_steps(
    app: &App,
    ticket: &Ticket,
    chat: &DirectChat,
    now: Timestamp,
    with: &mut Change,
) -> Result<Option<TicketEvent>, StepError> {
    let (Some(asked), Some(message)) = (&chat.asked, &ticket.latest_message) else {
        return Ok(None);
    };
    let assessment = ticket.assessment.as_ref();
    let language = assessment.map_or(Language::Nl, |assessment| assessment.language);
    let plan = ReplyPlan::blank(Template::FirstSteps, language).by(Channel::Chat);
    let wording = Wording::fixed(app.knowledge.as_ref(), plan)?;
    let spot = Spot {
        room: asked.room.clone(),
        thread: Some(asked.event.clone()),
        answers: Some(asked.event.clone()),
        secrecy: Secrecy::Public,
    };
    let addressee = Addressee {
        ticket: Some(&ticket.id),
        inbox: &message.inbox,
        // The one answer to it is the help that waits in the direct chat.
        cause: None,
        to: To::Room(&chat.user, &spot),
        voice: Voice::Notice,
        share: Share::Urgent,
        now,
    };
    Ok(match prepare(app, &addressee, wording).await? {
        Ok(prepared) => {
            with.outgoing.push(prepared.outgoing);
            Some(prepared.event)
        }
        Err(reason) => Some(TicketEvent::ReplyWithheld {
            inbox: message.inbox.clone(),
            reason,
        }),
    })
}
