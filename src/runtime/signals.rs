//! The signals by which somebody asks the program to end. From the moment they are caught, none is
//! missed: one that comes early is waiting when it is asked for.

use crate::runtime::wire::WireError;
use std::future::poll_fn;
use std::task::Poll;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Signals that are caught.
pub struct Signals(Vec<Signal>);

impl Signals {
    /// Catches what a service manager or a keyboard sends: SIGTERM and SIGINT.
    pub fn catch() -> Result<Self, WireError> {
        Self::these(&[SignalKind::terminate(), SignalKind::interrupt()])
    }

    /// The same and SIGHUP, for a program that lives in a terminal.
    pub fn catch_in_terminal() -> Result<Self, WireError> {
        Self::these(&[
            SignalKind::terminate(),
            SignalKind::interrupt(),
            SignalKind::hangup(),
        ])
    }

    fn these(kinds: &[SignalKind]) -> Result<Self, WireError> {
        let caught = kinds.iter().map(|kind| signal(*kind));
        let caught: Result<Vec<_>, _> = caught.collect();
        caught
            .map(Self)
            .map_err(|error| WireError::System("catch the signals to stop", error.kind()))
    }

    /// Waits for the next one.
    pub async fn next(&mut self) {
        poll_fn(|context| {
            let came = self
                .0
                .iter_mut()
                .any(|signal| signal.poll_recv(context).is_ready());
            if came { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}
