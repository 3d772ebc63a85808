//! The lines that a person types, read on a thread of its own: while it waits for the keyboard, a
//! signal can still end the program.

use crate::domain::system_words::in_words;
use std::io::{BufRead, ErrorKind};
use tokio::sync::mpsc::{Receiver, channel};

/// The lines of the standard input, until its end or a failure.
///
/// The thread is none of the service's: it blocks on the keyboard, and nobody waits for its end.
pub fn typed_lines() -> Receiver<Result<String, ErrorKind>> {
    let (send, lines) = channel(1);
    let reading = std::thread::Builder::new().name("terminal".to_owned());
    let started = reading.spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let line = line.map_err(|error| error.kind());
            let failed = line.is_err();
            // Nobody listens any more, or nothing more can be read.
            if send.blocking_send(line).is_err() || failed {
                return;
            }
        }
    });
    // Without a thread the channel is closed already: as if the input had ended.
    if let Err(error) = started {
        tracing::error!("the terminal can't be read: {}", in_words(error.kind()));
    }
    lines
}
