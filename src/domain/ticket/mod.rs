//! The confidential file of one incident. Its events are the ticket; everything else is read from them.

mod apply;
pub mod decide;
#[cfg(test)]
mod decide_cases;
pub mod dialogue;
#[cfg(test)]
mod dialogue_cases;
pub mod direct;
pub mod due;
pub mod event;
#[cfg(test)]
mod event_forms;
mod event_kind;
pub mod keys;
pub mod kind;
pub mod lesson;
#[cfg(test)]
mod lesson_cases;
pub mod lobby;
#[cfg(test)]
mod lobby_cases;
pub mod message;
pub mod page;
pub mod readers;
pub mod reply;
pub mod send;
pub mod state;
pub mod summary;
pub mod words;
pub mod work;
