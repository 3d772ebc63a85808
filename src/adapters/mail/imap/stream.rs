//! The socket under an IMAP session, plain or encrypted, on which no wait is endless.
//!
//! The socket itself times out every half second. Out of these slices this makes the two kinds of
//! wait that the library knows: for an answer, bounded; and for news (IDLE), which ends early when
//! the source is kicked or stopped. IDLE counts its slices over all reads, because a server that
//! says "still here" would otherwise keep it alive for ever.

use crate::adapters::mail::source::Tether;
use imap::extensions::idle::SetReadTimeout;
use rustls::{ClientConnection, StreamOwned};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Slices in a second.
const SLICES_PER_SECOND: u32 = 2;
/// How long the socket waits at a time.
pub const SLICE: Duration = Duration::from_millis(500);
/// How long an answer may take.
pub const ANSWER_WITHIN: Duration = Duration::from_mins(1);

/// How long the next answers may take. Shared with the stream, which the library hides.
#[derive(Debug, Clone)]
pub struct Patience(Arc<AtomicU32>);

impl Patience {
    /// The usual patience.
    pub fn new() -> Self {
        Self(Arc::new(AtomicU32::new(slices(ANSWER_WITHIN))))
    }

    /// Changes it.
    pub fn set(&self, within: Duration) {
        self.0.store(slices(within), Ordering::Relaxed);
    }

    fn slices(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self::new()
    }
}

fn slices(time: Duration) -> u32 {
    let seconds = u32::try_from(time.as_secs()).unwrap_or(u32::MAX);
    seconds.saturating_mul(SLICES_PER_SECOND).max(1)
}

/// The bytes, plain or encrypted.
pub enum Wire {
    /// Plain, to this machine or before STARTTLS.
    Plain(TcpStream),
    /// Encrypted.
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

/// A socket with bounded waits.
pub struct ImapStream {
    wire: Wire,
    patience: Patience,
    tether: Option<Tether>,
    /// Slices left of an IDLE.
    idle_left: Option<u32>,
}

impl ImapStream {
    /// Puts bounds on a socket that times out every [`SLICE`]. Without a tether nothing interrupts.
    pub fn new(wire: Wire, patience: Patience, tether: Option<Tether>) -> Self {
        Self {
            wire,
            patience,
            tether,
            idle_left: None,
        }
    }

    /// The socket, to encrypt it.
    pub fn into_wire(self) -> Wire {
        self.wire
    }

    /// Counts one slice without news. An error ends the wait.
    fn count_slice(&mut self, waited: &mut u32) -> io::Result<()> {
        let tether = self.tether.as_ref();
        if let Some(left) = &mut self.idle_left {
            *left = left.saturating_sub(1);
            if *left == 0 || tether.is_some_and(Tether::is_wanted) {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            return Ok(());
        }
        *waited += 1;
        if tether.is_some_and(Tether::is_stopping) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        if *waited >= self.patience.slices() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(())
    }
}

impl Read for ImapStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut waited = 0;
        loop {
            let read = match &mut self.wire {
                Wire::Plain(socket) => socket.read(buffer),
                Wire::Tls(stream) => stream.read(buffer),
            };
            match read {
                Err(error) if is_timeout(&error) => self.count_slice(&mut waited)?,
                // Closed without a goodbye: the end, like any other.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(0),
                other => return other,
            }
        }
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}

impl Write for ImapStream {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match &mut self.wire {
            Wire::Plain(socket) => socket.write(buffer),
            Wire::Tls(stream) => stream.write(buffer),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.wire {
            Wire::Plain(socket) => socket.flush(),
            Wire::Tls(stream) => stream.flush(),
        }
    }
}

impl SetReadTimeout for ImapStream {
    /// The library calls this around an IDLE, and only there.
    fn set_read_timeout(&mut self, timeout: Option<Duration>) -> imap::Result<()> {
        self.idle_left = timeout.map(slices);
        Ok(())
    }
}
