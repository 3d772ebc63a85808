//! Taking a mail apart, with bounds on everything that a hostile sender chooses.
//!
//! `reader` is the way in. `fields` cuts headers and `tree` the MIME structure: both ourselves, so
//! that depth, part counts and line ends are in our hands. mail-parser reads what stands in a
//! single field (addresses, dates, encoded words, parameters) and decodes base64 and character sets.
//! `outlook` reads mails that Outlook attached in its own form.
pub mod addresses;
mod alternatives;
pub mod attached;
pub mod authentication;
#[cfg(test)]
mod authentication_tests;
pub mod content;
pub mod decode;
pub mod fields;
pub mod gather;
#[cfg(test)]
mod hostile_tests;
pub mod html;
pub mod html_clean;
pub mod html_scan;
pub mod media;
pub mod outlook;
pub mod reader;
#[cfg(test)]
mod reader_tests;
pub mod report;
pub mod sealed;
pub mod tree;
#[cfg(test)]
mod tree_tests;

pub use reader::MailParserReader;
