//! What the application needs of the configuration, as values of the domain.

use crate::app::ports::mail::Border;
use crate::domain::address::{EmailAddress, Mailbox};
use crate::domain::chat::ids::{RoomId, UserId};
use crate::domain::ids::MailboxName;
use crate::domain::intake::limits::Limits;
use crate::domain::intake::sender::Constituents;
use crate::domain::oncall::roster::Roster;
use crate::domain::ticket::decide::Mode;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// The settings of the application.
#[derive(Clone)]
pub struct Settings {
    /// The name of the team.
    pub team: String,
    /// The From of automatic mail: the team's name, marked as automatic, and its address.
    pub from: Mailbox,
    /// Where bounces go; none means an empty envelope sender.
    pub bounce_address: Option<EmailAddress>,
    /// Does our server deliver `name+token@` to `name@`?
    pub tokens: Tokens,
    /// All our addresses.
    pub own_addresses: Vec<EmailAddress>,
    /// The border in front of each mailbox: whose checks of the sender are believed.
    pub trusted_authserv_ids: BTreeMap<MailboxName, Border>,
    /// The folders for sent mail: what lies there, people of the team wrote.
    pub sent_folders: BTreeSet<MailboxName>,
    /// Whom we serve.
    pub constituents: Constituents,
    /// The prefix of ticket numbers.
    pub ticket_prefix: String,
    /// The time zone in which a ticket's year is counted.
    pub time_zone: TimeZone,
    /// How far the bot goes by itself.
    pub mode: Mode,
    /// How much automatic mail.
    pub limits: Limits,
    /// How long a message waits in the holding pen.
    pub pen_wait: SignedDuration,
    /// How long a row is held: [`crate::app::step::LEASE`], shorter only in tests.
    pub lease: SignedDuration,
    /// Who is on call; nobody where nothing is configured.
    pub roster: Roster,
    /// The rooms of chat; none where nothing is configured.
    pub chat: Option<ChatSettings>,
}

/// The rooms of chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatSettings {
    /// Where the people on call are.
    pub oncall_room: RoomId,
    /// Where officials ask and report.
    pub lobby_rooms: Vec<RoomId>,
    /// Officials who are served in chat.
    pub officials: Vec<UserId>,
    /// Homeservers all of whose people are served in chat.
    pub trusted_servers: Vec<String>,
}

impl ChatSettings {
    /// Is this person served in chat?
    pub fn serves(&self, user: &UserId) -> bool {
        let server = user.server();
        let trusted = |known: &String| known.eq_ignore_ascii_case(server);
        self.officials.contains(user)
            || (!server.is_empty() && self.trusted_servers.iter().any(trusted))
    }
}

/// Can an address carry a token?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tokens {
    /// Yes: answers and bounces go to `name+token@`.
    InAddress,
    /// No: the Message-ID alone leads back to the ticket.
    InMessageIdOnly,
}

impl Settings {
    /// Until when a row is held that is taken now.
    pub fn held_until(&self, now: Timestamp) -> Timestamp {
        now.saturating_add(self.lease).unwrap_or(now)
    }

    /// Is this a folder for sent mail?
    pub fn is_sent_folder(&self, mailbox: &MailboxName) -> bool {
        self.sent_folders.contains(mailbox)
    }

    /// The domain of our Message-IDs.
    pub fn own_domain(&self) -> &str {
        self.from.address.domain()
    }

    /// Our address with a token behind its local part, where the server delivers that.
    pub fn with_token(&self, address: &EmailAddress, token: &str) -> Option<EmailAddress> {
        match self.tokens {
            Tokens::InAddress => {
                EmailAddress::parse(&format!("{}+{token}@{}", address.local(), address.domain()))
            }
            Tokens::InMessageIdOnly => None,
        }
    }

    /// The token in one of our addresses, where `address` is such a one.
    pub fn token_in(&self, address: &EmailAddress) -> Option<String> {
        let (local, token) = address.local().split_once('+')?;
        let plain = EmailAddress::parse(&format!("{local}@{}", address.domain()))?;
        self.is_own(&plain).then(|| token.to_lowercase())
    }

    /// Is this one of our addresses, with or without a token?
    pub fn is_own(&self, address: &EmailAddress) -> bool {
        address.is_one_of(&self.own_addresses)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        let address = EmailAddress::parse("crt@crt.example").unwrap();
        Settings {
            team: "CRT".to_owned(),
            from: Mailbox {
                name: "CRT".to_owned(),
                address: address.clone(),
            },
            bounce_address: None,
            tokens: Tokens::InAddress,
            own_addresses: vec![address],
            trusted_authserv_ids: BTreeMap::new(),
            sent_folders: BTreeSet::new(),
            constituents: Constituents::default(),
            ticket_prefix: "CRT".to_owned(),
            time_zone: TimeZone::UTC,
            mode: Mode::Answer,
            limits: Limits::default(),
            pen_wait: SignedDuration::from_mins(15),
            lease: SignedDuration::from_mins(2),
            roster: Roster::default(),
            chat: None,
        }
    }

    #[test]
    fn a_token_travels_in_our_address_and_comes_back() {
        let settings = settings();
        let sent = settings
            .with_token(&settings.from.address, "abc234")
            .unwrap();
        assert_eq!(sent.as_str(), "crt+abc234@crt.example");
        assert_eq!(settings.token_in(&sent), Some("abc234".to_owned()));
        let foreign = EmailAddress::parse("crt+abc234@elsewhere.example").unwrap();
        assert_eq!(settings.token_in(&foreign), None);
        assert!(settings.is_own(&sent) && !settings.is_own(&foreign));
    }
}
