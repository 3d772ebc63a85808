//! Deciding again on a message in chat, for replay: nothing is written, sent or asked of a homeserver.
//!
//! Where it was heard, and which ticket it went on, is taken from the record; what is made of it there comes
//! from the same functions that decide for real.

use crate::app::App;
use crate::app::chat::answering::root_of;
use crate::app::chat::chat_case::ChatCase;
use crate::app::chat::direct::{course_word, direct};
use crate::app::chat::hear::Heard;
use crate::app::chat::lobby::help;
use crate::app::chat::lobby_course::{course_in_lobby, keep_what_is_beyond_doubt, speech_apart};
use crate::app::ports::{Arrival, DecisionRecord};
use crate::app::replay::Context;
use crate::app::reply::To;
use crate::app::step::StepError;
use crate::domain::chat::incoming::{ChatEvent, Said};
use crate::domain::ids::TicketNumber;
use crate::domain::intake::sender::Standing;
use crate::domain::ticket::decide::{Filing, Speech};
use crate::domain::ticket::event::GuidanceUsed;
use crate::domain::ticket::lobby::{Apart, Asker, LobbyCourse, Thread};
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Silence;

/// What a reply was made of, or why there is none; nothing where none was wanted.
type Used = Option<Result<Vec<GuidanceUsed>, Silence>>;

/// Decides again on what somebody wrote. Nothing where no words of a reporter were decided on.
pub(crate) fn decide_chat_again(
    app: &App,
    arrival: &Arrival,
    event: &ChatEvent,
    then: &DecisionRecord,
    context: Context<'_>,
) -> Result<Option<DecisionRecord>, StepError> {
    let Some(said) = event.what.words() else {
        return Ok(None);
    };
    let heard = Heard {
        app,
        arrival,
        attempt: 0,
        event,
        now: then.at,
    };
    if then.course.starts_with("lobby ") {
        in_the_lobby(&heard, &said, then, context).map(Some)
    } else if then.course.starts_with("direct ") {
        in_a_direct_chat(&heard, &said, then, context).map(Some)
    } else {
        Ok(None)
    }
}

fn in_a_direct_chat(
    heard: &Heard<'_>,
    said: &Said,
    then: &DecisionRecord,
    context: Context<'_>,
) -> Result<DecisionRecord, StepError> {
    let case = ChatCase::on(heard, said, standing(then), context.ticket, context.history)?;
    let Some(mut directed) = direct(&case) else {
        return Ok(case.record("direct hello", None));
    };
    let used = used(&case, Some(directed.course.speech), then, context.number);
    if matches!(used, Some(Err(_))) && directed.course.needs_its_reply() {
        directed.course.filing = Filing::Open;
    }
    let course = course_word(directed.placed, &directed.course.filing);
    Ok(case.record(&course, borrowed(&used)))
}

fn in_the_lobby(
    heard: &Heard<'_>,
    said: &Said,
    then: &DecisionRecord,
    context: Context<'_>,
) -> Result<DecisionRecord, StepError> {
    let standing = standing(then);
    let mut case = ChatCase::on(heard, said, standing, None, Vec::new())?;
    keep_what_is_beyond_doubt(&mut case);
    let asker = match standing {
        Standing::Proven => Asker::Served,
        _ => Asker::Stranger,
    };
    let today = context.ticket;
    let below_another = root_of(heard) != heard.event.event;
    let thread = if today.is_some() && below_another {
        Thread::OfHisReport
    } else {
        Thread::OfOthers
    };
    let course = course_in_lobby(&case, asker, thread, apart_then(then), today.as_ref());
    if matches!(
        course,
        LobbyCourse::Append | LobbyCourse::AppendQuietly | LobbyCourse::InviteAgain
    ) {
        case = ChatCase::on(heard, said, standing, today, context.history)?;
    }
    let used = used(&case, speech_apart(&case, course), then, context.number);
    Ok(case.record(course.word(), borrowed(&used)))
}

/// What is proven about people in chat depends on who was served and on rooms: it is taken as recorded.
fn standing(then: &DecisionRecord) -> Standing {
    then.standing.unwrap_or(Standing::Unknown)
}

/// How far the chat with him alone had come, as the recorded course tells.
fn apart_then(then: &DecisionRecord) -> Apart {
    let is = |course: LobbyCourse| then.course == course.word();
    if is(LobbyCourse::Reuse) {
        Apart::InEarlierRoom
    } else if is(LobbyCourse::Append) {
        Apart::OnTicket
    } else if is(LobbyCourse::InviteAgain) {
        Apart::Left
    } else {
        Apart::Never
    }
}

fn used(
    case: &ChatCase<'_>,
    wanted: Option<Result<Speech, Silence>>,
    then: &DecisionRecord,
    number: Option<&TicketNumber>,
) -> Used {
    let speech = match wanted {
        Some(Err(silence)) => return Some(Err(silence)),
        Some(Ok(speech)) => Some(speech),
        None => None,
    };
    if let Some(silence) = then.silence.filter(|silence| silence.is_of_the_moment()) {
        return Some(Err(silence));
    }
    let known = case.known.as_ref();
    let said = known.map(Ticket::said).unwrap_or_default();
    let to = To::DirectChat(&case.heard.event.sender);
    let help = help(case, known.map(|known| &known.id), number, to, &said);
    let worded = help.worded(speech?);
    Some(
        worded
            .map(|wording| wording.used)
            .map_err(|_| Silence::NotWritten),
    )
}

fn borrowed(used: &Used) -> Option<Result<&[GuidanceUsed], Silence>> {
    used.as_ref()
        .map(|used| used.as_deref().map_err(|silence| *silence))
}
