//! The settings of the demonstration: a made-up team, the local governments that it serves, and who is on
//! call. Nothing of it is read from a file.

use crate::app::settings::{ChatSettings, Settings, Tokens};
use crate::app::step::LEASE;
use crate::domain::address::{EmailAddress, Mailbox};
use crate::domain::chat::ids::{RoomId, UserId};
use crate::domain::ids::MailboxName;
use crate::domain::intake::limits::Limits;
use crate::domain::intake::listing::{BodyKind, DomainStatus};
use crate::domain::intake::sender::{Constituent, Constituents};
use crate::domain::oncall::office::Office;
use crate::domain::oncall::people::{Channel, Person, Role};
use crate::domain::oncall::policy::{Hours, Policies, Policy, Step, Target};
use crate::domain::oncall::roster::Roster;
use crate::domain::ticket::decide::Mode;
use crate::domain::triage::language::Language;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// The team's address.
pub(super) const TEAM: &str = "crt@crt.example";
/// The server that records its checks of the sender.
const OUR_SERVER: &str = "mx.crt.example";
/// Els, who is on call first.
pub(super) const ELS: &str = "@els:crt.example";
/// The room of the people on call.
const ONCALL_ROOM: &str = "!wacht:crt.example";

/// The settings; nothing where something of the above is not well formed.
pub(super) fn settings(mailbox: &MailboxName) -> Option<Settings> {
    let address = EmailAddress::parse(TEAM)?;
    let zone = TimeZone::get("Europe/Brussels").unwrap_or(TimeZone::UTC);
    Some(Settings {
        team: "Cyber Response Team".to_owned(),
        from: Mailbox {
            name: "Cyber Response Team (automatisch)".to_owned(),
            address: address.clone(),
        },
        bounce_address: EmailAddress::parse("bounces@crt.example"),
        tokens: Tokens::InAddress,
        own_addresses: vec![address],
        trusted_authserv_ids: BTreeMap::from([(
            mailbox.clone(),
            vec![OUR_SERVER.to_owned()].into(),
        )]),
        sent_folders: BTreeSet::new(),
        constituents: Constituents(vec![
            listed("hackegem.example", "Gemeente Hackegem", "09 000 00 01"),
            listed("mailbeke.example", "Gemeente Mailbeke", "09 000 00 02"),
        ]),
        ticket_prefix: "CRT".to_owned(),
        mode: Mode::Answer,
        // Whoever tries it out writes many reports from one address.
        limits: Limits {
            per_address_day: 100,
            ..Limits::default()
        },
        pen_wait: SignedDuration::from_mins(15),
        lease: LEASE,
        roster: roster(zone.clone())?,
        chat: Some(ChatSettings {
            oncall_room: RoomId::parse(ONCALL_ROOM)?,
            lobby_rooms: Vec::new(),
            officials: Vec::new(),
            trusted_servers: Vec::new(),
        }),
        time_zone: zone,
    })
}

fn listed(domain: &str, name: &str, phone: &str) -> Constituent {
    Constituent {
        domain: domain.to_owned(),
        name: name.to_owned(),
        kind: BodyKind::Municipality,
        status: DomainStatus::Active,
        contact: String::new(),
        callback_phone: phone.to_owned(),
    }
}

/// Els is called at once, Bram after ten minutes, for what is critical or high.
fn roster(zone: TimeZone) -> Option<Roster> {
    let steps = vec![step(0, "els")?, step(10, "bram")?];
    let policy = Policy::new(Hours::Always, steps).ok()?;
    Some(Roster {
        people: vec![
            person("els", "Els De Smet", ELS)?,
            person("bram", "Bram Aerts", "@bram:crt.example")?,
        ],
        rotations: Vec::new(),
        overrides: Vec::new(),
        policies: Policies {
            critical: Some(policy.clone()),
            high: Some(policy),
            medium: None,
            low: None,
        },
        office: Office::usual(zone),
    })
}

fn person(id: &str, name: &str, user: &str) -> Option<Person> {
    Some(Person {
        id: id.parse().ok()?,
        name: name.to_owned(),
        matrix: Some(UserId::parse(user)?),
        mail: None,
        webhook: None,
        languages: vec![Language::Nl],
        roles: vec![Role::Expert],
    })
}

fn step(minutes: i64, who: &str) -> Option<Step> {
    Some(Step {
        after: SignedDuration::from_mins(minutes),
        notify: vec![Target::Person(who.parse().ok()?)],
        channels: vec![Channel::Matrix],
    })
}
