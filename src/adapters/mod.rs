//! Talking to the world: one folder per outside system, and none knows another.
//!
//! Each implements ports of the application and translates at its door: no type of a mail, database or
//! search library leaves its folder.

pub mod console;
pub mod handover;
pub mod knowledge;
pub mod mail;
pub mod matrix;
pub mod store;
