//! Mails inside the text of a mail: where they begin, who wrote them, and what they say.
//!
//! Only what mail programs write around a mail is known here. Attached mails are the mail adapter's, and
//! what the reporter himself wrote is cut out in `own_words`.

pub mod banner;
pub mod header_block;
pub mod labels;
pub mod subject;
pub mod unwrap;
