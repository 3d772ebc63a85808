//! Training in a knowledge folder: its examples are read, learned from and measured on, and the weights written where they
//! are not worse than those that stand there.

use crate::adapters::knowledge::examples::{Examples, version};
use crate::adapters::knowledge::files::Folder;
use crate::adapters::knowledge::trouble::as_error;
use crate::adapters::knowledge::{KnowledgeBase, weights};
use crate::app::evaluate::{evaluate_rules, train, with_weights};
use crate::app::ports::{Knowledge, KnowledgeError};
use crate::domain::system_words::in_words;
use crate::domain::triage::corrected::Corrections;
use crate::domain::triage::evaluation::Evaluation;
use crate::runtime::knowledge::nameless_team;
use std::path::{Path, PathBuf};

/// Fewer reports than this teach nothing that holds.
const LEAST_LEARNED: usize = 200;
/// Fewer than this tell nothing of how good it is.
const LEAST_MEASURED: usize = 50;

/// Why nothing was learned.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The folder, or files in it.
    #[error("{0}")]
    Knowledge(#[from] KnowledgeError),
    /// There is too little to learn from or to measure on.
    #[error(
        "{learned} labelled reports to learn from and {measured} in examples/measured.jsonl are too few; at least {LEAST_LEARNED} and {LEAST_MEASURED} are needed"
    )]
    TooFew {
        /// To learn from.
        learned: usize,
        /// To measure on.
        measured: usize,
    },
    /// What was learned understands less than what stands there.
    #[error(
        "what was learned is worse on examples/measured.jsonl than the weights that stand there, which stay; look at the new examples (eerstelijn evaluate --because)"
    )]
    Worse(Box<Training>),
    /// The weights can't be written.
    #[error("can't write {path}: {cause}; make room or mend the permissions, and train again")]
    Write {
        /// The file.
        path: String,
        /// Why.
        cause: &'static str,
    },
}

/// What came of a training.
#[derive(Debug, Clone)]
pub struct Training {
    /// How many examples were learned from.
    pub learned: usize,
    /// From how many corrected tickets.
    pub tickets: usize,
    /// From how many the weights had learned that stood there: what they taught is gone, where they are not among these.
    pub forgotten: u32,
    /// How many features have weights.
    pub features: usize,
    /// The figures of the part kept apart, before; none where there were no weights.
    pub before: Option<Evaluation>,
    /// The same with what was learned.
    pub after: Evaluation,
}

/// A knowledge folder that can be learned in: everything in it is in order.
pub struct Classroom {
    folder: PathBuf,
    base: KnowledgeBase,
    examples: Examples,
    made_from: String,
}

impl Classroom {
    /// Reads a folder.
    ///
    /// # Errors
    /// Where the folder isn't in order, or holds too few examples.
    pub fn open(folder: &Path) -> Result<Self, TrainError> {
        let read = Folder::read(folder).map_err(|found| as_error(&found))?;
        if !read.unreadable_examples.is_empty() {
            return Err(as_error(&read.unreadable_examples).into());
        }
        let examples = Examples::read(&read.examples).map_err(|found| as_error(&found))?;
        if examples.learned.len() < LEAST_LEARNED || examples.measured.len() < LEAST_MEASURED {
            return Err(TrainError::TooFew {
                learned: examples.learned.len(),
                measured: examples.measured.len(),
            });
        }
        Ok(Self {
            folder: folder.to_owned(),
            base: KnowledgeBase::from_dir(folder, nameless_team())?,
            examples,
            made_from: version(&read.examples),
        })
    }

    /// Learns from the examples and from what people corrected on tickets, and writes the weights into the folder.
    ///
    /// # Errors
    /// Where what was learned is worse than what stands there, or can't be written.
    pub fn train(&self, corrections: &Corrections) -> Result<Training, TrainError> {
        let Examples { learned, measured } = &self.examples;
        let handbook = self.base.handbook();
        let rules = &handbook.triage;
        let model = train(rules, learned, corrections, &self.made_from);
        let text = model.to_text();
        let features = model.weights.len();
        let trained = rules.trained.as_ref();
        let training = Training {
            learned: learned.len(),
            tickets: corrections.reports.len(),
            forgotten: trained.map_or(0, |before| before.tickets),
            features,
            before: trained.map(|_| evaluate_rules(rules, measured).all),
            after: evaluate_rules(&with_weights(rules, model), measured).all,
        };
        let is_worse = |before: &Evaluation| training.after.is_worse_than(before);
        if training.before.as_ref().is_some_and(is_worse) {
            return Err(TrainError::Worse(Box::new(training)));
        }
        write(&self.folder, &text)?;
        Ok(training)
    }
}

/// Whole or not at all: the service reads the folder while we write.
fn write(folder: &Path, text: &str) -> Result<(), TrainError> {
    let path = folder.join(weights::PATH);
    let failed = |error: std::io::Error| TrainError::Write {
        path: path.display().to_string(),
        cause: in_words(error.kind()),
    };
    // Hidden, so that nobody takes it for knowledge.
    let beside = folder.join(format!(".{}.new", weights::PATH));
    std::fs::write(&beside, text).map_err(failed)?;
    std::fs::rename(&beside, &path).map_err(failed)
}
