//! `duties.toml`: the legal duties, with what a person needs to fulfil them.

use crate::adapters::knowledge::archive;
use crate::adapters::knowledge::front_matter;
use crate::adapters::knowledge::keywords::Keywords;
use crate::adapters::knowledge::trouble::Trouble;
use crate::domain::duty::{Certainty, Duty, DutyId};
use crate::domain::guidance::playbook::Wording;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Where the duties stand.
pub const PATH: &str = "duties.toml";

/// The duties with the words by which they are found.
#[derive(Debug, Clone, Default)]
pub struct Duties {
    /// The duties.
    pub by_id: BTreeMap<DutyId, Duty>,
    /// The words of each.
    pub keywords: BTreeMap<DutyId, Keywords>,
    /// Where each starts in the file, counted from 1.
    pub lines: BTreeMap<DutyId, usize>,
    /// sha256 of the file.
    pub version: String,
}

/// The file holds more for its editors than the product reads; other keys are theirs.
#[derive(Deserialize)]
struct FileDuties {
    duty: Vec<toml::Spanned<FileDuty>>,
}

#[derive(Deserialize)]
struct FileDuty {
    id: DutyId,
    #[serde(default)]
    name_nl: String,
    #[serde(default)]
    name_fr: String,
    #[serde(default)]
    name_en: String,
    #[serde(default)]
    deadline_hours: Option<u32>,
    #[serde(default)]
    article: String,
    #[serde(default)]
    addressee: Vec<String>,
    #[serde(default)]
    trigger: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    contents: Vec<String>,
    #[serde(default)]
    disputed: String,
    #[serde(default)]
    url: Vec<String>,
    #[serde(default)]
    certainty: Certainty,
    #[serde(default)]
    checked_on: String,
    clock: Wording,
    #[serde(default)]
    keywords: Keywords,
}

/// Reads the duties.
///
/// # Errors
/// Where the file isn't in order or names a duty twice.
pub fn load(text: &str) -> Result<Duties, Trouble> {
    let listed: FileDuties = front_matter::read(PATH, text, 1)?;
    let mut duties = Duties {
        version: archive::version_of(text),
        ..Duties::default()
    };
    for entry in listed.duty {
        let line = front_matter::line_at(text, entry.span().start);
        let duty = entry.into_inner();
        let id = duty.id.clone();
        if duties.by_id.contains_key(&id) {
            return Err(Trouble::at(
                PATH,
                line,
                format!("the duty {id} is there twice; give one of them another id"),
            ));
        }
        duties.keywords.insert(id.clone(), duty.keywords.clone());
        duties.lines.insert(id.clone(), line);
        duties.by_id.insert(id, duty.into());
    }
    Ok(duties)
}

impl From<FileDuty> for Duty {
    fn from(duty: FileDuty) -> Self {
        Self {
            id: duty.id,
            clock: duty.clock,
            deadline_hours: duty.deadline_hours.filter(|hours| *hours > 0),
            article: duty.article,
            name: Wording {
                nl: duty.name_nl,
                fr: duty.name_fr,
                en: duty.name_en,
            },
            addressees: duty.addressee,
            trigger: duty.trigger,
            channel: duty.channel,
            contents: duty.contents,
            disputed: duty.disputed,
            urls: duty.url,
            certainty: duty.certainty,
            checked_on: duty.checked_on,
        }
    }
}
