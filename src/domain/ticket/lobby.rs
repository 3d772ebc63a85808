//! What the bot does with a message in the lobby: a room full of people, maybe not encrypted.
//!
//! One table in code. Nothing of a report is ever said there, and a wrong answer is worse than silence. What
//! is said in the direct chat is decided in `ticket::decide`.

use crate::domain::ticket::decide::{Answerable, Mode, Word};
use crate::domain::triage::category::Kind;

/// Who writes in the lobby.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// An official whom we serve.
    Served,
    /// Anybody else.
    Stranger,
}

/// The chat with him alone, as far as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart {
    /// There is none.
    Never,
    /// He is in a room with the bot because of something earlier.
    InEarlierRoom,
    /// His ticket of today has one, whether he is in it or not yet.
    OnTicket,
    /// His ticket of today had one, and he left it.
    Left,
}

/// Where in the room it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thread {
    /// Below his own report: it goes on.
    OfHisReport,
    /// Anywhere else.
    OfOthers,
}

/// What is known of a message in the lobby when it is decided.
#[derive(Debug, Clone, Copy)]
pub struct HeardInLobby {
    /// What kind of message it is.
    pub kind: Kind,
    /// Who wrote it.
    pub asker: Asker,
    /// Where in the room.
    pub thread: Thread,
    /// Is there an answer that is about this beyond doubt?
    pub answer: Answerable,
    /// The chat with him alone.
    pub apart: Apart,
    /// Who speaks with him on his ticket.
    pub word: Word,
    /// How far the bot may go by itself.
    pub mode: Mode,
}

/// The course that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LobbyCourse {
    /// Silence, no ticket.
    Silent,
    /// A memo answers in the thread; no ticket.
    Answer,
    /// A ticket, and he is asked into a chat with the bot alone.
    Invite,
    /// A ticket, and help at once in the room where he is with the bot already.
    Reuse,
    /// It goes on his ticket; he is told that the bot wrote to him already.
    Append,
    /// It goes on his ticket, and nothing is said in the lobby.
    AppendQuietly,
    /// It goes on his ticket, and he is asked into a chat anew.
    InviteAgain,
    /// A ticket, and general first steps in the thread: we don't know him.
    FirstSteps,
}

impl LobbyCourse {
    /// The closed word for records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Silent => "lobby silent",
            Self::Answer => "lobby answer",
            Self::Invite => "lobby invite",
            Self::Reuse => "lobby reuse",
            Self::Append | Self::AppendQuietly => "lobby append",
            Self::InviteAgain => "lobby invite-again",
            Self::FirstSteps => "lobby first-steps",
        }
    }
}

/// Decides on a message in the lobby.
pub fn decide_in_lobby(heard: &HeardInLobby) -> LobbyCourse {
    match (heard.asker, heard.kind) {
        (Asker::Stranger, Kind::Incident) => LobbyCourse::FirstSteps,
        (Asker::Served, Kind::Incident) => match heard.apart {
            Apart::Never => LobbyCourse::Invite,
            Apart::InEarlierRoom => LobbyCourse::Reuse,
            _ if heard.word == Word::Human => LobbyCourse::AppendQuietly,
            Apart::OnTicket => LobbyCourse::Append,
            Apart::Left => LobbyCourse::InviteAgain,
        },
        // What he adds below his report is never lost, whatever it looks like.
        (Asker::Served, _) if heard.thread == Thread::OfHisReport => LobbyCourse::AppendQuietly,
        (Asker::Served, Kind::Question)
            if heard.mode == Mode::Answer && heard.answer == Answerable::FromMemo =>
        {
            LobbyCourse::Answer
        }
        _ => LobbyCourse::Silent,
    }
}
