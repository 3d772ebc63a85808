//! What people of the team sent from the mailbox itself, with Outlook or on the phone: read from the folder for
//! sent mail. An answer to a reporter counts as a human speaking; everything else there is none of our business.
//!
//! Not here: what was written through the bot. Its own mail is known by its Message-ID, also where a provider
//! keeps a copy of it in that folder.

use crate::app::App;
use crate::app::file::put_on;
use crate::app::place::trace;
use crate::app::ports::mail::Border;
use crate::app::ports::{
    Arrival, ArrivalDone, Change, DecisionRecord, Leaves, Outcome, StoreError,
};
use crate::app::step::StepError;
use crate::app::understand::{ReadMail, read_mail};
use crate::domain::address::MessageId;
use crate::domain::ids::InboxId;
use crate::domain::intake::message::IncomingMail;
use crate::domain::letter::is_made_by_us;
use crate::domain::party::Party;
use crate::domain::ticket::event::{Actor, THE_MAILBOX, TicketEvent};
use crate::domain::ticket::state::Ticket;
use crate::domain::triage::category::Kind;
use jiff::Timestamp;

/// Parents that are looked up for one mail: a proper answer names one.
const MOST_PARENTS: usize = 4;

/// The change that a sent mail makes: on the ticket of the reporter to whom it went, or, where there is none
/// yet, a note that his message was answered.
pub(crate) async fn answered_past_us(
    app: &App,
    arrival: &Arrival,
    attempt: u32,
    now: Timestamp,
) -> Result<Change, StepError> {
    let read = read_sent(app, arrival);
    let done = |outcome, course: &str| Change {
        arrival: Some(done(app, arrival, attempt, &read, (outcome, course), now)),
        ..Change::default()
    };
    if !is_of_a_person(app, &read) {
        return Ok(done(Outcome::NoTicket, "sent machine"));
    }
    let to: Vec<Party> = recipients(&read);
    let reaches = |ticket: &Ticket| to.iter().any(|party| ticket.has_party(party));
    let traced = trace(app, &read).await?;
    let Some((_, ticket)) = traced.iter().find(|(_, ticket)| reaches(ticket)) else {
        return Ok(Change {
            answered_by_hand: match traced.as_slice() {
                [] => conversation(&read.mail),
                // About a ticket, but to somebody else.
                _ => Vec::new(),
            },
            ..done(Outcome::NoTicket, "sent no-ticket")
        });
    };
    let history = app.store.history(&ticket.id).await?;
    let mut change = done(Outcome::OnTicket, "sent append");
    let events = vec![said(&arrival.id, &read)];
    put_on(app, &mut change, &ticket.id, &history, events, now);
    Ok(change)
}

/// What somebody of the team wrote from the mailbox itself to the sender of this mail: an answer to it that
/// came before it was decided, or the mail that it answers.
pub(crate) async fn answer_by_hand(
    app: &App,
    mail: &IncomingMail,
) -> Result<Option<(Actor, TicketEvent)>, StoreError> {
    let Some(from) = mail.single_from() else {
        return Ok(None);
    };
    let sender = Party::Mail(from.address.clone());
    for message in conversation(mail) {
        for answer in app.store.answers_by_hand(&message).await? {
            let Some(arrival) = app.store.arrival(&answer).await? else {
                continue;
            };
            let read = read_sent(app, &arrival);
            if recipients(&read).iter().any(|to| to.is_same(&sender)) {
                return Ok(Some(said(&answer, &read)));
            }
        }
    }
    Ok(None)
}

/// The messages by which a conversation is found: a mail, and what it answers.
fn conversation(mail: &IncomingMail) -> Vec<MessageId> {
    let parents = mail.in_reply_to.iter().take(MOST_PARENTS);
    mail.message_id.iter().chain(parents).cloned().collect()
}

/// Our own address in From is what a sent mail has, and no sign of a loop.
fn read_sent(app: &App, arrival: &Arrival) -> ReadMail {
    let nobody = Border::default();
    let reader = app.reader.as_ref();
    read_mail(reader, &arrival.raw, arrival.extent, &[], &nobody)
}

/// Did a person write it, and not the bot, a rule or an absence?
fn is_of_a_person(app: &App, read: &ReadMail) -> bool {
    let mail = &read.mail;
    let by_us = |id: &MessageId| is_made_by_us(id, app.settings.own_domain());
    let from_us = mail
        .from
        .iter()
        .any(|from| app.settings.is_own(&from.address));
    from_us && read.verdict.sure.is_none() && !mail.message_id.as_ref().is_some_and(by_us)
}

fn recipients(read: &ReadMail) -> Vec<Party> {
    let all = read.mail.to.iter().chain(&read.mail.cc);
    all.map(|to| Party::Mail(to.address.clone())).collect()
}

fn said(inbox: &InboxId, read: &ReadMail) -> (Actor, TicketEvent) {
    let event = TicketEvent::AnsweredFromMailbox {
        inbox: inbox.clone(),
        message_id: read.mail.message_id.clone(),
        text: read.own.text.clone(),
    };
    (Actor::Person(THE_MAILBOX.to_owned()), event)
}

/// The end of deciding on a sent mail. Nothing is moved in that folder.
fn done(
    app: &App,
    arrival: &Arrival,
    attempt: u32,
    read: &ReadMail,
    (outcome, course): (Outcome, &str),
    now: Timestamp,
) -> ArrivalDone {
    let handbook = app.knowledge.handbook();
    let record = DecisionRecord {
        machine_because: read.verdict.because.clone(),
        ..DecisionRecord::without_triage(course, &handbook.version, now)
    };
    let id = read.mail.message_id.as_ref();
    ArrivalDone {
        id: arrival.id.clone(),
        attempt,
        outcome,
        kind: Kind::Other,
        record: Some(record),
        // The same mail again, after the server renumbered the folder.
        fingerprint: id.map(|id| format!("sent\n{id}")),
        leaves: Leaves::Never,
    }
}
