//! The environment of the process, read here and nowhere else.

use std::path::PathBuf;

/// What the program takes from its environment.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `EERSTELIJN_CONFIG`: the configuration file.
    pub config: Option<PathBuf>,
    /// `CREDENTIALS_DIRECTORY`: where systemd puts credentials.
    pub credentials: Option<PathBuf>,
    /// `EERSTELIJN_LOG`: what is logged, for example `eerstelijn=debug`.
    pub log: Option<String>,
    /// `EERSTELIJN_LOG_FORMAT=json`: logs for a collector.
    pub log_format: Option<String>,
    /// Who runs a command, for the log of reads: `SUDO_USER`, else `USER`, else `LOGNAME`.
    pub user: Option<String>,
    /// `EERSTELIJN_HALT_AT`: the crash point at which a debug build halts, for crash tests.
    /// A release build ignores it.
    pub halt_at: Option<String>,
}

impl Environment {
    /// Reads the environment of this process.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one reader of the environment"
    )]
    pub fn of_process() -> Self {
        let text = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            config: text("EERSTELIJN_CONFIG").map(PathBuf::from),
            credentials: text("CREDENTIALS_DIRECTORY").map(PathBuf::from),
            log: text("EERSTELIJN_LOG"),
            log_format: text("EERSTELIJN_LOG_FORMAT"),
            user: ["SUDO_USER", "USER", "LOGNAME"].into_iter().find_map(text),
            halt_at: text("EERSTELIJN_HALT_AT").filter(|_| cfg!(debug_assertions)),
        }
    }
}
