//! A memo's answer in the lobby: only where it is about the question beyond doubt, and in few words.

use crate::app::chat::answering::{Answering, below};
use crate::app::chat::chat_case::ChatCase;
use crate::app::chat::lobby::help;
use crate::app::ports::{Change, Outcome, Voice};
use crate::app::reply::To;
use crate::app::step::StepError;
use crate::domain::guidance::handbook::{BEYOND_DOUBT, Passage, PassageKind};
use crate::domain::intake::age::Age;
use crate::domain::intake::limits::Share;
use crate::domain::ticket::decide::{Answerable, Speech};
use crate::domain::ticket::lobby::LobbyCourse;
use std::collections::BTreeSet;

/// A section fits about as well as the best where it has this share of its score.
const AS_WELL: f64 = 0.9;

/// What was corrected was answered before, or was no question; after a day nobody waits for an answer.
pub(super) fn answerable(case: &ChatCase<'_>) -> Answerable {
    if case.said.replaces.is_some() || case.age == Age::Stale {
        Answerable::ByHumanOnly
    } else {
        case.answerable()
    }
}

/// Is it a memo about this beyond doubt? By mail a sureness of 0 is enough, but in a room full of people a wrong answer is
/// worse than silence.
pub(super) fn is_beyond_doubt(passage: &Passage) -> bool {
    passage.kind == PassageKind::Memo && passage.sureness >= BEYOND_DOUBT
}

/// Of the sections that fit about as well as the first, the one that says most.
fn best(passages: &[Passage]) -> Option<&Passage> {
    let first = passages.first()?;
    let as_well = passages
        .iter()
        .filter(|passage| passage.score >= first.score * AS_WELL);
    as_well.max_by_key(|passage| passage.text.len())
}

/// A memo's answer in the thread: its best section and where it stands, no more.
pub(super) async fn answer(case: &ChatCase<'_>, course: LobbyCourse) -> Result<Change, StepError> {
    let spot = below(&case.heard);
    let to = To::Room(&case.heard.event.sender, &spot);
    let best: Vec<Passage> = best(&case.passages).cloned().into_iter().collect();
    let nothing = BTreeSet::new();
    let reply = Answering {
        passages: &best,
        voice: Voice::Notice,
        share: Share::Proven,
        ..help(case, None, None, to, &nothing)
    }
    .say(Speech::AnswerInTheLobby)
    .await?;
    let arrival = case.done(Outcome::NoTicket, course.word(), Some(&reply));
    let outgoing = reply.ok().map(|prepared| prepared.outgoing);
    Ok(Change {
        arrival: Some(arrival),
        outgoing: outgoing.into_iter().collect(),
        ..Change::default()
    })
}
