//! Search: which sections are about these words, and whether any is.
//!
//! There is no query language: a text is a bag of words. The index ranks; then the share of the asked
//! words that a section covers decides whether it is about them at all. What nothing covers well
//! enough finds nothing, so that a question about the recycling park isn't answered with a memo.

use crate::adapters::knowledge::cover::{Cover, Place, Variant, whole};
use crate::adapters::knowledge::index::{Entry, Fields, SearchIndex, broken};
use crate::adapters::knowledge::wish::Wish;
use crate::adapters::knowledge::{stop_words, words};
use crate::app::ports::knowledge::{KnowledgeError, Sought};
use crate::domain::guidance::handbook::Passage;
use crate::domain::triage::language::Language;
use std::collections::HashMap;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, TERMINATED, Term};

/// Characters of the asked text that are read.
const MOST_CHARACTERS: usize = 6_000;
/// Different words that are asked.
const MOST_WORDS: usize = 64;
/// Words that are tried with another spelling.
const MOST_CORRECTED: usize = 8;
/// Sections that are looked at closely.
const CANDIDATES: usize = 40;
/// Sections of one entry in a result.
const MOST_OF_ONE_ENTRY: usize = 2;
/// A word in title, heading or keywords against one in the text.
const STRONG_BOOST: f32 = 3.0;
/// How much of a word is covered where only the text has it.
const BODY_WORTH: f64 = 0.5;
/// How much of a compound is covered by all its parts together.
const PARTS_WORTH: f64 = 0.9;
/// How much of a word is covered by another spelling.
const CORRECTED_WORTH: f64 = 0.8;
/// Words of a long text beyond the heaviest few don't count against a section.
const COUNTED_WORDS: usize = 6;
/// How much a word that stands nowhere here counts against every section, by its length in letters:
/// a long one is what the question is about, a short one is a word of speech.
const UNKNOWN_WEIGHTS: [(usize, f64); 3] = [(4, 0.4), (6, 0.7), (usize::MAX, 1.0)];
/// How much a word counts that is said of everything in this trade.
const LIGHT: f64 = 0.5;
/// The same for ranking.
const LIGHT_BOOST: f32 = 0.5;
/// A word in fewer than this share of all sections says as much as a rare one.
const RARE_SHARE: f64 = 0.05;

/// What is known of a question besides its words.
struct Question {
    /// How much each word says, from 0 to 1.
    weights: Vec<f64>,
    /// Which words can be a subject.
    topical: Vec<bool>,
    /// What its phrases ask for, besides a subject.
    wish: Wish,
}

impl SearchIndex {
    /// The sections that are about these words, best first; none where nothing here is.
    ///
    /// # Errors
    /// Where the index can't be read.
    pub fn search(&self, sought: &Sought<'_>) -> Result<Vec<Passage>, KnowledgeError> {
        let language = sought.language.for_reply();
        let short: String = sought.words.chars().take(MOST_CHARACTERS).collect();
        let mut words: Vec<String> = Vec::new();
        for word in words::words(&short) {
            if words.len() < MOST_WORDS && !words.contains(&word) {
                words.push(word);
            }
        }
        let variants = self.variants(&words, language)?;
        if variants.is_empty() || sought.limit == 0 {
            return Ok(Vec::new());
        }
        let query: Vec<_> = variants
            .iter()
            .map(|variant| clause(variant, words.get(variant.place.word)))
            .collect();
        let query = BooleanQuery::new(query);
        let ranked = self
            .searcher
            .search(&query, &TopDocs::with_limit(CANDIDATES).order_by_score())
            .map_err(broken)?;
        let ranked: Vec<(f64, DocId)> = ranked
            .into_iter()
            .map(|(score, place)| (f64::from(score), place.doc_id))
            .collect();
        let covers = self.covers(&variants, &ranked)?;
        let question = Question {
            weights: self.weights(&words, &variants),
            topical: words
                .iter()
                .map(|word| !stop_words::is_local(word))
                .collect(),
            wish: Wish::of(&short),
        };
        Ok(self.best(&ranked, &covers, &question, sought))
    }

    /// All terms of the index that the asked words may mean.
    fn variants(
        &self,
        words: &[String],
        language: Language,
    ) -> Result<Vec<Variant>, KnowledgeError> {
        let mut variants = Vec::new();
        for fields in self.fields {
            let stems = self.analyser.stems(words, fields.language);
            for (word, stem) in stems.iter().enumerate() {
                self.look_up(&mut variants, whole(word), stem, fields, language, 1.0)?;
            }
        }
        let dutch = self
            .fields
            .into_iter()
            .find(|fields| fields.language == Language::Nl);
        let mut corrected = 0;
        for (word, raw) in words.iter().enumerate() {
            if let Some(dutch) = dutch {
                let parts = self.analyser.parts(raw);
                #[expect(clippy::cast_precision_loss, reason = "a word has few parts")]
                let worth = PARTS_WORTH / parts.len().max(1) as f64;
                for (count, stem) in parts.iter().enumerate() {
                    let part = count + 1;
                    let place = Place { word, part };
                    self.look_up(&mut variants, place, stem, dutch, language, worth)?;
                }
            }
            let found = variants.iter().any(|variant| variant.place.word == word);
            if found || corrected == MOST_CORRECTED {
                continue;
            }
            let known = self.spelling.corrections(raw);
            corrected += 1;
            for fields in self.fields.into_iter().filter(|_| !known.is_empty()) {
                for stem in self.analyser.stems(&known, fields.language) {
                    self.look_up(
                        &mut variants,
                        whole(word),
                        &stem,
                        fields,
                        language,
                        CORRECTED_WORTH,
                    )?;
                }
            }
        }
        Ok(variants)
    }

    /// Notes where a term stands, if anywhere. Keywords count in every language; a text counts in the
    /// asked language, and Dutch always, because memos are in Dutch.
    fn look_up(
        &self,
        variants: &mut Vec<Variant>,
        place: Place,
        stem: &str,
        fields: Fields,
        asked: Language,
        worth: f64,
    ) -> Result<(), KnowledgeError> {
        let own = if fields.language == asked { 1.0 } else { 0.4 };
        let mut note = |field: Field, boost: f32, worth: f64, strong: bool| {
            let term = Term::from_field_text(field, stem);
            let frequency = self.searcher.doc_freq(&term).map_err(broken)?;
            if frequency > 0 {
                variants.push(Variant {
                    place,
                    term,
                    boost,
                    worth,
                    frequency,
                    strong,
                });
            }
            Ok(())
        };
        #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1")]
        let boost = own * worth as f32;
        note(fields.strong, STRONG_BOOST * boost, worth, true)?;
        if fields.language == asked || fields.language == Language::Nl {
            note(fields.body, boost, worth * BODY_WORTH, false)?;
        }
        Ok(())
    }

    /// How well each of the ranked sections covers the asked words.
    fn covers(
        &self,
        variants: &[Variant],
        ranked: &[(f64, DocId)],
    ) -> Result<HashMap<DocId, Cover>, KnowledgeError> {
        let mut places: Vec<DocId> = ranked.iter().map(|(_, doc)| *doc).collect();
        places.sort_unstable();
        let mut covers: HashMap<DocId, Cover> = HashMap::new();
        for segment in self.searcher.segment_readers() {
            for variant in variants {
                let inverted = segment
                    .inverted_index(variant.term.field())
                    .map_err(broken)?;
                let postings = inverted
                    .read_postings(&variant.term, IndexRecordOption::Basic)
                    .map_err(|error| KnowledgeError::Index(error.to_string()))?;
                let Some(mut postings) = postings else {
                    continue;
                };
                for place in &places {
                    let mut at = postings.doc();
                    if at < *place {
                        at = postings.seek(*place);
                    }
                    if at == TERMINATED {
                        break;
                    }
                    if at == *place {
                        covers.entry(at).or_default().note(variant);
                    }
                }
            }
        }
        Ok(covers)
    }

    /// How much each asked word says, from 0 to 1: a word that stands everywhere says little.
    #[expect(clippy::cast_precision_loss, reason = "counts of sections are small")]
    fn weights(&self, words: &[String], variants: &[Variant]) -> Vec<f64> {
        let all = self.entries.len().max(1) as f64;
        let weight = |(place, word): (usize, &String)| {
            let frequency = variants
                .iter()
                .filter(|variant| variant.place.word == place)
                .map(|variant| variant.frequency)
                .max();
            let Some(frequency) = frequency else {
                return unknown_weight(word);
            };
            let share = (frequency as f64 / all).clamp(RARE_SHARE, 1.0);
            let light = if stop_words::is_light(word) {
                LIGHT
            } else {
                1.0
            };
            light * share.ln() / RARE_SHARE.ln()
        };
        words.iter().enumerate().map(weight).collect()
    }

    fn best(
        &self,
        ranked: &[(f64, DocId)],
        covers: &HashMap<DocId, Cover>,
        question: &Question,
        sought: &Sought<'_>,
    ) -> Vec<Passage> {
        let language = sought.language.for_reply();
        let is_for_him = |entry: &Entry| {
            entry.audience.is_none_or(|audience| audience == language)
                && entry.until.is_none_or(|until| until >= sought.on)
                && sought.only.is_none_or(|only| only == entry.passage.kind)
        };
        let weights = &question.weights;
        let mut heaviest = weights.clone();
        heaviest.sort_by(|a, b| b.total_cmp(a));
        let asked: f64 = heaviest.iter().take(COUNTED_WORDS).sum();
        let mut found: Vec<(f64, f64, f64, &Passage)> = Vec::new();
        for (score, doc) in ranked {
            let entry = usize::try_from(*doc)
                .ok()
                .and_then(|place| self.entries.get(place));
            let (Some(entry), Some(cover)) = (entry, covers.get(doc)) else {
                continue;
            };
            let share = cover.share(weights, asked);
            if is_for_him(entry)
                && cover.is_about(share, &question.topical)
                && cover.asks_for(entry, share, question.wish)
            {
                let score = score * share * share;
                let rank = score * question.wish.weight_of(entry.passage.kind);
                found.push((rank, score, share, &entry.passage));
            }
        }
        found.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
        let mut of_entry: HashMap<&str, usize> = HashMap::new();
        found
            .into_iter()
            .filter(|(.., passage)| {
                let seen = of_entry.entry(passage.id.as_str()).or_default();
                *seen += 1;
                *seen <= MOST_OF_ONE_ENTRY
            })
            .take(sought.limit)
            .map(|(_, score, covers, passage)| Passage {
                score,
                covers,
                ..passage.clone()
            })
            .collect()
    }
}

fn unknown_weight(word: &str) -> f64 {
    let letters = word.chars().count();
    UNKNOWN_WEIGHTS
        .into_iter()
        .find(|(most, _)| letters <= *most)
        .map_or(1.0, |(_, weight)| weight)
}

fn clause(variant: &Variant, word: Option<&String>) -> (Occur, Box<dyn Query>) {
    let light = word.is_some_and(|word| stop_words::is_light(word));
    let boost = if light { LIGHT_BOOST } else { 1.0 } * variant.boost;
    let term = TermQuery::new(variant.term.clone(), IndexRecordOption::WithFreqs);
    (
        Occur::Should,
        Box::new(BoostQuery::new(Box::new(term), boost)),
    )
}
