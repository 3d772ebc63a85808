//! Finding, reading and checking the configuration file.

use crate::config::environment::{Environment, variable_of};
use crate::config::error::ConfigError;
use crate::config::gathered::{Gathered, Told};
use crate::config::mail_login::MailLogin;
use crate::config::oncall::roster;
use crate::config::rules::check_together;
use crate::config::secret::{Origin, Secret};
use crate::config::sections::File;
use crate::config::values::check;
use crate::domain::address::EmailAddress;
use crate::domain::intake::sender::Constituents;
use crate::domain::oncall::roster::Roster;
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};

/// The settings, read and checked, with the secrets that they name.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file that they come from.
    pub path: PathBuf,
    /// What stands in it.
    pub file: File,
    /// How to log in to each mailbox, in the order of the file; a Maildir needs no login.
    pub mailbox_logins: Vec<Option<MailLogin>>,
    /// How to log in for sending, where that is needed.
    pub smtp_login: Option<MailLogin>,
    /// The password of the database server.
    pub database_password: Option<Secret>,
    /// The secrets of `[matrix]`.
    pub matrix: MatrixSecrets,
    /// The master key, as written in its file.
    pub master_key: Secret,
    /// The team's OpenPGP key, as written in its file.
    pub team_key: Option<Secret>,
    /// Where each secret was found, with the key that names it.
    pub secrets_from: Vec<(String, Origin)>,
    /// Whom we serve.
    pub constituents: Constituents,
    /// Who is on call; nobody where nothing is written.
    pub roster: Roster,
    /// All our addresses: the organisation's, the From address, those of the mailboxes.
    pub own_addresses: Vec<EmailAddress>,
}

/// The secrets of `[matrix]`. The recovery key's file is made after the first login, so it may be absent.
#[derive(Debug, Clone, Default)]
pub struct MatrixSecrets {
    /// The password for the first login.
    pub password: Option<Secret>,
    /// The access token for the first login.
    pub token: Option<Secret>,
    /// The recovery key.
    pub recovery_key: Option<Secret>,
}

/// Finds the configuration: the one that was named, `EERSTELIJN_CONFIG`, `./config.toml`,
/// `/etc/eerstelijn/config.toml`.
pub fn find(named: Option<&Path>, environment: &Environment) -> Result<PathBuf, ConfigError> {
    if let Some(path) = named.or(environment.config.as_deref()) {
        return Ok(path.to_owned());
    }
    let usual = ["./config.toml", "/etc/eerstelijn/config.toml"];
    usual
        .iter()
        .map(PathBuf::from)
        .find(|path| path.exists())
        .ok_or_else(|| ConfigError::NotFound {
            looked_at: usual.join(", "),
        })
}

/// The mistakes in a configuration, in the order of its file where they have one.
#[derive(Debug)]
pub struct Mistakes {
    /// The first.
    pub first: ConfigError,
    /// The others.
    pub more: Vec<ConfigError>,
}

impl From<ConfigError> for Mistakes {
    fn from(first: ConfigError) -> Self {
        Self {
            first,
            more: Vec::new(),
        }
    }
}

/// Reads and checks a configuration file and the files that it names.
pub fn load(path: &Path, environment: &Environment) -> Result<Config, ConfigError> {
    load_whole(path, environment).map_err(|mistakes| mistakes.first)
}

/// The same, with all mistakes that can be told apart: a file that is no TOML, or has a key that is unknown or of
/// another form, has one.
pub fn load_whole(path: &Path, environment: &Environment) -> Result<Config, Mistakes> {
    let file = read(path).and_then(|text| parse(path, &text))?;
    let mut gathered = Gathered::new(path, environment);
    gathered.found.extend(check(path, &file));
    gathered.found.extend(check_together(path, &file));
    let config = gathered.config(file);
    let mut found = gathered.found.into_iter();
    match (config, found.next()) {
        (Ok(config), None) => Ok(config),
        (_, Some(first)) => Err(Mistakes {
            first,
            more: found.collect(),
        }),
        (Err(Told), None) => Err(ConfigError::wrong(path, "config", "can't be used").into()),
    }
}

/// Who is on call, and the organisation's time zone, without needing the secrets that a configuration
/// names: who asks at night may not read them.
pub fn load_roster(path: &Path) -> Result<(Roster, TimeZone), ConfigError> {
    let file = parse(path, &read(path)?)?;
    match check(path, &file).into_iter().next() {
        Some(mistake) => Err(mistake),
        None => Ok((roster_of(path, &file)?, time_zone(&file))),
    }
}

pub(super) fn roster_of(path: &Path, file: &File) -> Result<Roster, ConfigError> {
    roster(path, &file.oncall, &time_zone(file))
}

/// The organisation's time zone, once it is checked.
pub fn time_zone(file: &File) -> TimeZone {
    TimeZone::get(&file.organisation.time_zone).unwrap_or(TimeZone::UTC)
}

/// A secret that is needed and nowhere to be found.
pub(super) fn lacks(path: &Path, key: &str, why: &str) -> ConfigError {
    let variable = variable_of(key);
    ConfigError::wrong(
        path,
        key,
        format!("{why}; name the file that holds it, or set {variable} in the environment"),
    )
}

pub(super) fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
        key: "--config".to_owned(),
        path: path.to_owned(),
        cause: error.kind(),
    })
}

pub(super) fn parse(path: &Path, text: &str) -> Result<File, ConfigError> {
    let deserializer = toml::de::Deserializer::parse(text)
        .map_err(|error| ConfigError::wrong(path, &line_of(text, error.span()), error.message()))?;
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let inner = error.inner();
        let message = inner.message().replace("field", "key");
        let lacking = message
            .strip_prefix("missing key `")
            .and_then(|rest| rest.strip_suffix('`'));
        let place = error.path().to_string();
        // What the file lacks as a whole stands on no line of it.
        if let Some(section) = lacking.filter(|_| place == ".") {
            let what = "this section is missing; write it as config.example.toml shows";
            return ConfigError::wrong(path, section, what);
        }
        let place = format!("{place} ({})", line_of(text, inner.span()));
        let remedy = lacking.map_or("", |_| "; write it as config.example.toml shows");
        ConfigError::wrong(path, &place, format!("{message}{remedy}"))
    })
}

fn line_of(text: &str, span: Option<std::ops::Range<usize>>) -> String {
    let start = span.map_or(0, |span| span.start);
    let line = text
        .as_bytes()
        .iter()
        .take(start)
        .filter(|byte| **byte == b'\n')
        .count()
        + 1;
    format!("line {line}")
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
