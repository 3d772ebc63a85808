//! The confidential file of one incident. Its events are the ticket; everything else is read from them.

pub mod decide;
pub mod event;
pub mod state;
