//! The words by which an entry is found, in three languages: most entries are in Dutch.

use crate::domain::triage::language::Language;
use serde::Deserialize;

/// Words by which an entry is found, per language.
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

impl Keywords {
    /// The words of one language.
    pub fn of(&self, language: Language) -> &[String] {
        match language {
            Language::Fr => &self.fr,
            Language::En => &self.en,
            _ => &self.nl,
        }
    }

    /// What the index takes: these words, with others in Dutch.
    pub fn with_dutch(&self, dutch: &str) -> Vec<(Language, String)> {
        vec![
            (Language::Nl, format!("{dutch} {}", self.nl.join(" "))),
            (Language::Fr, self.fr.join(" ")),
            (Language::En, self.en.join(" ")),
        ]
    }
}
