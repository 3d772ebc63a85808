//! In which ways what is asked may stand in the index: as it is, as a part, as a concept, or spelt otherwise.

use crate::adapters::knowledge::search::everyday::Class;
use crate::adapters::knowledge::search::index::{Fields, SearchIndex};
use crate::adapters::knowledge::search::lists::ListedTerm;
use crate::adapters::knowledge::search::question::Unit;
use crate::app::ports::knowledge::KnowledgeError;
use crate::domain::triage::language::Language;
use tantivy::schema::Field;

/// Words that are tried with another spelling.
const MOST_CORRECTED: usize = 8;
/// How much a match in each tier ranks.
const BOOSTS: [(Tier, f32); 4] = [
    (Tier::Strong, 2.0),
    (Tier::Heading, 2.0),
    (Tier::Asked, 2.6),
    (Tier::Body, 1.0),
];
/// How much of a thing is covered where its concept stands in other words.
const CONCEPT_WORTH: f64 = 0.9;
/// How much of a compound is covered by all its parts together.
const PARTS_WORTH: f64 = 0.9;
/// How much of a word is covered by another spelling.
const CORRECTED_WORTH: f64 = 0.8;
/// How much a word ranks in the fields of another language than the asked one.
const OTHER_LANGUAGE: f32 = 0.4;
/// How much a word ranks that is said of everything in this trade.
const LIGHT_BOOST: f32 = 0.5;
/// How much words of speech rank.
const SPEECH_BOOST: f32 = 0.3;
/// How much small words rank, such as "how long".
const SMALL_BOOST: f32 = 0.8;

/// Where a term stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tier {
    /// In the title or the keywords.
    Strong,
    /// In the heading.
    Heading,
    /// In what people ask that the section answers.
    Asked,
    /// In the text.
    Body,
}

/// A place in the question: what is asked, and which part of it, 0 for the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) unit: usize,
    pub(super) part: usize,
}

/// One way in which something asked may stand in a section.
pub(super) struct Variant {
    pub(super) place: Place,
    pub(super) term: ListedTerm,
    pub(super) boost: f32,
    pub(super) worth: f64,
    pub(super) tier: Tier,
}

/// How one term is looked up.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    place: Place,
    text: &'a str,
    boost: f32,
    worth: f64,
}

impl SearchIndex {
    /// All terms of the index that what is asked may mean.
    pub(super) fn variants(
        &self,
        units: &[Unit],
        language: Language,
    ) -> Result<Vec<Variant>, KnowledgeError> {
        let mut variants = Vec::new();
        let (mut known, mut corrected, mut unknown) = (0, 0, 0);
        for (place, unit) in units.iter().enumerate() {
            let before = variants.len();
            self.words(&mut variants, place, unit, language)?;
            self.concepts(&mut variants, place, unit)?;
            self.parts(&mut variants, place, unit, language)?;
            if let [word] = unit.words.as_slice()
                && variants.len() == before
                && corrected < MOST_CORRECTED
            {
                corrected += 1;
                self.corrections(&mut variants, place, &word.text, language)?;
                unknown += usize::from(variants.len() == before);
            } else {
                known += usize::from(variants.len() > before);
            }
        }
        // Nothing stands here as it was asked, and not all of it can be a slip: then none of it is.
        if known == 0 && unknown > 0 {
            variants.clear();
        }
        Ok(variants)
    }

    /// The words themselves. Several words of one term are each a part of it.
    fn words(
        &self,
        variants: &mut Vec<Variant>,
        unit: usize,
        asked: &Unit,
        language: Language,
    ) -> Result<(), KnowledgeError> {
        let count = asked.words.len();
        for fields in self.fields {
            for (part, word) in asked.words.iter().enumerate() {
                let wanted = Wanted {
                    place: Place {
                        unit,
                        part: if count == 1 { 0 } else { part + 1 },
                    },
                    text: word.stem(fields.language),
                    boost: light(asked) / as_share(count),
                    worth: 1.0 / f64::from(as_share(count)),
                };
                self.in_language(variants, wanted, fields, language)?;
            }
        }
        Ok(())
    }

    fn concepts(
        &self,
        variants: &mut Vec<Variant>,
        unit: usize,
        asked: &Unit,
    ) -> Result<(), KnowledgeError> {
        for concept in &asked.concepts {
            let wanted = Wanted {
                place: Place { unit, part: 0 },
                text: &concept.to_string(),
                boost: light(asked) * if asked.is_small() { SMALL_BOOST } else { 1.0 },
                worth: CONCEPT_WORTH,
            };
            self.as_concept(variants, wanted)?;
        }
        Ok(())
    }

    fn parts(
        &self,
        variants: &mut Vec<Variant>,
        unit: usize,
        asked: &Unit,
        language: Language,
    ) -> Result<(), KnowledgeError> {
        let Some(dutch) = self
            .fields
            .into_iter()
            .find(|fields| fields.language == Language::Nl)
        else {
            return Ok(());
        };
        let count = as_share(asked.parts.len());
        for (part, stem) in asked.parts.iter().enumerate() {
            let wanted = Wanted {
                place: Place {
                    unit,
                    part: part + 1,
                },
                text: stem,
                boost: 1.0 / count,
                worth: PARTS_WORTH / f64::from(count),
            };
            self.with_concepts(variants, wanted, dutch, language)?;
        }
        Ok(())
    }

    /// The known words that are a slip of the finger away.
    fn corrections(
        &self,
        variants: &mut Vec<Variant>,
        unit: usize,
        word: &str,
        language: Language,
    ) -> Result<(), KnowledgeError> {
        let known = self.spelling.corrections(word);
        let place = Place { unit, part: 0 };
        for fields in self.fields.into_iter().filter(|_| !known.is_empty()) {
            for stem in self.analyser.stems(&known, fields.language) {
                let wanted = Wanted {
                    place,
                    text: &stem,
                    boost: 1.0,
                    worth: CORRECTED_WORTH,
                };
                self.with_concepts(variants, wanted, fields, language)?;
            }
        }
        Ok(())
    }

    /// Notes where a stem of this language stands, and where its concepts do.
    fn with_concepts(
        &self,
        variants: &mut Vec<Variant>,
        wanted: Wanted<'_>,
        fields: Fields,
        asked: Language,
    ) -> Result<(), KnowledgeError> {
        self.in_language(variants, wanted, fields, asked)?;
        for concept in self.analyser.concepts(wanted.text, fields.language) {
            let wanted = Wanted {
                text: &concept.to_string(),
                worth: wanted.worth * CONCEPT_WORTH,
                ..wanted
            };
            self.as_concept(variants, wanted)?;
        }
        Ok(())
    }

    /// Notes where a stem of this language stands. Titles, keywords and questions count in every language; a text
    /// counts in the asked language, and Dutch always, because memos are in Dutch.
    fn in_language(
        &self,
        variants: &mut Vec<Variant>,
        wanted: Wanted<'_>,
        fields: Fields,
        asked: Language,
    ) -> Result<(), KnowledgeError> {
        let own = if fields.language == asked {
            1.0
        } else {
            OTHER_LANGUAGE
        };
        let wanted = Wanted {
            boost: wanted.boost * own,
            ..wanted
        };
        self.note(variants, wanted, fields.strong, Tier::Strong)?;
        if let Some(heading) = fields.heading {
            self.note(variants, wanted, heading, Tier::Heading)?;
        }
        self.note(variants, wanted, fields.asked, Tier::Asked)?;
        if fields.language == asked || fields.language == Language::Nl {
            self.note(variants, wanted, fields.body, Tier::Body)?;
        }
        Ok(())
    }

    fn as_concept(
        &self,
        variants: &mut Vec<Variant>,
        wanted: Wanted<'_>,
    ) -> Result<(), KnowledgeError> {
        self.note(variants, wanted, self.concepts.strong, Tier::Strong)?;
        self.note(variants, wanted, self.concepts.heading, Tier::Heading)?;
        self.note(variants, wanted, self.concepts.asked, Tier::Asked)?;
        self.note(variants, wanted, self.concepts.body, Tier::Body)
    }

    /// Notes a term of one field, if it stands anywhere.
    fn note(
        &self,
        variants: &mut Vec<Variant>,
        wanted: Wanted<'_>,
        field: Field,
        tier: Tier,
    ) -> Result<(), KnowledgeError> {
        if let Some(term) = self.lists.find(field, wanted.text)? {
            let boost = BOOSTS
                .into_iter()
                .find(|(of, _)| *of == tier)
                .map_or(1.0, |(_, boost)| boost);
            #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1")]
            let worth = wanted.worth as f32;
            variants.push(Variant {
                place: wanted.place,
                term,
                boost: boost * wanted.boost * worth,
                worth: wanted.worth,
                tier,
            });
        }
        Ok(())
    }
}

/// How much it ranks, by its kind.
fn light(asked: &Unit) -> f32 {
    match asked.class {
        _ if asked.is_small() => 1.0,
        Class::Subject | Class::Town => 1.0,
        Class::Trade => LIGHT_BOOST,
        Class::Speech => SPEECH_BOOST,
    }
}

/// A count as what is shared among so many.
fn as_share(count: usize) -> f32 {
    f32::from(u8::try_from(count.max(1)).unwrap_or(u8::MAX))
}
