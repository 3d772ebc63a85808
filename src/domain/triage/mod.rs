//! Understanding a report: language, kind, category, facts, severity, and the words that decided.
//!
//! Pure and deterministic. It sees the reporter's own words only; who may be answered, and what is
//! said, is decided elsewhere.

pub mod answers;
pub mod assess;
pub mod assessment;
pub mod category;
pub mod condition;
pub mod corrected;
pub mod counted;
pub mod evaluation;
pub mod extract;
pub mod fact_reading;
pub mod facts;
pub mod indicator;
mod joined;
pub mod kind_of;
pub mod labelled;
pub mod language;
mod learned_facts;
pub mod lexicon;
pub mod matching;
pub mod near;
mod number_words;
pub mod numbers;
pub mod polarity;
pub mod reachable;
#[cfg(test)]
mod reachable_cases;
pub(crate) mod reading;
pub mod scoring;
pub mod severity;
pub mod teach;
pub mod trained;
pub mod vocabulary;
pub mod wide;
mod wishes;
