//! Finding, reading and checking the configuration file.

use crate::config::constituents::read_constituents;
use crate::config::database::{Database, database_at};
use crate::config::environment::{Environment, variable_of};
use crate::config::error::ConfigError;
use crate::config::mail_login::{MailLogin, login_to_mailbox, login_to_send};
use crate::config::oncall::roster;
use crate::config::rules::{check_together, key_beside_data};
use crate::config::secret::{Origin, Secret, find_secret};
use crate::config::sections::{File, MailboxKind, Matrix, Tls};
use crate::domain::address::EmailAddress;
use crate::domain::chat::ids::UserId;
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

/// Reads and checks a configuration file and the files that it names.
pub fn load(path: &Path, environment: &Environment) -> Result<Config, ConfigError> {
    let file = parse(path, &read(path)?)?;
    check(path, &file)?;
    check_together(path, &file)?;
    let on_server = file.store.url.as_deref().map(database_at);
    if let (Some(Ok(Database::Server(_))), Some(name)) = (on_server, environment.postgres.first()) {
        return Err(ConfigError::wrong(
            path,
            "store.url",
            format!("the variable {name} would change the connection behind this file; unset it"),
        ));
    }
    let mut secrets_from = Vec::new();
    let mut secret = |key: &str, file: Option<&PathBuf>| {
        let found = find_secret(key, file.map(PathBuf::as_path), environment)?;
        Ok::<_, ConfigError>(found.map(|(secret, origin)| {
            secrets_from.push((key.to_owned(), origin));
            secret
        }))
    };
    let mut mailbox_logins = Vec::new();
    for (n, mailbox) in file.mailbox.iter().enumerate() {
        let password = secret(
            &format!("mailbox[{n}].password_file"),
            mailbox.password_file.as_ref(),
        )?;
        mailbox_logins.push(match mailbox.kind {
            MailboxKind::Imap => Some(login_to_mailbox(path, n, mailbox, password)?),
            MailboxKind::Maildir => None,
        });
    }
    let smtp_password = secret("smtp.password_file", file.smtp.password_file.as_ref())?;
    let smtp_login = login_to_send(path, &file.smtp, smtp_password)?;
    let matrix = match &file.matrix {
        None => MatrixSecrets::default(),
        Some(matrix) => MatrixSecrets {
            password: secret("matrix.password_file", matrix.password_file.as_ref())?,
            token: secret("matrix.token_file", matrix.token_file.as_ref())?,
            recovery_key: match secret(
                "matrix.recovery_key_file",
                matrix.recovery_key_file.as_ref(),
            ) {
                Err(ConfigError::Unreadable {
                    cause: std::io::ErrorKind::NotFound,
                    ..
                }) => None,
                read => read?,
            },
        },
    };
    let team_key = match secret("pgp.key_file", file.pgp.key_file.as_ref()) {
        Err(ConfigError::Unreadable {
            cause: std::io::ErrorKind::NotFound,
            ..
        }) => {
            return Err(ConfigError::wrong(
                path,
                "pgp.key_file",
                "names a file that isn't there yet; make it with eerstelijn keys pgp, or leave [pgp] out",
            ));
        }
        read => read?,
    };
    let database_password = secret("store.password_file", file.store.password_file.as_ref())?;
    let master_key = secret("store.key_file", file.store.key_file.as_ref())?.ok_or_else(|| {
        lacks(
            path,
            "store.key_file",
            "everything is sealed with a master key (eerstelijn keys new FILE)",
        )
    })?;
    for (key, origin) in &secrets_from {
        key_beside_data(path, &file, key, origin)?;
    }
    let constituents = file
        .constituents
        .file
        .as_deref()
        .map(read_constituents)
        .transpose()?;
    Ok(Config {
        path: path.to_owned(),
        smtp_login,
        database_password,
        master_key,
        team_key,
        secrets_from,
        own_addresses: own_addresses(path, &file)?,
        mailbox_logins,
        matrix,
        constituents: constituents.unwrap_or_default(),
        roster: roster_of(path, &file)?,
        file,
    })
}

/// Who is on call, and the organisation's time zone, without needing the secrets that a configuration
/// names: who asks at night may not read them.
pub fn load_roster(path: &Path) -> Result<(Roster, TimeZone), ConfigError> {
    let file = parse(path, &read(path)?)?;
    check(path, &file)?;
    Ok((roster_of(path, &file)?, time_zone(&file)))
}

fn roster_of(path: &Path, file: &File) -> Result<Roster, ConfigError> {
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
        let place = format!("{} ({})", error.path(), line_of(text, inner.span()));
        ConfigError::wrong(path, &place, inner.message().replace("field", "key"))
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

fn check(path: &Path, file: &File) -> Result<(), ConfigError> {
    let wrong = |key: &str, what: &str| Err(ConfigError::wrong(path, key, what));
    if file.mailbox.is_empty() {
        return wrong("mailbox", "name at least one [[mailbox]] to watch");
    }
    for (n, mailbox) in file.mailbox.iter().enumerate() {
        let key = |name: &str| format!("mailbox[{n}].{name}");
        match mailbox.kind {
            MailboxKind::Maildir if mailbox.path.is_none() => {
                return wrong(&key("path"), "a maildir needs the path of its folder");
            }
            MailboxKind::Imap if mailbox.host.is_none() => {
                return wrong(&key("host"), "an IMAP mailbox needs the name of its server");
            }
            MailboxKind::Imap if mailbox.user.is_none() => {
                return wrong(&key("user"), "an IMAP mailbox needs the name of its user");
            }
            _ => {}
        }
        if mailbox.tls == Tls::None && !mailbox.host.as_deref().is_none_or(is_loopback) {
            return wrong(
                &key("tls"),
                "\"none\" is only for this machine itself; use implicit or starttls",
            );
        }
    }
    if file.smtp.tls == Tls::None && !is_loopback(&file.smtp.host) {
        return wrong(
            "smtp.tls",
            "\"none\" is only for this machine itself; use implicit or starttls",
        );
    }
    if let Some(matrix) = &file.matrix {
        check_matrix(path, matrix)?;
    }
    let limits = &file.limits;
    let counts = [
        ("per_address_day", limits.per_address_day),
        ("per_ticket_day", limits.per_ticket_day),
        ("per_domain_hour", limits.per_domain_hour),
        ("in_all_hour", limits.in_all_hour),
    ];
    // Counting stops at 2,000, so a higher limit would never be reached.
    if let Some((key, _)) = counts.into_iter().find(|(_, limit)| *limit > 2_000) {
        return wrong(&format!("limits.{key}"), "at most 2000");
    }
    if TimeZone::get(&file.organisation.time_zone).is_err() {
        return wrong(
            "organisation.time_zone",
            "unknown; write for example Europe/Brussels",
        );
    }
    let prefix = &file.organisation.ticket_prefix;
    if prefix.is_empty() || !prefix.chars().all(|c| c.is_ascii_uppercase() || c == '-') {
        return wrong(
            "organisation.ticket_prefix",
            "use capital letters, for example CRT",
        );
    }
    Ok(())
}

fn check_matrix(path: &Path, matrix: &Matrix) -> Result<(), ConfigError> {
    let wrong = |key: &str, what: &str| Err(ConfigError::wrong(path, key, what));
    let address = &matrix.homeserver;
    if let Some(rest) = address.strip_prefix("http://") {
        let authority = rest.split('/').next().unwrap_or_default();
        let host = match authority.split_once(']') {
            Some((host, _)) => host,
            None => authority.split(':').next().unwrap_or_default(),
        };
        if !is_loopback(host) {
            return wrong(
                "matrix.homeserver",
                "plain http is only for this machine itself; use https",
            );
        }
    } else if !address.starts_with("https://") {
        return wrong("matrix.homeserver", "write https://matrix.crt.example");
    }
    if UserId::parse(&matrix.user).is_none_or(|user| user.server().is_empty()) {
        return wrong("matrix.user", "write the whole name: @crt:crt.example");
    }
    if matrix.password_file.is_some() && matrix.token_file.is_some() {
        return wrong(
            "matrix.token_file",
            "name password_file or token_file, not both",
        );
    }
    // A name of a server holds no more than this (Matrix specification, appendix on server names).
    let is_server = |name: &str| {
        let allowed =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        !name.is_empty() && name.chars().all(allowed)
    };
    for (n, server) in matrix.trusted_servers.iter().enumerate() {
        if !is_server(server) {
            return wrong(
                &format!("matrix.trusted_servers[{n}]"),
                "write the name of a homeserver, as it stands behind the colon of its people: crt.example",
            );
        }
    }
    for (n, official) in matrix.officials.iter().enumerate() {
        if official.server().is_empty() {
            return wrong(
                &format!("matrix.officials[{n}]"),
                "write the whole name: @an:hackegem.example",
            );
        }
    }
    if matrix.oncall_room.is_none() && !matrix.lobby_rooms.is_empty() {
        return wrong(
            "matrix.lobby_rooms",
            "needs matrix.oncall_room: what officials report there must be seen by somebody",
        );
    }
    if let Some(room) = &matrix.oncall_room
        && matrix.lobby_rooms.contains(room)
    {
        return wrong(
            "matrix.oncall_room",
            "is a lobby room too; officials would read what experts are told",
        );
    }
    Ok(())
}

/// Is this host the machine itself?
pub fn is_loopback(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn own_addresses(path: &Path, file: &File) -> Result<Vec<EmailAddress>, ConfigError> {
    let of_mailboxes = file.mailbox.iter().enumerate().flat_map(|(n, mailbox)| {
        mailbox
            .own_addresses
            .iter()
            .map(move |a| (format!("mailbox[{n}].own_addresses"), a))
    });
    let single = [
        ("organisation.address", Some(&file.organisation.address)),
        ("smtp.from", file.smtp.from.as_ref()),
        ("smtp.bounce_address", file.smtp.bounce_address.as_ref()),
    ];
    let mut own = Vec::new();
    let single = single
        .into_iter()
        .filter_map(|(key, a)| a.map(|a| (key.to_owned(), a)));
    for (key, written) in single.chain(of_mailboxes) {
        let address = EmailAddress::parse(written)
            .ok_or_else(|| ConfigError::wrong(path, &key, "is not a mail address"))?;
        if !own.contains(&address) {
            own.push(address);
        }
    }
    Ok(own)
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
