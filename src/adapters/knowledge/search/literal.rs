//! Questions that stand word for word among what people ask, and headings: who wrote the line said what answers it, however
//! ordinary its words are.

use crate::adapters::knowledge::search::vocabulary::{Vocabulary, WordId};
use crate::adapters::knowledge::search::words::ByWord;
use foldhash::fast::RandomState;
use std::hash::{BuildHasher, Hash, Hasher};

/// The most documents of which a line tells anything: "Inleiding" stands above thousands of pages. A line of a playbook
/// stands with each of its blocks.
const MOST_DOCUMENTS: usize = 24;

/// The documents for each line. Only the hash of a line is kept: that two of some ten thousand have the same of 64 bits
/// doesn't happen.
#[derive(Debug, Default)]
pub(super) struct Literal {
    hasher: RandomState,
    documents: ByWord<u64, Vec<usize>>,
}

impl Literal {
    /// Adds a line of this document.
    pub(super) fn add(&mut self, document: usize, line: &[WordId], vocabulary: &Vocabulary) {
        let words = line.iter().filter_map(|word| vocabulary.word(*word));
        if let Some(hash) = self.hash(words.map(|word| word.text.as_str())) {
            let documents = self.documents.entry(hash).or_default();
            if documents.last() != Some(&document) && documents.len() <= MOST_DOCUMENTS {
                documents.push(document);
            }
        }
    }

    /// The documents that have a line of exactly these folded words; none where it stands with too many.
    pub(super) fn documents(&self, words: &[String]) -> &[usize] {
        self.hash(words.iter().map(String::as_str))
            .and_then(|hash| self.documents.get(&hash))
            .filter(|documents| documents.len() <= MOST_DOCUMENTS)
            .map_or(&[], Vec::as_slice)
    }

    /// None where there are no words.
    fn hash<'a>(&self, words: impl Iterator<Item = &'a str>) -> Option<u64> {
        let mut hasher = self.hasher.build_hasher();
        let mut is_empty = true;
        for word in words {
            word.hash(&mut hasher);
            is_empty = false;
        }
        (!is_empty).then(|| hasher.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_known_by_all_its_words_in_order() {
        let (mut literal, mut vocabulary) = (Literal::default(), Vocabulary::default());
        for (document, line) in [(0, "We zijn gehackt!"), (2, "we zijn gehackt"), (3, "")] {
            let line = vocabulary.read(line);
            literal.add(document, &line, &vocabulary);
        }
        let heading = vocabulary.read("Inleiding");
        for document in 0..MOST_DOCUMENTS {
            literal.add(document, &heading, &vocabulary);
        }
        let words = ["inleiding".to_owned()];
        assert_eq!(literal.documents(&words).len(), MOST_DOCUMENTS);
        for document in MOST_DOCUMENTS..2 * MOST_DOCUMENTS {
            literal.add(document, &heading, &vocabulary);
        }
        assert!(literal.documents(&words).is_empty());
        let documents = |words: &str| {
            let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
            literal.documents(&words).to_vec()
        };
        assert_eq!(documents("we zijn gehackt"), [0, 2]);
        for other in ["zijn we gehackt", "we zijn", "we zijn gehackt geweest", ""] {
            assert!(documents(other).is_empty(), "{other}");
        }
    }
}
