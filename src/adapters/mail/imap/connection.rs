//! Connecting, encrypting and logging in.

use crate::adapters::mail::imap::error::ImapError;
use crate::adapters::mail::imap::settings::ImapSettings;
use crate::adapters::mail::imap::stream::{ImapStream, Patience, SLICE, Wire};
use crate::adapters::mail::login::{Credential, Password};
use crate::adapters::mail::source::Tether;
use crate::adapters::mail::tls::{Tls, check_plain, client_config};
use crate::domain::system_words::in_words;
use imap::{Authenticator, Client};
use rustls::pki_types::ServerName;
use rustls::{ClientConnection, StreamOwned};
use std::cell::Cell;
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// How long connecting, and then encrypting, may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// How long the server may refuse to take bytes.
const WRITE_WITHIN: Duration = Duration::from_secs(30);
/// Lines that a server may say before it answers STARTTLS, and their longest length.
const MOST_LINES: usize = 20;
const LONGEST_LINE: usize = 8 * 1024;
/// Addresses of one host name that are tried.
const MOST_ADDRESSES: usize = 4;

/// A session of the library over our stream.
pub type ImapSession = imap::Session<ImapStream>;

/// A session that is logged in, and the handle on its patience.
pub struct LoggedIn {
    /// The session.
    pub session: ImapSession,
    /// How long its answers may take.
    pub patience: Patience,
}

/// Connects and logs in.
pub fn log_in(
    settings: &ImapSettings,
    credential: &Credential,
    tether: Option<&Tether>,
) -> Result<LoggedIn, ImapError> {
    check_plain(settings.tls, &settings.host)?;
    let patience = Patience::new();
    let bounded = |wire| ImapStream::new(wire, patience.clone(), tether.cloned());
    let socket = connect(&settings.host, settings.port)?;
    let client = match settings.tls {
        Tls::Implicit => greeted(bounded(encrypted(settings, socket)?))?,
        Tls::None => greeted(bounded(Wire::Plain(socket)))?,
        Tls::StartTls => {
            let socket = asked_for_tls(bounded(Wire::Plain(socket)))?;
            Client::new(bounded(encrypted(settings, socket)?))
        }
    };
    let session = authenticated(client, &settings.login.user, credential)?;
    Ok(LoggedIn { session, patience })
}

fn connect(host: &str, port: u16) -> Result<TcpStream, ImapError> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    // Only a question to the name servers: whatever fails here is about the name.
    let found = (bare, port).to_socket_addrs();
    let found = found.map_err(|_| ImapError::UnknownHost)?;
    for address in found.take(MOST_ADDRESSES) {
        match TcpStream::connect_timeout(&address, CONNECT_WITHIN) {
            Ok(socket) => {
                socket.set_nodelay(true)?;
                socket.set_read_timeout(Some(SLICE))?;
                socket.set_write_timeout(Some(WRITE_WITHIN))?;
                return Ok(socket);
            }
            Err(error) => last = error,
        }
    }
    Err(last.into())
}

fn encrypted(settings: &ImapSettings, mut socket: TcpStream) -> Result<Wire, ImapError> {
    let config = client_config(settings.ca_file.as_deref())?;
    let wrong_name = |_| ImapError::Tls("the host name is not valid".to_owned());
    let name = ServerName::try_from(settings.host.clone()).map_err(wrong_name)?;
    let mut tls = ClientConnection::new(config, name).map_err(|e| ImapError::Tls(e.to_string()))?;
    socket.set_read_timeout(Some(CONNECT_WITHIN))?;
    while tls.is_handshaking() {
        tls.complete_io(&mut socket)
            .map_err(|error| match ImapError::from(error) {
                // A server that hangs up or says something else here speaks no TLS.
                ImapError::Unreachable(kind) => ImapError::Tls(in_words(kind).to_owned()),
                other => other,
            })?;
    }
    socket.set_read_timeout(Some(SLICE))?;
    Ok(Wire::Tls(Box::new(StreamOwned::new(tls, socket))))
}

/// STARTTLS (RFC 3501, 6.2.1). The library doesn't offer it before the login. Reads byte by byte, so
/// that nothing which somebody slipped in before the encryption is taken for the server's word.
fn asked_for_tls(mut stream: ImapStream) -> Result<TcpStream, ImapError> {
    if !read_line(&mut stream)?.starts_with(b"* OK") {
        return Err(ImapError::Refused);
    }
    stream.write_all(b"s1 STARTTLS\r\n")?;
    stream.flush()?;
    for _ in 0..MOST_LINES {
        let line = read_line(&mut stream)?;
        if line.starts_with(b"s1 OK") {
            return match stream.into_wire() {
                Wire::Plain(socket) => Ok(socket),
                Wire::Tls(_) => Err(ImapError::Protocol),
            };
        }
        if line.starts_with(b"s1 ") {
            return Err(ImapError::NoStartTls);
        }
    }
    Err(ImapError::Protocol)
}

fn read_line(stream: &mut ImapStream) -> Result<Vec<u8>, ImapError> {
    let mut line = Vec::new();
    while !line.ends_with(b"\n") && line.len() < LONGEST_LINE {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        line.extend(byte);
    }
    Ok(line)
}

fn greeted(stream: ImapStream) -> Result<Client<ImapStream>, ImapError> {
    let mut client = Client::new(stream);
    let greeting = client.read_greeting()?;
    if greeting.starts_with(b"* OK") {
        Ok(client)
    } else {
        Err(ImapError::Refused)
    }
}

/// SASL PLAIN (RFC 4616): it takes any password, which LOGIN does not.
struct Plain<'a> {
    user: &'a str,
    password: &'a Password,
}

impl Authenticator for Plain<'_> {
    type Response = String;

    fn process(&self, _challenge: &[u8]) -> String {
        format!("\0{}\0{}", self.user, self.password.reveal())
    }
}

/// SASL XOAUTH2, as Microsoft 365 and Google describe it: the token first; a server that refuses it says why in
/// a challenge, which wants an empty answer.
struct XOAuth2<'a> {
    user: &'a str,
    token: &'a Password,
    is_said: Cell<bool>,
}

impl Authenticator for XOAuth2<'_> {
    type Response = String;

    fn process(&self, _challenge: &[u8]) -> String {
        if self.is_said.replace(true) {
            return String::new();
        }
        let (user, token) = (self.user, self.token.reveal());
        format!("user={user}\x01auth=Bearer {token}\x01\x01")
    }
}

fn authenticated(
    mut client: Client<ImapStream>,
    user: &str,
    credential: &Credential,
) -> Result<ImapSession, ImapError> {
    let outcome = match credential {
        Credential::Token(token) => {
            let is_said = Cell::new(false);
            let token = XOAuth2 {
                user,
                token,
                is_said,
            };
            client.authenticate("XOAUTH2", &token)
        }
        Credential::Password(password) => {
            let can = client.capabilities()?;
            let printable = |text: &str| text.bytes().all(|b| matches!(b, b' '..=b'~'));
            let simple = printable(user) && printable(password.reveal());
            let plain = can.has_str("AUTH=PLAIN") && (!simple || can.has_str("LOGINDISABLED"));
            if plain || !simple {
                client.authenticate("PLAIN", &Plain { user, password })
            } else {
                client.login(user, password.reveal())
            }
        }
    };
    outcome.map_err(|(error, _)| match ImapError::from(error) {
        ImapError::Refused => ImapError::Login,
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_no_name_server_knows_is_called_that() {
        // A name that never exists (RFC 6761, 6.4).
        let unknown = connect("mail.crt.invalid", 993).unwrap_err();
        assert!(matches!(unknown, ImapError::UnknownHost), "{unknown}");
        // An address is a name that is always known.
        let refused = connect("127.0.0.1", 1).unwrap_err().to_string();
        assert!(refused.contains("(nothing listens there)"), "{refused}");
    }
}
