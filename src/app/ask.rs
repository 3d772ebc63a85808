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

/// How sure it is that a passage is about what was asked, as people are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surety {
    /// Nothing needs to be said.
    Sure,
    /// It may be about something else.
    Perhaps,
}

/// From here on nothing needs to be said: a reply by mail wants less, an answer in the lobby more.
const SURE: f64 = 0.3;
/// What has less than this share of the first one's score stands far behind it.
const FAR_BEHIND: f64 = 0.5;

impl Surety {
    /// How sure a passage is, beside the first of its kind that was found.
    pub fn of(passage: &Passage, first: &Passage) -> Self {
        if passage.sureness >= SURE && passage.score >= first.score * FAR_BEHIND {
            Self::Sure
        } else {
            Self::Perhaps
        }
    }
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
    use crate::domain::guidance::handbook::PassageKind;

    fn passage(score: f64, sureness: f64) -> Passage {
        Passage {
            id: "mfa".to_owned(),
            kind: PassageKind::Memo,
            section: String::new(),
            title: String::new(),
            version: String::new(),
            url: None,
            score,
            sureness,
            text: String::new(),
        }
    }

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

    #[test]
    fn what_is_unsure_or_far_behind_the_first_is_only_perhaps_about_it() {
        let first = passage(80.0, 0.9);
        for (score, sureness, surety) in [
            (80.0, 0.9, Surety::Sure),
            (80.0, 0.2, Surety::Perhaps),
            (60.0, 0.5, Surety::Sure),
            (20.0, 1.0, Surety::Perhaps),
            (60.0, 0.1, Surety::Perhaps),
        ] {
            let told = Surety::of(&passage(score, sureness), &first);
            assert_eq!(told, surety, "{score} {sureness}");
        }
    }
}
