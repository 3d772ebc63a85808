//! Writing to the person at the terminal: the only place that does.

use std::fmt;
use std::io::Write;

/// Writes a line of the answer. A reader that went away (`| head`) is not a failure.
pub(crate) fn line(text: impl fmt::Display) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Writes without ending the line, and shows it at once.
pub(crate) fn prompt(text: impl fmt::Display) {
    let mut out = std::io::stdout().lock();
    let _ = write!(out, "{text}").and_then(|()| out.flush());
}

/// Writes why a command failed.
pub(crate) fn error(text: impl fmt::Display) {
    let _ = writeln!(std::io::stderr().lock(), "eerstelijn: {text}");
}

/// Writes something the person should know, while the command goes on.
pub(crate) fn note(text: impl fmt::Display) {
    let _ = writeln!(std::io::stderr().lock(), "note: {text}");
}
