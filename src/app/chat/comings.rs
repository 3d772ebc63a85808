//! The reporter comes into the direct chat, or leaves it. Help waits for him there.

use crate::app::chat::answering::{Answering, Reply};
use crate::app::chat::chat_case::reply_event;
use crate::app::chat::direct::has_help;
use crate::app::chat::hear::Heard;
use crate::app::file::{history_as_seen, put_on};
use crate::app::ports::{Change, NewOutgoing, Outcome, Voice};
use crate::app::reply::To;
use crate::app::step::StepError;
use crate::app::understand::look_up;
use crate::domain::guidance::reply::Template;
use crate::domain::ids::InboxId;
use crate::domain::intake::age::{Age, age_of};
use crate::domain::intake::limits::Share;
use crate::domain::ticket::decide::{Speech, Word};
use crate::domain::ticket::direct::DirectChat;
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::message::ReceivedMessage;
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Silence;
use crate::domain::triage::assessment::Assessment;

/// He is in the room: what he was asked in for is said now.
pub(super) async fn comes_in(heard: &Heard<'_>, tickets: &[Ticket]) -> Result<Change, StepError> {
    let mut change = heard.done(Outcome::NoTicket, "direct joined");
    for ticket in tickets {
        if ticket.direct.as_ref().is_none_or(DirectChat::is_inside) {
            continue;
        }
        let user = heard.event.sender.clone();
        let accepted = TicketEvent::DirectChatAccepted { user };
        let mut events = vec![(Actor::Reporter, accepted)];
        let mut row: Option<NewOutgoing> = None;
        if let Some((inbox, reply)) = help(heard, ticket).await? {
            let (actor, event) = reply_event(heard, &reply);
            // What is withheld is said of the message that waits.
            let event = match event {
                TicketEvent::ReplyWithheld { reason, .. } => {
                    TicketEvent::ReplyWithheld { inbox, reason }
                }
                event => event,
            };
            events.push((actor, event));
            note_on_record(&mut change, ticket, &reply);
            row = reply.ok().map(|prepared| prepared.outgoing);
        }
        let history = history_as_seen(heard.app, &ticket.id, ticket.last_seq).await?;
        put_on(
            heard.app,
            &mut change,
            &ticket.id,
            &history,
            events,
            heard.now,
        );
        change.outgoing.extend(row);
    }
    mark_on_ticket(&mut change);
    Ok(change)
}

/// He left, or put the invitation aside.
pub(super) async fn leaves(heard: &Heard<'_>, tickets: &[Ticket]) -> Result<Change, StepError> {
    let mut change = heard.done(Outcome::NoTicket, "direct left");
    for ticket in tickets {
        let gone = |chat: &DirectChat| chat.left_at.is_some();
        if ticket.direct.as_ref().is_none_or(gone) {
            continue;
        }
        let user = heard.event.sender.clone();
        let left = (Actor::Reporter, TicketEvent::DirectChatLeft { user });
        let history = history_as_seen(heard.app, &ticket.id, ticket.last_seq).await?;
        put_on(
            heard.app,
            &mut change,
            &ticket.id,
            &history,
            vec![left],
            heard.now,
        );
    }
    mark_on_ticket(&mut change);
    Ok(change)
}

fn mark_on_ticket(change: &mut Change) {
    if let Some(arrival) = change
        .arrival
        .as_mut()
        .filter(|_| !change.tickets.is_empty())
    {
        arrival.outcome = Outcome::OnTicket;
    }
}

/// Why he was told what he was told.
fn note_on_record(change: &mut Change, ticket: &Ticket, reply: &Reply) {
    let record = change
        .arrival
        .as_mut()
        .and_then(|arrival| arrival.record.as_mut());
    let Some(record) = record else {
        return;
    };
    record.assessment.clone_from(&ticket.assessment);
    match reply {
        Ok(prepared) => record.used = prepared.used().to_vec(),
        Err(silence) => record.silence = Some(*silence),
    }
}

/// Help on what he wrote last, where he has no answer to it yet.
async fn help(heard: &Heard<'_>, ticket: &Ticket) -> Result<Option<(InboxId, Reply)>, StepError> {
    let waiting = ticket
        .latest_message
        .as_ref()
        .zip(ticket.assessment.as_ref());
    let Some((message, assessment)) = waiting else {
        return Ok(None);
    };
    let mut replies = ticket.replies.iter();
    let answered =
        replies.any(|reply| reply.inbox == message.inbox && reply.template != Template::FirstSteps);
    if answered || ticket.closed_at.is_some() {
        return Ok(None);
    }
    let inbox = message.inbox.clone();
    let age = age_of(message.received_at, heard.now);
    let silence = match (ticket.word(), age) {
        (Word::Human, _) => Some(Silence::HumanSpeaks),
        (Word::Bot, Age::Stale) => Some(Silence::TooOld),
        (Word::Bot, _) => None,
    };
    let reply = match silence {
        Some(silence) => Err(silence),
        None => say(heard, ticket, message, assessment, age).await?,
    };
    Ok(Some((inbox, reply)))
}

async fn say(
    heard: &Heard<'_>,
    ticket: &Ticket,
    message: &ReceivedMessage,
    assessment: &Assessment,
    age: Age,
) -> Result<Reply, StepError> {
    let app = heard.app;
    let passages = look_up(
        app.knowledge.as_ref(),
        assessment,
        "",
        &message.text,
        heard.now,
    )?;
    let said = ticket.said();
    let called = ticket
        .page
        .as_ref()
        .is_some_and(|page| page.fruitless_at.is_none());
    let answering = Answering {
        app,
        ticket: Some(&ticket.id),
        number: ticket.number.as_ref(),
        inbox: &message.inbox,
        to: To::DirectChat(&heard.event.sender),
        voice: Voice::Bot,
        share: if assessment.page {
            Share::Urgent
        } else {
            Share::Proven
        },
        assessment,
        passages: &passages,
        said: &said,
        talk: ticket.talk(assessment),
        age,
        paged: called,
        now: heard.now,
    };
    answering
        .say(if has_help(ticket) {
            Speech::FollowUp
        } else {
            Speech::Guidance
        })
        .await
}
