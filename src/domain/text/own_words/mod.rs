//! The reporter's own new words: a mail without the quotes, forwarded mails, signature and disclaimers that
//! his program or his organisation put around them.
//!
//! A lost sentence of a reporter is worse than a name that is left over, so whatever is not surely foreign
//! stays. Nothing is thrown away: all parts are handed back.

pub mod attribution;
pub mod bearer;
pub mod clients;
pub mod closing;
pub mod cut;
pub mod disclaimer;
pub mod lines;
pub mod links;
pub mod phrases;
pub mod telling;

pub use bearer::{Borne, words_of_plain_mail, words_that_count};
pub use cut::{OwnWords, own_words};
