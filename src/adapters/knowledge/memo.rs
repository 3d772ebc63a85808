//! A memo: a knowledge article in Dutch, with keywords in three languages by which it is found.

use crate::adapters::knowledge::archive;
use crate::adapters::knowledge::front_matter;
use crate::adapters::knowledge::markdown::{self, Section};
use crate::adapters::knowledge::trouble::Trouble;
use serde::Deserialize;

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
    /// Words by which it is found.
    pub keywords: Keywords,
    /// Its text.
    pub sections: Vec<Section>,
}

/// Words by which a memo is found, per language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keywords {
    /// Dutch.
    #[serde(default)]
    pub nl: Vec<String>,
    /// French.
    #[serde(default)]
    pub fr: Vec<String>,
    /// English.
    #[serde(default)]
    pub en: Vec<String>,
}

/// The front matter. The fields that only editors need are read so that a misspelt one is noticed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    title: String,
    #[serde(rename = "version")]
    _version: toml::Value,
    #[serde(rename = "reviewed_on")]
    _reviewed_on: toml::Value,
    #[serde(rename = "owner")]
    _owner: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    keywords: Keywords,
    #[serde(default)]
    url: String,
}

/// Reads a memo.
///
/// # Errors
/// Where the file isn't in order.
pub fn load(path: &str, id: &str, text: &str) -> Result<Memo, Trouble> {
    let parts = front_matter::split(path, text)?;
    let front: Front = front_matter::read(path, parts.front, 2)?;
    let sections = markdown::sections(parts.body);
    if sections.is_empty() {
        return Err(Trouble::at(
            path,
            parts.body_line,
            "the memo has no text; write it below the front matter, with ## headings",
        ));
    }
    let mut keywords = front.keywords;
    keywords.nl.extend(front.tags);
    Ok(Memo {
        id: id.to_owned(),
        title: front.title,
        version: archive::version_of(text),
        url: Some(front.url).filter(|url| !url.is_empty()),
        keywords,
        sections,
    })
}
