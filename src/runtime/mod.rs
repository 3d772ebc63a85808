//! Puts the parts together and keeps them running: wiring, workers, supervisor, logs, shutdown.
//!
//! Knows every layer but the command line, and decides nothing about reports.

pub mod backups;
pub mod check;
pub mod check_files;
mod check_mail;
pub mod clock;
pub mod demo;
pub mod dkim;
pub mod faults;
pub mod handover;
pub(crate) mod hints;
pub mod knowledge;
pub mod knowledge_import;
mod knowledge_watch;
pub mod learning;
pub mod matrix;
pub mod measuring;
mod mondays;
pub mod opening;
pub mod panics;
pub mod signals;
pub mod site_folder;
pub mod sources;
pub(crate) mod starting;
pub mod supervisor;
pub mod team_key;
pub mod telemetry;
pub mod temporary;
pub(crate) mod turns;
pub mod wire;
pub mod workers;
