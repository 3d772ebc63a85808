//! The terminal in place of servers, for `demo`: what would be mailed is shown instead.

pub mod sender;

pub use sender::ConsoleSender;
