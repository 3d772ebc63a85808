//! From a message to the commands in it. The rules stand in the doc of the module above.
//!
//! It sees the plain body of one message, without the `* ` fallback of an edit; not who wrote it. Whether
//! the writer is on the roster is asked before, because a stranger's command gets no answer at all.

use crate::domain::command::lines::{Line, Standing, lines};
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::nearest::nearest_command;
use crate::domain::command::problem::Problem;
use crate::domain::command::spec::{Extent, Place};
use crate::domain::text::fold::{fold, is_invisible};

/// Longest message that is looked at, in bytes. A Matrix event is never longer (specification, "Size
/// limits"), so only something broken sends more.
pub const LONGEST_MESSAGE: usize = 64 * 1024;
/// Most commands in one message.
pub const MOST_COMMANDS: usize = 10;

/// What was read in a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// The commands that run, in order.
    pub commands: Vec<Command>,
    /// Where reading stopped: nothing behind this runs, and the writer is told.
    pub problem: Option<Problem>,
}

/// Reads the commands of a message that was written here.
pub fn read(message: &str, place: Place) -> Reading {
    if message.len() > LONGEST_MESSAGE {
        let problem = names_a_command(message).then_some(Problem::TooLong);
        return Reading {
            commands: Vec::new(),
            problem,
        };
    }
    let mut reading = Reading::default();
    for line in lines(message) {
        match understand(&line, message, place) {
            Ok(None) => {}
            Ok(Some(_)) if reading.commands.len() == MOST_COMMANDS => {
                return Reading {
                    commands: Vec::new(),
                    problem: Some(Problem::TooMany),
                };
            }
            Ok(Some(command)) => {
                let extent = command.name().spec().extent;
                reading.commands.push(command);
                if extent == Extent::Message {
                    break;
                }
            }
            Err(problem) => {
                reading.problem = Some(problem);
                break;
            }
        }
    }
    reading
}

/// The command on a line, nothing where the line is plain text.
fn understand(line: &Line<'_>, message: &str, place: Place) -> Result<Option<Command>, Problem> {
    if line.standing == Standing::Shown {
        return Ok(None);
    }
    let Some((word, behind)) = called(line.text) else {
        return Ok(None);
    };
    let Some(name) = CommandName::called(word) else {
        return match nearest_command(word) {
            Some(nearest) if line.standing == Standing::Own => Err(Problem::Unknown {
                written: fold(word),
                nearest,
            }),
            _ => Ok(None),
        };
    };
    let spec = name.spec();
    if line.standing == Standing::Doubtful {
        return Err(Problem::LooksQuoted { name });
    }
    if !spec.works_in(place) {
        return Err(Problem::NotHere { name });
    }
    let argument = match spec.extent {
        Extent::Line => behind,
        Extent::Message => {
            let begin = line.start + line.text.len() - behind.len();
            message.get(begin..).unwrap_or_default()
        }
    };
    (spec.parse)(argument)
        .map(Some)
        .map_err(|mistake| Problem::Usage { name, mistake })
}

/// The word behind the `!` in the first column, and what stands behind the word and its colon.
fn called(line: &str) -> Option<(&str, &str)> {
    let bare = line.strip_prefix('!')?;
    let in_word = |c: char| c.is_alphanumeric() || is_invisible(c) || matches!(c, '-' | '_');
    let end = bare.find(|c| !in_word(c)).unwrap_or(bare.len());
    let (word, behind) = bare.split_at_checked(end)?;
    Some((word, behind.strip_prefix(':').unwrap_or(behind)))
}

/// Does any line begin with the name of a command, whatever else it is?
fn names_a_command(message: &str) -> bool {
    message
        .lines()
        .filter_map(called)
        .any(|(word, _)| CommandName::called(word).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Place = Place::TicketRoom;

    /// What runs, as one would write it, and what is wrong.
    fn all(message: &str, place: Place) -> (Vec<String>, Option<Problem>) {
        let reading = read(message, place);
        let written = reading.commands.iter().map(Command::written);
        (written.collect(), reading.problem)
    }

    fn runs(message: &str) -> Vec<String> {
        let (runs, problem) = all(message, ROOM);
        assert_eq!(problem, None, "{message:?}");
        runs
    }

    #[test]
    fn a_command_begins_a_line() {
        for (message, expected) in [
            ("!ack", vec!["!ack"]),
            ("!ACK", vec!["!ack"]),
            ("ik kijk\n!ack\ntot zo", vec!["!ack"]),
            (
                "!ack\r\n!severity\u{a0}hoog\r\n",
                vec!["!ack", "!severity high"],
            ),
            ("!a\u{200b}ck\u{200b}", vec!["!ack"]),
            ("!hand: els", vec!["!hand els"]),
            ("!gezien", vec!["!ack"]),
            ("!gravité élevé", vec!["!severity high"]),
        ] {
            assert_eq!(runs(message), expected, "{message:?}");
        }
    }

    #[test]
    fn plain_text_is_left_alone() {
        for message in [
            "",
            "!",
            "!!!",
            "! ack",
            "!important",
            "!!ack",
            "niet !ack",
            " !ack",
            "\t!ack",
            "    !ack",
            "\u{feff}!ack",
            "\u{200b}!ack",
            "\u{a0}!ack",
            "- !ack",
            "`!ack`",
            "> !ack",
            "> <@els:crt.example> !ack\n\ndank u",
            "```\n!ack\n```",
            "~~~\n!close resolved",
            "！ack",
            "¡ack",
            "a\u{2028}!ack",
            "a\r!ack",
        ] {
            assert_eq!(runs(message), Vec::<String>::new(), "{message:?}");
        }
    }

    #[test]
    fn a_text_goes_on_to_the_end_of_the_message() {
        let text = "Beste An,\n\n> u schreef\n```\n!ack\n```\n!take\n    ingesprongen";
        for between in [" ", "\n", "\n\n", ": "] {
            let message = format!("!ack\n!reply{between}{text}\n\n");
            assert_eq!(
                runs(&message),
                ["!ack".to_owned(), format!("!reply {text}")]
            );
        }
        assert_eq!(runs("!reply\n    code\n"), ["!reply\n    code"]);
        assert_eq!(runs("!close opgelost\n!ack"), ["!close resolved\n!ack"]);
    }

    #[test]
    fn reading_stops_at_the_first_mistake() {
        let name = CommandName::Reply;
        let nearest = name;
        let written = "repyl".to_owned();
        for (message, place, ran, problem) in [
            (
                "!repyl Dag\n!close resolved",
                ROOM,
                vec![],
                Problem::Unknown { written, nearest },
            ),
            (
                "!ack\n!reply Dag",
                Place::OncallThread,
                vec!["!ack"],
                Problem::NotHere { name },
            ),
            (
                "!ack\n\n> citaat\n!reply Dag\n!take",
                ROOM,
                vec!["!ack"],
                Problem::LooksQuoted { name },
            ),
            (
                "zie `net\n!reply` x",
                ROOM,
                vec![],
                Problem::LooksQuoted { name },
            ),
        ] {
            let ran: Vec<String> = ran.into_iter().map(str::to_owned).collect();
            assert_eq!(all(message, place), (ran, Some(problem)), "{message:?}");
        }
        let (ran, problem) = all("!ack\n!severity erg\n!close resolved", ROOM);
        assert_eq!(ran, ["!ack"]);
        assert!(matches!(
            problem,
            Some(Problem::Usage {
                name: CommandName::Severity,
                ..
            })
        ));
    }

    #[test]
    fn what_is_nearly_a_command_in_a_quote_is_only_text() {
        assert_eq!(runs("> a\n!repyl b"), Vec::<String>::new());
    }

    #[test]
    fn long_messages_and_long_lists_do_nothing() {
        let ten = "!ack\n".repeat(MOST_COMMANDS);
        assert_eq!(runs(&ten).len(), MOST_COMMANDS);
        assert_eq!(
            all(&format!("{ten}!ack"), ROOM),
            (vec![], Some(Problem::TooMany))
        );
        let filler = "x".repeat(LONGEST_MESSAGE);
        assert_eq!(
            all(&format!("!note {filler}"), ROOM),
            (vec![], Some(Problem::TooLong))
        );
        assert_eq!(all(&format!("{filler}\n!hm"), ROOM), (vec![], None));
        let just = format!("!note {}", "x".repeat(LONGEST_MESSAGE - "!note ".len()));
        assert_eq!(runs(&just).len(), 1);
    }

    #[test]
    fn hostile_text_only_costs_its_length() {
        for piece in [
            "!important\n",
            "!tkaeé ",
            "`a`\n",
            "\\`\n",
            "\\``",
            "> x\n!no\n",
            "!open (0 (0 ",
            "!open tel: ",
            "!close vals ",
            "!hand a",
            "!category a ",
            "!belongs bij ",
            "\u{fdfa}",
        ] {
            let text = piece.repeat(LONGEST_MESSAGE / piece.len());
            let _ = read(&text, Place::OncallThread);
            let _ = read(&format!("!open {text}"), Place::OncallRoom);
        }
    }
}
