//! The trained half of triage: what labelled reports taught about words, parts of words, and what the lexicon and the
//! rules make of a text.
//!
//! Multinomial logistic regression: each feature of a report adds its weight to each outcome, and that is all there is
//! to explain. Training is deterministic and happens beforehand (`fit`); the service only adds up (`model`).

pub mod features;
pub mod fit;
pub mod model;
pub mod outcome;
pub mod table;
pub mod written;
