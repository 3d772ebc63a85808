//! The words of chat: who, where, and what was said in and out, as plain values.
//!
//! No SDK type comes in here. How a room is made and how a message is encrypted is the adapter's
//! business; what is posted where is decided in `domain::ticket` and ordered by `app`.

pub mod ids;
pub mod incoming;
pub mod post;
pub mod trust;
