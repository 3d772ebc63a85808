//! What a reporter is told: which playbook, which of its items, which memos, and in which words.
//!
//! Texts live in `knowledge/`; here is only the choice among them.

pub mod contacts;
pub mod entry;
pub mod excerpt;
pub mod fit;
pub mod handbook;
pub mod playbook;
pub mod reply;
pub mod select;
mod subject;
pub mod usage;

#[cfg(test)]
mod select_cases;
