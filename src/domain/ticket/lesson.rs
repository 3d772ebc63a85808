//! What a person's corrections teach: the reporter's own words, and what a person says they are.
//!
//! Nothing of it is stored a second time: it is read off the ticket when somebody trains, and gone with the ticket.

use crate::domain::ids::TicketId;
use crate::domain::intake::sender::Constituents;
use crate::domain::text::fold::at_most;
use crate::domain::text::nameless::Names;
use crate::domain::ticket::event::{RecordedEvent, TicketEvent};
use crate::domain::ticket::message::ReceivedMessage;
use crate::domain::ticket::state::Ticket;
use crate::domain::tlp::Label;
use crate::domain::triage::category::{Kind, Severity};
use crate::domain::triage::corrected::Corrected;
use crate::domain::triage::reading::MOST_TEXT;

/// The words in the unsealed column of the events that correct what triage made of a report.
pub const CORRECTIONS: [&str; 3] = ["kind-set", "category-set", "severity-set"];

/// A corrected report, and the names that stand in the heads of its messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// The report with what a person says it is.
    pub corrected: Corrected,
    /// The reporter's, his organisation's, and those of who wrote to him.
    pub names: Names,
}

/// The lesson of a ticket. None where nobody corrected it or his words teach nothing; where it is a part of another ticket, or a
/// machine wrote; where it is `TLP:RED`, or somebody took the trouble to encrypt it.
///
/// Only what was corrected before somebody of the team wrote to the reporter counts: later more is known than the
/// report tells. Calls leave no trace, so that it is less bad than it sounds is never learned.
pub fn lesson(
    id: &TicketId,
    events: &[RecordedEvent],
    constituents: &Constituents,
) -> Option<Lesson> {
    let whole = Ticket::replay(id, events)?;
    if whole.merged_into.is_some() || whole.tlp == Label::Red {
        return None;
    }
    let told = events.get(..=last_correction(events)?)?;
    let ticket = Ticket::replay(id, told)?;
    let by_a_machine = |recorded: &RecordedEvent| matches!(&recorded.event, TicketEvent::Assessed { assessment, .. } if assessment.kind.is_machine());
    if told.iter().any(by_a_machine) {
        return None;
    }
    let messages: Vec<&ReceivedMessage> = told
        .iter()
        .filter_map(|recorded| match &recorded.event {
            TicketEvent::MessageReceived(message) => Some(message.as_ref()),
            _ => None,
        })
        .collect();
    if messages.iter().any(|message| message.came_encrypted()) {
        return None;
    }
    let corrected = corrected(&ticket, &messages, constituents)?;
    let says_nothing = corrected.text.trim().is_empty() && corrected.subject.trim().is_empty();
    (!says_nothing).then(|| Lesson {
        corrected,
        names: names(&ticket, &messages),
    })
}

fn last_correction(events: &[RecordedEvent]) -> Option<usize> {
    let wrote = |recorded: &RecordedEvent| {
        matches!(
            recorded.event,
            TicketEvent::HumanWrote { .. } | TicketEvent::AnsweredFromMailbox { .. }
        )
    };
    let spoken = events.iter().position(wrote).unwrap_or(events.len());
    let corrects = |recorded: &RecordedEvent| CORRECTIONS.contains(&recorded.event.kind());
    events.get(..spoken)?.iter().rposition(corrects)
}

/// What a person set; what triage thought beside it may be as wrong as what he corrected.
fn corrected(
    ticket: &Ticket,
    messages: &[&ReceivedMessage],
    constituents: &Constituents,
) -> Option<Corrected> {
    let first = messages.first()?;
    let texts: Vec<&str> = messages
        .iter()
        .map(|message| message.text.as_str())
        .collect();
    let category = ticket.category_set;
    let kind = ticket.kind_set.or(category.map(|_| Kind::Incident));
    let is_incident = ticket.kind()?.tells_of_an_incident();
    // That it is bad nonetheless contradicts its kind.
    if !is_incident && ticket.severity_set.is_some_and(|set| set > Severity::Low) {
        return None;
    }
    let thought = ticket.assessment.as_ref()?.severity;
    let severity = ticket
        .severity_set
        .filter(|set| is_incident && *set >= thought);
    if (kind, severity) == (None, None) {
        return None;
    }
    Some(Corrected {
        channel: first.channel,
        subject: first.subject.clone(),
        text: at_most(&texts.join("\n\n"), MOST_TEXT).to_owned(),
        forwarded: messages
            .iter()
            .flat_map(|message| &message.forwarded)
            .map(|note| note.subject.clone())
            .collect(),
        kind,
        category,
        severity,
        organisation: organisation(first, constituents),
    })
}

/// Whose it is, as far as its domain tells: one name for a listed body however it wrote, and for all below one domain of others.
fn organisation(first: &ReceivedMessage, constituents: &Constituents) -> String {
    let by_mail = first.from.as_ref().map(|from| from.address.domain());
    let by_chat = first.chat.as_ref().map(|chat| chat.user.server());
    let domain = by_mail.or(by_chat).unwrap_or_default().to_lowercase();
    match constituents.find_domain(&domain) {
        Some(listed) => listed.name.clone(),
        None => psl::domain_str(&domain).unwrap_or(&domain).to_owned(),
    }
}

fn names(ticket: &Ticket, messages: &[&ReceivedMessage]) -> Names {
    let mut names = Names::default();
    if let Some(constituent) = &ticket.constituent {
        names.add(constituent);
    }
    for message in messages {
        for mailbox in message.from.iter().chain(&message.claimed) {
            names.add(&mailbox.name);
            names.add(mailbox.address.as_str());
        }
        for address in &message.reply_to {
            names.add(address.as_str());
        }
        for note in &message.forwarded {
            names.add(&note.from);
        }
        for file in &message.attachments {
            names.add(&file.name);
        }
        if let Some(chat) = &message.chat {
            names.add(chat.user.as_str());
        }
    }
    names
}
