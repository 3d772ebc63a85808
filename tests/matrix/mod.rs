//! Real homeservers: the Matrix adapter alone (what it takes in, what it does, what it keeps to itself), and
//! the whole service beside real mail servers (`story`).

// So that clippy takes the functions beside the tests for what they are.
#![cfg(test)]

mod command;
mod incoming;
mod instances;
mod invitations;
mod limits;
mod night;
mod outage;
mod outgoing;
mod reading;
mod restore;
mod rooms;
mod session;
mod story;
