//! What comes in a direct chat without words: a file, a message that can't be read.

use crate::app::called::can_be_woken;
use crate::app::chat::answering::{here, notice};
use crate::app::chat::chat_case::{constituent_of, message};
use crate::app::chat::direct::comes_in;
use crate::app::chat::doorway::unsigned;
use crate::app::chat::hear::Heard;
use crate::app::file::{history_as_seen, put_on};
use crate::app::number::next_number;
use crate::app::ports::{Change, Outcome};
use crate::app::step::StepError;
use crate::domain::guidance::reply::Template;
use crate::domain::ids::TicketId;
use crate::domain::intake::sender::Standing;
use crate::domain::ticket::decide::Word;
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::{PageReason, Trouble};
use crate::domain::triage::category::Severity;
use crate::domain::triage::language::Language;

/// A file is noted on the ticket and not fetched; the bot says nothing about it.
pub(super) async fn note_file(heard: &Heard<'_>, known: &Ticket) -> Result<Change, StepError> {
    let message = message(heard, Standing::Proven, String::new());
    let reopened = known.closed_at.map(|_| (Actor::Bot, TicketEvent::Reopened));
    let received = TicketEvent::MessageReceived(Box::new(message));
    let events = reopened
        .into_iter()
        .chain([(Actor::Reporter, received)])
        .chain(comes_in(heard, Some(known)))
        .chain(unsigned(heard, Some(known)))
        .collect();
    let mut change = heard.done(Outcome::OnTicket, "direct file");
    let history = history_as_seen(heard.app, &known.id, known.last_seq).await?;
    put_on(
        heard.app,
        &mut change,
        &known.id,
        &history,
        events,
        heard.now,
    );
    Ok(change)
}

/// A message that can't be read: humans are shown it, and its sender is told.
pub(super) async fn unreadable(
    heard: &Heard<'_>,
    known: Option<&Ticket>,
) -> Result<Change, StepError> {
    let app = heard.app;
    let trouble = TicketEvent::NeedsHuman {
        inbox: heard.arrival.id.clone(),
        because: Trouble::Undecryptable,
    };
    let mut change = heard.done(Outcome::OnTicket, "direct unreadable");
    let (id, history, mut events) = match known {
        Some(known) => {
            let reopened = known.closed_at.map(|_| (Actor::Bot, TicketEvent::Reopened));
            let history = history_as_seen(app, &known.id, known.last_seq).await?;
            (known.id.clone(), history, reopened.into_iter().collect())
        }
        None => {
            let opened = TicketEvent::Opened {
                number: next_number(heard.app, heard.now).await?,
                constituent: constituent_of(app, &heard.event.sender),
            };
            let id = TicketId::from_random(app.ids.random());
            (id, Vec::new(), vec![(Actor::Bot, opened)])
        }
    };
    events.push((Actor::Bot, trouble));
    events.extend(comes_in(heard, known));
    let severity = Severity::High;
    if known.is_none() && can_be_woken(app, severity, heard.now) {
        let page = TicketEvent::PageRaised {
            climb: 1,
            severity,
            because: PageReason::Report,
        };
        events.push((Actor::Bot, page));
    }
    put_on(app, &mut change, &id, &history, events, heard.now);
    if known.is_none_or(|known| known.word() == Word::Bot) {
        let assessment = known.and_then(|known| known.assessment.as_ref());
        let language = assessment.map_or(Language::Nl, |assessment| assessment.language);
        let words = [Template::Unreadable];
        change
            .outgoing
            .push(notice(heard, Some(&id), &here(heard), language, &words)?);
    }
    Ok(change)
}
