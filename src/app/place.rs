//! Finding where a message belongs: the tickets that its Message-IDs, its token or its subject lead to.
//!
//! Only the look-up; whether it may join one of them is decided in `domain::intake::placement`.

use crate::app::App;
use crate::app::ports::Trace;
use crate::app::step::StepError;
use crate::app::understand::ReadMail;
use crate::domain::intake::placement::{Placement, number_in, place};
use crate::domain::intake::sender::Standing;
use crate::domain::ticket::event::RecordedEvent;
use crate::domain::ticket::state::Ticket;
use crate::domain::triage::category::Kind;

/// Where a message belongs, with the history of that ticket.
pub(crate) struct Placed {
    /// Where it belongs.
    pub(crate) placement: Placement,
    /// The events of the ticket where it belongs; empty otherwise.
    pub(crate) history: Vec<RecordedEvent>,
    /// That ticket.
    pub(crate) ticket: Option<Ticket>,
}

/// Finds where a message belongs.
pub(crate) async fn find_place(
    app: &App,
    read: &ReadMail,
    standing: Standing,
) -> Result<Placed, StepError> {
    let mail = &read.mail;
    let tokens = mail
        .to
        .iter()
        .chain(&mail.cc)
        .filter_map(|to| app.settings.token_in(&to.address));
    let traces: Vec<Trace> = tokens
        .map(Trace::Token)
        .chain(mail.points_back_to().into_iter().map(Trace::MessageId))
        .collect();
    let mut traced = Vec::new();
    for id in app.store.find_by_traces(&traces).await? {
        let history = app.store.history(&id).await?;
        traced.extend(Ticket::replay(&id, &history).map(|ticket| (ticket, history)));
    }
    let tickets: Vec<Ticket> = traced.iter().map(|(ticket, _)| ticket.clone()).collect();
    let machine = read.verdict.kind.is_some_and(|kind| kind != Kind::Alert);
    // A machine is never on a ticket, but a bounce belongs where our mail came from.
    let placement = match tickets.first().filter(|_| machine) {
        Some(ticket) => Placement::OnTicket(ticket.id.clone()),
        None => {
            let named = named_ticket(app, &mail.subject).await?;
            let sender = mail.single_from().map(|from| &from.address);
            place(&tickets, named.as_ref(), sender, standing)
        }
    };
    let found = traced
        .into_iter()
        .find(|(ticket, _)| placement == Placement::OnTicket(ticket.id.clone()));
    let (ticket, history) = found.map_or((None, Vec::new()), |(ticket, h)| (Some(ticket), h));
    Ok(Placed {
        placement,
        history,
        ticket,
    })
}

async fn named_ticket(app: &App, subject: &str) -> Result<Option<Ticket>, StepError> {
    let Some(number) = number_in(subject, &app.settings.ticket_prefix) else {
        return Ok(None);
    };
    let Some(id) = app.store.find_by_number(&number).await? else {
        return Ok(None);
    };
    Ok(Ticket::replay(&id, &app.store.history(&id).await?))
}
