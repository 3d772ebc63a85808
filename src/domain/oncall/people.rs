//! The people on the roster: who they are and how they can be reached.
//!
//! Who of them is on call stands in `rotation` and `overrides`, not here.

use crate::domain::address::EmailAddress;
use crate::domain::chat::ids::UserId;
use crate::domain::triage::category::closed_list;
use crate::domain::triage::language::Language;
use std::fmt;
use std::str::FromStr;

/// Longest name of a person or rotation in the settings, in bytes.
const LONGEST_ID: usize = 64;
/// Longest address of a webhook, in bytes.
const LONGEST_WEBHOOK: usize = 2_000;

/// A text that can't name a person or rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("use letters, digits, '-', '_' and '.', at most 64")]
pub struct NotAnId;

macro_rules! short_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// One to 64 ASCII letters, digits, `-`, `_` and `.`; capitals count.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as it is written in the settings.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let fit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
                let fits = !text.is_empty() && text.len() <= LONGEST_ID && text.chars().all(fit);
                fits.then(|| Self(text.to_owned())).ok_or(NotAnId)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

short_id! {
    /// One person on the roster.
    PersonId
}
short_id! {
    /// One rotation.
    RotationId
}

closed_list! {
    /// What somebody on the roster may do.
    Role {
        /// Takes tickets.
        Expert = "expert",
        /// Also manages on-call and the newsletter, and is told when nobody was reached.
        Coordinator = "coordinator",
    }
}

closed_list! {
    /// A way to wake somebody.
    Channel {
        /// A mention in the on-call room.
        Matrix = "matrix",
        /// A mail.
        Mail = "mail",
        /// A request to an address of the person, for example a pager service.
        Webhook = "webhook",
    }
}

/// Where a request wakes somebody. Such an address is often a secret by itself, so it is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook(String);

impl Webhook {
    /// Takes an address, or nothing where it is none: `https://` and a host; `http://` only for this
    /// machine itself; no blanks or control characters; at most 2,000 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let (rest, loopback_only) = match text.strip_prefix("https://") {
            Some(rest) => (rest, false),
            None => (text.strip_prefix("http://")?, true),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = match authority.strip_prefix('[') {
            Some(inner) => inner.split_once(']').map_or("", |(host, _)| host),
            None => authority.split(':').next().unwrap_or_default(),
        };
        let is_loopback = matches!(host, "localhost" | "127.0.0.1" | "::1");
        let fit = |c: char| !c.is_whitespace() && !c.is_control();
        let fits = !host.is_empty() && !authority.contains('@') && text.len() <= LONGEST_WEBHOOK;
        (fits && text.chars().all(fit) && (is_loopback || !loopback_only))
            .then(|| Self(text.to_owned()))
    }

    /// The address. Hand it on, don't log it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Webhook(‹hidden›)")
    }
}

/// Somebody on the roster.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// The short name in the settings.
    pub id: PersonId,
    /// The name for people.
    pub name: String,
    /// The Matrix user.
    pub matrix: Option<UserId>,
    /// The mail address.
    pub mail: Option<EmailAddress>,
    /// Where a request wakes this person.
    pub webhook: Option<Webhook>,
    /// The languages that this person speaks, best first; may be empty.
    pub languages: Vec<Language>,
    /// What this person may do.
    pub roles: Vec<Role>,
}

impl Person {
    /// The language in which he is written to: the one that he speaks best, or Dutch.
    pub fn language(&self) -> Language {
        self.languages.first().copied().unwrap_or(Language::Nl)
    }

    /// Can this person be woken this way?
    pub fn has(&self, channel: Channel) -> bool {
        match channel {
            Channel::Matrix => self.matrix.is_some(),
            Channel::Mail => self.mail.is_some(),
            Channel::Webhook => self.webhook.is_some(),
        }
    }
}

/// The id only: debug output ends in logs, which hold no names.
impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Person({})", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_short_plain_words() {
        for (text, good) in [
            ("anna", true),
            ("first-line_2.b", true),
            ("", false),
            ("anna peeters", false),
            ("rotation:a", false),
            ("ann\u{e9}", false),
        ] {
            assert_eq!(text.parse::<PersonId>().is_ok(), good, "{text}");
        }
        assert!("a".repeat(65).parse::<RotationId>().is_err());
    }

    #[test]
    fn debug_output_names_nobody() {
        let person = Person {
            id: "anna".parse().unwrap(),
            name: "Anna Peeters".to_owned(),
            matrix: None,
            mail: None,
            webhook: Webhook::parse("https://pager.example/geheim"),
            languages: vec![],
            roles: vec![Role::Expert],
        };
        assert_eq!(format!("{person:?}"), "Person(anna)");
        assert!(!format!("{:?}", person.webhook).contains("geheim"));
    }

    #[test]
    fn ways_to_reach_somebody_are_checked() {
        for (text, good) in [
            ("https://pager.example/hook?key=1", true),
            ("http://127.0.0.1:8080/hook", true),
            ("http://[::1]:8080/hook", true),
            ("http://pager.example/hook", false),
            ("http://localhost.evil.example/", false),
            ("http://localhost@evil.example/", false),
            ("https://", false),
            ("https://pager.example/a b", false),
            ("ftp://pager.example/", false),
        ] {
            assert_eq!(Webhook::parse(text).is_some(), good, "{text}");
        }
    }
}
