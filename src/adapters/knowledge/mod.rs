//! The knowledge folder: read, checked, searched, and filled into replies.
//!
//! Nothing here decides what a reporter is told; that is `domain::guidance`.

pub mod archive;
pub mod base;
pub mod check;
pub mod contacts;
pub mod contracts;
pub mod copy;
pub mod duties;
pub mod entries;
pub mod examples;
pub mod export;
pub mod files;
pub mod front_matter;
pub mod import;
pub mod inventory;
pub mod keywords;
pub mod lexicon;
pub mod live;
pub mod markdown;
pub mod memo;
pub mod organisation;
pub mod overview;
pub mod parts;
pub mod playbook;
pub mod search;
pub mod sources;
pub mod templates;
pub mod trouble;
pub mod weights;

pub use base::KnowledgeBase;
pub use live::LiveKnowledge;
pub use organisation::OrganisationWords;

#[cfg(test)]
mod files_with_mistakes;
#[cfg(test)]
mod plain_reports;
#[cfg(test)]
mod replies_as_read;
#[cfg(test)]
mod shipped;
