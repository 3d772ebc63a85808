//! Search: which sections are about these words, and whether any is.
//!
//! There is no query language: a text is a bag of words. The index ranks; then the share of what is asked that a
//! section covers decides its place, and whether it is about it at all. What nothing covers well enough finds
//! nothing, so that a question about the recycling park isn't answered with a memo.

pub mod analysis;
pub mod asked;
pub mod compound;
mod cover;
pub mod everyday;
pub mod index;
mod lists;
mod question;
mod rank;
mod reader;
pub mod search_words;
pub mod spelling;
pub mod stop_words;
pub mod synonyms;
mod variants;
mod vocabulary;
mod wish;
pub mod words;

#[cfg(test)]
mod searches;

use crate::adapters::knowledge::search::index::SearchIndex;
use crate::adapters::knowledge::search::question::Question;
use crate::app::ports::knowledge::{KnowledgeError, Sought};
use crate::domain::guidance::handbook::Passage;

impl SearchIndex {
    /// The sections that are about these words, best first; none where nothing here is.
    ///
    /// # Errors
    /// Where the index can't be read.
    pub fn search(&self, sought: &Sought<'_>) -> Result<Vec<Passage>, KnowledgeError> {
        let language = sought.language.for_reply();
        let question = Question::read(sought.words, language, &self.analyser, &self.everyday);
        let variants = self.variants(&question.units, language)?;
        if variants.is_empty() || sought.limit == 0 {
            return Ok(Vec::new());
        }
        let candidates = self.candidates(&variants, question.units.len())?;
        Ok(self.best(&candidates, &question, &variants, sought))
    }
}
