//! eerstelijn
pub mod domain;
