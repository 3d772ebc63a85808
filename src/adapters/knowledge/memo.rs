//! A memo: a knowledge article in Dutch, with keywords in three languages by which it is found.
//!
//! What a memo needs to be of use is asked for here; what makes it a good one is asked for by `check`, so
//! that a memo that is a word too long doesn't stop the service.

use crate::adapters::knowledge::archive;
use crate::adapters::knowledge::front_matter;
use crate::adapters::knowledge::keywords::Keywords;
use crate::adapters::knowledge::markdown::{self, Section};
use crate::adapters::knowledge::trouble::Trouble;
use crate::domain::duty::DutyId;
use serde::Deserialize;

/// The heading under which a memo names its sources: whoever reads the file wants them, no question is about them.
pub const SOURCES: &str = "Bronnen";

/// One memo as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memo {
    /// Its file name without ending.
    pub id: String,
    /// Its title.
    pub title: String,
    /// sha256 of its file.
    pub version: String,
    /// Where people read it, if anywhere.
    pub url: Option<String>,
    /// The version that its authors gave it: `2026-11`.
    pub edition: String,
    /// The day of its last review; empty where none is named.
    pub reviewed_on: String,
    /// The day before which it must be reviewed again; empty where none is named.
    pub review_before: String,
    /// Who answers for it.
    pub owner: String,
    /// Statements that nobody could confirm yet.
    pub unconfirmed: Vec<String>,
    /// The playbooks it helps with, by name.
    pub playbooks: Vec<String>,
    /// The duties it explains.
    pub duties: Vec<DutyId>,
    /// Its subjects, for lists.
    pub tags: Vec<String>,
    /// Words by which it is found.
    pub keywords: Keywords,
    /// Its text, without its sources.
    pub sections: Vec<Section>,
    /// Its sources, plain.
    pub sources: String,
    /// From where it was brought in, if it was.
    pub imported: Option<Imported>,
}

impl Memo {
    /// The heading of one of its sections as the search shows it: what stands before the first heading has the title.
    pub fn heading_of<'a>(&'a self, section: &'a Section) -> &'a str {
        if section.heading.is_empty() {
            &self.title
        } else {
            &section.heading
        }
    }
}

/// The mark of a memo that was brought in from a page elsewhere: by it the next import knows it again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Imported {
    /// The page: `confluence:1234`, `file:guides/wifi.md`.
    pub from: String,
    /// The space or the folder that the page stood in.
    #[serde(default)]
    pub space: String,
    /// sha256 of title and text as they were written, so that an edit is seen.
    pub sha256: String,
}

/// The front matter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    title: String,
    version: toml::Value,
    reviewed_on: toml::Value,
    #[serde(default = "nothing")]
    review_before: toml::Value,
    owner: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    keywords: Keywords,
    #[serde(default)]
    url: String,
    #[serde(default)]
    playbooks: Vec<String>,
    #[serde(default)]
    duties: Vec<DutyId>,
    #[serde(default)]
    unconfirmed: Vec<String>,
    #[serde(default)]
    imported: Option<Imported>,
}

/// Reads a memo.
///
/// # Errors
/// Where the file isn't in order.
pub fn load(path: &str, id: &str, text: &str) -> Result<Memo, Trouble> {
    let parts = front_matter::split(path, text)?;
    let front: Front = front_matter::read(path, parts.front, 2)?;
    let mut sections = markdown::sections(parts.body, parts.body_line);
    let sources: Vec<String> = sections
        .extract_if(.., |section| section.heading == SOURCES)
        .map(|section| section.text)
        .collect();
    if sections.is_empty() {
        return Err(Trouble::at(
            path,
            parts.body_line,
            "the memo has no text; write it below the front matter, with ## headings",
        ));
    }
    Ok(Memo {
        id: id.to_owned(),
        title: front.title,
        version: archive::version_of(text),
        url: Some(front.url).filter(|url| !url.is_empty()),
        edition: as_text(&front.version),
        reviewed_on: as_text(&front.reviewed_on),
        review_before: as_text(&front.review_before),
        owner: front.owner,
        unconfirmed: front.unconfirmed,
        playbooks: front.playbooks,
        duties: front.duties,
        tags: front.tags,
        keywords: front.keywords,
        sections,
        sources: sources.join("\n"),
        imported: front.imported,
    })
}

fn nothing() -> toml::Value {
    toml::Value::String(String::new())
}

/// A date or a number may stand with or without quotes.
fn as_text(value: &toml::Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
