//! `duties.toml`: the legal duties, of which the product uses the clock, the deadline and the article.

use crate::adapters::knowledge::front_matter;
use crate::adapters::knowledge::trouble::Trouble;
use crate::domain::duty::{Duty, DutyId};
use crate::domain::guidance::playbook::Wording;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Where the duties stand.
pub const PATH: &str = "duties.toml";

/// The file holds more for its editors than the product reads; other keys are theirs.
#[derive(Deserialize)]
struct FileDuties {
    duty: Vec<FileDuty>,
}

#[derive(Deserialize)]
struct FileDuty {
    id: DutyId,
    #[serde(default)]
    deadline_hours: Option<u32>,
    #[serde(default)]
    article: String,
    clock: Wording,
}

/// Reads the duties.
///
/// # Errors
/// Where the file isn't in order or names a duty twice.
pub fn load(text: &str) -> Result<BTreeMap<DutyId, Duty>, Trouble> {
    let listed: FileDuties = front_matter::read(PATH, text, 1)?;
    let mut duties = BTreeMap::new();
    for duty in listed.duty {
        let id = duty.id.clone();
        let known = duties.insert(
            id.clone(),
            Duty {
                id: duty.id,
                clock: duty.clock,
                deadline_hours: duty.deadline_hours.filter(|hours| *hours > 0),
                article: duty.article,
            },
        );
        if known.is_some() {
            return Err(Trouble::of_file(
                PATH,
                format!("the duty {id} is there twice; give one of them another id"),
            ));
        }
    }
    Ok(duties)
}
