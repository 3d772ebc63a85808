//! Names of rooms, events and people as a homeserver gives them. Opaque: nothing is read out of a room's
//! id, and out of a person's only the server.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest identifier that the Matrix specification allows, in bytes (client-server API, identifier grammar).
const LONGEST: usize = 255;

macro_rules! given_id {
    ($(#[$doc:meta])* $name:ident, $sigil:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes an identifier as it was given; nothing where it can't be one.
            pub fn parse(text: &str) -> Option<Self> {
                let plain = text.len() <= LONGEST && !text.chars().any(|c| c.is_control() || c.is_whitespace());
                (plain && text.len() > 1 && text.starts_with($sigil)).then(|| Self(text.to_owned()))
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

        impl TryFrom<String> for $name {
            type Error = NotAnId;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text).ok_or(NotAnId)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

/// A text that is no such identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of chat")]
pub struct NotAnId;

given_id! {
    /// One room. New rooms have no server in their id (room version 12), so none is ever read from it.
    RoomId, '!'
}
given_id! {
    /// One event in a room: a message, a reaction.
    EventId, '$'
}
given_id! {
    /// One person on a homeserver: `@an:hackegem.example`.
    UserId, '@'
}

impl UserId {
    /// The server that vouches for this person; empty where the id names none.
    pub fn server(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, server)| server)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_what_they_say_and_nothing_else() {
        assert_eq!(
            UserId::parse("@an:hackegem.example:8448").unwrap().server(),
            "hackegem.example:8448"
        );
        assert!(RoomId::parse("!DscWithoutServer").is_some());
        for wrong in [
            "",
            "!",
            "an:hackegem.example",
            "@a b:x",
            "@a\n:x",
            &format!("@{}", "a".repeat(255)),
        ] {
            assert!(UserId::parse(wrong).is_none(), "{wrong:?}");
        }
        assert!(EventId::parse("!room").is_none());
    }
}
