//! Names of things: newtypes for identifiers, so that a ticket is never taken for a message.
//!
//! Identifiers are made from random bytes that the caller brings; this module draws none itself.

use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Random bytes in an identifier: enough that nobody guesses one (128 bits).
pub const ID_BYTES: usize = 16;

macro_rules! opaque_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Makes an identifier from 16 random bytes: 26 lower-case letters and digits.
            pub fn from_random(bytes: [u8; ID_BYTES]) -> Self {
                Self(BASE32_NOPAD.encode(&bytes).to_lowercase())
            }

            /// Has this text the form that [`Self::from_random`] gives?
            pub fn is_well_formed(text: &str) -> bool {
                let fit = |c: char| matches!(c, 'a'..='z' | '2'..='7');
                text.len() == 26 && text.chars().all(fit)
            }

            /// Takes back an identifier that was stored before.
            pub fn from_stored(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

opaque_id! {
    /// One ticket, for machines. People use its [`TicketNumber`].
    TicketId
}
opaque_id! {
    /// One message that came in.
    InboxId
}
opaque_id! {
    /// One message that goes out. It is also the unguessable left side of our Message-ID.
    OutboxId
}
opaque_id! {
    /// One running instance of the service, as the holder of leases.
    InstanceId
}

impl InstanceId {
    /// One run of an instance that has a name: `NAME.RUN`.
    pub fn of_run(name: &str, run: [u8; ID_BYTES]) -> Self {
        Self(format!("{name}.{}", Self::from_random(run)))
    }

    /// The part that all runs of this instance have in common: with its dot, or nothing.
    pub fn family(&self) -> Option<&str> {
        self.0
            .split_inclusive('.')
            .next()
            .filter(|name| name.ends_with('.'))
    }
}

/// The name of a source of messages: a mailbox as configured, for example `imap:crt@mx.example/INBOX`.
///
/// It is stored unsealed and may be logged, so it must hold nothing of a reporter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MailboxName(String);

impl MailboxName {
    /// Names a mailbox.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of reading it, as work that one instance does at a time.
    pub fn work(&self) -> String {
        format!("read {}", self.0)
    }
}

impl fmt::Display for MailboxName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The number people use for a ticket, such as `CRT-2026-0042`. It is useless on its own: knowing it
/// opens nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TicketNumber {
    prefix: String,
    year: i16,
    serial: u32,
}

/// A text that is no ticket number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a ticket number: expected a form like CRT-2026-0042")]
pub struct NotATicketNumber;

impl TicketNumber {
    /// Puts a number together. `serial` counts from 1 within the year.
    pub fn new(prefix: impl Into<String>, year: i16, serial: u32) -> Self {
        Self {
            prefix: prefix.into(),
            year,
            serial,
        }
    }

    /// The organisation's prefix, for example `CRT`.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The calendar year in which the ticket was opened, in the organisation's time zone.
    pub fn year(&self) -> i16 {
        self.year
    }

    /// The running number within the year.
    pub fn serial(&self) -> u32 {
        self.serial
    }
}

impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{:04}", self.prefix, self.year, self.serial)
    }
}

impl FromStr for TicketNumber {
    type Err = NotATicketNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.trim().rsplitn(3, '-');
        let serial = parts
            .next()
            .and_then(|part| part.parse().ok())
            .ok_or(NotATicketNumber)?;
        let year = parts
            .next()
            .and_then(|part| part.parse().ok())
            .ok_or(NotATicketNumber)?;
        let prefix = parts
            .next()
            .filter(|part| !part.is_empty())
            .ok_or(NotATicketNumber)?;
        Ok(Self {
            prefix: prefix.to_uppercase(),
            year,
            serial,
        })
    }
}

impl From<TicketNumber> for String {
    fn from(number: TicketNumber) -> Self {
        number.to_string()
    }
}

impl TryFrom<String> for TicketNumber {
    type Error = NotATicketNumber;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_number_reads_back_what_it_writes() {
        let number = TicketNumber::new("VO-CRT", 2026, 42);
        assert_eq!(number.to_string(), "VO-CRT-2026-0042");
        assert_eq!("vo-crt-2026-0042".parse(), Ok(number));
        for wrong in ["", "CRT", "CRT-2026", "-2026-1", "CRT-2026-x", "2026-0042"] {
            assert!(wrong.parse::<TicketNumber>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn identifiers_are_plain_letters_and_digits() {
        let id = OutboxId::from_random([0xff; ID_BYTES]);
        assert_eq!(id.as_str().len(), 26);
        assert!(
            id.as_str()
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        );
    }
}
