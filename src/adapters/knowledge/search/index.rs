//! The search index: sections of memos, blocks of playbooks, duties, obligations and contracts as documents, in memory.
//!
//! Built when somebody first asks, or when the service prepares its knowledge, and never changed: other knowledge is another
//! index.
//! There is one segment, so a document's number is its place in the list of entries.

use crate::adapters::knowledge::search::analysis::Analyser;
use crate::adapters::knowledge::search::compound::Compounds;
use crate::adapters::knowledge::search::everyday::Everyday;
use crate::adapters::knowledge::search::lists::Lists;
use crate::adapters::knowledge::search::literal::Literal;
use crate::adapters::knowledge::search::reader::Reader;
use crate::adapters::knowledge::search::spelling::Spelling;
use crate::adapters::knowledge::search::subject::Subject;
use crate::adapters::knowledge::search::synonyms::Same;
use crate::adapters::knowledge::search::vocabulary::{Vocabulary, WordId};
use crate::app::ports::knowledge::KnowledgeError;
use crate::domain::guidance::handbook::Passage;
use crate::domain::triage::language::Language;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tantivy::directory::RamDirectory;
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, IndexReader, ReloadPolicy, SingleSegmentIndexWriter, TantivyDocument};

/// What the builder may use while it sorts terms, in bytes.
const BUILD_MEMORY: usize = 15_000_000;
/// How much the length of a text, a heading or keywords counts. This and the next are measured:
/// `tests/corpora/questions.rs`.
const LENGTH_COUNTS: f32 = 0.85;
/// How much the length of what people ask counts: many ways to ask for something make it no vaguer.
const LENGTH_OF_QUESTIONS_COUNTS: f32 = 0.5;

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
    /// The heading of a section of a memo, which is in Dutch.
    pub heading: String,
    /// What people ask that this answers, by language, a line each.
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
    /// Only in Dutch: there are no other headings.
    pub(super) heading: Option<Field>,
    pub(super) asked: Field,
    pub(super) body: Field,
}

/// The fields of concepts, whatever the language.
#[derive(Debug, Clone, Copy)]
pub(super) struct ConceptFields {
    pub(super) strong: Field,
    pub(super) heading: Field,
    pub(super) asked: Field,
    pub(super) body: Field,
}

/// The index with all that search needs.
pub struct SearchIndex {
    pub(super) lists: Lists,
    pub(super) fields: [Fields; 3],
    pub(super) concepts: ConceptFields,
    pub(super) analyser: Analyser,
    pub(super) spelling: Spelling,
    pub(super) entries: Vec<Entry>,
    pub(super) everyday: Everyday,
    pub(super) subject: Subject,
    pub(super) literal: Literal,
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
        let (vocabulary, literal, read) = read(&sources);
        let strong = strong_words(&vocabulary, &read);
        let subject = subject(&vocabulary, &sources, &read);
        let analyser = Analyser::new(Compounds::with_words(strong.iter().cloned()), synonyms);
        let (schema, fields, concepts) = schema();
        let mut writer: SingleSegmentIndexWriter = Index::builder()
            .schema(schema)
            .single_segment_index_writer(RamDirectory::create(), BUILD_MEMORY)
            .map_err(broken)?;
        let readers = fields.map(|fields| {
            let texts = read
                .iter()
                .flat_map(|source| source.in_language(fields.language));
            let reader = Reader::of(texts, fields.language, &vocabulary, &analyser);
            (fields, reader)
        });
        for source in &read {
            writer
                .add_document(document(source, &readers, concepts))
                .map_err(broken)?;
        }
        let index = writer.finalize().map_err(broken)?;
        let reader: IndexReader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .num_warming_threads(0)
            .try_into()
            .map_err(broken)?;
        let questions = fields
            .iter()
            .map(|fields| fields.asked)
            .chain([concepts.asked])
            .map(|field| (field, LENGTH_OF_QUESTIONS_COUNTS));
        let rest = fields
            .iter()
            .flat_map(|fields| {
                [fields.strong, fields.body]
                    .into_iter()
                    .chain(fields.heading)
            })
            .chain([concepts.strong, concepts.heading, concepts.body])
            .map(|field| (field, LENGTH_COUNTS));
        let searcher = reader.searcher();
        // Nothing to be found is no segment.
        let lists = match searcher.segment_readers().first() {
            Some(segment) => Lists::open(segment, questions.chain(rest))?,
            None => Lists::default(),
        };
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
            lists,
            fields,
            concepts,
            analyser,
            spelling: Spelling::of(strong),
            entries,
            everyday,
            subject,
            literal,
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

/// The words of a source.
struct ReadSource {
    strong: Vec<(Language, Vec<WordId>)>,
    heading: (Language, Vec<WordId>),
    asked: Vec<(Language, Vec<WordId>)>,
    body: (Language, Vec<WordId>),
}

impl ReadSource {
    /// Its texts in one language.
    fn in_language(&self, language: Language) -> impl Iterator<Item = &[WordId]> {
        self.strong
            .iter()
            .chain(&self.asked)
            .chain([&self.heading, &self.body])
            .filter(move |(of, _)| *of == language)
            .map(|(_, text)| text.as_slice())
    }
}

fn read(sources: &[Source]) -> (Vocabulary, Literal, Vec<ReadSource>) {
    let (mut vocabulary, mut literal) = (Vocabulary::default(), Literal::default());
    let mut all = Vec::with_capacity(sources.len());
    for (document, source) in sources.iter().enumerate() {
        let mut lines = |text: &str, vocabulary: &mut Vocabulary| {
            let mut words = Vec::new();
            for line in text.lines() {
                let line = vocabulary.read(line);
                if source.role == Role::Answer {
                    literal.add(document, &line, vocabulary);
                }
                words.extend(line);
            }
            words
        };
        let heading = lines(&source.heading, &mut vocabulary);
        let asked = source.asked.iter();
        let asked = asked
            .map(|(language, text)| (*language, lines(text, &mut vocabulary)))
            .collect();
        let mut read = |(language, text): &(Language, String)| (*language, vocabulary.read(text));
        all.push(ReadSource {
            strong: source.strong.iter().map(&mut read).collect(),
            heading: (Language::Nl, heading),
            asked,
            body: read(&source.body),
        });
    }
    (vocabulary, literal, all)
}

/// What people ask here, beside what they ask elsewhere. What is asked of several sections counts once.
fn subject(vocabulary: &Vocabulary, sources: &[Source], read: &[ReadSource]) -> Subject {
    let words_of = |role: Role| -> BTreeSet<&[WordId]> {
        let of_role = sources
            .iter()
            .zip(read)
            .filter(move |(source, _)| source.role == role);
        of_role
            .flat_map(|(_, read)| &read.asked)
            .map(|(_, text)| text.as_slice())
            .collect()
    };
    Subject::of(
        vocabulary,
        words_of(Role::Answer).into_iter(),
        words_of(Role::Elsewhere).into_iter(),
    )
}

/// The words of titles, headings, keywords and questions: they are what people ask for.
fn strong_words(vocabulary: &Vocabulary, read: &[ReadSource]) -> BTreeSet<String> {
    let words: BTreeSet<WordId> = read
        .iter()
        .flat_map(|source| {
            let strong = source.strong.iter().chain(&source.asked);
            strong.chain(std::iter::once(&source.heading))
        })
        .flat_map(|(_, text)| text.iter().copied())
        .collect();
    words
        .into_iter()
        .filter_map(|word| vocabulary.word(word))
        .filter(|word| !word.is_small)
        .map(|word| word.text.clone())
        .collect()
}

fn schema() -> (Schema, [Fields; 3], ConceptFields) {
    let mut builder = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("whitespace")
        .set_index_option(IndexRecordOption::WithFreqs);
    let options = TextOptions::default().set_indexing_options(indexing);
    let mut field = |name: &str| builder.add_text_field(name, options.clone());
    let fields = Language::OF_REPLIES.map(|language| Fields {
        language,
        strong: field(&format!("strong_{language}")),
        heading: (language == Language::Nl).then(|| field("heading_nl")),
        asked: field(&format!("asked_{language}")),
        body: field(&format!("body_{language}")),
    });
    let concepts = ConceptFields {
        strong: field("strong_concepts"),
        heading: field("heading_concepts"),
        asked: field("asked_concepts"),
        body: field("body_concepts"),
    };
    (builder.build(), fields, concepts)
}

/// A document has one text per field, though it is made of several: fewer pieces for the index to take.
fn document(
    source: &ReadSource,
    readers: &[(Fields, Reader<'_>); 3],
    concepts: ConceptFields,
) -> TantivyDocument {
    let mut texts = Texts::default();
    for text in &source.strong {
        texts.add(readers, text, |fields| Some(fields.strong), concepts.strong);
    }
    texts.add(
        readers,
        &source.heading,
        |fields| fields.heading,
        concepts.heading,
    );
    for text in &source.asked {
        texts.add(readers, text, |fields| Some(fields.asked), concepts.asked);
    }
    texts.add(
        readers,
        &source.body,
        |fields| Some(fields.body),
        concepts.body,
    );
    let mut document = TantivyDocument::default();
    for (field, text) in texts.0 {
        document.add_text(field, text);
    }
    document
}

/// The text of each field of a document.
#[derive(Default)]
struct Texts(BTreeMap<Field, String>);

impl Texts {
    fn add(
        &mut self,
        readers: &[(Fields, Reader<'_>); 3],
        (language, text): &(Language, Vec<WordId>),
        field: fn(&Fields) -> Option<Field>,
        concept: Field,
    ) {
        let reader = readers
            .iter()
            .find(|(fields, _)| fields.language == *language);
        let Some((fields, reader)) = reader.filter(|_| !text.is_empty()) else {
            return;
        };
        let mut concepts = self.0.remove(&concept).unwrap_or_default();
        match field(fields) {
            Some(field) => reader.add_terms(text, self.0.entry(field).or_default(), &mut concepts),
            None => reader.add_terms(text, &mut String::new(), &mut concepts),
        }
        self.0.insert(concept, concepts);
    }
}
