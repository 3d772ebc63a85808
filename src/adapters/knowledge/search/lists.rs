//! The index as lists: in which documents a term of a field stands, how often, and how much that says (BM25).
//!
//! What is asked is only words that may each be missing, with weights of our own, so the lists are read one after the
//! other and what they say is added up per document. No query is planned; which terms are read is decided elsewhere.

use crate::adapters::knowledge::search::index::broken;
use crate::app::ports::knowledge::KnowledgeError;
use std::sync::Arc;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, InvertedIndexReader, SegmentReader, Term};

/// How soon repeats of a word stop counting. Measured: `tests/corpora/questions.rs`.
const K1: f32 = 0.8;

/// The lists of all fields.
#[derive(Default)]
pub(super) struct Lists(Vec<FieldLists>);

/// The lists of one field.
struct FieldLists {
    field: Field,
    inverted: Arc<InvertedIndexReader>,
    /// What its length counts against each document.
    against: Vec<f32>,
    /// How many documents there are.
    documents: f32,
}

/// A term that stands somewhere.
pub(super) struct ListedTerm {
    field: Field,
    info: TermInfo,
}

impl ListedTerm {
    /// In how many documents it stands.
    pub(super) fn frequency(&self) -> u32 {
        self.info.doc_freq
    }
}

impl Lists {
    /// The lists of these fields, each with how much the length of what a document has there counts against it, from
    /// 0 to 1 (the `b` of BM25).
    ///
    /// # Errors
    /// Where the index can't be read.
    pub(super) fn open(
        segment: &SegmentReader,
        fields: impl IntoIterator<Item = (Field, f32)>,
    ) -> Result<Self, KnowledgeError> {
        fields
            .into_iter()
            .map(|(field, length_counts)| FieldLists::open(segment, field, length_counts))
            .collect::<Result<_, _>>()
            .map(Self)
            .map_err(broken)
    }

    fn of(&self, field: Field) -> Option<&FieldLists> {
        self.0.iter().find(|lists| lists.field == field)
    }

    /// The list of a term, if it stands anywhere.
    pub(super) fn find(
        &self,
        field: Field,
        text: &str,
    ) -> Result<Option<ListedTerm>, KnowledgeError> {
        let Some(lists) = self.of(field) else {
            return Ok(None);
        };
        let term = Term::from_field_text(field, text);
        let info = lists
            .inverted
            .get_term_info(&term)
            .map_err(|error| broken(error.into()))?;
        Ok(info.map(|info| ListedTerm { field, info }))
    }

    /// Tells of each document in which a term stands how often it does, and what that says about it, times `boost`.
    pub(super) fn each_document(
        &self,
        term: &ListedTerm,
        boost: f32,
        mut note: impl FnMut(DocId, u32, f32),
    ) -> Result<(), KnowledgeError> {
        let Some(lists) = self.of(term.field) else {
            return Ok(());
        };
        let weight = boost * (1.0 + K1) * lists.rareness(term);
        let mut blocks = lists.blocks(term)?;
        while blocks.block_len() > 0 {
            for (document, times) in blocks.docs().iter().zip(blocks.freqs()) {
                if let Some(against) = lists.against.get(*document as usize) {
                    #[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
                    let often = *times as f32;
                    note(*document, *times, weight * often / (often + against));
                }
            }
            blocks.advance();
        }
        Ok(())
    }
}

impl FieldLists {
    #[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
    fn open(segment: &SegmentReader, field: Field, length_counts: f32) -> tantivy::Result<Self> {
        let inverted = segment.inverted_index(field)?;
        let documents = segment.max_doc().max(1) as f32;
        let average = (inverted.total_num_tokens() as f32 / documents).max(1.0);
        let lengths = segment.get_fieldnorms_reader(field)?;
        let against = (0..segment.max_doc())
            .map(|document| {
                let length = lengths.fieldnorm(document) as f32;
                K1 * (1.0 - length_counts + length_counts * length / average)
            })
            .collect();
        Ok(Self {
            field,
            inverted,
            against,
            documents,
        })
    }

    fn blocks(&self, term: &ListedTerm) -> Result<BlockSegmentPostings, KnowledgeError> {
        self.inverted
            .read_block_postings_from_terminfo(&term.info, IndexRecordOption::WithFreqs)
            .map_err(|error| broken(error.into()))
    }

    /// How rare a term is: what stands everywhere says next to nothing.
    #[expect(clippy::cast_precision_loss, reason = "counts of documents are small")]
    fn rareness(&self, term: &ListedTerm) -> f32 {
        let having = term.frequency() as f32;
        (1.0 + (self.documents - having + 0.5).max(0.0) / (having + 0.5)).ln()
    }
}
