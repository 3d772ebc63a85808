//! A question as what it asks for: its words and terms, each with the concepts it stands for.
//!
//! No query language: whatever a text holds, it is a bag of words here, bounded in number and length.

use crate::adapters::knowledge::search::analysis::Analyser;
use crate::adapters::knowledge::search::everyday::{Class, Everyday};
use crate::adapters::knowledge::search::synonyms::{Concept, Span};
use crate::adapters::knowledge::search::wish::Wish;
use crate::adapters::knowledge::search::words;
use crate::domain::triage::language::Language;

/// Characters of the asked text that are read.
const MOST_CHARACTERS: usize = 6_000;
/// Words that are read, small ones included.
const MOST_WORDS: usize = 600;
/// Different things that are asked.
const MOST_UNITS: usize = 48;

/// One thing that is asked: a word, or a term of several words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    /// Its words that say something; none where it is made of small words only.
    pub(super) words: Vec<Asked>,
    /// The concepts it stands for.
    pub(super) concepts: Vec<Concept>,
    /// The stems of the parts of a Dutch compound.
    pub(super) parts: Vec<String>,
    /// What kind of word it is.
    pub(super) class: Class,
}

/// A word, folded, with its stem in each language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) text: String,
    stems: [String; 3],
    is_small: bool,
}

impl Asked {
    /// The stem, taken as a word of this language.
    pub(super) fn stem(&self, language: Language) -> &str {
        let [dutch, french, english] = &self.stems;
        match language {
            Language::Fr => french,
            Language::En => english,
            _ => dutch,
        }
    }
}

impl Unit {
    /// Is it made of small words only? Then it ranks, and says nothing about the subject.
    pub(super) fn is_small(&self) -> bool {
        self.words.is_empty()
    }
}

/// What is asked.
pub(super) struct Question {
    /// Its words and terms, each once.
    pub(super) units: Vec<Unit>,
    /// All its words, folded, in order, small ones too.
    pub(super) words: Vec<String>,
    /// What its phrases ask for, besides a subject.
    pub(super) wish: Wish,
}

impl Question {
    /// Reads a question that is asked in this language.
    pub(super) fn read(
        text: &str,
        language: Language,
        analyser: &Analyser,
        everyday: &Everyday,
    ) -> Self {
        let short: String = text.chars().take(MOST_CHARACTERS).collect();
        let words = stemmed(&short, analyser);
        let texts: Vec<String> = words.iter().map(|word| word.text.clone()).collect();
        let mut spans = spans(&words, language, analyser).into_iter().peekable();
        let mut words = words.into_iter();
        let mut units: Vec<Unit> = Vec::new();
        let mut from = 0;
        while from < texts.len() {
            let span = spans.next_if(|span| span.from == from);
            let to = span.as_ref().map_or(from + 1, |span| span.to);
            let concepts = span.map(|span| span.concepts).unwrap_or_default();
            let these = words.by_ref().take(to.saturating_sub(from));
            let mut unit = unit(these, concepts, analyser);
            unit.class = class(&unit.words, language, everyday);
            from = to;
            let says_nothing = unit.is_small() && unit.concepts.is_empty();
            if !says_nothing && !units.contains(&unit) && units.len() < MOST_UNITS {
                units.push(unit);
            }
        }
        // Words of speech alone ask nothing.
        if units
            .iter()
            .all(|unit| unit.is_small() || unit.class == Class::Speech)
        {
            units.clear();
        }
        Self {
            units,
            words: texts,
            wish: Wish::of(&short),
        }
    }
}

/// All words with their stems.
fn stemmed(text: &str, analyser: &Analyser) -> Vec<Asked> {
    let mut words = words::all_words(text);
    words.truncate(MOST_WORDS);
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let [dutch, french, english] =
        Language::OF_REPLIES.map(|language| analyser.stems(&texts, language).into_iter());
    let stems = dutch.zip(french).zip(english);
    let stems: Vec<[String; 3]> = stems
        .map(|((dutch, french), english)| [dutch, french, english])
        .collect();
    words
        .into_iter()
        .zip(stems)
        .map(|(word, stems)| Asked {
            text: word.text,
            stems,
            is_small: word.is_small,
        })
        .collect()
}

/// The terms of concepts: those of the asked language first, then of the others where none of it stands.
fn spans(words: &[Asked], language: Language, analyser: &Analyser) -> Vec<Span> {
    let mut all: Vec<Span> = Vec::new();
    let others = Language::OF_REPLIES
        .into_iter()
        .filter(|other| *other != language);
    for (place, language) in std::iter::once(language).chain(others).enumerate() {
        let stems: Vec<&str> = words.iter().map(|word| word.stem(language)).collect();
        let found = analyser.spans(&stems, language);
        let is_free = |span: &Span| {
            all.iter()
                .all(|taken| span.to <= taken.from || taken.to <= span.from)
        };
        let is_subject = |span: &Span| {
            let words = words.get(span.from..span.to).unwrap_or_default();
            words.iter().any(|word| !word.is_small)
        };
        let free: Vec<Span> = found
            .into_iter()
            .filter(|span| place == 0 || is_free(span) && is_subject(span))
            .collect();
        all.extend(free);
    }
    all.sort_by_key(|span| span.from);
    all
}

fn unit(words: impl Iterator<Item = Asked>, concepts: Vec<Concept>, analyser: &Analyser) -> Unit {
    let words: Vec<Asked> = words.filter(|word| !word.is_small).collect();
    let parts = match words.as_slice() {
        [word] => analyser.parts(&word.text),
        _ => Vec::new(),
    };
    Unit {
        parts: analyser.stems(&parts, Language::Nl),
        class: Class::Subject,
        words,
        concepts,
    }
}

/// The kind of a term: that of its word with the most to say.
fn class(words: &[Asked], language: Language, everyday: &Everyday) -> Class {
    let classes: Vec<Class> = words
        .iter()
        .map(|word| everyday.class(&word.text, language))
        .collect();
    [Class::Subject, Class::Town, Class::Trade]
        .into_iter()
        .find(|class| classes.contains(class))
        .unwrap_or(Class::Speech)
}
