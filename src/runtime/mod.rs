//! Puts the parts together and keeps them running: wiring, workers, supervisor, logs, shutdown.
//!
//! Knows every layer but the command line, and decides nothing about reports.

pub mod clock;
pub mod faults;
pub mod supervisor;
pub mod telemetry;
pub mod wire;
pub mod workers;
