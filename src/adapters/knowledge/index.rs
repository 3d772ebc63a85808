//! The search index: sections of memos, blocks of playbooks, duties, obligations and contracts as documents, in memory.
//!
//! Built at once when the knowledge is loaded, and never changed: other knowledge is another index.
//! There is one segment, so a document's number is its place in the list of entries.

use crate::adapters::knowledge::analysis::Analyser;
use crate::adapters::knowledge::compound::Compounds;
use crate::adapters::knowledge::spelling::Spelling;
use crate::adapters::knowledge::words;
use crate::app::ports::knowledge::KnowledgeError;
use crate::domain::guidance::handbook::Passage;
use crate::domain::triage::language::Language;
use jiff::civil::Date;
use std::collections::BTreeSet;
use tantivy::directory::RamDirectory;
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, ReloadPolicy, Searcher, SingleSegmentIndexWriter, TantivyDocument};

/// What the builder may use while it sorts terms, in bytes.
const BUILD_MEMORY: usize = 15_000_000;

/// A document to be indexed.
#[derive(Debug, Clone)]
pub struct Source {
    /// What is shown when it is found; its score is not used.
    pub passage: Passage,
    /// The only language in which it is shown; any, where none is named.
    pub audience: Option<Language>,
    /// The last day on which it is found; always, where none is named.
    pub until: Option<Date>,
    /// Title, heading and keywords, by the language they are in.
    pub strong: Vec<(Language, String)>,
    /// The text, by its language.
    pub body: (Language, String),
}

/// An indexed document.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) passage: Passage,
    pub(crate) audience: Option<Language>,
    pub(crate) until: Option<Date>,
    /// How many words its title has.
    pub(crate) title_words: usize,
}

/// The fields of one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    pub(crate) language: Language,
    pub(crate) strong: Field,
    pub(crate) body: Field,
}

/// The index with all that search needs.
pub struct SearchIndex {
    pub(crate) searcher: Searcher,
    pub(crate) fields: [Fields; 3],
    pub(crate) analyser: Analyser,
    pub(crate) spelling: Spelling,
    pub(crate) entries: Vec<Entry>,
}

impl SearchIndex {
    /// Builds the index.
    ///
    /// # Errors
    /// Where the index can't be built; no text does that.
    pub fn build(sources: Vec<Source>) -> Result<Self, KnowledgeError> {
        let vocabulary = strong_words(&sources);
        let analyser = Analyser::new(Compounds::with_words(vocabulary.iter().cloned()));
        let (schema, fields) = schema();
        let mut writer: SingleSegmentIndexWriter = Index::builder()
            .schema(schema)
            .single_segment_index_writer(RamDirectory::create(), BUILD_MEMORY)
            .map_err(broken)?;
        for source in &sources {
            let document = document(source, &fields, &analyser);
            writer.add_document(document).map_err(broken)?;
        }
        let index = writer.finalize().map_err(broken)?;
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .num_warming_threads(0)
            .try_into()
            .map_err(broken)?;
        let entries = sources
            .into_iter()
            .map(|source| Entry {
                title_words: words::words(&source.passage.title).len(),
                passage: source.passage,
                audience: source.audience,
                until: source.until,
            })
            .collect();
        Ok(Self {
            searcher: reader.searcher(),
            fields,
            analyser,
            spelling: Spelling::of(vocabulary),
            entries,
        })
    }
}

/// A failure of the index as the port names it.
#[expect(
    clippy::needless_pass_by_value,
    reason = "used as a function over errors"
)]
pub(crate) fn broken(error: tantivy::TantivyError) -> KnowledgeError {
    KnowledgeError::Index(error.to_string())
}

/// The words of titles, headings and keywords: they are what people ask for.
fn strong_words(sources: &[Source]) -> BTreeSet<String> {
    sources
        .iter()
        .flat_map(|source| &source.strong)
        .flat_map(|(_, text)| words::words(text))
        .collect()
}

fn schema() -> (Schema, [Fields; 3]) {
    let mut builder = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("whitespace")
        .set_index_option(IndexRecordOption::WithFreqs);
    let options = TextOptions::default().set_indexing_options(indexing);
    let fields = [Language::Nl, Language::Fr, Language::En].map(|language| Fields {
        language,
        strong: builder.add_text_field(&format!("strong_{language}"), options.clone()),
        body: builder.add_text_field(&format!("body_{language}"), options.clone()),
    });
    (builder.build(), fields)
}

fn document(source: &Source, fields: &[Fields; 3], analyser: &Analyser) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    let field = |wanted: Language| fields.iter().find(|field| field.language == wanted);
    for (language, text) in &source.strong {
        if let Some(field) = field(*language) {
            document.add_text(field.strong, analyser.terms(text, *language));
        }
    }
    let (language, text) = &source.body;
    if let Some(field) = field(*language) {
        document.add_text(field.body, analyser.terms(text, *language));
    }
    document
}
