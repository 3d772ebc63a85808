//! What an expert writes to the reporter: by mail in the same thread, or in the direct chat.
//!
//! The words leave as they were typed. Where somebody else may read the reporter's mail, the first mail is
//! a draft that its author lets go knowing that.

use crate::app::App;
use crate::app::chat::posts::callback;
use crate::app::chat::team::Hearing;
use crate::app::chat::words;
use crate::app::ports::{ChatErrand, Dispatch, Lane, NewOutgoing, OutgoingMail, Voice};
use crate::domain::address::{EmailAddress, Mailbox};
use crate::domain::chat::ids::EventId;
use crate::domain::chat::incoming::Said;
use crate::domain::chat::post::{Line, Loudness, Post};
use crate::domain::command::spec::Place;
use crate::domain::ids::OutboxId;
use crate::domain::letter::{Letter, Nature, answer_subject, message_id_for, references_for};
use crate::domain::oncall::people::Person;
use crate::domain::party::Party;
use crate::domain::ticket::event::TicketEvent;
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Release;
use crate::domain::ticket::work::Draft;
use crate::domain::triage::assessment::ChannelTrust;
use crate::domain::triage::language::Language;
use jiff::Timestamp;

/// `!reply`: the words leave at once, or wait for a sign where the reporter's mailbox is suspect.
pub(super) fn reply(hearing: &mut Hearing<'_>, text: &str) {
    let Some(ticket) = hearing.ticket.clone() else {
        return;
    };
    let by_mail = matches!(reporter(&ticket), Ok(Party::Mail(_)));
    let suspect = ticket.channel == ChannelTrust::Suspect;
    if by_mail && suspect && ticket.work.letters.is_empty() {
        let phone = callback(hearing.app(), &ticket);
        hearing.says(words::mailbox_is_suspect(phone.as_deref()));
        let event = TicketEvent::DraftWritten {
            origin: hearing.origin.clone(),
            by: hearing.person.id.clone(),
            text: text.to_owned(),
        };
        hearing.events.push(event);
        return;
    }
    let origin = hearing.origin.clone();
    send(hearing, &ticket, &origin, text);
}

/// A genuine answer to words of the reporter is a draft; whatever else is said in the room stays there.
pub(super) fn draft(hearing: &mut Hearing<'_>, said: &Said) {
    let Some(ticket) = hearing.ticket.as_ref() else {
        return;
    };
    let origin = &hearing.origin;
    if hearing.place != Place::TicketRoom || ticket.work.letter_from(origin).is_some() {
        return;
    }
    let known = ticket.work.waiting_draft(origin).is_some();
    let answers_the_reporter = said
        .answers
        .as_ref()
        .is_some_and(|answered| ticket.work.is_relayed(answered));
    if !(known || answers_the_reporter) || said.text.trim().is_empty() {
        return;
    }
    hearing.events.push(TicketEvent::DraftWritten {
        origin: origin.clone(),
        by: hearing.person.id.clone(),
        text: said.text.clone(),
    });
    hearing.says(if known {
        words::DRAFT_CHANGED
    } else {
        words::DRAFT
    });
}

/// Lets a draft go. Only its author does.
pub(super) fn send_draft(hearing: &mut Hearing<'_>, draft: &Draft) {
    let Some(ticket) = hearing.ticket.clone() else {
        return;
    };
    if draft.by != hearing.person.id {
        hearing.says(words::NOT_YOUR_DRAFT);
        return;
    }
    send(hearing, &ticket, &draft.origin, &draft.text);
}

/// To whom the words go, or why to nobody.
fn reporter(ticket: &Ticket) -> Result<Party, &'static str> {
    let message = ticket.latest_message.as_ref().ok_or(words::NO_ADDRESS)?;
    if !message.may_be_answered() {
        return Err(words::FALSE_SENDER);
    }
    message.party().ok_or(words::NO_ADDRESS)
}

fn send(hearing: &mut Hearing<'_>, ticket: &Ticket, origin: &EventId, text: &str) {
    let to = match reporter(ticket) {
        Ok(to) => to,
        Err(why) => {
            hearing.says(why);
            return;
        }
    };
    let app = hearing.app();
    let outbox = OutboxId::from_random(app.ids.random());
    let (dispatch, message_id) = match &to {
        Party::Mail(address) => {
            let Some(letter) = letter(
                app,
                ticket,
                hearing.person,
                &outbox,
                address,
                text,
                hearing.heard.now,
            ) else {
                hearing.says(words::NO_ADDRESS);
                return;
            };
            let message_id = letter.message_id.clone();
            (
                Dispatch::Mail(mail(app, &outbox, &letter)),
                Some(message_id),
            )
        }
        Party::Chat(_) => {
            let there = ticket.direct.as_ref().and_then(|chat| chat.open_room());
            if there.is_none() {
                hearing.says(words::NOT_IN_THE_CHAT);
                return;
            }
            let post = chat_post(hearing.person, &app.settings.team, text);
            (Dispatch::Chat(ChatErrand::Direct { post }), None)
        }
    };
    let row = NewOutgoing {
        id: outbox.clone(),
        ticket: Some(ticket.id.clone()),
        cause: None,
        dispatch,
        voice: Voice::Human,
        lane: Lane::Direct,
        release: Release::AtOnce,
        counted: None,
    };
    let event = TicketEvent::HumanWrote {
        outbox,
        by: hearing.person.id.clone(),
        to,
        message_id,
        text: text.to_owned(),
        origin: origin.clone(),
    };
    hearing.outgoing.push(row);
    hearing.events.push(event);
}

/// In the direct chat a person is named: the bot's account carries his words.
fn chat_post(person: &Person, team: &str, text: &str) -> Post {
    Post {
        lines: vec![
            Line::Strong(format!("{}, {team}:", person.name)),
            Line::Plain(text.to_owned()),
        ],
        mentions: Vec::new(),
        loudness: Loudness::Message,
    }
}

fn letter(
    app: &App,
    ticket: &Ticket,
    person: &Person,
    outbox: &OutboxId,
    to: &EmailAddress,
    text: &str,
    now: Timestamp,
) -> Option<Letter> {
    let settings = &app.settings;
    let message = ticket.latest_message.as_ref()?;
    let assessment = ticket.assessment.as_ref();
    let own_subject = ticket.channel == ChannelTrust::Unsuspected;
    Some(Letter {
        from: Mailbox {
            name: format!("{} ({})", person.name, settings.team),
            address: settings.from.address.clone(),
        },
        to: to.clone(),
        reply_to: settings.with_token(&settings.from.address, outbox.as_str()),
        subject: if own_subject {
            answer_subject(&message.subject)
        } else {
            answer_subject("")
        },
        text: text.to_owned(),
        language: assessment.map_or(Language::Nl, |assessment| assessment.language),
        message_id: message_id_for(outbox, settings.own_domain())?,
        in_reply_to: message.message_id.clone(),
        references: references_for(
            message.message_id.as_ref(),
            &message.references,
            &message.in_reply_to,
        ),
        date: now,
        nature: Nature::Personal,
    })
}

fn mail(app: &App, outbox: &OutboxId, letter: &Letter) -> OutgoingMail {
    let settings = &app.settings;
    OutgoingMail {
        envelope_from: settings.bounce_address.as_ref().map(|bounce| {
            settings
                .with_token(bounce, outbox.as_str())
                .unwrap_or_else(|| bounce.clone())
        }),
        to: letter.to.clone(),
        bytes: app.composer.compose(letter),
    }
}
