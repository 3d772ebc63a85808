//! Questions to the knowledge: what it says, or that nothing here is about it.

use crate::app::ports::knowledge::Sought;
use crate::app::ports::{Knowledge, KnowledgeError};
use crate::domain::guidance::handbook::Passage;
use crate::domain::triage::language::{Language, detect};
use jiff::Timestamp;

/// The answer to a question.
pub struct Answer {
    /// The language of the question.
    pub language: Language,
    /// The passages, best first; empty where nothing here is about it.
    pub passages: Vec<Passage>,
}

/// Longest question that is looked at, in characters.
const LONGEST_QUESTION: usize = 2_000;

/// Asks the knowledge.
pub fn ask(
    knowledge: &dyn Knowledge,
    question: &str,
    limit: usize,
    now: Timestamp,
) -> Result<Answer, KnowledgeError> {
    let question: String = question.chars().take(LONGEST_QUESTION).collect();
    let language = detect(&question, &[]);
    let passages = knowledge.search(&Sought {
        words: &question,
        language,
        on: Sought::day_of(now),
        only: None,
        limit,
    })?;
    Ok(Answer { language, passages })
}
