//! Where an errand is done, and with which words, seen at the moment when it is done.

use crate::app::App;
use crate::app::chat::card::card_post;
use crate::app::chat::posts;
use crate::app::ports::{ChatErrand, RoomAct, RoomPurpose, Secrecy};
use crate::domain::chat::ids::{EventId, RoomId, UserId};
use crate::domain::chat::post::Post;
use crate::domain::oncall::people::PersonId;
use crate::domain::ticket::event::RecordedEvent;
use crate::domain::ticket::state::Ticket;

/// The act that does an errand. Nothing where there is no such place any more, or nothing to bring there.
pub(super) fn place(
    app: &App,
    ticket: Option<&Ticket>,
    history: &[RecordedEvent],
    errand: &ChatErrand,
) -> Option<RoomAct> {
    let oncall = &app.settings.chat.as_ref()?.oncall_room;
    Some(match errand {
        ChatErrand::Act(act) => act.clone(),
        ChatErrand::OncallRoom { post } => post_in(oncall, None, None, post.clone()),
        // A card that could not be posted: better a page without a thread than none.
        ChatErrand::Thread { post } => post_in(oncall, ticket?.card.as_ref(), None, post.clone()),
        ChatErrand::Draft { outbox } => {
            let post = posts::draft(history, outbox)?;
            post_in(oncall, ticket?.card.as_ref(), None, post)
        }
        ChatErrand::Card => card(app, oncall, ticket?),
        ChatErrand::MakeRoom => {
            let ticket = ticket?;
            RoomAct::OpenRoom {
                name: ticket.number.as_ref().map(ToString::to_string),
                invite: accounts(app, &ticket.work.workers),
                purpose: RoomPurpose::Ticket,
            }
        }
        ChatErrand::InviteWorker { person } => RoomAct::Invite {
            room: ticket?.work.room.clone()?,
            user: accounts(app, std::slice::from_ref(person)).pop()?,
        },
        ChatErrand::TicketRoom { answers, post } => {
            let room = ticket?.work.room.as_ref()?;
            post_in(room, None, answers.as_ref(), post.clone())
        }
        ChatErrand::Relay { inbox } => {
            let room = ticket?.work.room.as_ref()?;
            post_in(room, None, None, posts::relayed(app, history, inbox)?)
        }
        ChatErrand::Told { outbox } => {
            let room = ticket?.work.room.as_ref()?;
            post_in(room, None, None, posts::told(app, history, outbox)?)
        }
        ChatErrand::Recap { person } => {
            let room = ticket?.work.room.as_ref()?;
            post_in(room, None, None, posts::recap(app, history, person))
        }
        ChatErrand::MakeReadersChat { person } => RoomAct::OpenRoom {
            name: None,
            invite: vec![accounts(app, std::slice::from_ref(person)).pop()?],
            purpose: RoomPurpose::Reading,
        },
        ChatErrand::ShowTo { person } => {
            let ticket = ticket?;
            let room = ticket.work.readers.get(person)?.room.as_ref()?;
            post_in(room, None, None, posts::to_decide_on(app, ticket, history))
        }
        ChatErrand::MakeDirectChat { user } => RoomAct::OpenRoom {
            name: None,
            invite: vec![user.clone()],
            purpose: RoomPurpose::Direct,
        },
        ChatErrand::Direct { post } => {
            let room = ticket?.direct.as_ref()?.open_room()?;
            post_in(room, None, None, post.clone())
        }
    })
}

fn card(app: &App, oncall: &RoomId, ticket: &Ticket) -> RoomAct {
    let post = card_post(app, ticket);
    match &ticket.card {
        Some(target) => RoomAct::Edit {
            room: oncall.clone(),
            target: target.clone(),
            post,
        },
        None => post_in(oncall, None, None, post),
    }
}

fn post_in(
    room: &RoomId,
    thread: Option<&EventId>,
    answers: Option<&EventId>,
    post: Post,
) -> RoomAct {
    RoomAct::Post {
        room: room.clone(),
        thread: thread.cloned(),
        answers: answers.cloned(),
        post,
        secrecy: Secrecy::Encrypted,
    }
}

/// The name of somebody of the roster, for people.
pub(crate) fn name_of(app: &App, id: &PersonId) -> String {
    let person = app.settings.roster.person(id);
    person.map_or_else(|| id.to_string(), |person| person.name.clone())
}

/// The accounts of these people, of those who have one.
pub(crate) fn accounts(app: &App, people: &[PersonId]) -> Vec<UserId> {
    let roster = &app.settings.roster;
    people
        .iter()
        .filter_map(|id| roster.person(id)?.matrix.clone())
        .collect()
}
