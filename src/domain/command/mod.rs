//! The experts' commands: what may be written in a room, and what it means. Pure: it reads text and
//! gives values; who wrote it, which ticket the room is about, and what then happens is the app's.
//!
//! | file | holds |
//! |---|---|
//! | `list` | [`Command`](list::Command) and the names of all commands |
//! | one per command (`ack`, `take` ...) | its names, places, grammar, help and mistakes, side by side |
//! | `spec` | what such a file has to state |
//! | `read` | from a message to commands; `lines` tells the writer's own lines from quotes and code |
//! | `problem` | what is answered when a line is wrong |
//! | `edit` | what an edited message still has to run |
//! | `help` | the help, made from the specs |
//!
//! # The rules
//! - A command is `!` and a name, and `!` is the very first character of a line. A blank or an invisible
//!   character before it makes plain text of it: that is how text from outside is kept from becoming one.
//! - Nothing runs inside code (fenced, indented, inline) or quotes (`>` lines, so also what a Matrix client
//!   repeats of the message that is answered). A line that only *looks* quoted or like code in a client,
//!   because no blank line parts it from a quote, isn't run either, but its writer is told.
//! - Names count in Dutch, French and English, without regard to case and accents. Blanks of any kind and
//!   invisible characters after the name, and curled quotes and long dashes in arguments, do no harm.
//! - `!reply`, `!note`, `!open` and `!close` take everything up to the end of the message. A later line that
//!   begins with `!` is part of that text: a reply may explain a command, and nothing that was meant as text
//!   ever runs. Write other commands above it, or in a message of their own.
//! - The other commands take their own line. Several in one message run in order, up to the first that is
//!   wrong; what follows a mistake doesn't run, so that `!close` is never reached past a mistyped `!reply`.
//! - `!word` that is nearly a name is a mistake and gets the right name; any other `!word` is plain text.
//!
//! Recipe for a new command: a file with its `SPEC`, a [`CommandName`](list::CommandName) and a `Command`;
//! the compiler asks for the rest, and `grammar_tests` for its words in three languages.

mod ack;
mod argument;
mod belongs;
mod category;
pub mod close;
mod drop;
pub mod edit;
#[cfg(test)]
mod grammar_tests;
pub mod hand;
pub mod help;
mod help_command;
pub mod key;
mod kind;
mod lines;
pub mod list;
mod nearest;
mod new;
mod note;
pub mod open;
mod open_phone;
pub mod problem;
pub mod read;
mod reply;
mod severity;
mod show;
pub mod spec;
mod take;
mod tlp;
pub mod words;
