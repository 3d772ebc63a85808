//! Mail from an IMAP server (RFC 3501, 9051), over our own TLS stream.
//!
//! `source` is the way in and survives everything; `connection` logs in; `session` reads one
//! connection until it fails; `stream` makes every wait on the socket bounded and interruptible.
pub mod connection;
pub mod error;
pub mod fetching;
pub mod folder_name;
pub mod memory;
pub mod moving;
mod progress;
#[cfg(test)]
mod scripted;
mod sent;
pub mod session;
pub mod settings;
pub mod source;
pub mod stream;
