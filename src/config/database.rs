//! Where the database is: `store.url` taken apart. A password never stands in it: logs and lists of
//! processes show addresses.

use std::path::PathBuf;

/// What a URL says that names no database.
const FILE_EXAMPLE: &str =
    "names no file; write for example sqlite:/var/lib/eerstelijn/eerstelijn.db";
const SERVER_EXAMPLE: &str =
    "names no database; write for example postgres://eerstelijn@db.example/eerstelijn";

/// A database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// SQLite, in this file.
    File(PathBuf),
    /// PostgreSQL, on a server.
    Server(Server),
}

/// A database on a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Where it listens.
    pub host: Host,
    /// The port, or the end of the socket's name.
    pub port: u16,
    /// Who logs in; without it the name of the system's user, as PostgreSQL has it.
    pub user: Option<String>,
    /// The database.
    pub name: String,
}

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// A name or an address.
    Name(String),
    /// The folder of its socket.
    Socket(PathBuf),
}

/// Takes `sqlite:FILE`, `postgres://[USER@]HOST[:PORT]/NAME` or `postgres://[USER@]/NAME[?host=/FOLDER]`
/// apart. The error says what to write.
pub fn database_at(url: &str) -> Result<Database, &'static str> {
    if let Some(rest) = url.strip_prefix("sqlite:") {
        return file_in(rest).map(Database::File).ok_or(FILE_EXAMPLE);
    }
    let rest = url
        .strip_prefix("postgres://")
        .or_else(|| url.strip_prefix("postgresql://"))
        .ok_or("write sqlite:FILE, or postgres://USER@HOST/NAME")?;
    server_in(rest).map(Database::Server)
}

fn file_in(rest: &str) -> Option<PathBuf> {
    let file = rest.strip_prefix("//").unwrap_or(rest);
    let names_a_file = !file.is_empty() && !file.ends_with('/') && !file.contains('?');
    (names_a_file && !file.starts_with(':')).then(|| PathBuf::from(file))
}

fn server_in(rest: &str) -> Result<Server, &'static str> {
    let (authority, path) = rest.split_once('/').ok_or(SERVER_EXAMPLE)?;
    let (name, query) = match path.split_once('?') {
        Some((name, query)) => (name, Some(query)),
        None => (path, None),
    };
    let (user, place) = match authority.rsplit_once('@') {
        Some((user, _)) if user.contains(':') => {
            return Err(
                "holds a password; write it in a file and name that in store.password_file",
            );
        }
        Some((user, place)) => (Some(user).filter(|user| !user.is_empty()), place),
        None => (None, authority),
    };
    let (host, port) = place_in(place).ok_or(SERVER_EXAMPLE)?;
    let host = match (host, query) {
        (Some(host), None) => Host::Name(host.to_owned()),
        (None, None) => Host::Socket(PathBuf::from("/run/postgresql")),
        (None, Some(query)) => match query.strip_prefix("host=") {
            Some(folder) if folder.starts_with('/') => Host::Socket(PathBuf::from(folder)),
            _ => {
                return Err("of what follows ? only host=/FOLDER is known, the folder of a socket");
            }
        },
        (Some(_), Some(_)) => {
            return Err("takes no options after a host; encryption and its check are always on");
        }
    };
    let plain = |text: &str| !text.is_empty() && !text.contains(['%', '/', ':', '?', ' ']);
    if !plain(name) || user.is_some_and(|user| !plain(user)) {
        return Err(SERVER_EXAMPLE);
    }
    Ok(Server {
        host,
        port,
        user: user.map(str::to_owned),
        name: name.to_owned(),
    })
}

/// Host and port; an address of IPv6 stands in brackets.
fn place_in(place: &str) -> Option<(Option<&str>, u16)> {
    const PORT: u16 = 5432;
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']')?;
            (host, rest.strip_prefix(':'))
        }
        None => match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        },
    };
    let port = match port {
        Some(port) => port.parse().ok()?,
        None => PORT,
    };
    Some((Some(host).filter(|host| !host.is_empty()), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_in_a_few_ways() {
        for (url, file) in [
            ("sqlite:a.db", Some("a.db")),
            ("sqlite:///var/a.db", Some("/var/a.db")),
            ("sqlite:/var/a.db", Some("/var/a.db")),
            ("sqlite:", None),
            ("sqlite::memory:", None),
            ("sqlite:/var/", None),
            ("sqlite:a.db?mode=ro", None),
        ] {
            let expected = file.map(|file| Database::File(PathBuf::from(file)));
            assert_eq!(database_at(url).ok(), expected, "{url}");
        }
        assert!(database_at("mysql:x").is_err());
    }

    #[test]
    fn a_server_is_named_by_host_or_by_socket() {
        let server = |host, port, user: Option<&str>| {
            Database::Server(Server {
                host,
                port,
                user: user.map(str::to_owned),
                name: "crt".to_owned(),
            })
        };
        let named = |host: &str| Host::Name(host.to_owned());
        let socket = |folder: &str| Host::Socket(PathBuf::from(folder));
        for (url, expected) in [
            (
                "postgres://bot@db.example/crt",
                server(named("db.example"), 5432, Some("bot")),
            ),
            (
                "postgresql://db.example:6432/crt",
                server(named("db.example"), 6432, None),
            ),
            (
                "postgres://bot@[::1]:6432/crt",
                server(named("::1"), 6432, Some("bot")),
            ),
            (
                "postgres:///crt",
                server(socket("/run/postgresql"), 5432, None),
            ),
            (
                "postgres://bot@:6432/crt?host=/tmp/pg",
                server(socket("/tmp/pg"), 6432, Some("bot")),
            ),
        ] {
            assert_eq!(database_at(url), Ok(expected), "{url}");
        }
    }

    #[test]
    fn what_names_no_database_says_what_to_write() {
        for (url, said) in [
            ("postgres://db.example", "names no database"),
            ("postgres://db.example/", "names no database"),
            ("postgres://db.example:x/crt", "names no database"),
            (
                "postgres://bot:hemelblauw@db.example/crt",
                "store.password_file",
            ),
            ("postgres://db.example/crt?sslmode=disable", "no options"),
            ("postgres:///crt?host=db.example", "only host=/FOLDER"),
            ("postgres://db.example/a%20b", "names no database"),
        ] {
            let error = database_at(url).unwrap_err();
            assert!(error.contains(said), "{url}: {error}");
            assert!(!error.contains("hemelblauw"));
        }
    }
}
