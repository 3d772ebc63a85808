//! Outlook message files (`.msg`): a mail that Outlook forwarded as an attachment, read as evidence.
//!
//! `compound` opens the file that holds it ([MS-CFB]), `properties` reads single properties
//! ([MS-OXMSG], [MS-OXPROPS]), `message` puts one message together, `attached` adds it to the mail
//! around it. Bodies that exist only as RTF, and what is in encrypted messages, are not read.
pub mod attached;
pub mod compound;
#[cfg(test)]
pub(crate) mod made;
pub mod message;
#[cfg(test)]
mod outlook_tests;
pub mod properties;
