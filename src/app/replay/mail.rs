//! Deciding again on a mail, for replay: nothing is written or sent.
//!
//! The place is taken from the record: looking it up now would find the mail itself. All else comes from the
//! same functions that decide for real.

use crate::app::App;
use crate::app::arrival::read_arrival;
use crate::app::case::{Case, Found};
use crate::app::keys::Keys;
use crate::app::place::Placed;
use crate::app::ports::{Arrival, DecisionRecord};
use crate::app::replay::Context;
use crate::app::step::StepError;
use crate::domain::intake::placement::Placement;
use crate::domain::ticket::decide::{Filing, decide};
use crate::domain::ticket::words::Silence;

/// Decides again on a mail. Nothing where the record tells of no triage.
pub(super) fn decide_mail_again(
    app: &App,
    arrival: &Arrival,
    then: &DecisionRecord,
    context: Context<'_>,
) -> Result<Option<DecisionRecord>, StepError> {
    let Some((word, _)) = then.course.split_once(' ') else {
        return Ok(None);
    };
    let Some(placement) = Placement::recorded(word, context.id, context.number) else {
        return Ok(None);
    };
    let mut read = read_arrival(app, arrival);
    // The DNS isn't asked again: a key that was in it then may be gone.
    if let Some(own) = then.own_dkim {
        read.note_own_dkim(own);
    }
    let placed = Placed {
        placement,
        history: context.history,
        ticket: context.ticket,
        follows: None,
        answered: context.answered,
        by_hand_so_far: None,
    };
    // The keys as they were found then: others may be pinned by now.
    let keys = Keys::recorded(context.pgp.as_ref());
    let found = Found { keys, placed };
    let case = Case::new(app, arrival, 0, &read, found, then.at)?;
    let mut course = decide(&case.heard());
    let number = context
        .number
        .filter(|_| matches!(course.filing, Filing::Open));
    // The limits aren't asked again: what they held back then stays so.
    let held_back = then.silence.filter(|silence| silence.is_of_the_moment());
    let used = match held_back {
        Some(silence) if course.speech.is_ok() => Err(silence),
        _ => case
            .worded(course.speech, number)
            .map(|worded| worded.wording.used),
    };
    if used.is_err() && course.needs_its_reply() {
        course.filing = Filing::Open;
    }
    let used = used.as_deref().map_err(|silence: &Silence| *silence);
    Ok(Some(case.record(&course.filing, used)))
}
