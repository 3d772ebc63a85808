//! Legal notification duties: who must be told, and how long there is.
//!
//! Only the facts of a duty stand here. Which duty a ticket touches stands in its playbook; reminders
//! and dossiers are not built yet.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The short name of a duty in `knowledge/duties.toml`, for example `D1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DutyId(pub String);

impl fmt::Display for DutyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One legal duty as the knowledge folder states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Its short name.
    pub id: DutyId,
    /// One line for a reporter, in Dutch, French and English: who, within how long.
    pub clock: crate::domain::guidance::playbook::Wording,
    /// Hours until the deadline, where the law gives a number.
    pub deadline_hours: Option<u32>,
    /// The article of law.
    pub article: String,
}
