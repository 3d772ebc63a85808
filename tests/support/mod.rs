//! What tests share: a town with named people around a bot in memory, and real servers.

pub mod mails;
pub mod town;
