//! What can be wrong with the settings, each as one sentence with its remedy.

use crate::domain::system_words::in_words;
use std::path::PathBuf;

/// A configuration that can't be used. The text is for the person who runs the program.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is no configuration file.
    #[error(
        "no configuration found (looked at {looked_at}); copy config.example.toml to config.toml and change its first values, or name a file with --config"
    )]
    NotFound {
        /// The places that were looked at.
        looked_at: String,
    },
    /// A file can't be read.
    #[error("{key}: can't read {}: {}; check the path and who may read it", path.display(), in_words(*cause))]
    Unreadable {
        /// The key that names the file, or `--config`.
        key: String,
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::ErrorKind,
    },
    /// The file isn't right at some place.
    #[error("{}: {path}: {what}", file.display())]
    Wrong {
        /// The configuration file.
        file: PathBuf,
        /// The path of the key, for example `mailbox[0].port`.
        path: String,
        /// What is wrong and what to do.
        what: String,
    },
}

impl ConfigError {
    /// A value that can't be used.
    pub(crate) fn wrong(file: &std::path::Path, path: &str, what: impl Into<String>) -> Self {
        Self::Wrong {
            file: file.to_owned(),
            path: path.to_owned(),
            what: what.into(),
        }
    }
}
