//! OpenPGP (RFC 9580), as far as it decides something: how a mail is protected, whose signature it bears, to
//! which key an answer goes, which key is remembered. No cryptography here: the mail adapter does that.

pub mod certificate;
pub mod course;
pub mod form;
pub mod reading;
