//! The outside world, one folder per thing we talk to. None knows another: they meet in the ports.

pub mod store;
