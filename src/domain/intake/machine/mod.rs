//! Is a machine talking? Layers of evidence from the header of a mail, each with the reason it gives.
//!
//! Silence costs little and a loop costs much, so every layer can forbid an answer; but only a layer that
//! is sure takes a mail away from the people who triage. Nothing here reads what a mail reports.

pub mod absence;
pub mod alarm;
pub mod bounce;
pub mod failed;
pub mod letter;
pub mod list;
pub mod passed_on;
pub mod report;
pub mod responder;
pub mod sender;
pub mod subject;
pub mod verdict;

pub use verdict::{MachineVerdict, judge};
