//! Writing to the person at the terminal: the only place that does.
//!
//! The answer is what a command is for, so an answer that can't be written (a full disk) fails the
//! command at its end. A reader that went away (`| head`) has seen enough; that is no failure.

use crate::cli::failure::Failure;
use crate::domain::system_words::in_words;
use std::fmt;
use std::io::{ErrorKind, Write};
use std::sync::OnceLock;

/// The first failure of writing the answer.
static FAILED: OnceLock<ErrorKind> = OnceLock::new();

/// Writes a line of the answer.
pub(crate) fn line(text: impl fmt::Display) {
    note_failure(writeln!(std::io::stdout().lock(), "{text}"));
}

/// Writes without ending the line, and shows it at once.
pub(crate) fn prompt(text: impl fmt::Display) {
    let mut out = std::io::stdout().lock();
    note_failure(write!(out, "{text}").and_then(|()| out.flush()));
}

/// The answer as a writer, for parts that write by themselves.
pub(crate) struct Answer;

impl Write for Answer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        std::io::stdout().write(bytes).inspect_err(remember)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stdout().flush().inspect_err(remember)
    }
}

/// Is there anybody who still gets the answer? A long command asks before it goes on.
pub(crate) fn goes_on() -> bool {
    FAILED.get().is_none()
}

/// The end of the answer: did all of it arrive?
pub(crate) fn finish() -> Result<(), Failure> {
    note_failure(std::io::stdout().flush());
    match FAILED.get() {
        None | Some(ErrorKind::BrokenPipe) => Ok(()),
        Some(cause) => Err(Failure::failed(format_args!(
            "the answer can't be written: {}; make room, or send the output elsewhere",
            in_words(*cause)
        ))),
    }
}

/// Remembers that the answer could not be written.
pub(crate) fn note_failure(written: std::io::Result<()>) {
    if let Err(error) = written {
        remember(&error);
    }
}

fn remember(error: &std::io::Error) {
    // The first one counts; later ones follow from it.
    let _ = FAILED.set(error.kind());
}

/// Writes why a command failed.
pub(crate) fn error(text: impl fmt::Display) {
    let _ = writeln!(std::io::stderr().lock(), "eerstelijn: {text}");
}

/// Writes something the person should know, while the command goes on.
pub(crate) fn note(text: impl fmt::Display) {
    let _ = writeln!(std::io::stderr().lock(), "note: {text}");
}
