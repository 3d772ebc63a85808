//! The table of the lobby, row by row.

use crate::domain::ticket::decide::{Answerable, Mode, Word};
use crate::domain::ticket::lobby::{
    Apart, Asker, HeardInLobby, LobbyCourse, Thread, decide_in_lobby,
};
use crate::domain::triage::category::Kind;

fn heard(kind: Kind) -> HeardInLobby {
    HeardInLobby {
        kind,
        asker: Asker::Served,
        thread: Thread::OfOthers,
        answer: Answerable::FromMemo,
        apart: Apart::Never,
        word: Word::Bot,
        mode: Mode::Answer,
    }
}

#[test]
fn an_incident_is_taken_apart() {
    use Apart::{InEarlierRoom, Left, Never, OnTicket};
    for (apart, word, course) in [
        (Never, Word::Bot, LobbyCourse::Invite),
        (InEarlierRoom, Word::Bot, LobbyCourse::Reuse),
        (OnTicket, Word::Bot, LobbyCourse::Append),
        (OnTicket, Word::Human, LobbyCourse::AppendQuietly),
        (Left, Word::Bot, LobbyCourse::InviteAgain),
        (Left, Word::Human, LobbyCourse::AppendQuietly),
    ] {
        for mode in [Mode::Observe, Mode::Approve, Mode::Answer] {
            let heard = HeardInLobby {
                apart,
                word,
                mode,
                ..heard(Kind::Incident)
            };
            assert_eq!(decide_in_lobby(&heard), course, "{apart:?} {word:?}");
        }
    }
}

#[test]
fn only_a_question_that_a_memo_answers_gets_a_word_and_only_where_the_bot_answers() {
    for (kind, answer, mode, course) in [
        (
            Kind::Question,
            Answerable::FromMemo,
            Mode::Answer,
            LobbyCourse::Answer,
        ),
        (
            Kind::Question,
            Answerable::FromMemo,
            Mode::Approve,
            LobbyCourse::Silent,
        ),
        (
            Kind::Question,
            Answerable::FromMemo,
            Mode::Observe,
            LobbyCourse::Silent,
        ),
        (
            Kind::Question,
            Answerable::ByHumanOnly,
            Mode::Answer,
            LobbyCourse::Silent,
        ),
        (
            Kind::Other,
            Answerable::FromMemo,
            Mode::Answer,
            LobbyCourse::Silent,
        ),
        (
            Kind::Subscription,
            Answerable::FromMemo,
            Mode::Answer,
            LobbyCourse::Silent,
        ),
    ] {
        let heard = HeardInLobby {
            answer,
            mode,
            ..heard(kind)
        };
        assert_eq!(
            decide_in_lobby(&heard),
            course,
            "{kind} {answer:?} {mode:?}"
        );
    }
}

#[test]
fn a_stranger_gets_general_steps_for_an_incident_and_nothing_else() {
    for kind in Kind::ALL {
        let stranger = HeardInLobby {
            asker: Asker::Stranger,
            apart: Apart::OnTicket,
            thread: Thread::OfHisReport,
            ..heard(*kind)
        };
        let course = match kind {
            Kind::Incident => LobbyCourse::FirstSteps,
            _ => LobbyCourse::Silent,
        };
        assert_eq!(decide_in_lobby(&stranger), course, "{kind}");
    }
}

#[test]
fn what_stands_below_a_report_belongs_to_it() {
    for kind in [Kind::Question, Kind::Other, Kind::Subscription] {
        let below = HeardInLobby {
            thread: Thread::OfHisReport,
            ..heard(kind)
        };
        assert_eq!(
            decide_in_lobby(&below),
            LobbyCourse::AppendQuietly,
            "{kind}"
        );
    }
}
