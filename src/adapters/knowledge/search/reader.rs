//! The terms of the texts that are indexed. Each different word is looked at once, and all of a language together.

use crate::adapters::knowledge::search::analysis::Analyser;
use crate::adapters::knowledge::search::synonyms::{Beginning, Concept, each_span};
use crate::adapters::knowledge::search::vocabulary::{Vocabulary, WordId};
use crate::domain::triage::language::Language;
use std::fmt::Write as _;
use std::ops::Range;

/// Makes the terms of texts of one language.
pub(super) struct Reader<'a> {
    /// What is known of each word, by its number.
    known: Vec<Option<Known<'a>>>,
    /// The terms of all words behind each other. Texts are read word by word: what stands together is near.
    terms: String,
}

/// What is known of a word.
struct Known<'a> {
    is_small: bool,
    /// Where its terms stand: its stem and those of its parts, where it is a compound, each with a blank behind it.
    terms: Range<usize>,
    /// Where the stem ends.
    stem_to: usize,
    /// The terms of concepts that begin with it.
    begins: Beginning<'a>,
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
        let mut terms = String::new();
        let mut known = words
            .iter()
            .zip(stems)
            .zip(counts)
            .map(|((word, stem), count)| {
                let from = terms.len();
                terms.push_str(&stem);
                let stem_to = terms.len();
                terms.push(' ');
                let mut concepts_of_parts = Vec::new();
                for part in parts.by_ref().take(count) {
                    terms.push_str(&part);
                    terms.push(' ');
                    concepts_of_parts.extend(analyser.concepts(&part, language));
                }
                Known {
                    is_small: word.is_small,
                    terms: from..terms.len(),
                    stem_to,
                    begins: analyser.beginning_with(&stem, language),
                    concepts_of_parts,
                }
            });
        let known = stands
            .into_iter()
            .map(|stands| if stands { known.next() } else { None })
            .collect();
        Self { known, terms }
    }

    /// Adds the terms of a text: the stems of its words and of the parts of its compounds, and the concepts that they
    /// stand for. What is added has blanks between, as the index takes it.
    pub(super) fn add_terms(&self, text: &[WordId], stems: &mut String, concepts: &mut String) {
        let known: Vec<&Known<'_>> = text
            .iter()
            .filter_map(|id| self.known.get(id.place())?.as_ref())
            .collect();
        let begins: Vec<(&str, Beginning<'_>)> = known
            .iter()
            .map(|known| {
                (
                    self.terms_at(known.terms.start..known.stem_to),
                    known.begins,
                )
            })
            .collect();
        each_span(&begins, |_, _, of_span| {
            for concept in of_span {
                add_concept(concepts, concept);
            }
        });
        for known in known.into_iter().filter(|known| !known.is_small) {
            stems.push_str(self.terms_at(known.terms.clone()));
            for concept in &known.concepts_of_parts {
                add_concept(concepts, *concept);
            }
        }
    }

    fn terms_at(&self, place: Range<usize>) -> &str {
        self.terms.get(place).unwrap_or_default()
    }
}

fn add_concept(concepts: &mut String, concept: Concept) {
    // A text takes any number.
    let _ = write!(concepts, "{concept} ");
}
