//! The Matrix adapter against a real homeserver: what it takes in, what it does, what it keeps to itself.

// So that clippy takes the functions beside the tests for what they are.
#![cfg(test)]

mod command;
mod incoming;
mod invitations;
mod limits;
mod outage;
mod outgoing;
mod rooms;
mod service;
mod session;
