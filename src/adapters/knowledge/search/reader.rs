//! The terms of the texts that are indexed. Each different word is looked at once, and all of a language together.

use crate::adapters::knowledge::search::analysis::Analyser;
use crate::adapters::knowledge::search::synonyms::{Beginning, Concept, spans_of};
use crate::adapters::knowledge::search::vocabulary::{Vocabulary, WordId};
use crate::domain::triage::language::Language;
use std::fmt::Write as _;

/// The terms of a text, with blanks between, as the index takes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Terms {
    /// The stems of its words, and of the parts of its compounds.
    pub(super) stems: String,
    /// The concepts that its words stand for.
    pub(super) concepts: String,
}

/// Makes the terms of texts of one language.
pub(super) struct Reader<'a> {
    /// What is known of each word, by its number.
    known: Vec<Option<Known<'a>>>,
}

/// What is known of a word.
struct Known<'a> {
    is_small: bool,
    stem: String,
    /// The terms of concepts that begin with it.
    begins: Beginning<'a>,
    /// The stems of the parts of a compound.
    parts: Vec<String>,
    concepts_of_parts: Vec<Concept>,
}

impl<'a> Reader<'a> {
    /// Knows the words that stand in these texts.
    pub(super) fn of<'t>(
        texts: impl Iterator<Item = &'t [WordId]>,
        language: Language,
        vocabulary: &Vocabulary,
        analyser: &'a Analyser,
    ) -> Self {
        let mut stands = vec![false; vocabulary.len()];
        for id in texts.flatten() {
            if let Some(stands) = stands.get_mut(id.place()) {
                *stands = true;
            }
        }
        let words: Vec<_> = vocabulary
            .words()
            .zip(&stands)
            .filter(|(_, stands)| **stands)
            .map(|(word, _)| word)
            .collect();
        let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let stems = analyser.stems(&texts, language);
        let mut all_parts: Vec<String> = Vec::new();
        let counts: Vec<usize> = words
            .iter()
            .map(|word| {
                let before = all_parts.len();
                if language == Language::Nl && !word.is_small {
                    all_parts.extend(analyser.parts(&word.text));
                }
                all_parts.len() - before
            })
            .collect();
        let mut parts = analyser.stems(&all_parts, language).into_iter();
        let mut known = words
            .iter()
            .zip(stems)
            .zip(counts)
            .map(|((word, stem), count)| {
                let parts: Vec<String> = parts.by_ref().take(count).collect();
                Known {
                    is_small: word.is_small,
                    begins: analyser.beginning_with(&stem, language),
                    concepts_of_parts: parts
                        .iter()
                        .flat_map(|part| analyser.concepts(part, language))
                        .collect(),
                    stem,
                    parts,
                }
            });
        Self {
            known: stands
                .into_iter()
                .map(|stands| if stands { known.next() } else { None })
                .collect(),
        }
    }

    /// All terms of a text.
    pub(super) fn terms(&self, text: &[WordId]) -> Terms {
        let known: Vec<&Known<'_>> = text
            .iter()
            .filter_map(|id| self.known.get(id.place())?.as_ref())
            .collect();
        let begins: Vec<(&str, Beginning<'_>)> = known
            .iter()
            .map(|known| (known.stem.as_str(), known.begins))
            .collect();
        let mut terms = Terms::default();
        for concept in spans_of(&begins).into_iter().flat_map(|span| span.concepts) {
            terms.add_concept(concept);
        }
        for known in known.into_iter().filter(|known| !known.is_small) {
            for stem in std::iter::once(&known.stem).chain(&known.parts) {
                terms.stems.push_str(stem);
                terms.stems.push(' ');
            }
            for concept in &known.concepts_of_parts {
                terms.add_concept(*concept);
            }
        }
        terms
    }
}

impl Terms {
    fn add_concept(&mut self, concept: Concept) {
        // A text takes any number.
        let _ = write!(self.concepts, "{concept} ");
    }
}
