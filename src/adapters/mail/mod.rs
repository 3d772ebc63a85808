//! Mail: reading it from IMAP or a Maildir, taking it apart, writing it out and sending it.
//!
//! Nothing here decides what a mail means; that is the domain's.
pub mod compose;
pub mod dkim;
#[cfg(test)]
mod fake_intake;
pub mod imap;
pub mod login;
pub mod maildir;
mod maildir_memory;
pub mod parse;
pub mod pgp;
pub mod smtp;
pub mod source;
pub mod tls;
pub mod token;
