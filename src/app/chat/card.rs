//! The card of a ticket in the on-call room: closed facts only, brought up to date as the ticket changes.
//!
//! Its row in the outbox holds no words: they are made of the ticket as it is when the row is done, so that
//! several changes become one edit.

use crate::app::App;
use crate::app::chat::place::name_of;
use crate::app::chat::words::reason_word;
use crate::app::closed_facts::{card_line, closed_facts};
use crate::app::ports::{ChatErrand, Dispatch, Lane, NewOutgoing, Voice};
use crate::domain::chat::post::{Line, Loudness, Post};
use crate::domain::ids::{OutboxId, TicketId};
use crate::domain::intake::lookalike::look_alike;
use crate::domain::ticket::event::{RecordedEvent, TicketEvent};
use crate::domain::ticket::state::{Ticket, TicketState};
use crate::domain::ticket::words::Release;
use crate::domain::tlp::Label;
use crate::domain::triage::language::Language;

/// The language of the on-call room.
pub(crate) const ROOM_LANGUAGE: Language = Language::Nl;

/// The row that posts a card or brings it up to date, where these events change what it shows.
pub(crate) fn card_row(
    app: &App,
    ticket: &TicketId,
    events: &[RecordedEvent],
) -> Option<NewOutgoing> {
    let begins = |event: &TicketEvent| {
        matches!(event, TicketEvent::Opened { .. } | TicketEvent::Held { .. })
    };
    let first = events.iter().any(|recorded| begins(&recorded.event));
    let shown = |event: &TicketEvent| {
        matches!(
            event,
            TicketEvent::Assessed { .. }
                | TicketEvent::Released { .. }
                | TicketEvent::MergedInto { .. }
                | TicketEvent::ReplySent { .. }
                | TicketEvent::ReplyFailed { .. }
                | TicketEvent::Acknowledged { .. }
                | TicketEvent::NobodyReached { .. }
                | TicketEvent::Taken { .. }
                | TicketEvent::SeveritySet { .. }
                | TicketEvent::CategorySet { .. }
                | TicketEvent::KindSet { .. }
                | TicketEvent::TlpSet { .. }
                | TicketEvent::HumanWrote { .. }
                | TicketEvent::AnsweredFromMailbox { .. }
                | TicketEvent::DirectChatAccepted { .. }
                | TicketEvent::DirectChatMissed { .. }
                | TicketEvent::DirectChatLeft { .. }
                | TicketEvent::NeedsHuman { .. }
                | TicketEvent::Closed { .. }
                | TicketEvent::Reopened
        )
    };
    let changes = first || events.iter().any(|recorded| shown(&recorded.event));
    changes.then(|| NewOutgoing {
        id: OutboxId::from_random(app.ids.random()),
        ticket: Some(ticket.clone()),
        cause: None,
        dispatch: Dispatch::Chat(ChatErrand::Card),
        voice: Voice::Inside,
        // The first is the root of the thread: a page waits for it.
        lane: if first { Lane::Page } else { Lane::Edit },
        release: Release::AtOnce,
        counted: None,
    })
}

/// The card as the ticket is now.
pub(crate) fn card_post(app: &App, ticket: &Ticket) -> Post {
    let number = ticket.number.as_ref().map(ToString::to_string);
    let number = number.unwrap_or_else(|| "wachtkamer".to_owned());
    let line = card_line(app, ticket, ROOM_LANGUAGE);
    let facts = closed_facts(app, ticket, ROOM_LANGUAGE).into_iter();
    Post {
        lines: [Line::Strong(format!("{number} · {line}"))]
            .into_iter()
            .chain(facts.map(Line::Item))
            .chain(label(ticket).map(Line::Item))
            .chain(follows(ticket).map(Line::Item))
            .chain(apart(ticket).map(|line| Line::Item(line.to_owned())))
            .chain(likeness(app, ticket).map(|line| Line::Item(line.to_owned())))
            .chain([Line::Item(standing(app, ticket))])
            .collect(),
        mentions: Vec::new(),
        loudness: Loudness::Notice,
    }
}

/// Whether the sender's domain only looks like that of a constituent. Whose stands in the ticket's own room.
fn likeness(app: &App, ticket: &Ticket) -> Option<&'static str> {
    let from = ticket.latest_message.as_ref()?.from.as_ref()?;
    look_alike(&from.address, &app.settings.constituents)
        .map(|_| "opgelet: het domein van de afzender lijkt op dat van een lokaal bestuur, maar staat niet op de lijst")
}

/// With whom it may be shared, where that isn't what holds for all.
fn label(ticket: &Ticket) -> Option<String> {
    (ticket.tlp != Label::OF_A_TICKET).then(|| ticket.tlp.to_string())
}

fn follows(ticket: &Ticket) -> Option<String> {
    let earlier = ticket.follows.as_ref()?;
    Some(format!("vervolg op {earlier}, dat afgesloten is"))
}

/// How the reporter can be reached in chat, where there is a chat with him.
fn apart(ticket: &Ticket) -> Option<&'static str> {
    let chat = ticket.direct.as_ref()?;
    Some(if chat.cannot_read_since.is_some() {
        "de melder kan mij niet lezen: zijn toestel is niet bevestigd, bel hem"
    } else if chat.left_at.is_some() {
        "de melder verliet het gesprek met mij"
    } else if chat.is_inside() {
        "de melder is in het gesprek met mij"
    } else if chat.missed_at.is_some() {
        "de melder kwam niet in het gesprek met mij"
    } else {
        "de melder is uitgenodigd in een gesprek met mij"
    })
}

/// Who has it, and where it stands.
fn standing(app: &App, ticket: &Ticket) -> String {
    let acked = ticket.page.as_ref().and_then(|page| page.acked.as_ref());
    if let Some(number) = &ticket.merged_into {
        return format!("hoort bij {number}");
    }
    match (ticket.state(), &ticket.owner, acked) {
        (TicketState::Closed, ..) => match &ticket.closing {
            Some((by, reason)) => {
                format!(
                    "afgesloten door {}: {}",
                    name_of(app, by),
                    reason_word(*reason)
                )
            }
            None => "afgesloten".to_owned(),
        },
        (_, Some(owner), _) => format!("op naam van {}", name_of(app, owner)),
        (_, None, Some((by, _))) => {
            format!("gezien door {}, nog van niemand", name_of(app, by))
        }
        (TicketState::Held, ..) => "wacht: hoort het bij een ander dossier?".to_owned(),
        _ if ticket.running_page().is_some() => "nog niemand reageerde: schrijf !ack".to_owned(),
        _ => "nog van niemand".to_owned(),
    }
}
