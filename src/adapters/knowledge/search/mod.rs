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
mod question;
mod rank;
pub mod spelling;
pub mod stop_words;
pub mod synonyms;
mod variants;
mod wish;
pub mod words;

#[cfg(test)]
mod searches;

use crate::adapters::knowledge::search::index::{SearchIndex, broken};
use crate::adapters::knowledge::search::question::Question;
use crate::adapters::knowledge::search::variants::clause;
use crate::app::ports::knowledge::{KnowledgeError, Sought};
use crate::domain::guidance::handbook::Passage;
use tantivy::DocId;
use tantivy::collector::TopDocs;
use tantivy::query::BooleanQuery;

/// Sections that are looked at closely.
const CANDIDATES: usize = 60;

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
        let query = BooleanQuery::new(variants.iter().map(clause).collect());
        let ranked = self
            .searcher
            .search(&query, &TopDocs::with_limit(CANDIDATES).order_by_score())
            .map_err(broken)?;
        let ranked: Vec<(f64, DocId)> = ranked
            .into_iter()
            .map(|(score, place)| (f64::from(score), place.doc_id))
            .collect();
        let covers = self.covers(&variants, &ranked)?;
        Ok(self.best(&ranked, &covers, &question, &variants, sought))
    }
}
