//! Which course a message in the lobby takes, and what is said because of it in the chat with one person.
//!
//! Deciding and replaying both ask here. The table stands in `domain::ticket::lobby`; what is written follows
//! in `lobby`.

use crate::app::chat::chat_case::ChatCase;
use crate::app::chat::lobby_answer::{answerable, is_beyond_doubt};
use crate::domain::chat::ids::RoomId;
use crate::domain::ticket::decide::{Mode, Speech, Word};
use crate::domain::ticket::lobby::{
    Apart, Asker, HeardInLobby, LobbyCourse, Thread, decide_in_lobby,
};
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Silence;
use crate::domain::triage::category::Kind;

/// A wrong answer among other people is worse than silence.
pub(super) fn keep_what_is_beyond_doubt(case: &mut ChatCase<'_>) {
    if case.assessment.kind == Kind::Question {
        case.passages.retain(is_beyond_doubt);
    }
}

/// The course of a message in the lobby; `today` is the ticket that it may go on.
pub(super) fn course_in_lobby(
    case: &ChatCase<'_>,
    asker: Asker,
    thread: Thread,
    apart: Apart,
    today: Option<&Ticket>,
) -> LobbyCourse {
    decide_in_lobby(&HeardInLobby {
        kind: if case.assessment.is_a_guess() {
            Kind::Other
        } else {
            case.assessment.kind
        },
        asker,
        thread,
        answer: answerable(case),
        apart,
        word: today.map_or(Word::Bot, Ticket::word),
        mode: case.heard.app.settings.mode,
    })
}

/// What is said in the chat with him alone because of a message in the lobby. Nothing where nothing is wanted
/// there yet.
pub(super) fn speech_apart(
    case: &ChatCase<'_>,
    course: LobbyCourse,
) -> Option<Result<Speech, Silence>> {
    let ticket = case.known.as_ref();
    match course {
        // Where the bot only observes, experts see what it would say there.
        LobbyCourse::Invite => {
            let observes = case.heard.app.settings.mode == Mode::Observe;
            observes.then_some(Ok(Speech::Guidance))
        }
        LobbyCourse::Reuse => Some(Ok(Speech::Guidance)),
        LobbyCourse::Append | LobbyCourse::AppendQuietly | LobbyCourse::InviteAgain => {
            let inside = ticket.is_some_and(|ticket| open_room(ticket).is_some());
            if ticket.is_some_and(|ticket| ticket.word() == Word::Human) {
                Some(Err(Silence::HumanSpeaks))
            } else {
                let tells = matches!(case.assessment.kind, Kind::Incident | Kind::Question);
                (inside && tells).then_some(Ok(Speech::FollowUp))
            }
        }
        LobbyCourse::Silent => Some(Err(Silence::NothingToSay)),
        LobbyCourse::Answer | LobbyCourse::FirstSteps => None,
    }
}

/// The room where he is with the bot alone.
pub(super) fn open_room(ticket: &Ticket) -> Option<&RoomId> {
    ticket.direct.as_ref()?.open_room()
}
