//! Words that mean the same, in three languages: `search/synonyms.toml`.
//!
//! Each group of the file is one concept. Where any of its terms stands in a text or in a question, the concept is
//! indexed or asked besides the words themselves; so a French question meets a Dutch memo. A term may be several
//! words, and then small words count too: "mot de passe".

use crate::adapters::knowledge::front_matter;
use crate::adapters::knowledge::keywords::Keywords;
use crate::adapters::knowledge::search::vocabulary::{Vocabulary, WordId};
use crate::adapters::knowledge::search::words::ByWord;
use crate::adapters::knowledge::trouble::Trouble;
use crate::domain::triage::language::Language;
use serde::Deserialize;

/// The file.
pub const PATH: &str = "search/synonyms.toml";
/// Most words of one term.
const LONGEST_TERM: usize = 5;

/// A group of words that mean the same, per language.
pub type Same = Keywords;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    same: Vec<Same>,
}

/// Reads the file.
///
/// # Errors
/// Where it isn't in order.
pub fn load(text: &str) -> Result<Vec<Same>, Trouble> {
    front_matter::read::<File>(PATH, text, 1).map(|file| file.same)
}

/// The number of a concept.
pub(super) type Concept = u16;

/// A place in a text where a term of some concepts stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    /// The first word.
    pub(super) from: usize,
    /// The word behind the last.
    pub(super) to: usize,
    /// The concepts, most often one.
    pub(super) concepts: Vec<Concept>,
}

/// The terms of one language by their first stem: the stems that follow, and the concept.
type Terms = ByWord<String, Vec<(Vec<String>, Concept)>>;

/// The terms that begin with one stem, the longest first: the stems that follow, and the concept.
pub(super) type Beginning<'a> = &'a [(Vec<String>, Concept)];

/// All concepts, ready to be found in texts.
#[derive(Debug, Clone, Default)]
pub(super) struct Synonyms {
    dutch: Terms,
    french: Terms,
    english: Terms,
}

impl Synonyms {
    /// The concepts of these groups; `stems` tells the stem of each of these words.
    pub(super) fn new(groups: &[Same], stems: impl Fn(&[&str], Language) -> Vec<String>) -> Self {
        let terms = |language| {
            let mut vocabulary = Vocabulary::default();
            let read: Vec<(Concept, Vec<WordId>)> = (0..=Concept::MAX)
                .zip(groups)
                .flat_map(|(concept, group)| {
                    group.of(language).iter().map(move |term| (concept, term))
                })
                .map(|(concept, term)| (concept, vocabulary.read(term)))
                .collect();
            let words: Vec<&str> = vocabulary.words().map(|word| word.text.as_str()).collect();
            let stems = stems(&words, language);
            let mut terms = Terms::default();
            for (concept, term) in read {
                let stems = term.into_iter().filter_map(|word| stems.get(word.place()));
                let stems: Vec<&String> = stems.collect();
                if let Some((first, rest)) = stems.split_first()
                    && rest.len() < LONGEST_TERM
                {
                    let term = (rest.iter().copied().cloned().collect(), concept);
                    let known = terms.entry((*first).clone()).or_default();
                    if !known.contains(&term) {
                        known.push(term);
                    }
                }
            }
            for known in terms.values_mut() {
                known.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
            }
            terms
        };
        Self {
            dutch: terms(Language::Nl),
            french: terms(Language::Fr),
            english: terms(Language::En),
        }
    }

    fn terms(&self, language: Language) -> &Terms {
        match language {
            Language::Fr => &self.french,
            Language::En => &self.english,
            _ => &self.dutch,
        }
    }

    /// The terms that begin with this stem.
    pub(super) fn beginning_with(&self, stem: &str, language: Language) -> Beginning<'_> {
        self.terms(language).get(stem).map_or(&[], Vec::as_slice)
    }

    /// The longest terms in these stems, from left to right, none over another.
    pub(super) fn spans(&self, stems: &[&str], language: Language) -> Vec<Span> {
        let begins: Vec<(&str, Beginning<'_>)> = stems
            .iter()
            .map(|stem| (*stem, self.beginning_with(stem, language)))
            .collect();
        let mut spans = Vec::new();
        each_span(&begins, |from, to, concepts| {
            let concepts = concepts.collect();
            spans.push(Span { from, to, concepts });
        });
        spans
    }

    /// The concepts of a single stem.
    pub(super) fn of_stem(&self, stem: &str, language: Language) -> Vec<Concept> {
        let known = self
            .terms(language)
            .get(stem)
            .map_or(&[][..], Vec::as_slice);
        known
            .iter()
            .filter(|(rest, _)| rest.is_empty())
            .map(|(_, concept)| *concept)
            .collect()
    }
}

/// The same, where the terms that begin with each stem are known already: the first word, the word behind the last, and
/// the concepts of each.
pub(super) fn each_span(
    stems: &[(&str, Beginning<'_>)],
    mut found: impl FnMut(usize, usize, &mut dyn Iterator<Item = Concept>),
) {
    let mut from = 0;
    while let Some(((_, begins), behind)) = stems.get(from..).and_then(<[_]>::split_first) {
        // The longest come first.
        let first = begins.iter().find(|(rest, _)| starts_with(behind, rest));
        let Some(longest) = first.map(|(rest, _)| rest.len()) else {
            from += 1;
            continue;
        };
        let to = from + 1 + longest;
        let mut concepts = begins
            .iter()
            .filter(|(rest, _)| rest.len() == longest && starts_with(behind, rest))
            .map(|(_, concept)| *concept);
        found(from, to, &mut concepts);
        from = to;
    }
}

fn starts_with(stems: &[(&str, Beginning<'_>)], term: &[String]) -> bool {
    let start = stems.get(..term.len());
    start.is_some_and(|start| {
        start
            .iter()
            .zip(term)
            .all(|((stem, _), of_term)| stem == of_term)
    })
}
