//! The address of a name server, as `[dkim]` names it: `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53`.
//!
//! No names: who looks up keys can't begin with looking up who knows them.

use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};

/// The port of DNS (RFC 1035, 4.2).
const PORT: u16 = 53;

/// Where a name server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct NameServer(pub SocketAddr);

impl TryFrom<String> for NameServer {
    type Error = String;

    fn try_from(written: String) -> Result<Self, Self::Error> {
        let whole = written.parse::<SocketAddr>();
        let at = whole.or_else(|_| {
            written
                .parse::<IpAddr>()
                .map(|ip| SocketAddr::new(ip, PORT))
        });
        at.map(Self).map_err(|_| {
            format!("\"{written}\" is no IP address of a name server; write for example 192.0.2.53 or 192.0.2.53:5353")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_or_without_a_port() {
        for (written, expected) in [
            ("192.0.2.53", Some("192.0.2.53:53")),
            ("192.0.2.53:5353", Some("192.0.2.53:5353")),
            ("2001:db8::53", Some("[2001:db8::53]:53")),
            ("[2001:db8::53]:5353", Some("[2001:db8::53]:5353")),
            ("ns.hackegem.example", None),
            ("", None),
        ] {
            let read = NameServer::try_from(written.to_owned());
            let read = read.map(|server| server.0.to_string());
            assert_eq!(read.ok().as_deref(), expected, "{written}");
        }
    }
}
