//! What the search knows besides the answers: what people ask, words that mean the same, and how much words weigh.
//!
//! Only the search needs it, so where it is known to be in order it is read when somebody first asks.

use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::search::asked::Asked;
use crate::adapters::knowledge::search::everyday::{self, Everyday};
use crate::adapters::knowledge::search::index::{Role, Source};
use crate::adapters::knowledge::search::synonyms::{self, Same};
use crate::adapters::knowledge::trouble::Trouble;
use crate::domain::guidance::handbook::{Passage, PassageKind};
use crate::domain::triage::language::Language;

/// The folder.
pub const FOLDER: &str = "search/";

/// The files of the folder as values; none of them needs to be there.
#[derive(Debug, Clone, Default)]
pub struct SearchWords {
    /// What people ask, by what answers it.
    pub asked: Asked,
    /// Words that mean the same.
    pub synonyms: Vec<Same>,
    /// How much words weigh.
    pub everyday: Everyday,
}

impl SearchWords {
    /// Reads the files.
    pub fn read(files: &Files, troubles: &mut Vec<Trouble>) -> Self {
        Self {
            asked: Asked::read(files, troubles),
            synonyms: if_there(files, synonyms::PATH, troubles, synonyms::load),
            everyday: if_there(files, everyday::PATH, troubles, everyday::load),
        }
    }

    /// All that is indexed: these answers with what is asked of them, and what nothing here answers.
    pub fn beside(&self, mut answers: Vec<Source>) -> Vec<Source> {
        for answer in &mut answers {
            let Some(asked) = self.asked.of(&answer.passage) else {
                continue;
            };
            let languages = Language::OF_REPLIES;
            for language in languages
                .into_iter()
                .filter(|language| answer.audience.is_none_or(|audience| audience == *language))
            {
                answer.asked.push((language, asked.of(language).join("\n")));
            }
        }
        answers.extend(self.asked.elsewhere.iter().map(|(theme, asked)| Source {
            role: Role::Elsewhere,
            passage: nothing(theme),
            audience: None,
            until: None,
            strong: Vec::new(),
            heading: String::new(),
            asked: asked.with_dutch(""),
            body: (Language::Nl, String::new()),
        }));
        answers
    }
}

/// A theme that nothing here answers, as a passage that is never shown.
fn nothing(theme: &str) -> Passage {
    Passage {
        id: String::new(),
        kind: PassageKind::Memo,
        section: String::new(),
        title: theme.to_owned(),
        version: String::new(),
        url: None,
        score: 0.0,
        sureness: 0.0,
        text: String::new(),
    }
}

fn if_there<T: Default>(
    files: &Files,
    path: &str,
    troubles: &mut Vec<Trouble>,
    load: impl FnOnce(&str) -> Result<T, Trouble>,
) -> T {
    let Some(text) = files.get(path) else {
        return T::default();
    };
    load(text).unwrap_or_else(|trouble| {
        troubles.push(trouble);
        T::default()
    })
}
