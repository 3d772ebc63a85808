//! Edited and redacted messages of the team: only what is new runs, and what has left is said to have left.

use crate::app::chat::team::Hearing;
use crate::app::chat::words;
use crate::domain::chat::ids::EventId;
use crate::domain::command::edit::{newly, too_late};
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::read::read;

/// The commands of a message that have to run: all of a new one, the new ones of an edited one.
pub(super) fn commands_to_run(hearing: &mut Hearing<'_>, after: &[Command]) -> Vec<Command> {
    let origin = hearing.origin.clone();
    let before = ran(hearing, &origin);
    if before.is_empty() {
        return after.to_vec();
    }
    takes_back_too_late(hearing, &origin, after);
    newly(&before, after)
}

/// Tells a person that what he takes back, or changes, has left.
pub(super) fn takes_back_too_late(hearing: &mut Hearing<'_>, origin: &EventId, after: &[Command]) {
    let before = ran(hearing, origin);
    let by_command = !too_late(&before, after).is_empty();
    let work = hearing.ticket.as_ref().map(|ticket| &ticket.work);
    let draft = work.is_some_and(|work| {
        let drafted = work.drafts.iter().any(|draft| &draft.origin == origin);
        drafted && work.letter_from(origin).is_some()
    });
    if by_command || draft {
        hearing.says(words::ALREADY_SENT);
    }
}

/// The commands that ran for this message, in all its wordings so far.
fn ran(hearing: &Hearing<'_>, origin: &EventId) -> Vec<Command> {
    let Some(ticket) = &hearing.ticket else {
        return Vec::new();
    };
    let ran = ticket.work.ran.iter().filter(|(known, _)| known == origin);
    // A reply that still waits for its author's sign has not left: it can be written anew.
    let waits = ticket.work.waiting_draft(origin).is_some();
    // Each was written so that reading it gives the same command again; where it was read doesn't change.
    ran.flat_map(|(_, written)| read(written, hearing.place).commands)
        .filter(|command| !(waits && command.name() == CommandName::Reply))
        .collect()
}
