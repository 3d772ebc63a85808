//! Rules over one key of the configuration, each mistake with its key and its remedy. All are gathered: who repairs a
//! file wants to know of every one. Rules over several keys stand in `rules`.

use crate::config::error::ConfigError;
use crate::config::limits::Limits;
use crate::config::sections::{File, Mailbox, MailboxKind, Matrix, Tls};
use crate::domain::chat::ids::UserId;
use jiff::tz::TimeZone;
use std::path::Path;

const ONLY_HERE: &str = "\"none\" is only for this machine itself; use implicit or starttls";

/// Every mistake in a value.
pub(super) fn check(path: &Path, file: &File) -> Vec<ConfigError> {
    let mut told = Told {
        path,
        found: Vec::new(),
    };
    if file.mailbox.is_empty() {
        told.wrong("mailbox", "name at least one [[mailbox]] to watch");
    }
    for (n, mailbox) in file.mailbox.iter().enumerate() {
        check_mailbox(&mut told, n, mailbox);
    }
    if file.smtp.tls == Tls::None && !is_loopback(&file.smtp.host) {
        told.wrong("smtp.tls", ONLY_HERE);
    }
    if let Some(matrix) = &file.matrix {
        check_homeserver(&mut told, &matrix.homeserver);
        check_matrix(&mut told, matrix);
        check_rooms(&mut told, matrix);
    }
    check_limits(&mut told, &file.limits);
    if TimeZone::get(&file.organisation.time_zone).is_err() {
        told.wrong(
            "organisation.time_zone",
            "unknown; write for example Europe/Brussels",
        );
    }
    let prefix = &file.organisation.ticket_prefix;
    if prefix.is_empty() || !prefix.chars().all(|c| c.is_ascii_uppercase() || c == '-') {
        told.wrong(
            "organisation.ticket_prefix",
            "use capital letters, for example CRT",
        );
    }
    told.found
}

/// The mistakes that were found so far.
struct Told<'a> {
    path: &'a Path,
    found: Vec<ConfigError>,
}

impl Told<'_> {
    fn wrong(&mut self, key: &str, what: &str) {
        self.found.push(ConfigError::wrong(self.path, key, what));
    }
}

fn check_mailbox(told: &mut Told<'_>, n: usize, mailbox: &Mailbox) {
    let key = |name: &str| format!("mailbox[{n}].{name}");
    match mailbox.kind {
        MailboxKind::Maildir if mailbox.path.is_none() => {
            told.wrong(&key("path"), "a maildir needs the path of its folder");
        }
        MailboxKind::Imap if mailbox.host.is_none() => {
            told.wrong(&key("host"), "an IMAP mailbox needs the name of its server");
        }
        _ => {}
    }
    if mailbox.tls == Tls::None && !mailbox.host.as_deref().is_none_or(is_loopback) {
        told.wrong(&key("tls"), ONLY_HERE);
    }
}

fn check_limits(told: &mut Told<'_>, limits: &Limits) {
    for (key, limit) in [
        ("per_address_day", limits.per_address_day),
        ("per_ticket_day", limits.per_ticket_day),
        ("per_domain_hour", limits.per_domain_hour),
        ("in_all_hour", limits.in_all_hour),
    ] {
        // Counting stops at 2,000, so a higher limit would never be reached.
        if limit > 2_000 {
            told.wrong(&format!("limits.{key}"), "at most 2000");
        }
    }
}

fn check_homeserver(told: &mut Told<'_>, address: &str) {
    if let Some(rest) = address.strip_prefix("http://") {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = match authority.split_once(']') {
            Some((host, _)) => host,
            None => authority.split(':').next().unwrap_or_default(),
        };
        if !is_loopback(host) || authority.contains('@') {
            told.wrong(
                "matrix.homeserver",
                "plain http is only for this machine itself; use https",
            );
        }
    } else if !address.starts_with("https://") {
        told.wrong("matrix.homeserver", "write https://matrix.crt.example");
    }
}

fn check_matrix(told: &mut Told<'_>, matrix: &Matrix) {
    if UserId::parse(&matrix.user).is_none_or(|user| user.server().is_empty()) {
        told.wrong("matrix.user", "write the whole name: @crt:crt.example");
    }
    if matrix.password_file.is_some() && matrix.token_file.is_some() {
        told.wrong(
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
            told.wrong(
                &format!("matrix.trusted_servers[{n}]"),
                "write the name of a homeserver, as it stands behind the colon of its people: crt.example",
            );
        }
    }
    for (n, official) in matrix.officials.iter().enumerate() {
        if official.server().is_empty() {
            told.wrong(
                &format!("matrix.officials[{n}]"),
                "write the whole name: @an:hackegem.example",
            );
        }
    }
}

fn check_rooms(told: &mut Told<'_>, matrix: &Matrix) {
    if matrix.oncall_room.is_none() && !matrix.lobby_rooms.is_empty() {
        told.wrong(
            "matrix.lobby_rooms",
            "needs matrix.oncall_room: what officials report there must be seen by somebody",
        );
    }
    if let Some(room) = &matrix.oncall_room
        && matrix.lobby_rooms.contains(room)
    {
        told.wrong(
            "matrix.oncall_room",
            "is a lobby room too; officials would read what experts are told",
        );
    }
}

/// Is this host the machine itself?
pub fn is_loopback(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
