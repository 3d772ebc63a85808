//! What an edited message still has to run: only what is new in it.
//!
//! The caller keeps, per message, every command that ever ran for it. With that as `before`, a command that
//! was taken out and put back doesn't run twice, and a corrected mistake runs with all that stood behind it.

use crate::domain::command::list::Command;
use crate::domain::command::spec::Correction;

/// The commands of the edited message that have to run: those that didn't run before. The second of two
/// equal ones is new when one ran before.
///
/// What can't be undone, such as a reply that was sent, isn't run again when its words were changed: see
/// [`too_late`].
pub fn newly(before: &[Command], after: &[Command]) -> Vec<Command> {
    let mut ran: Vec<&Command> = before.iter().collect();
    let mut new = Vec::new();
    for command in after {
        if let Some(at) = ran.iter().position(|earlier| *earlier == command) {
            ran.swap_remove(at);
        } else if !is_done(command, before) {
            new.push(command.clone());
        }
    }
    new
}

/// The commands that ran, that the edit changed or took away, and that can't be undone: their writer is
/// told that it was already sent. A redacted message has nothing `after`.
pub fn too_late<'a>(before: &'a [Command], after: &[Command]) -> Vec<&'a Command> {
    before
        .iter()
        .filter(|command| is_final(command) && !after.contains(command))
        .collect()
}

/// Is it another wording of something that is done for good?
fn is_done(command: &Command, before: &[Command]) -> bool {
    is_final(command)
        && before
            .iter()
            .any(|earlier| earlier.name() == command.name())
}

fn is_final(command: &Command) -> bool {
    command.name().spec().correction == Correction::TooLate
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::command::read::read;
    use crate::domain::command::spec::Place;

    fn commands(message: &str, place: Place) -> Vec<Command> {
        let reading = read(message, place);
        assert!(!reading.commands.is_empty() || message.is_empty() || reading.problem.is_some());
        reading.commands
    }

    fn edit(before: &str, after: &str, place: Place) -> (Vec<String>, usize) {
        let (before, after) = (commands(before, place), commands(after, place));
        let new = newly(&before, &after);
        (
            new.iter().map(Command::written).collect(),
            too_late(&before, &after).len(),
        )
    }

    #[test]
    fn only_what_is_new_runs() {
        let room = Place::TicketRoom;
        for (before, after, new) in [
            ("!ack", "!ack", vec![]),
            ("!ack", "!ack\n!severity hoog", vec!["!severity high"]),
            (
                "!severity hoog",
                "!severity kritiek",
                vec!["!severity critical"],
            ),
            ("!severity hoog\n!ack", "!ack\n!severity hoog", vec![]),
            (
                "!ack\n!sevrity hoog\n!close dubbel",
                "!ack\n!severity hoog\n!close dubbel",
                vec!["!severity high", "!close duplicate"],
            ),
            ("!note een", "!note twee", vec!["!note twee"]),
            ("!ack", "", vec![]),
            ("", "!ack", vec!["!ack"]),
            ("!ack", "!ack\n!reply Dag", vec!["!reply Dag"]),
        ] {
            let new = new.into_iter().map(str::to_owned).collect();
            assert_eq!(edit(before, after, room), (new, 0), "{before:?} {after:?}");
        }
    }

    #[test]
    fn what_has_left_is_not_sent_again() {
        for (before, after, place) in [
            ("!reply Dag", "!reply Goedendag", Place::TicketRoom),
            ("!reply Dag", "", Place::TicketRoom),
            (
                "!open Hackegem; 0470 00 00 00",
                "!open Hackegem; 0470 00 00 01",
                Place::DirectChat,
            ),
        ] {
            assert_eq!(edit(before, after, place), (vec![], 1), "{before:?}");
        }
        let (new, late) = edit("!reply Dag", "!ack\n!reply Dag", Place::TicketRoom);
        assert_eq!((new, late), (vec!["!ack".to_owned()], 0));
    }
}
