//! The search index: sections of memos, blocks of playbooks, duties, obligations and contracts as documents, in memory.
//!
//! Built at once when the knowledge is loaded, and never changed: other knowledge is another index.
//! There is one segment, so a document's number is its place in the list of entries.

use crate::adapters::knowledge::search::analysis::{Analyser, Reader};
use crate::adapters::knowledge::search::compound::Compounds;
use crate::adapters::knowledge::search::everyday::Everyday;
use crate::adapters::knowledge::search::spelling::Spelling;
use crate::adapters::knowledge::search::synonyms::Same;
use crate::adapters::knowledge::search::words;
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

/// What a document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It answers.
    Answer,
    /// It stands for questions that nothing here answers, and is never shown.
    Elsewhere,
}

/// A document to be indexed.
#[derive(Debug, Clone)]
pub struct Source {
    /// What it is for.
    pub role: Role,
    /// What is shown when it is found; its score is not used.
    pub passage: Passage,
    /// The only language in which it is shown; any, where none is named.
    pub audience: Option<Language>,
    /// The last day on which it is found; always, where none is named.
    pub until: Option<Date>,
    /// Title and keywords of the entry, by the language they are in.
    pub strong: Vec<(Language, String)>,
    /// The heading, and what people ask that this answers, by language.
    pub asked: Vec<(Language, String)>,
    /// The text, by its language.
    pub body: (Language, String),
}

/// An indexed document.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) role: Role,
    pub(super) passage: Passage,
    pub(super) audience: Option<Language>,
    pub(super) until: Option<Date>,
}

/// The fields of one language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub(super) language: Language,
    pub(super) strong: Field,
    pub(super) asked: Field,
    pub(super) body: Field,
}

/// The fields of concepts, whatever the language.
#[derive(Debug, Clone, Copy)]
pub(super) struct ConceptFields {
    pub(super) strong: Field,
    pub(super) asked: Field,
    pub(super) body: Field,
}

/// The index with all that search needs.
pub struct SearchIndex {
    pub(super) searcher: Searcher,
    pub(super) fields: [Fields; 3],
    pub(super) concepts: ConceptFields,
    pub(super) analyser: Analyser,
    pub(super) spelling: Spelling,
    pub(super) entries: Vec<Entry>,
    pub(super) everyday: Everyday,
}

impl SearchIndex {
    /// Builds the index.
    ///
    /// # Errors
    /// Where the index can't be built; no text does that.
    pub fn build(
        sources: Vec<Source>,
        synonyms: &[Same],
        everyday: Everyday,
    ) -> Result<Self, KnowledgeError> {
        let vocabulary = strong_words(&sources);
        let analyser = Analyser::new(Compounds::with_words(vocabulary.iter().cloned()), synonyms);
        let (schema, fields, concepts) = schema();
        let mut writer: SingleSegmentIndexWriter = Index::builder()
            .schema(schema)
            .single_segment_index_writer(RamDirectory::create(), BUILD_MEMORY)
            .map_err(broken)?;
        let mut reader = analyser.reader();
        for source in &sources {
            let document = document(source, &fields, concepts, &mut reader);
            writer.add_document(document).map_err(broken)?;
        }
        let index = writer.finalize().map_err(broken)?;
        let searching = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .num_warming_threads(0)
            .try_into()
            .map_err(broken)?;
        let entries = sources
            .into_iter()
            .map(|source| Entry {
                role: source.role,
                passage: source.passage,
                audience: source.audience,
                until: source.until,
            })
            .collect();
        Ok(Self {
            searcher: searching.searcher(),
            fields,
            concepts,
            analyser,
            spelling: Spelling::of(vocabulary),
            entries,
            everyday,
        })
    }
}

/// A failure of the index as the port names it.
#[expect(
    clippy::needless_pass_by_value,
    reason = "used as a function over errors"
)]
pub(super) fn broken(error: tantivy::TantivyError) -> KnowledgeError {
    KnowledgeError::Index(error.to_string())
}

/// The words of titles, headings, keywords and questions: they are what people ask for.
fn strong_words(sources: &[Source]) -> BTreeSet<String> {
    sources
        .iter()
        .flat_map(|source| source.strong.iter().chain(&source.asked))
        .flat_map(|(_, text)| words::words(text))
        .collect()
}

fn schema() -> (Schema, [Fields; 3], ConceptFields) {
    let mut builder = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("whitespace")
        .set_index_option(IndexRecordOption::WithFreqs);
    let options = TextOptions::default().set_indexing_options(indexing);
    let mut field = |name: &str| builder.add_text_field(name, options.clone());
    let fields = [Language::Nl, Language::Fr, Language::En].map(|language| Fields {
        language,
        strong: field(&format!("strong_{language}")),
        asked: field(&format!("asked_{language}")),
        body: field(&format!("body_{language}")),
    });
    let concepts = ConceptFields {
        strong: field("strong_concepts"),
        asked: field("asked_concepts"),
        body: field("body_concepts"),
    };
    (builder.build(), fields, concepts)
}

fn document(
    source: &Source,
    fields: &[Fields; 3],
    concepts: ConceptFields,
    reader: &mut Reader<'_>,
) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    let of = |wanted: Language| fields.iter().find(|field| field.language == wanted);
    let mut add = |language: Language, text: &str, field: fn(&Fields) -> Field, concept| {
        if let Some(fields) = of(language) {
            let terms = reader.terms(text, language);
            document.add_text(field(fields), terms.stems.join(" "));
            let concepts: Vec<String> = terms.concepts.iter().map(u16::to_string).collect();
            document.add_text(concept, concepts.join(" "));
        }
    };
    for (language, text) in &source.strong {
        add(*language, text, |fields| fields.strong, concepts.strong);
    }
    for (language, text) in &source.asked {
        add(*language, text, |fields| fields.asked, concepts.asked);
    }
    let (language, text) = &source.body;
    add(*language, text, |fields| fields.body, concepts.body);
    document
}
