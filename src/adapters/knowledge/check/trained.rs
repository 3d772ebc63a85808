//! What was learned must be there, and be of the examples that stand beside it.

use crate::adapters::knowledge::base::KnowledgeBase;
use crate::adapters::knowledge::examples::{Examples, version};
use crate::adapters::knowledge::files::Folder;
use crate::adapters::knowledge::trouble::Trouble;
use crate::adapters::knowledge::weights::PATH;
use crate::app::ports::knowledge::Knowledge;

/// Checks examples and weights together.
pub(super) fn check(folder: &Folder, base: &KnowledgeBase) -> Vec<Trouble> {
    let examples = &folder.examples;
    let mut found = folder.unreadable_examples.clone();
    if found.is_empty() {
        found.extend(Examples::read(examples).err().unwrap_or_default());
    }
    let handbook = base.handbook();
    match &handbook.triage.trained {
        None => found.push(Trouble::of_file(
            PATH,
            "there are no weights, so reports are understood by the words of the lexicon alone; take them over from a copy of the shipped knowledge, or make them of examples of your own with \
             `eerstelijn triage train --knowledge FOLDER`",
        )),
        // A folder need not hold the examples to use the weights.
        Some(model) if !examples.is_empty() && model.made_from != version(examples) => {
            found.push(Trouble::of_file(
                PATH,
                "examples/ was changed since the weights were made; train again with `eerstelijn triage train \
                 --knowledge FOLDER`",
            ));
        }
        Some(_) => {}
    }
    found
}
