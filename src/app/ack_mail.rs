//! Acknowledging by mail: somebody on the roster answers the mail that woke him.
//!
//! All of it must hold: our unguessable Message-ID or token came back, the sender is on the roster and
//! proven, no machine wrote it, and its first line is one of a few words. Anything else changes nothing.

use crate::app::App;
use crate::app::file::ticket_change;
use crate::app::place::trace;
use crate::app::ports::{Arrival, ArrivalDone, Change, DecisionRecord, Leaves, Outcome};
use crate::app::step::StepError;
use crate::app::understand::ReadMail;
use crate::domain::intake::placement::Proof;
use crate::domain::intake::sender::Verdict;
use crate::domain::oncall::people::{Person, PersonId};
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::{AckWay, Silence};
use crate::domain::triage::category::Kind;
use jiff::Timestamp;

/// What the first line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    /// I am awake.
    Ack,
    /// It is mine.
    Take,
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
    let woken = |(by, ticket): &&(Proof, Ticket)| *by == Proof::Ours && ticket.page.is_some();
    let Some((_, ticket)) = traced.iter().find(woken) else {
        return Ok(None);
    };
    let events = events(ticket, &person.id, word_in(read));
    let silence = events.is_empty().then_some(Silence::NothingToSay);
    let mut change = Change {
        arrival: Some(done(app, arrival, attempt, read, silence, now)),
        ..Change::default()
    };
    if !events.is_empty() {
        let history = app.store.history(&ticket.id).await?;
        let actor = Actor::Person(person.id.as_str().to_owned());
        let events = events.into_iter().map(|event| (actor.clone(), event));
        let roster = &app.settings.roster;
        change.tickets.extend(ticket_change(
            &ticket.id,
            &history,
            events.collect(),
            roster,
            now,
        ));
    }
    Ok(Some(change))
}

/// The person whose address it is.
fn on_the_roster<'a>(app: &'a App, read: &ReadMail) -> Option<&'a Person> {
    let from = read.mail.single_from()?.address.key();
    let has = |person: &&Person| person.mail.as_ref().is_some_and(|mail| mail.key() == from);
    app.settings.roster.people.iter().find(has)
}

/// The word on the first line, where a proven person wrote it.
fn word_in(read: &ReadMail) -> Option<Word> {
    let proven = [read.authentication.dmarc, read.authentication.dkim].contains(&Verdict::Pass);
    let refused = read.authentication.dmarc == Verdict::Fail;
    let machine = read.verdict.kind.is_some() || !read.verdict.answerable;
    if !proven || refused || machine {
        return None;
    }
    let first = read.own.text.lines().find(|line| !line.trim().is_empty())?;
    let word = first
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    match word.as_str() {
        "ok" | "oké" | "oke" | "ack" | "gezien" | "vu" => Some(Word::Ack),
        "neem" | "ik neem" | "take" | "prends" | "je prends" => Some(Word::Take),
        _ => None,
    }
}

fn events(ticket: &Ticket, by: &PersonId, word: Option<Word>) -> Vec<TicketEvent> {
    let (Some(word), Some(page)) = (word, &ticket.page) else {
        return Vec::new();
    };
    let acknowledged = page.acked.is_none().then(|| TicketEvent::Acknowledged {
        climb: page.climb,
        by: by.clone(),
        way: AckWay::Mail,
    });
    let taken = (word == Word::Take).then(|| TicketEvent::Taken { by: by.clone() });
    let events: Vec<TicketEvent> = acknowledged.into_iter().chain(taken).collect();
    if events.is_empty() {
        // Somebody else was first; it is a sign of life all the same.
        return vec![TicketEvent::TeamSpoke { by: by.clone() }];
    }
    events
}

fn done(
    app: &App,
    arrival: &Arrival,
    attempt: u32,
    read: &ReadMail,
    silence: Option<Silence>,
    now: Timestamp,
) -> ArrivalDone {
    let understood = silence.is_none();
    ArrivalDone {
        id: arrival.id.clone(),
        attempt,
        outcome: if understood {
            Outcome::OnTicket
        } else {
            Outcome::NoTicket
        },
        kind: Kind::Other,
        record: Some(DecisionRecord {
            at: now,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            kind: Kind::Other,
            machine_because: read.verdict.because.clone(),
            authentication: read.authentication,
            standing: None,
            course: "acknowledgement".to_owned(),
            assessment: None,
            handbook: app.knowledge.handbook().version.clone(),
            found: Vec::new(),
            used: Vec::new(),
            silence,
        }),
        fingerprint: None,
        // What was not understood stays where a human sees it.
        leaves: if understood {
            Leaves::AtOnce
        } else {
            Leaves::Never
        },
    }
}
