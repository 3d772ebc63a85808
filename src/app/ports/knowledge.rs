//! What the bot may say and how it is found, as the application asks for it.

use crate::domain::guidance::entry::{Background, Entry};
use crate::domain::guidance::handbook::{Handbook, Passage, PassageKind};
use crate::domain::guidance::reply::{RenderedMail, ReplyPlan};
use crate::domain::triage::language::Language;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// A failure of the knowledge.
#[derive(Debug, thiserror::Error)]
pub enum KnowledgeError {
    /// A file is wrong: which, where, and what to do.
    #[error("{0}")]
    BadFile(String),
    /// A template can't be rendered.
    #[error("the template {template} can't be filled: {what}")]
    Template {
        /// Which.
        template: String,
        /// What is wrong, without content.
        what: String,
    },
    /// The index doesn't work.
    #[error("the search index failed: {0}")]
    Index(String),
}

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Sought<'a> {
    /// Any text: it is a bag of words.
    pub words: &'a str,
    /// The language in which it is asked.
    pub language: Language,
    /// The day on which it is asked: what had ended by then isn't found.
    pub on: Date,
    /// Only entries of this kind; any, where none is named.
    pub only: Option<PassageKind>,
    /// Most passages.
    pub limit: usize,
}

impl Sought<'_> {
    /// The day of a moment, as far as the knowledge needs it: its dates name no zone.
    pub fn day_of(now: Timestamp) -> Date {
        now.to_zoned_datetime(TimeZone::UTC).date()
    }
}

/// What the bot may say, and how it is found.
pub trait Knowledge: Send + Sync {
    /// The knowledge in its current version.
    fn handbook(&self) -> Arc<Handbook>;
    /// The sections that fit these words best, best first. Empty below the threshold: then nothing
    /// here is about this. No query language: any text is just words.
    fn search(&self, sought: &Sought<'_>) -> Result<Vec<Passage>, KnowledgeError>;
    /// The words of a reply.
    fn render(&self, plan: &ReplyPlan) -> Result<RenderedMail, KnowledgeError>;
    /// All files of this version, to be kept for replay.
    fn archive(&self) -> Vec<u8>;
    /// All entries there are: playbooks, memos, duties, obligations, contracts. Those that ended too.
    fn entries(&self) -> Arc<[Entry]>;
    /// What stands behind a passage that this knowledge found.
    fn background(&self, passage: &Passage) -> Background;
    /// Makes ready what the first search would wait for.
    ///
    /// # Errors
    /// Where the index can't be built.
    fn prepare(&self) -> Result<(), KnowledgeError>;
    /// The knowledge of this moment, which doesn't change any more. Whatever is decided in one step is decided with
    /// it: the files may change meanwhile.
    fn pinned(self: Arc<Self>) -> Arc<dyn Knowledge>;
}
