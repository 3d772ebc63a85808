//! Somebody outside the team whom the bot or an expert talks with: by mail or in chat.

use crate::domain::address::EmailAddress;
use crate::domain::chat::ids::UserId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One side of a conversation. Confidential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// By mail.
    Mail(EmailAddress),
    /// In chat.
    Chat(UserId),
}

impl Party {
    /// Is it the same person, as far as addresses tell? Two writings of one mail address are.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Mail(one), Self::Mail(other)) => one.key() == other.key(),
            (Self::Chat(one), Self::Chat(other)) => one == other,
            (Self::Mail(_), Self::Chat(_)) | (Self::Chat(_), Self::Mail(_)) => false,
        }
    }

    /// One writing of whatever names him: the same for all writings of one mail address.
    pub fn key(&self) -> String {
        match self {
            Self::Mail(address) => address.key(),
            Self::Chat(user) => user.as_str().to_owned(),
        }
    }

    /// The server that vouches for him: a mail domain, or a homeserver.
    pub fn domain(&self) -> &str {
        match self {
            Self::Mail(address) => address.domain(),
            Self::Chat(user) => user.server(),
        }
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mail(address) => write!(f, "{address}"),
            Self::Chat(user) => write!(f, "{user}"),
        }
    }
}
