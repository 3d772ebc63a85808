//! eerstelijn
pub mod adapters;
pub mod app;
pub mod config;
pub mod domain;
