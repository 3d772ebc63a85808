//! eerstelijn
pub mod adapters;
pub mod app;
pub mod domain;
