//! Acknowledging by mail: somebody on the roster answers the mail that woke him.
//!
//! All of it must hold: the unguessable Message-ID or token of a waking mail came back, the sender is on
//! the roster and proven, no machine wrote it, and its first line is one of a few words. An answer that
//! isn't understood changes nothing but that a human sees it.

use crate::app::App;
use crate::app::file::put_on;
use crate::app::place::trace;
use crate::app::ports::{Arrival, ArrivalDone, Change, DecisionRecord, Leaves, Outcome};
use crate::app::step::StepError;
use crate::app::take::{acknowledge, take};
use crate::app::understand::ReadMail;
use crate::domain::address::MessageId;
use crate::domain::intake::placement::Proof;
use crate::domain::intake::sender::Verdict;
use crate::domain::oncall::people::{Person, PersonId};
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::{AckWay, CloseReason};
use crate::domain::triage::category::Kind;
use jiff::Timestamp;

/// What the first line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    /// I am awake.
    Ack,
    /// It is mine.
    Take,
    /// It is over.
    Close,
}

/// The change that an answer to a waking mail makes. Nothing where it is no such answer: then it is a
/// message like any other.
pub(crate) async fn acknowledged_by_mail(
    app: &App,
    arrival: &Arrival,
    attempt: u32,
    read: &ReadMail,
    now: Timestamp,
) -> Result<Option<Change>, StepError> {
    let Some(person) = on_the_roster(app, read) else {
        return Ok(None);
    };
    let traced = trace(app, read).await?;
    let woken =
        |(by, ticket): &&(Proof, Ticket)| *by == Proof::Ours && answers_a_page(app, read, ticket);
    let Some((_, ticket)) = traced.iter().find(woken) else {
        return Ok(None);
    };
    if read.verdict.sure.is_some() {
        // An out-of-office of somebody on call wakes nobody and stops nothing.
        return Ok(None);
    }
    let word = word_in(read);
    let (actor, events) = match word {
        Some(word) => (
            Actor::Person(person.id.as_str().to_owned()),
            events(app, ticket, &person.id, word),
        ),
        None => (Actor::Bot, vec![not_understood(arrival, &person.id, read)]),
    };
    let history = app.store.history(&ticket.id).await?;
    let events = events.into_iter().map(|event| (actor.clone(), event));
    let mut change = Change {
        arrival: Some(done(app, arrival, attempt, read, word, now)),
        ..Change::default()
    };
    put_on(
        app,
        &mut change,
        &ticket.id,
        &history,
        events.collect(),
        now,
    );
    Ok(Some(change))
}

/// The person whose address it is.
fn on_the_roster<'a>(app: &'a App, read: &ReadMail) -> Option<&'a Person> {
    let from = read.mail.single_from()?.address.key();
    let has = |person: &&Person| person.mail.as_ref().is_some_and(|mail| mail.key() == from);
    app.settings.roster.people.iter().find(has)
}

/// Does it answer a mail of the ticket's latest climb? An answer to an earlier one says nothing of this.
fn answers_a_page(app: &App, read: &ReadMail, ticket: &Ticket) -> bool {
    let Some(page) = &ticket.page else {
        return false;
    };
    let mail = &read.mail;
    let tokens: Vec<String> = mail
        .to
        .iter()
        .chain(&mail.cc)
        .filter_map(|to| app.settings.token_in(&to.address))
        .collect();
    let back = mail.points_back_to();
    let is_answered = |id: &MessageId| {
        let left = id.as_str().split_once('@').map_or("", |(left, _)| left);
        back.contains(id) || tokens.iter().any(|token| token == left)
    };
    page.mails.iter().any(is_answered)
}

/// The word on the first line, where a proven person wrote it.
fn word_in(read: &ReadMail) -> Option<Word> {
    let proven = [read.authentication.dmarc, read.authentication.dkim].contains(&Verdict::Pass);
    let refused = read.authentication.dmarc == Verdict::Fail;
    if !proven || refused || !read.verdict.answerable {
        return None;
    }
    let first = read.own.text.lines().find(|line| !line.trim().is_empty())?;
    word_of(first)
}

/// A word alone, or one that a comma or a full stop parts from what follows.
fn word_of(line: &str) -> Option<Word> {
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = line.find(|c: char| !c.is_alphanumeric());
    let (word, rest) = end.map_or((line, ""), |end| {
        line.split_at_checked(end).unwrap_or((line, ""))
    });
    let alone =
        !rest.contains(char::is_alphanumeric) || rest.starts_with([',', '.', '!', ';', ':']);
    if !alone {
        return None;
    }
    match word.to_lowercase().as_str() {
        "ok" | "oké" | "oke" | "ack" | "gezien" | "vu" => Some(Word::Ack),
        "neem" | "take" | "prends" => Some(Word::Take),
        "sluit" | "close" | "ferme" => Some(Word::Close),
        _ => None,
    }
}

fn not_understood(arrival: &Arrival, by: &PersonId, read: &ReadMail) -> TicketEvent {
    TicketEvent::PageAnswered {
        inbox: arrival.id.clone(),
        by: by.clone(),
        text: read.own.text.clone(),
    }
}

fn events(app: &App, ticket: &Ticket, by: &PersonId, word: Word) -> Vec<TicketEvent> {
    match word {
        Word::Ack => vec![acknowledge(ticket, by, AckWay::Mail)],
        Word::Take => take(app, ticket, by, by, AckWay::Mail),
        Word::Close => vec![
            acknowledge(ticket, by, AckWay::Mail),
            TicketEvent::Closed {
                by: by.clone(),
                reason: CloseReason::Resolved,
                remark: None,
            },
        ],
    }
}

fn done(
    app: &App,
    arrival: &Arrival,
    attempt: u32,
    read: &ReadMail,
    word: Option<Word>,
    now: Timestamp,
) -> ArrivalDone {
    let handbook = app.knowledge.handbook();
    let record = DecisionRecord {
        machine_because: read.verdict.because.clone(),
        authentication: read.authentication,
        own_dkim: read.own_dkim,
        ..DecisionRecord::without_triage("acknowledgement", &handbook.version, now)
    };
    ArrivalDone {
        id: arrival.id.clone(),
        attempt,
        outcome: Outcome::OnTicket,
        kind: Kind::Other,
        record: Some(record),
        fingerprint: read.mail.message_id.as_ref().map(|id| format!("page {id}")),
        // What was not understood stays where a human sees it.
        leaves: match word {
            Some(_) => Leaves::AtOnce,
            None => Leaves::Never,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_counts_alone_or_before_a_comma() {
        for (line, word) in [
            ("ok", Some(Word::Ack)),
            ("  OK.", Some(Word::Ack)),
            ("ok, ik kijk ernaar", Some(Word::Ack)),
            ("neem!", Some(Word::Take)),
            ("« prends »", Some(Word::Take)),
            ("sluit", Some(Word::Close)),
            ("ok maar wie ben jij", None),
            ("niet ok", None),
            ("", None),
        ] {
            assert_eq!(word_of(line), word, "{line}");
        }
    }
}
