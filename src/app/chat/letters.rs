//! What an expert writes to the reporter: by mail in the same thread, or in the direct chat.
//!
//! The words leave as they were typed, below the ticket's TLP label, and only by a way that protects them as that
//! label asks. Where somebody else may read the reporter's mail, the first mail is
//! a draft that its author lets go knowing that.

use crate::app::App;
use crate::app::chat::key_words;
use crate::app::chat::posts::callback;
use crate::app::chat::team::Hearing;
use crate::app::chat::words;
use crate::app::envelope::{outgoing_mail, sealed_mail};
use crate::app::ports::{ChatErrand, Dispatch, Lane, NewOutgoing, Voice};
use crate::app::step::StepError;
use crate::domain::address::{EmailAddress, Mailbox};
use crate::domain::chat::ids::{EventId, UserId};
use crate::domain::chat::incoming::Said;
use crate::domain::chat::post::{Line, Loudness, Post};
use crate::domain::command::spec::Place;
use crate::domain::ids::{InboxId, OutboxId};
use crate::domain::letter::{
    Letter, Nature, labelled_answer_subject, labelled_text, message_id_for, references_for,
};
use crate::domain::oncall::people::Person;
use crate::domain::party::Party;
use crate::domain::pgp::certificate::Certificate;
use crate::domain::ticket::event::TicketEvent;
use crate::domain::ticket::message::ReceivedMessage;
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Release;
use crate::domain::ticket::work::Draft;
use crate::domain::tlp::{Label, Protection};
use crate::domain::triage::assessment::ChannelTrust;
use crate::domain::triage::language::Language;
use jiff::Timestamp;

/// `!reply`: the words leave at once, or wait for a sign where the reporter's mailbox is suspect.
pub(super) async fn reply(hearing: &mut Hearing<'_>, text: &str) -> Result<(), StepError> {
    let Some(ticket) = hearing.ticket.clone() else {
        return Ok(());
    };
    let origin = hearing.origin.clone();
    let message = ticket.latest_answerable.as_ref();
    let to = addressee(&ticket, message).ok();
    if let Some(Err(why)) = to.map(|to| protected(hearing.app(), &ticket, &to, message)) {
        hearing.says(why);
        return Ok(());
    }
    if let Some(words) = waits_for_a_sign(hearing, &ticket) {
        hearing.says(words);
        hearing.events.push(TicketEvent::DraftWritten {
            origin,
            by: hearing.person.id.clone(),
            answers: ticket
                .latest_answerable
                .as_ref()
                .map(|latest| latest.inbox.clone()),
            text: text.to_owned(),
        });
        return Ok(());
    }
    let message = ticket.latest_answerable.clone();
    send(hearing, &ticket, message.as_ref(), &origin, text);
    Ok(())
}

/// Why the words wait for their author's sign, where they do: somebody may read along, or they go to another
/// than before.
fn waits_for_a_sign(hearing: &Hearing<'_>, ticket: &Ticket) -> Option<String> {
    let message = ticket.latest_answerable.as_ref()?;
    let to = addressee(ticket, Some(message)).ok()?;
    if message.chat.is_none() && is_first_into_a_suspect_mailbox(ticket) {
        return Some(beware(hearing, ticket));
    }
    if is_first_in_the_open(ticket, message) {
        return Some(key_words::NO_KEY_FOR_LETTER.to_owned());
    }
    let letters = ticket.work.letters.last().map(|letter| &letter.to);
    let usual = letters.or(ticket.parties.first())?;
    (!usual.is_same(&to)).then(|| words::another_addressee(&to.to_string(), &usual.to_string()))
}

fn is_first_into_a_suspect_mailbox(ticket: &Ticket) -> bool {
    ticket.channel == ChannelTrust::Suspect && ticket.work.letters.is_empty()
}

fn opens_up(ticket: &Ticket) -> bool {
    let latest = ticket.latest_answerable.as_ref();
    latest.is_some_and(|message| is_first_in_the_open(ticket, message))
}

/// Does the reporter write encrypted, and would he be answered in the open for the first time?
fn is_first_in_the_open(ticket: &Ticket, message: &ReceivedMessage) -> bool {
    let from = message.from.as_ref();
    let no_key = from.is_some_and(|from| ticket.keys.of(&from.address).is_none());
    message.came_encrypted() && no_key && ticket.work.letters.is_empty()
}

fn beware(hearing: &Hearing<'_>, ticket: &Ticket) -> String {
    words::mailbox_is_suspect(callback(hearing.app(), ticket).as_deref())
}

/// A genuine answer to words of the reporter is a draft; whatever else is said in the room stays there.
pub(super) fn draft(hearing: &mut Hearing<'_>, said: &Said) {
    let Some(ticket) = hearing.ticket.as_ref() else {
        return;
    };
    let origin = hearing.origin.clone();
    if hearing.place != Place::TicketRoom || ticket.work.letter_from(&origin).is_some() {
        return;
    }
    let waiting = ticket.work.waiting_draft(&origin);
    let answered = said.answers.as_ref();
    let answered = answered.and_then(|event| ticket.work.relayed_in(event));
    let (answers, told) = match (waiting, answered) {
        (Some(draft), _) => (draft.answers.clone(), words::DRAFT_CHANGED.to_owned()),
        (None, Some(_)) if is_first_into_a_suspect_mailbox(ticket) => {
            (answered.cloned(), beware(hearing, ticket))
        }
        (None, Some(_)) if opens_up(ticket) => {
            (answered.cloned(), key_words::NO_KEY_FOR_LETTER.to_owned())
        }
        (None, Some(_)) => (answered.cloned(), words::DRAFT.to_owned()),
        (None, None) => return,
    };
    if said.text.trim().is_empty() {
        return;
    }
    hearing.events.push(TicketEvent::DraftWritten {
        origin,
        by: hearing.person.id.clone(),
        answers,
        text: said.text.clone(),
    });
    hearing.says(told);
}

/// Lets a draft go. Only its author does.
pub(super) async fn send_draft(hearing: &mut Hearing<'_>, draft: &Draft) -> Result<(), StepError> {
    let Some(ticket) = hearing.ticket.clone() else {
        return Ok(());
    };
    if draft.by != hearing.person.id {
        hearing.says(words::NOT_YOUR_DRAFT);
        return Ok(());
    }
    let message = match &draft.answers {
        Some(inbox) => received(hearing, &ticket, inbox).await?,
        None => ticket.latest_answerable.clone(),
    };
    send(
        hearing,
        &ticket,
        message.as_ref(),
        &draft.origin,
        &draft.text,
    );
    Ok(())
}

async fn received(
    hearing: &Hearing<'_>,
    ticket: &Ticket,
    inbox: &InboxId,
) -> Result<Option<ReceivedMessage>, StepError> {
    let history = hearing.app().store.history(&ticket.id).await?;
    Ok(history
        .into_iter()
        .find_map(|recorded| match recorded.event {
            TicketEvent::MessageReceived(message) if &message.inbox == inbox => Some(*message),
            _ => None,
        }))
}

/// To whom the words go, or why to nobody.
fn addressee(ticket: &Ticket, message: Option<&ReceivedMessage>) -> Result<Party, &'static str> {
    let message = message.ok_or(words::NO_ADDRESS)?;
    if !message.may_be_answered() {
        return Err(words::FALSE_SENDER);
    }
    let to = message.party().ok_or(words::NO_ADDRESS)?;
    let is_inside = |user: &UserId| {
        let chat = ticket.direct.as_ref().filter(|chat| &chat.user == user);
        chat.is_some_and(|chat| chat.open_room().is_some())
    };
    match &to {
        Party::Chat(user) if !is_inside(user) => Err(words::NOT_IN_THE_CHAT),
        _ => Ok(to),
    }
}

/// The key to which a letter is encrypted: where the reporter wrote encrypted himself, or where nothing else is
/// allowed. Who wrote in the open may be unable to open anything where he is now.
fn key_for<'a>(
    ticket: &'a Ticket,
    message: Option<&ReceivedMessage>,
    to: &EmailAddress,
) -> Option<&'a Certificate> {
    let wanted = ticket.tlp == Label::Red || message.is_some_and(ReceivedMessage::came_encrypted);
    ticket.keys.of(to).filter(|_| wanted)
}

/// May words with the ticket's label go there? Otherwise what to do instead.
fn protected(
    app: &App,
    ticket: &Ticket,
    to: &Party,
    message: Option<&ReceivedMessage>,
) -> Result<(), &'static str> {
    let way = match to {
        Party::Mail(address) if key_for(ticket, message, address).is_some() => {
            Protection::Encrypted
        }
        Party::Mail(_) => app.sender.protection(),
        Party::Chat(_) => Protection::Encrypted,
    };
    match ticket.tlp {
        label if way.may_carry(label) => Ok(()),
        Label::Red => Err(words::RED_BY_MAIL),
        _ => Err(words::NO_TLS_BY_MAIL),
    }
}

fn send(
    hearing: &mut Hearing<'_>,
    ticket: &Ticket,
    message: Option<&ReceivedMessage>,
    origin: &EventId,
    text: &str,
) {
    let app = hearing.app();
    let outbox = OutboxId::from_random(app.ids.random());
    let written = addressee(ticket, message).and_then(|to| {
        protected(app, ticket, &to, message)?;
        let (dispatch, id) = match (&to, message) {
            (Party::Mail(address), Some(message)) => {
                let about = About {
                    ticket,
                    message,
                    now: hearing.heard.now,
                };
                let letter = letter(app, &about, hearing.person, &outbox, address, text)
                    .ok_or(words::NO_ADDRESS)?;
                let id = letter.message_id.clone();
                let mail = match key_for(ticket, Some(message), address) {
                    Some(key) => {
                        sealed_mail(app, &outbox, &letter, key).ok_or(key_words::NOT_SEALED)?
                    }
                    None => outgoing_mail(app, &outbox, &letter),
                };
                (Dispatch::Mail(mail), Some(id))
            }
            _ => {
                let post = chat_post(hearing.person, &app.settings.team, ticket.tlp, text);
                (Dispatch::Chat(ChatErrand::Direct { post }), None)
            }
        };
        Ok((to, dispatch, id))
    });
    let (to, dispatch, message_id) = match written {
        Ok(written) => written,
        Err(why) => return hearing.says(why),
    };
    hearing.outgoing.push(NewOutgoing {
        id: outbox.clone(),
        ticket: Some(ticket.id.clone()),
        cause: None,
        dispatch,
        voice: Voice::Human,
        lane: Lane::Direct,
        release: Release::AtOnce,
        counted: None,
    });
    hearing.events.push(TicketEvent::HumanWrote {
        outbox,
        by: hearing.person.id.clone(),
        to,
        message_id,
        text: text.to_owned(),
        origin: origin.clone(),
        tlp: Some(ticket.tlp),
    });
}

/// What a letter is about.
struct About<'a> {
    ticket: &'a Ticket,
    message: &'a ReceivedMessage,
    now: Timestamp,
}

/// In the direct chat a person is named: the bot's account carries his words.
fn chat_post(person: &Person, team: &str, label: Label, text: &str) -> Post {
    Post {
        lines: vec![
            Line::Strong(format!("{}, {team} · {label}:", person.name)),
            Line::Plain(text.to_owned()),
        ],
        mentions: Vec::new(),
        loudness: Loudness::Message,
    }
}

fn letter(
    app: &App,
    about: &About<'_>,
    person: &Person,
    outbox: &OutboxId,
    to: &EmailAddress,
    text: &str,
) -> Option<Letter> {
    let settings = &app.settings;
    let About {
        ticket,
        message,
        now,
    } = about;
    let assessment = ticket.assessment.as_ref();
    let in_the_open = message.came_encrypted() && ticket.keys.of(to).is_none();
    let language = assessment.map_or(Language::Nl, |assessment| assessment.language);
    let own_subject = ticket.channel == ChannelTrust::Unsuspected && !in_the_open;
    Some(Letter {
        from: Mailbox {
            name: format!("{} ({})", person.name, settings.team),
            address: settings.from.address.clone(),
        },
        to: to.clone(),
        reply_to: settings.with_token(&settings.from.address, outbox.as_str()),
        subject: labelled_answer_subject(
            if own_subject { &message.subject } else { "" },
            language,
            ticket.tlp,
        ),
        text: labelled_text(text, ticket.tlp),
        language,
        message_id: message_id_for(outbox, settings.own_domain())?,
        in_reply_to: message.message_id.clone(),
        references: references_for(
            message.message_id.as_ref(),
            &message.references,
            &message.in_reply_to,
        ),
        date: *now,
        nature: Nature::Personal,
    })
}
