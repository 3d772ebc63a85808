//! What tests share: real servers, the service as a process. No test stands here.

// So that clippy takes the functions beside the tests for what they are.
#![cfg(test)]

pub(crate) mod servers;
