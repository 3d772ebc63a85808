//! The service on real servers: Postfix carries mail, Dovecot keeps it, the program runs as a process.

// So that clippy takes the functions beside the tests for what they are.
#![cfg(test)]

mod bad_input;
pub(crate) mod command;
mod crash;
mod dkim;
mod instances;
mod knowledge;
mod loops;
mod oncall;
mod peers;
mod sent;
mod story;
mod tokens;
