//! The lobby: a room full of officials, in which the bot answers questions and takes incidents apart.
//!
//! The course is decided in `domain::ticket::lobby`; here it becomes events and words. Nothing of a report
//! is posted there, and nothing is said to whom we don't serve but what anybody may do.

use crate::app::chat::answering::{Answering, Reply, below, notice, root_of};
use crate::app::chat::chat_case::{ChatCase, reply_event};
use crate::app::chat::doorway::{tickets_apart_with, unsigned};
use crate::app::chat::hear::Heard;
use crate::app::chat::lobby_answer::answer;
use crate::app::chat::lobby_course::{
    course_in_lobby, keep_what_is_beyond_doubt, open_room, speech_apart,
};
use crate::app::file::put_on;
use crate::app::number::next_number;
use crate::app::ports::{Change, Extent, KnowledgeError, NewOutgoing, Outcome, Trace, Voice};
use crate::app::reply::To;
use crate::app::step::StepError;
use crate::app::trouble::show_to_a_human;
use crate::domain::chat::ids::RoomId;
use crate::domain::chat::incoming::{Happening, Said};
use crate::domain::guidance::reply::Template;
use crate::domain::ids::{TicketId, TicketNumber};
use crate::domain::intake::limits::Share;
use crate::domain::intake::sender::Standing;
use crate::domain::ticket::decide::{Mode, Speech};
use crate::domain::ticket::event::{Actor, ChatPlace, TicketEvent};
use crate::domain::ticket::lobby::{Apart, Asker, LobbyCourse, Thread};
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::{Silence, Trouble};
use crate::domain::triage::language::Language;
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// A report joins the ticket of the same person that is no older than this.
const SAME_INCIDENT: SignedDuration = SignedDuration::from_hours(24);
/// How long somebody is waited for in the direct chat before help is given in the lobby.
const WAITS_FOR_HIM: SignedDuration = SignedDuration::from_mins(2);
/// Most tickets that one thread of the lobby is looked up for: several people may report in it.
const MOST_TICKETS: usize = 32;

/// Decides on what happened in the lobby.
pub(super) async fn hear_in_the_lobby(
    heard: &Heard<'_>,
    asker: Asker,
) -> Result<Change, StepError> {
    if let Some(said) = heard.event.what.words() {
        return hear_words(heard, asker, &said).await;
    }
    match (&heard.event.what, asker) {
        (Happening::Undecryptable, Asker::Served) if heard.arrival.extent == Extent::Locked => {
            unreadable(heard).await
        }
        _ => Ok(heard.done(Outcome::NoTicket, "lobby")),
    }
}

/// A message that can't be read is shown to humans, and its sender is told.
async fn unreadable(heard: &Heard<'_>) -> Result<Change, StepError> {
    let mut change = heard.done(Outcome::OnTicket, "lobby unreadable");
    let inbox = &heard.arrival.id;
    show_to_a_human(
        heard.app,
        &mut change,
        inbox,
        Trouble::Undecryptable,
        heard.now,
    )
    .await?;
    let words = [Template::Unreadable];
    change
        .outgoing
        .push(notice(heard, None, &below(heard), Language::Nl, &words)?);
    Ok(change)
}

async fn hear_words(heard: &Heard<'_>, asker: Asker, said: &Said) -> Result<Change, StepError> {
    let standing = match asker {
        Asker::Served => Standing::Proven,
        Asker::Stranger => Standing::Unknown,
    };
    let mut case = ChatCase::new(heard, said, standing, None).await?;
    keep_what_is_beyond_doubt(&mut case);
    let apart = tickets_apart_with(heard.app, &heard.event.sender).await?;
    let in_thread = thread_of_his_report(heard, &apart).await?;
    let today = in_thread.or_else(|| ticket_of_today(heard, &apart));
    let thread = match in_thread {
        Some(_) => Thread::OfHisReport,
        None => Thread::OfOthers,
    };
    let course = course_in_lobby(&case, asker, thread, apart_of(today, &apart), today);
    match course {
        LobbyCourse::Silent => Ok(silent(&case, course)),
        LobbyCourse::Answer => answer(&case, course).await,
        LobbyCourse::FirstSteps => first_steps(&case, course).await,
        LobbyCourse::Invite => invite(&case, course).await,
        LobbyCourse::Reuse => match apart.iter().find_map(open_room) {
            Some(room) => reuse(&case, course, room.clone()).await,
            None => invite(&case, course).await,
        },
        LobbyCourse::Append | LobbyCourse::AppendQuietly | LobbyCourse::InviteAgain => {
            let case = ChatCase::new(heard, said, standing, today.cloned()).await?;
            append(&case, course).await
        }
    }
}

fn silent(case: &ChatCase<'_>, course: LobbyCourse) -> Change {
    let silence: Reply = Err(Silence::NothingToSay);
    Change {
        arrival: Some(case.done(Outcome::NoTicket, course.word(), Some(&silence))),
        ..Change::default()
    }
}

/// The open ticket in whose thread it was said.
async fn thread_of_his_report<'a>(
    heard: &Heard<'_>,
    apart: &'a [Ticket],
) -> Result<Option<&'a Ticket>, StepError> {
    let root = root_of(heard);
    if root == heard.event.event {
        return Ok(None);
    }
    let traces = [Trace::Event(root)];
    let there = heard
        .app
        .store
        .find_by_traces(&traces, MOST_TICKETS)
        .await?;
    Ok(apart
        .iter()
        .find(|ticket| ticket.closed_at.is_none() && there.contains(&ticket.id)))
}

fn ticket_of_today<'a>(heard: &Heard<'_>, apart: &'a [Ticket]) -> Option<&'a Ticket> {
    let today = |ticket: &&Ticket| {
        let recent = heard.now.duration_since(ticket.opened_at) <= SAME_INCIDENT;
        recent && ticket.closed_at.is_none()
    };
    apart
        .iter()
        .filter(today)
        .max_by_key(|ticket| ticket.opened_at)
}

fn apart_of(today: Option<&Ticket>, apart: &[Ticket]) -> Apart {
    match today.and_then(|ticket| ticket.direct.as_ref()) {
        Some(chat) if chat.left_at.is_some() => Apart::Left,
        Some(_) => Apart::OnTicket,
        None if apart.iter().any(|ticket| open_room(ticket).is_some()) => Apart::InEarlierRoom,
        None => Apart::Never,
    }
}

/// A ticket, and he is asked into a chat with the bot alone. Where the bot only observes, experts see what it
/// would say there.
async fn invite(case: &ChatCase<'_>, course: LobbyCourse) -> Result<Change, StepError> {
    let heard = &case.heard;
    let id = TicketId::from_random(heard.app.ids.random());
    let number = next_number(heard.app, heard.now).await?;
    let mut events = case.opens(&number);
    if let Some(Ok(speech)) = speech_apart(case, LobbyCourse::Invite) {
        let to = To::DirectChat(&heard.event.sender);
        let nothing = BTreeSet::new();
        let draft = help(case, Some(&id), Some(&number), to, &nothing);
        let reply = draft.say(speech).await?;
        events.push(reply_event(heard, &reply));
        return Ok(filed(case, course, &id, events, Vec::new(), Some(reply)));
    }
    events.push((Actor::Bot, offered(heard)));
    events.extend(unsigned(heard, None));
    let row = said_in_thread(case, &id, Template::Apart)?;
    Ok(filed(case, course, &id, events, vec![row], None))
}

/// What is said in the thread: where he finds us, and what he must do so that he can read it.
fn said_in_thread(
    case: &ChatCase<'_>,
    ticket: &TicketId,
    where_to: Template,
) -> Result<NewOutgoing, KnowledgeError> {
    let heard = &case.heard;
    let confirm = unsigned(heard, None).map(|_| Template::ConfirmDevice);
    let words: Vec<Template> = [where_to].into_iter().chain(confirm).collect();
    let language = case.assessment.language;
    notice(heard, Some(ticket), &below(heard), language, &words)
}

fn offered(heard: &Heard<'_>) -> TicketEvent {
    TicketEvent::DirectChatOffered {
        user: heard.event.sender.clone(),
        asked: ChatPlace {
            room: heard.event.room.clone(),
            event: root_of(heard),
        },
        until: heard.now.saturating_add(WAITS_FOR_HIM).unwrap_or(heard.now),
    }
}

/// A ticket, and help at once in the room where he is with the bot already.
async fn reuse(
    case: &ChatCase<'_>,
    course: LobbyCourse,
    room: RoomId,
) -> Result<Change, StepError> {
    let heard = &case.heard;
    let user = heard.event.sender.clone();
    let id = TicketId::from_random(heard.app.ids.random());
    let number = next_number(heard.app, heard.now).await?;
    let mut events = case.opens(&number);
    let opened = TicketEvent::DirectChatOpened {
        user: user.clone(),
        room,
    };
    let accepted = TicketEvent::DirectChatAccepted { user: user.clone() };
    events.extend([(Actor::Bot, opened), (Actor::Reporter, accepted)]);
    events.extend(unsigned(heard, None));
    let nothing = BTreeSet::new();
    let help = help(
        case,
        Some(&id),
        Some(&number),
        To::DirectChat(&user),
        &nothing,
    );
    let reply = help.say(Speech::Guidance).await?;
    events.push(reply_event(heard, &reply));
    let row = said_in_thread(case, &id, Template::Apart)?;
    Ok(filed(case, course, &id, events, vec![row], Some(reply)))
}

/// A ticket of somebody whom we don't serve: humans see it, and the thread says what helps in any case.
async fn first_steps(case: &ChatCase<'_>, course: LobbyCourse) -> Result<Change, StepError> {
    let heard = &case.heard;
    let id = TicketId::from_random(heard.app.ids.random());
    let number = next_number(heard.app, heard.now).await?;
    let spot = below(heard);
    let to = To::Room(&heard.event.sender, &spot);
    let nothing = BTreeSet::new();
    let reply = Answering {
        voice: Voice::Notice,
        share: Share::Unproven,
        ..help(case, Some(&id), None, to, &nothing)
    }
    .say_fixed(Template::FirstSteps)
    .await?;
    let mut events = case.opens(&number);
    events.push(reply_event(heard, &reply));
    Ok(filed(case, course, &id, events, Vec::new(), Some(reply)))
}

/// It goes on the ticket of the same person; where he is in the chat already, the dialogue goes on there.
async fn append(case: &ChatCase<'_>, course: LobbyCourse) -> Result<Change, StepError> {
    let heard = &case.heard;
    let Some(ticket) = &case.known else {
        return invite(case, LobbyCourse::Invite).await;
    };
    let mut events = case.joins();
    events.extend(unsigned(heard, Some(ticket)));
    let to = To::DirectChat(&heard.event.sender);
    let said = ticket.said();
    let reply = match speech_apart(case, course) {
        None => None,
        Some(Err(silence)) => Some(Err(silence)),
        Some(Ok(speech)) => {
            let help = Answering {
                share: Share::Dialogue,
                ..help(case, Some(&ticket.id), ticket.number.as_ref(), to, &said)
            };
            Some(help.say(speech).await?)
        }
    };
    events.extend(reply.as_ref().map(|reply| reply_event(heard, reply)));
    let observes = heard.app.settings.mode == Mode::Observe;
    let where_to = match course {
        LobbyCourse::InviteAgain if !observes => {
            events.push((Actor::Bot, offered(heard)));
            Some(Template::Apart)
        }
        LobbyCourse::Append => Some(Template::ApartAlready),
        _ => None,
    };
    let row = where_to.map(|where_to| said_in_thread(case, &ticket.id, where_to));
    let rows = row.transpose()?.into_iter().collect();
    Ok(filed(case, course, &ticket.id, events, rows, reply))
}

/// Help for somebody whom we serve.
pub(super) fn help<'b>(
    case: &'b ChatCase<'_>,
    ticket: Option<&'b TicketId>,
    number: Option<&'b TicketNumber>,
    to: To<'b>,
    said: &'b BTreeSet<String>,
) -> Answering<'b> {
    Answering {
        app: case.heard.app,
        ticket,
        number,
        inbox: &case.heard.arrival.id,
        to,
        voice: Voice::Bot,
        share: if case.assessment.page {
            Share::Urgent
        } else {
            Share::Proven
        },
        assessment: &case.assessment,
        passages: &case.passages,
        said,
        talk: case.talk(),
        age: case.age,
        paged: case.paged(),
        now: case.heard.now,
    }
}

/// The change with its ticket. Words in the thread leave before anything else.
fn filed(
    case: &ChatCase<'_>,
    course: LobbyCourse,
    id: &TicketId,
    events: Vec<(Actor, TicketEvent)>,
    first: Vec<NewOutgoing>,
    reply: Option<Reply>,
) -> Change {
    let heard = &case.heard;
    let mut change = Change {
        arrival: Some(case.done(Outcome::OnTicket, course.word(), reply.as_ref())),
        outgoing: first,
        ..Change::default()
    };
    put_on(heard.app, &mut change, id, &case.history, events, heard.now);
    let leaves = reply.and_then(Result::ok).map(|prepared| prepared.outgoing);
    change.outgoing.extend(leaves);
    change
}
