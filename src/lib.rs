//! eerstelijn
pub mod adapters;
pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod runtime;
