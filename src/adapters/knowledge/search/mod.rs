//! Search: which sections are about these words, and whether any is.
//!
//! There is no query language: a text is a bag of words. The index ranks; then the share of what is asked that a
//! section covers decides its place, and whether it is about it at all. What nothing covers well enough finds
//! nothing, so that a question about the recycling park isn't answered with a memo.

pub mod analysis;
pub mod asked;
mod candidates;
pub mod compound;
mod cover;
pub mod everyday;
pub mod index;
mod lists;
mod literal;
mod order;
mod question;
mod rank;
mod reader;
pub mod search_words;
pub mod spelling;
pub mod stop_words;
mod subject;
mod sureness;
pub mod synonyms;
mod variants;
mod vocabulary;
mod weights;
mod wish;
pub mod words;

#[cfg(test)]
mod searches;

use crate::adapters::knowledge::search::candidates::Candidate;
use crate::adapters::knowledge::search::index::{Role, SearchIndex};
use crate::adapters::knowledge::search::question::Question;
use crate::adapters::knowledge::search::weights::Weighed;
use crate::app::ports::knowledge::{KnowledgeError, Sought};
use crate::domain::guidance::handbook::Passage;

/// The part of how near an answer is from which on a theme is about as near.
const ABOUT: f64 = 0.5;

/// What was asked, and what the index holds of it.
struct LookedUp {
    question: Question,
    weighed: Weighed,
    candidates: Vec<Candidate>,
}

impl SearchIndex {
    /// The sections that are about these words, best first; none where nothing here is.
    ///
    /// # Errors
    /// Where the index can't be read.
    pub fn search(&self, sought: &Sought<'_>) -> Result<Vec<Passage>, KnowledgeError> {
        Ok(self.best(&self.look_up(sought)?, sought))
    }

    /// The theme of questions that nothing here answers which is about as near to these words as the nearest answer, or
    /// nearer, if one is.
    ///
    /// # Errors
    /// Where the index can't be read.
    pub fn theme_as_near(&self, sought: &Sought<'_>) -> Result<Option<&str>, KnowledgeError> {
        let asked = self.look_up(sought)?;
        let answer = self.nearest(&asked, Role::Answer);
        let answer = answer.map_or(0.0, |(placed, _)| placed);
        let theme = self.nearest(&asked, Role::Elsewhere);
        let theme = theme.filter(|(placed, _)| *placed > answer * ABOUT);
        Ok(theme.map(|(_, entry)| entry.passage.title.as_str()))
    }

    fn look_up(&self, sought: &Sought<'_>) -> Result<LookedUp, KnowledgeError> {
        let language = sought.language.for_reply();
        let question = Question::read(sought.words, language, &self.analyser, &self.everyday);
        let variants = self.variants(&question.units, language)?;
        Ok(LookedUp {
            weighed: Weighed::of(self, &question.units, &variants),
            candidates: self.candidates(&variants, question.units.len())?,
            question,
        })
    }
}
