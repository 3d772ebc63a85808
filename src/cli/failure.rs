//! Why a command failed, and the exit code that goes with it.

use crate::app::ports::{KnowledgeError, StoreError};
use crate::app::tickets::TicketError;
use crate::config::ConfigError;
use std::fmt;

/// A failed command: one sentence for the person, and an exit code.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Exit code 1: what was asked for failed.
    Failed(String),
    /// Exit code 2: wrong usage or configuration.
    Usage(String),
}

impl Failure {
    /// What was asked for failed.
    pub(crate) fn failed(what: impl fmt::Display) -> Self {
        Self::Failed(what.to_string())
    }

    /// Wrong usage.
    pub(crate) fn usage(what: impl fmt::Display) -> Self {
        Self::Usage(what.to_string())
    }

    /// The exit code.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Failed(_) => 1,
            Self::Usage(_) => 2,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Failed(what) | Self::Usage(what)) = self;
        f.write_str(what)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::usage(error)
    }
}

impl From<KnowledgeError> for Failure {
    fn from(error: KnowledgeError) -> Self {
        Self::failed(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::failed(error)
    }
}

impl From<TicketError> for Failure {
    fn from(error: TicketError) -> Self {
        Self::failed(error)
    }
}

impl From<crate::runtime::wire::WireError> for Failure {
    fn from(error: crate::runtime::wire::WireError) -> Self {
        if error.is_configuration() {
            Self::usage(error)
        } else {
            Self::failed(error)
        }
    }
}
