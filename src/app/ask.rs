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
    let language = language_of(&question);
    let passages = knowledge.search(&Sought {
        words: &question,
        language,
        on: Sought::day_of(now),
        only: None,
        limit,
    })?;
    Ok(Answer { language, passages })
}

/// The language of a question. The words of this trade are English in Dutch too, so one word alone is taken for Dutch
/// unless it is French.
fn language_of(question: &str) -> Language {
    let language = detect(question, &[]);
    let is_one_word = question.split_whitespace().nth(1).is_none();
    match language {
        Language::Fr => Language::Fr,
        _ if is_one_word => Language::Nl,
        _ => language,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_is_dutch_unless_it_is_french() {
        for (question, language) in [
            ("ransomware", Language::Nl),
            ("MFA?", Language::Nl),
            (" phishing ", Language::Nl),
            ("hameçonnage", Language::Fr),
            ("What should we do about phishing?", Language::En),
        ] {
            assert_eq!(language_of(question), language, "{question}");
        }
    }
}
