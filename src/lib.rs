//! eerstelijn
pub mod app;
pub mod config;
pub mod domain;
