//! What tests share: a town with named people around a bot in memory, real servers, the service as a
//! process. No test stands here.

// So that clippy takes the functions beside the tests for what they are.
#![cfg(test)]

pub(crate) mod bounces;
pub(crate) mod chat_server;
pub(crate) mod databases;
pub(crate) mod gnupg;
pub(crate) mod mails;
pub(crate) mod matrix_bot;
pub(crate) mod matrix_people;
pub(crate) mod roster;
pub(crate) mod servers;
pub(crate) mod ticket_room;
pub(crate) mod town;
