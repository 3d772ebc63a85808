//! A chat of the bot with one person: he is asked into it from the lobby, or begins it himself.
//!
//! What he writes is decided as a mail is (`ticket::decide`). Who has no ticket there and isn't served gets no
//! word.

use crate::app::chat::answering::{Answering, Reply, here, notice};
use crate::app::chat::chat_case::{ChatCase, reply_event};
use crate::app::chat::doorway::unsigned;
use crate::app::chat::hear::Heard;
use crate::app::chat::lobby::hear_in_the_lobby;
use crate::app::chat::wordless::{note_file, unreadable};
use crate::app::file::put_on;
use crate::app::number::next_number;
use crate::app::ports::{Change, Company, Extent, NewOutgoing, Outcome, Secrecy, Voice};
use crate::app::reply::{Spot, To};
use crate::app::step::StepError;
use crate::app::understand::assess_words;
use crate::domain::chat::incoming::{Happening, Said};
use crate::domain::chat::trust::Trust;
use crate::domain::guidance::reply::Template;
use crate::domain::ids::{TicketId, TicketNumber};
use crate::domain::intake::age::Age;
use crate::domain::intake::limits::Share;
use crate::domain::intake::message::Arrived;
use crate::domain::intake::placement::{Placement, Proof};
use crate::domain::intake::sender::Standing;
use crate::domain::ticket::decide::{
    self, Addressed, Course, Filing, Speech, Word, decide, share_of,
};
use crate::domain::ticket::dialogue::Talk;
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::lobby::Asker;
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Silence;
use crate::domain::triage::assessment::Known;
use crate::domain::triage::category::Kind;
use crate::domain::triage::language::Language;
use std::collections::BTreeSet;

/// More words than these, written to us alone, are no greeting.
const MOST_WORDS_OF_A_GREETING: usize = 4;

/// Decides on what somebody wrote in a chat with the bot. `tickets` are his in that room.
pub(super) async fn hear_in_a_direct_chat(
    heard: &Heard<'_>,
    asker: Asker,
    tickets: &[Ticket],
) -> Result<Change, StepError> {
    let known = current(heard, tickets);
    if known.is_none() && asker == Asker::Stranger {
        return Ok(heard.done(Outcome::NoTicket, "direct stranger"));
    }
    if let Some(said) = heard.event.what.words() {
        // Nothing of a report is written where others can read it: he is asked into a chat of ours.
        return if known.is_none() && !is_private(heard).await {
            hear_in_the_lobby(heard, asker).await
        } else {
            hear_words(heard, &said, known.cloned()).await
        };
    }
    match &heard.event.what {
        Happening::Shared { .. } => match known {
            Some(known) => note_file(heard, known).await,
            None => greet(heard, Language::Nl, None).await,
        },
        Happening::Undecryptable if heard.arrival.extent == Extent::Locked => {
            unreadable(heard, known).await
        }
        _ => Ok(heard.done(Outcome::NoTicket, "direct")),
    }
}

/// Is he alone with us, and encrypted? Not where that can't be found out.
async fn is_private(heard: &Heard<'_>) -> bool {
    let (event, rooms) = (heard.event, heard.app.rooms.as_ref());
    if event.trust == Trust::ServerOnly {
        return false;
    }
    match rooms {
        Some(rooms) => rooms.company(&event.room, &event.sender).await == Company::Alone,
        None => false,
    }
}

/// The ticket on which a message in the room goes: the latest that is open, or was until lately.
fn current<'a>(heard: &Heard<'_>, tickets: &'a [Ticket]) -> Option<&'a Ticket> {
    let open = tickets.iter().filter(|ticket| ticket.closed_at.is_none());
    let lately = |ticket: &&Ticket| !ticket.has_ended(heard.now);
    open.max_by_key(|ticket| ticket.opened_at).or_else(|| {
        let closed = tickets.iter().filter(lately);
        closed.max_by_key(|ticket| ticket.closed_at)
    })
}

async fn hear_words(
    heard: &Heard<'_>,
    said: &Said,
    known: Option<Ticket>,
) -> Result<Change, StepError> {
    let case = ChatCase::new(heard, said, Standing::Proven, known).await?;
    let Some(Directed {
        course,
        placed,
        share,
    }) = direct(&case)
    else {
        return greet(heard, case.assessment.language, Some(&case)).await;
    };
    settle(&case, course, placed, share).await
}

/// The course of a message in a chat with the bot.
pub(super) struct Directed {
    pub(super) course: Course,
    /// Where it was placed, in a closed word.
    pub(super) placed: &'static str,
    share: Share,
}

/// Decides on it. Nothing where it is small talk, which begins no ticket.
pub(super) fn direct(case: &ChatCase<'_>) -> Option<Directed> {
    let placement = match &case.known {
        Some(known) => Placement::OnTicket {
            ticket: known.id.clone(),
            by: Proof::Ours,
        },
        None => Placement::New,
    };
    let known = decide::Heard {
        kind: case.assessment.kind,
        machine_silent: false,
        citizen: case.assessment.citizen,
        page: case.assessment.page,
        word: case.word(),
        talk: case.talk(),
        standing: case.standing,
        age: case.age,
        addressed: Addressed::ToUs,
        placement: &placement,
        arrived: Arrived::Whole,
        answer: case.answerable(),
        mode: case.heard.app.settings.mode,
    };
    let mut course = decide(&known);
    if case.known.is_none() && is_small_talk(case) {
        return None;
    }
    if course.speech == Ok(Speech::FollowUp) && !case.known.as_ref().is_some_and(has_help) {
        course.speech = Ok(Speech::Guidance);
    }
    let share = course
        .speech
        .map_or(Share::Proven, |speech| share_of(speech, &known));
    Some(Directed {
        course,
        placed: placement.word(),
        share,
    })
}

/// Is it a greeting or the like? A word or two without any sign of an incident is.
fn is_small_talk(case: &ChatCase<'_>) -> bool {
    let assessment = &case.assessment;
    let few_words = case.said.text.split_whitespace().count() <= MOST_WORDS_OF_A_GREETING;
    matches!(assessment.kind, Kind::Other | Kind::Subscription)
        || few_words && assessment.is_a_guess()
}

/// Has he got help with his own incident, beyond what is said to anybody?
pub(super) fn has_help(ticket: &Ticket) -> bool {
    let mut replies = ticket.replies.iter();
    replies.any(|reply| reply.template != Template::FirstSteps && reply.withdrawn_at.is_none())
}

/// Turns the course into the change that is written.
async fn settle(
    case: &ChatCase<'_>,
    course: Course,
    placed: &'static str,
    share: Share,
) -> Result<Change, StepError> {
    let heard = &case.heard;
    let user = &heard.event.sender;
    let number = match &course.filing {
        Filing::Open => Some(next_number(heard.app, heard.now).await?),
        _ => None,
    };
    let id = match (&course.filing, &case.known) {
        (Filing::NoTicket, _) => None,
        (_, Some(known)) => Some(known.id.clone()),
        (_, None) => Some(TicketId::from_random(heard.app.ids.random())),
    };
    let spot = here(heard);
    let to = match id {
        Some(_) => To::DirectChat(user),
        None => To::Room(user, &spot),
    };
    let reply = reply(case, course.speech, id.as_ref(), number.as_ref(), to, share).await?;
    if reply.is_err() && course.needs_its_reply() {
        let course = Course {
            filing: Filing::Open,
            speech: course.speech,
        };
        return Box::pin(settle(case, course, placed, share)).await;
    }
    let outcome = match id {
        Some(_) => Outcome::OnTicket,
        None => Outcome::NoTicket,
    };
    let course = course_word(placed, &course.filing);
    let mut change = Change {
        arrival: Some(case.done(outcome, &course, Some(&reply))),
        ..Change::default()
    };
    if let Some(id) = &id {
        let mut events = match &number {
            Some(number) => case.opens(number),
            None => case.joins(),
        };
        events.extend(comes_in(heard, case.known.as_ref()));
        events.extend(unsigned(heard, case.known.as_ref()));
        events.push(reply_event(heard, &reply));
        put_on(heard.app, &mut change, id, &case.history, events, heard.now);
        let known = case.known.as_ref();
        change
            .outgoing
            .extend(told_in_the_lobby(heard, known, case.assessment.language)?);
    }
    change
        .outgoing
        .extend(reply.ok().map(|prepared| prepared.outgoing));
    Ok(change)
}

async fn reply(
    case: &ChatCase<'_>,
    speech: Result<Speech, Silence>,
    ticket: Option<&TicketId>,
    number: Option<&TicketNumber>,
    to: To<'_>,
    share: Share,
) -> Result<Reply, StepError> {
    let speech = match speech {
        Ok(speech) => speech,
        Err(silence) => return Ok(Err(silence)),
    };
    let known = case.known.as_ref();
    let said = known.map(Ticket::said).unwrap_or_default();
    let answering = Answering {
        app: case.heard.app,
        ticket,
        number: number.or(known.and_then(|known| known.number.as_ref())),
        inbox: &case.heard.arrival.id,
        to,
        voice: Voice::Bot,
        share,
        assessment: &case.assessment,
        passages: &case.passages,
        said: &said,
        talk: case.talk(),
        age: case.age,
        paged: case.paged(),
        now: case.heard.now,
    };
    answering.say(speech).await
}

/// The closed words for records.
pub(super) fn course_word(placed: &str, filing: &Filing) -> String {
    format!("direct {placed} {}", filing.word())
}

/// Whoever writes in the room is in it, whatever we heard of that before.
pub(super) fn comes_in(heard: &Heard<'_>, known: Option<&Ticket>) -> Vec<(Actor, TicketEvent)> {
    let user = &heard.event.sender;
    let chat = known.and_then(|known| known.direct.as_ref());
    if chat.is_some_and(|chat| chat.open_room() == Some(&heard.event.room)) {
        return Vec::new();
    }
    let opened = (
        Actor::Bot,
        TicketEvent::DirectChatOpened {
            user: user.clone(),
            room: heard.event.room.clone(),
        },
    );
    let known_room = chat.is_some_and(|chat| chat.room.as_ref() == Some(&heard.event.room));
    let accepted = TicketEvent::DirectChatAccepted { user: user.clone() };
    let opened = (!known_room).then_some(opened);
    opened
        .into_iter()
        .chain([(Actor::Reporter, accepted)])
        .collect()
}

/// Who can't read us here is told where he came from.
fn told_in_the_lobby(
    heard: &Heard<'_>,
    known: Option<&Ticket>,
    language: Language,
) -> Result<Option<NewOutgoing>, StepError> {
    let asked = known
        .filter(|known| known.word() == Word::Bot && unsigned(heard, Some(known)).is_some())
        .and_then(|known| Some((known, known.direct.as_ref()?.asked.as_ref()?)));
    let Some((known, asked)) = asked else {
        return Ok(None);
    };
    let spot = Spot {
        room: asked.room.clone(),
        thread: Some(asked.event.clone()),
        answers: None,
        secrecy: Secrecy::Public,
    };
    let words = [Template::ConfirmDevice];
    Ok(Some(notice(
        heard,
        Some(&known.id),
        &spot,
        language,
        &words,
    )?))
}

/// Who says hello is told what can be written here, once a day.
async fn greet(
    heard: &Heard<'_>,
    language: Language,
    case: Option<&ChatCase<'_>>,
) -> Result<Change, StepError> {
    let spot = here(heard);
    let nothing = BTreeSet::new();
    let app = heard.app;
    let handbook = app.knowledge.handbook();
    let blank = assess_words(&handbook, "", Known::default());
    let mut assessment = case.map_or(blank, |case| case.assessment.clone());
    assessment.language = language;
    let greeting = Answering {
        app,
        ticket: None,
        number: None,
        inbox: &heard.arrival.id,
        to: To::Room(&heard.event.sender, &spot),
        voice: Voice::Notice,
        share: Share::Proven,
        assessment: &assessment,
        passages: &[],
        said: &nothing,
        talk: Talk::Open,
        age: Age::Fresh,
        paged: false,
        now: heard.now,
    };
    let reply = greeting.say_fixed(Template::Hello).await?;
    let mut change = heard.done(Outcome::NoTicket, "direct hello");
    if let Some(case) = case {
        change.arrival = Some(case.done(Outcome::NoTicket, "direct hello", Some(&reply)));
    }
    change
        .outgoing
        .extend(reply.ok().map(|prepared| prepared.outgoing));
    Ok(change)
}
