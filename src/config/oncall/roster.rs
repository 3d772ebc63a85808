//! Puts the roster together from its sections, each mistake named by the path of its key.

use crate::config::error::ConfigError;
use crate::config::oncall::office::office;
use crate::config::oncall::overrides::overrides;
use crate::config::oncall::people::people;
use crate::config::oncall::policy::policies;
use crate::config::oncall::rotations::rotations;
use crate::config::oncall::sections::Oncall;
use crate::domain::oncall::roster::Roster;
use jiff::tz::TimeZone;
use std::fmt;
use std::path::Path;

/// A mistake: the path of the key, and what is wrong with its value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    key: String,
    what: String,
}

impl Mistake {
    /// Says what is wrong with the value of a key.
    pub(super) fn new(key: impl fmt::Display, what: impl fmt::Display) -> Self {
        Self {
            key: format!("oncall.{key}"),
            what: what.to_string(),
        }
    }
}

/// The roster of these sections. `zone` is the organisation's: the office keeps it, and so does every time
/// that names none.
pub fn roster(file: &Path, oncall: &Oncall, zone: &TimeZone) -> Result<Roster, ConfigError> {
    put_together(oncall, zone)
        .map_err(|mistake| ConfigError::wrong(file, &mistake.key, mistake.what))
}

fn put_together(oncall: &Oncall, zone: &TimeZone) -> Result<Roster, Mistake> {
    let people = people(&oncall.people)?;
    let rotations = rotations(&oncall.rotations, &people, zone)?;
    let overrides = overrides(&oncall.overrides, &people, &rotations)?;
    let mut roster = Roster {
        office: office(&oncall.office, zone)?,
        people,
        rotations,
        overrides,
        ..Roster::default()
    };
    roster.policies = policies(&oncall.policy, &roster)?;
    Ok(roster)
}
