//! What an expert writes to the reporter: by mail in the same thread, or in the direct chat.
//!
//! The words leave as they were typed, below the ticket's TLP label, and only by a way that protects them as that
//! label asks. Where somebody else may read the reporter's mail, the first mail is
//! a draft that its author lets go knowing that.

use crate::app::App;
use crate::app::chat::key_words;
use crate::app::chat::letter_way::{Way, way_to};
use crate::app::chat::posts::callback;
use crate::app::chat::team::Hearing;
use crate::app::chat::words;
use crate::app::envelope::{outgoing_mail, sealed_mail};
use crate::app::ports::{ChatErrand, Dispatch, Lane, NewOutgoing, Voice};
use crate::app::step::StepError;
use crate::domain::address::{EmailAddress, Mailbox};
use crate::domain::chat::incoming::Said;
use crate::domain::chat::post::{Line, Loudness, Post};
use crate::domain::command::spec::Place;
use crate::domain::ids::{InboxId, OutboxId};
use crate::domain::letter::{
    Letter, Nature, labelled_answer_subject, labelled_text, message_id_for, references_for,
};
use crate::domain::oncall::people::Person;
use crate::domain::ticket::event::TicketEvent;
use crate::domain::ticket::message::ReceivedMessage;
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::{Release, Warned};
use crate::domain::ticket::work::Draft;
use crate::domain::tlp::Label;
use crate::domain::triage::assessment::ChannelTrust;
use crate::domain::triage::language::Language;
use jiff::Timestamp;

/// `!reply`: the words leave at once, or wait for a sign where their author must know something first.
pub(super) async fn reply(hearing: &mut Hearing<'_>, text: &str) -> Result<(), StepError> {
    let Some(ticket) = hearing.ticket.clone() else {
        return Ok(());
    };
    let message = ticket.latest_answerable.clone();
    let way = way_for(hearing, &ticket, message.as_ref()).await?;
    let way = match way.and_then(|way| way.may_carry(hearing.app(), ticket.tlp).map(|()| way)) {
        Ok(way) => way,
        Err(why) => {
            hearing.says(why);
            return Ok(());
        }
    };
    let written = Draft {
        origin: hearing.origin.clone(),
        by: hearing.person.id.clone(),
        answers: message.as_ref().map(|latest| latest.inbox.clone()),
        text: text.to_owned(),
        warned: warned_of(&way),
    };
    let words: Vec<String> = waits_for_a_sign(hearing, &ticket, &way)
        .into_iter()
        .chain(way.warning().map(str::to_owned))
        .collect();
    if words.is_empty() {
        send(hearing, &ticket, message.as_ref(), way, &written);
    } else {
        hearing.says(words.join("\n"));
        hearing.events.push(written.as_event());
    }
    Ok(())
}

async fn way_for(
    hearing: &Hearing<'_>,
    ticket: &Ticket,
    message: Option<&ReceivedMessage>,
) -> Result<Result<Way, &'static str>, StepError> {
    way_to(hearing.app(), ticket, message, hearing.heard.now).await
}

fn warned_of(way: &Way) -> Warned {
    match way.warning() {
        Some(_) => Warned::InTheOpen,
        None => Warned::Nothing,
    }
}

/// Why the words wait for their author's sign, where they do: somebody may read along, or they go to another
/// than before.
fn waits_for_a_sign(hearing: &Hearing<'_>, ticket: &Ticket, way: &Way) -> Option<String> {
    if !matches!(way, Way::Chat(_)) && is_first_into_a_suspect_mailbox(ticket) {
        return Some(beware(hearing, ticket));
    }
    let letters = ticket.work.letters.last().map(|letter| &letter.to);
    let usual = letters.or(ticket.parties.first())?;
    let to = way.to();
    (!usual.is_same(&to)).then(|| words::another_addressee(&to.to_string(), &usual.to_string()))
}

fn is_first_into_a_suspect_mailbox(ticket: &Ticket) -> bool {
    ticket.channel == ChannelTrust::Suspect && ticket.work.letters.is_empty()
}

fn beware(hearing: &Hearing<'_>, ticket: &Ticket) -> String {
    words::mailbox_is_suspect(callback(hearing.app(), ticket).as_deref())
}

/// A genuine answer to words of the reporter is a draft; whatever else is said in the room stays there.
pub(super) async fn draft(hearing: &mut Hearing<'_>, said: &Said) -> Result<(), StepError> {
    let Some(ticket) = hearing.ticket.clone() else {
        return Ok(());
    };
    let origin = hearing.origin.clone();
    let is_sent = ticket.work.letter_from(&origin).is_some();
    if hearing.place != Place::TicketRoom || is_sent || said.text.trim().is_empty() {
        return Ok(());
    }
    let waiting = ticket.work.waiting_draft(&origin);
    let answered = said.answers.as_ref();
    let answered = answered.and_then(|event| ticket.work.relayed_in(event));
    let (answers, told) = match (waiting, answered) {
        (Some(draft), _) => (draft.answers.clone(), words::DRAFT_CHANGED.to_owned()),
        (None, Some(_)) if is_first_into_a_suspect_mailbox(&ticket) => {
            (answered.cloned(), beware(hearing, &ticket))
        }
        (None, Some(_)) => (answered.cloned(), words::DRAFT.to_owned()),
        (None, None) => return Ok(()),
    };
    let message = message_of(hearing, &ticket, answers.as_ref()).await?;
    let way = way_for(hearing, &ticket, message.as_ref()).await?.ok();
    let warning = way.as_ref().and_then(Way::warning);
    let written = Draft {
        origin,
        by: hearing.person.id.clone(),
        answers,
        text: said.text.clone(),
        warned: way.as_ref().map(warned_of).unwrap_or_default(),
    };
    hearing.events.push(written.as_event());
    hearing.says(told);
    if let Some(warning) = warning {
        hearing.says(warning);
    }
    Ok(())
}

/// Lets a draft go. Only its author does, and knowing how it goes: a key may be gone since he wrote it.
pub(super) async fn send_draft(hearing: &mut Hearing<'_>, draft: &Draft) -> Result<(), StepError> {
    let Some(ticket) = hearing.ticket.clone() else {
        return Ok(());
    };
    if draft.by != hearing.person.id {
        hearing.says(words::NOT_YOUR_DRAFT);
        return Ok(());
    }
    let message = message_of(hearing, &ticket, draft.answers.as_ref()).await?;
    let way = match way_for(hearing, &ticket, message.as_ref()).await? {
        Ok(way) => way,
        Err(why) => {
            hearing.says(why);
            return Ok(());
        }
    };
    match way.warning() {
        Some(warning) if draft.warned == Warned::Nothing => {
            hearing.says(warning);
            let warned = Draft {
                warned: Warned::InTheOpen,
                ..draft.clone()
            };
            hearing.events.push(warned.as_event());
        }
        _ => send(hearing, &ticket, message.as_ref(), way, draft),
    }
    Ok(())
}

/// The message that words answer; without one, the reporter's latest.
async fn message_of(
    hearing: &Hearing<'_>,
    ticket: &Ticket,
    answers: Option<&InboxId>,
) -> Result<Option<ReceivedMessage>, StepError> {
    match answers {
        Some(inbox) => received(hearing, ticket, inbox).await,
        None => Ok(ticket.latest_answerable.clone()),
    }
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

fn send(
    hearing: &mut Hearing<'_>,
    ticket: &Ticket,
    message: Option<&ReceivedMessage>,
    way: Way,
    draft: &Draft,
) {
    let app = hearing.app();
    let outbox = OutboxId::from_random(app.ids.random());
    let to = way.to();
    let dispatch = way.may_carry(app, ticket.tlp).and_then(|()| {
        let letter = |address: &EmailAddress, subject| {
            let about = About {
                ticket,
                message: message.ok_or(words::NO_ADDRESS)?,
                subject,
                now: hearing.heard.now,
            };
            letter(app, &about, hearing.person, &outbox, address, &draft.text)
                .ok_or(words::NO_ADDRESS)
        };
        Ok(match way {
            Way::Chat(_) => {
                let post = chat_post(hearing.person, &app.settings.team, ticket.tlp, &draft.text);
                (Dispatch::Chat(ChatErrand::Direct { post }), None)
            }
            Way::Sealed(address, key) => {
                let letter = letter(&address, Subject::OfHis)?;
                let mail = sealed_mail(app, &outbox, &letter, &key);
                let mail = mail.ok_or(key_words::NOT_SEALED)?;
                (Dispatch::Mail(mail), Some(letter.message_id))
            }
            Way::Open(address) => {
                let letter = letter(&address, Subject::OfHis)?;
                let mail = outgoing_mail(app, &outbox, &letter);
                (Dispatch::Mail(mail), Some(letter.message_id))
            }
            Way::OpenAfterAll(address) => {
                let letter = letter(&address, Subject::Neutral)?;
                let mail = outgoing_mail(app, &outbox, &letter);
                (Dispatch::Mail(mail), Some(letter.message_id))
            }
        })
    });
    let (dispatch, message_id) = match dispatch {
        Ok(dispatch) => dispatch,
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
        text: draft.text.clone(),
        origin: draft.origin.clone(),
        tlp: Some(ticket.tlp),
    });
}

/// Which subject a letter bears.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    /// The reporter's own.
    OfHis,
    /// One that tells nothing.
    Neutral,
}

/// What a letter is about.
struct About<'a> {
    ticket: &'a Ticket,
    message: &'a ReceivedMessage,
    subject: Subject,
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
        subject,
        now,
    } = about;
    let assessment = ticket.assessment.as_ref();
    let language = assessment.map_or(Language::Nl, |assessment| assessment.language);
    let own_subject = ticket.channel == ChannelTrust::Unsuspected && *subject == Subject::OfHis;
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
