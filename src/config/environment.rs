//! The environment of the process, read here and nowhere else.

use crate::config::secret::Secret;
use jiff::SignedDuration;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

/// How the names of our variables begin.
const PREFIX: &str = "EERSTELIJN_";
/// Longest claimed name that is written down, in characters.
const LONGEST_NAME: usize = 64;

/// What the driver would take from the environment beside the settings.
const POSTGRES: [&str; 5] = [
    "PGUSER",
    "PGOPTIONS",
    "PGSSLROOTCERT",
    "PGSSLCERT",
    "PGSSLKEY",
];

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
    /// Who runs a command, for the log of reads and for approvals.
    pub caller: Caller,
    /// Secrets, by the name of their variable: [`variable_of`].
    pub secrets: BTreeMap<String, Secret>,
    /// Variables of PostgreSQL that would change the connection behind the configuration.
    pub postgres: Vec<&'static str>,
    /// `EERSTELIJN_HALT_AT`: the crash point at which a debug build halts, for crash tests.
    /// A release build ignores it.
    pub halt_at: Option<String>,
    /// `EERSTELIJN_PANIC_AT`: the same, but it panics there.
    pub panic_at: Option<String>,
    /// `EERSTELIJN_PAUSE_AT`: the same, but it stays there for two seconds, once.
    pub pause_at: Option<String>,
    /// `EERSTELIJN_LEASE`: seconds that a row is held, for crash tests in debug builds that can't wait.
    pub lease: Option<SignedDuration>,
}

/// Who runs a command: the user id is a fact, the name is only what the environment claims.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// The user id of this process; none where the system has no `/proc`.
    pub uid: Option<u32>,
    /// The claimed name: for root `SUDO_USER`, else `USER`, else `LOGNAME`.
    pub name: Option<String>,
}

impl Caller {
    fn new(uid: Option<u32>, text: impl Fn(&str) -> Option<String>) -> Self {
        // Anybody can set SUDO_USER; only for root it was sudo that did.
        let names: &[&str] = if uid == Some(0) {
            &["SUDO_USER", "USER", "LOGNAME"]
        } else {
            &["USER", "LOGNAME"]
        };
        let name = names.iter().find_map(|name| text(name)).map(|name| {
            name.chars()
                .filter(|c| !c.is_control())
                .take(LONGEST_NAME)
                .collect()
        });
        Self { uid, name }
    }

    /// As it is written down: `uid 1000 (an)`. The id stands first: a name can't look like one.
    pub fn in_words(&self) -> String {
        let uid = self
            .uid
            .map_or_else(|| "uid unknown".to_owned(), |uid| format!("uid {uid}"));
        match &self.name {
            Some(name) => format!("{uid} ({name})"),
            None => uid,
        }
    }
}

impl Environment {
    /// Reads the environment of this process.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one reader of the environment"
    )]
    pub fn of_process() -> Self {
        let text = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let debug_only = |name: &str| text(name).filter(|_| cfg!(debug_assertions));
        Self {
            config: text("EERSTELIJN_CONFIG").map(PathBuf::from),
            credentials: text("CREDENTIALS_DIRECTORY").map(PathBuf::from),
            log: text("EERSTELIJN_LOG"),
            log_format: text("EERSTELIJN_LOG_FORMAT"),
            caller: Caller::new(uid_of_process(), text),
            secrets: secrets(std::env::vars_os()),
            postgres: POSTGRES
                .into_iter()
                .filter(|name| text(name).is_some())
                .collect(),
            halt_at: debug_only("EERSTELIJN_HALT_AT"),
            panic_at: debug_only("EERSTELIJN_PANIC_AT"),
            pause_at: debug_only("EERSTELIJN_PAUSE_AT"),
            lease: debug_only("EERSTELIJN_LEASE")
                .and_then(|seconds| seconds.parse().ok())
                .map(SignedDuration::from_secs),
        }
    }
}

/// The system says whose process this is by the owner of its folder in `/proc`.
fn uid_of_process() -> Option<u32> {
    std::fs::metadata("/proc/self").ok().map(|own| own.uid())
}

fn secrets(variables: impl Iterator<Item = (OsString, OsString)>) -> BTreeMap<String, Secret> {
    variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, value)| {
            let secret = name.ends_with("_PASSWORD") || name.ends_with("_KEY");
            name.starts_with(PREFIX) && secret && !value.is_empty()
        })
        .map(|(name, value)| (name, Secret::new(value)))
        .collect()
}

/// The variable that stands in for the file of a key: `EERSTELIJN_` with section and key in capitals
/// and without `_FILE`. `mailbox[0].password_file` is `EERSTELIJN_MAILBOX_0_PASSWORD`.
pub fn variable_of(key: &str) -> String {
    let words: Vec<&str> = key
        .strip_suffix("_file")
        .unwrap_or(key)
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    format!("{PREFIX}{}", words.join("_").to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(uid: u32, variables: &[(&str, &str)]) -> String {
        Caller::new(Some(uid), |name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
        .in_words()
    }

    #[test]
    fn only_for_root_sudo_says_who_it_is() {
        let both = [("SUDO_USER", "an"), ("USER", "bart")];
        assert_eq!(caller(0, &both), "uid 0 (an)");
        assert_eq!(caller(1000, &both), "uid 1000 (bart)");
        assert_eq!(caller(1000, &[]), "uid 1000");
        assert_eq!(
            caller(1000, &[("USER", "root (uid 0)\n")]),
            "uid 1000 (root (uid 0))"
        );
    }

    #[test]
    fn the_user_id_is_that_of_the_process() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("mine");
        std::fs::write(&file, b"").unwrap();
        let owner = std::fs::metadata(&file).unwrap().uid();
        assert_eq!(uid_of_process(), Some(owner));
    }

    #[test]
    fn a_secret_has_the_name_of_its_key() {
        for (key, variable) in [
            ("store.key_file", "EERSTELIJN_STORE_KEY"),
            ("smtp.password_file", "EERSTELIJN_SMTP_PASSWORD"),
            ("mailbox[0].password_file", "EERSTELIJN_MAILBOX_0_PASSWORD"),
        ] {
            assert_eq!(variable_of(key), variable);
        }
        let found = secrets(
            [
                ("EERSTELIJN_STORE_KEY", "a"),
                ("EERSTELIJN_LOG", "b"),
                ("OTHER_PASSWORD", "c"),
                ("EERSTELIJN_SMTP_PASSWORD", ""),
            ]
            .map(|(name, value)| (name.into(), value.into()))
            .into_iter(),
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found["EERSTELIJN_STORE_KEY"].reveal(), "a");
    }
}
