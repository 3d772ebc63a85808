//! The outside world, one folder each. No adapter knows another.
pub mod mail;
