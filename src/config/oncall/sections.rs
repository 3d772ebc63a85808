//! The `[oncall]` sections as they are written. Unknown keys are refused.
//!
//! What a value means, and whether the values fit together, is checked where the roster is made of them.

use crate::config::secret::Secret;
use crate::config::sections::duration;
use crate::domain::oncall::office::Day;
use crate::domain::oncall::people::{Channel, Role};
use crate::domain::oncall::policy::{
    Hours, USUAL_ACK_CONFIRM, USUAL_REPEAT_AFTER, USUAL_SILENCE_AFTER,
};
use crate::domain::triage::language::Language;
use jiff::SignedDuration;
use serde::{Deserialize, Deserializer};
use std::fmt;

/// `[oncall]`: without it nobody is on call.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Oncall {
    /// Who there is.
    pub people: Vec<Person>,
    /// Who take turns.
    pub rotations: Vec<Rotation>,
    /// Exceptions to the turns.
    pub overrides: Vec<Override>,
    /// What is done for each severity.
    pub policy: Policies,
    /// When the office is open.
    pub office: Office,
}

/// A date, a time, or both, as text or as TOML writes them.
#[derive(Debug, Clone, Deserialize)]
#[serde(
    untagged,
    expecting = "expected a date or time, such as \"2026-11-23T09:00:00[Europe/Brussels]\""
)]
pub enum When {
    /// Text, for example RFC 9557.
    Text(String),
    /// A date or time of TOML itself.
    Toml(toml::value::Datetime),
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Toml(when) => when.fmt(f),
        }
    }
}

/// `[[oncall.people]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// A short name, used in the other sections.
    pub id: String,
    /// The name for people; the id where nothing is written.
    #[serde(default)]
    pub name: Option<String>,
    /// The Matrix user, `@name:server`.
    #[serde(default)]
    pub matrix: Option<String>,
    /// The mail address.
    #[serde(default)]
    pub mail: Option<String>,
    /// Where a request wakes this person; often a secret by itself.
    #[serde(default, deserialize_with = "secret")]
    pub webhook: Option<Secret>,
    /// The languages that this person speaks, best first.
    #[serde(default)]
    pub languages: Vec<Language>,
    /// What this person may do.
    #[serde(default = "expert")]
    pub roles: Vec<Role>,
}

/// `[[oncall.rotations]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// A short name, used in the other sections.
    pub id: String,
    /// The ids of who take turns, in order.
    pub people: Vec<String>,
    /// When the first turn begins.
    pub start: When,
    /// How long a turn is: `12h`, `1d`, `1w`.
    pub every: String,
    /// Where the wall is whose time hand-overs keep; where nothing is written the zone of `start`, else that
    /// of the organisation.
    #[serde(default)]
    pub tz: Option<String>,
}

/// `[[oncall.overrides]]`: exactly one of add, remove and replace.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// To which rotation.
    pub rotation: String,
    /// From when.
    pub from: When,
    /// Until when.
    pub until: When,
    /// Who is on call too.
    #[serde(default)]
    pub add: Option<String>,
    /// Who is not.
    #[serde(default)]
    pub remove: Option<String>,
    /// Who stands in for whom.
    #[serde(default)]
    pub replace: Option<Replace>,
}

/// `replace = { person = "bob", by = "anna" }`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replace {
    /// Whose place.
    pub person: String,
    /// Who takes it.
    pub by: String,
}

/// `[oncall.policy]`: one section per severity; one without a section wakes nobody.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policies {
    /// For `critical`.
    pub critical: Option<Policy>,
    /// For `high`.
    pub high: Option<Policy>,
    /// For `medium`.
    pub medium: Option<Policy>,
    /// For `low`.
    pub low: Option<Policy>,
}

/// `[oncall.policy.critical]` and its like.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// `always` or `office`.
    #[serde(default = "always")]
    pub hours: Hours,
    /// The steps, first one first.
    pub steps: Vec<Step>,
    /// How many times the steps begin again while nobody acknowledges.
    #[serde(default)]
    pub repeat: u8,
    /// How long the last step waits for an answer before they do, and before the climb has reached nobody.
    #[serde(default = "usual_repeat_after", deserialize_with = "duration")]
    pub repeat_after: SignedDuration,
    /// How long an acknowledged ticket may stay silent before it pages again.
    #[serde(default = "usual_silence_after", deserialize_with = "duration")]
    pub silence_after: SignedDuration,
    /// How long a reaction holds the climb until words confirm it.
    #[serde(default = "usual_ack_confirm", deserialize_with = "duration")]
    pub ack_confirm: SignedDuration,
}

/// One of `steps`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// How long after the page began.
    #[serde(deserialize_with = "duration_from_zero")]
    pub after: SignedDuration,
    /// Whom it wakes: `rotation:ID`, `person:ID`, `role:NAME`.
    pub notify: Vec<String>,
    /// By which ways; by all where nothing is written.
    #[serde(default = "all_channels")]
    pub channels: Vec<Channel>,
}

/// `[oncall.office]`: Monday to Friday from 09:00 to 17:00 where nothing is written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Office {
    /// When it opens, on the organisation's wall.
    pub from: Option<When>,
    /// When it closes.
    pub to: Option<When>,
    /// On which days.
    pub days: Option<Vec<Day>>,
    /// On which days it is closed besides the Belgian holidays.
    pub closed_on: Vec<When>,
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    String::deserialize(deserializer).map(|text| Some(Secret::new(text)))
}

fn duration_from_zero<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<SignedDuration, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse::<SignedDuration>()
        .ok()
        .filter(|duration| !duration.is_negative())
        .ok_or_else(|| serde::de::Error::custom("expected a duration such as \"0m\" or \"30m\""))
}

fn expert() -> Vec<Role> {
    vec![Role::Expert]
}

fn always() -> Hours {
    Hours::Always
}

fn all_channels() -> Vec<Channel> {
    Channel::ALL.to_vec()
}

fn usual_repeat_after() -> SignedDuration {
    USUAL_REPEAT_AFTER
}

fn usual_silence_after() -> SignedDuration {
    USUAL_SILENCE_AFTER
}

fn usual_ack_confirm() -> SignedDuration {
    USUAL_ACK_CONFIRM
}
