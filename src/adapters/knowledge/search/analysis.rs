//! From words to the terms of the index: stems per language, the parts of Dutch compounds, and concepts.

use crate::adapters::knowledge::search::compound::Compounds;
use crate::adapters::knowledge::search::synonyms::{
    Beginning, Concept, Same, Span, Synonyms, spans_of,
};
use crate::adapters::knowledge::search::words::{self, Word};
use crate::domain::triage::language::Language;
use std::collections::HashMap;
use tantivy::tokenizer::{
    Language as StemLanguage, Stemmer, TextAnalyzer, TokenStream, WhitespaceTokenizer,
};

/// Dutch words whose stems would not meet, brought to one form before stemming.
const BEFORE_STEMMING: [(&str, &str); 46] = [
    ("wachtwoorden", "wachtwoord"),
    ("accounts", "account"),
    ("gegeven", "gegevens"),
    ("melding", "melden"),
    ("meldingen", "melden"),
    ("gemeld", "melden"),
    ("meldt", "melden"),
    ("bijlagen", "bijlage"),
    ("bijlages", "bijlage"),
    ("backups", "backup"),
    ("logs", "log"),
    ("logboek", "log"),
    ("logboeken", "log"),
    ("logging", "log"),
    ("loggen", "log"),
    ("patches", "patch"),
    ("patchen", "patch"),
    ("patching", "patch"),
    ("updates", "update"),
    ("updaten", "update"),
    ("servers", "server"),
    ("laptops", "laptop"),
    ("tablets", "tablet"),
    ("smartphones", "smartphone"),
    ("cameras", "camera"),
    ("websites", "website"),
    ("leveranciers", "leverancier"),
    ("medewerkers", "medewerker"),
    ("gebruikers", "gebruiker"),
    ("beheerders", "beheerder"),
    ("hackers", "hacker"),
    ("hacken", "hacker"),
    ("gehackt", "hacker"),
    ("gehacked", "hacker"),
    ("verzekeren", "verzekering"),
    ("verzekerd", "verzekering"),
    ("verzekeringen", "verzekering"),
    ("beveiligd", "beveiliging"),
    ("beveiligen", "beveiliging"),
    ("blokkeer", "blokkeren"),
    ("geblokkeerd", "blokkeren"),
    ("versleuteld", "versleuteling"),
    ("versleutelen", "versleuteling"),
    ("versleutelde", "versleuteling"),
    ("segmenteren", "segmentatie"),
    ("classificeren", "classificatie"),
];

/// The terms of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Terms {
    /// The stems of its words, and of the parts of its compounds.
    pub(super) stems: Vec<String>,
    /// The concepts that its words stand for.
    pub(super) concepts: Vec<Concept>,
}

/// Turns texts into terms, the same way for what is indexed and what is asked.
#[derive(Clone)]
pub(super) struct Analyser {
    stemmers: Stemmers,
    compounds: Compounds,
    synonyms: Synonyms,
}

#[derive(Clone)]
struct Stemmers {
    dutch: TextAnalyzer,
    french: TextAnalyzer,
    english: TextAnalyzer,
}

impl Analyser {
    /// With these parts of compounds and these synonyms.
    pub(super) fn new(compounds: Compounds, synonyms: &[Same]) -> Self {
        let stemmer = |language| {
            TextAnalyzer::builder(WhitespaceTokenizer::default())
                .filter(Stemmer::new(language))
                .build()
        };
        let stemmers = Stemmers {
            dutch: stemmer(StemLanguage::Dutch),
            french: stemmer(StemLanguage::French),
            english: stemmer(StemLanguage::English),
        };
        let synonyms = Synonyms::new(synonyms, |term, language| {
            let words: Vec<String> = words::all_words(term)
                .into_iter()
                .map(|word| word.text)
                .collect();
            stemmers.stems(&words, language)
        });
        Self {
            stemmers,
            compounds,
            synonyms,
        }
    }

    /// The stem of each word, in order.
    pub(super) fn stems(&self, words: &[impl AsRef<str>], language: Language) -> Vec<String> {
        self.stemmers.stems(words, language)
    }

    /// The parts of a Dutch compound; none for any other word.
    pub(super) fn parts(&self, word: &str) -> Vec<String> {
        self.compounds.split(word)
    }

    /// Where terms of concepts stand in these stems.
    pub(super) fn spans(&self, stems: &[&str], language: Language) -> Vec<Span> {
        self.synonyms.spans(stems, language)
    }

    /// The concepts of one stem.
    pub(super) fn concepts(&self, stem: &str, language: Language) -> Vec<Concept> {
        self.synonyms.of_stem(stem, language)
    }

    /// Makes the terms of many texts.
    pub(super) fn reader(&self) -> Reader<'_> {
        Reader {
            analyser: self,
            known: HashMap::new(),
        }
    }
}

/// Makes the terms of many texts for the index; it looks at each word once.
pub(super) struct Reader<'a> {
    analyser: &'a Analyser,
    known: HashMap<Language, HashMap<String, Known<'a>>>,
}

/// What is known of a word.
struct Known<'a> {
    stem: String,
    /// The terms of concepts that begin with it.
    begins: Beginning<'a>,
    parts: Vec<String>,
    concepts_of_parts: Vec<Concept>,
}

impl Reader<'_> {
    /// All terms of a text.
    pub(super) fn terms(&mut self, text: &str, language: Language) -> Terms {
        let words = words::all_words(text);
        let analyser = self.analyser;
        let known = self.known.entry(language).or_default();
        for word in &words {
            if !known.contains_key(&word.text) {
                known.insert(word.text.clone(), look_at(analyser, word, language));
            }
        }
        let known: Vec<(&Known<'_>, bool)> = words
            .iter()
            .filter_map(|word| Some((known.get(&word.text)?, word.is_small)))
            .collect();
        let begins: Vec<(&str, Beginning<'_>)> = known
            .iter()
            .map(|(known, _)| (known.stem.as_str(), known.begins))
            .collect();
        let mut terms = Terms {
            concepts: spans_of(&begins)
                .into_iter()
                .flat_map(|span| span.concepts)
                .collect(),
            ..Terms::default()
        };
        for (known, is_small) in known {
            if !is_small {
                terms.stems.push(known.stem.clone());
                terms.stems.extend(known.parts.iter().cloned());
                terms.concepts.extend(&known.concepts_of_parts);
            }
        }
        terms
    }
}

fn look_at<'a>(analyser: &'a Analyser, word: &Word, language: Language) -> Known<'a> {
    let stem = analyser.stems(&[&word.text], language).concat();
    let parts = match language {
        Language::Nl if !word.is_small => analyser.parts(&word.text),
        _ => Vec::new(),
    };
    let parts = analyser.stems(&parts, language);
    let concepts_of_parts = parts
        .iter()
        .flat_map(|part| analyser.concepts(part, language))
        .collect();
    Known {
        begins: analyser.synonyms.beginning_with(&stem, language),
        stem,
        parts,
        concepts_of_parts,
    }
}

impl Stemmers {
    fn stems(&self, words: &[impl AsRef<str>], language: Language) -> Vec<String> {
        if words.is_empty() {
            return Vec::new();
        }
        let analyser = match language {
            Language::Fr => &self.french,
            Language::En => &self.english,
            _ => &self.dutch,
        };
        let prepared: Vec<&str> = words
            .iter()
            .map(|word| match language {
                Language::Fr | Language::En => word.as_ref(),
                _ => before_stemming(word.as_ref()),
            })
            .collect();
        let mut analyser = analyser.clone();
        let joined = prepared.join(" ");
        let mut stream = analyser.token_stream(&joined);
        let mut stems = Vec::with_capacity(words.len());
        while stream.advance() {
            stems.push(stream.token().text.clone());
        }
        stems
    }
}

fn before_stemming(word: &str) -> &str {
    BEFORE_STEMMING
        .iter()
        .find(|(written, _)| *written == word)
        .map_or(word, |(_, one)| one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn analyser() -> Analyser {
        let groups = [Same {
            nl: vec!["wachtwoord".into(), "paswoord".into()],
            fr: vec!["mot de passe".into()],
            en: vec!["password".into()],
        }];
        Analyser::new(Compounds::with_words([]), &groups)
    }

    #[test]
    fn forms_of_a_word_meet() {
        for forms in [
            "wachtwoord wachtwoorden paswoord",
            "bestand bestanden",
            "server servers",
            "aanval aanvallen aangevallen",
            "lek lekken gelekt lekt",
            "mail mails e-mails",
            "melding meldingen melden gemeld",
            "versleuteld versleutelde versleutelen versleuteling",
            "gehackt hacken hacker hackers",
            "klikken geklikt klik klikte",
            "gegeven gegevens",
            "factuur facturen",
            "account accounts",
            "rekening rekeningen",
            "beveiliging beveiligen beveiligd",
            "bijlage bijlagen",
            "back-up backups backup",
            "leverancier leveranciers",
        ] {
            let mut stems = analyser().stems(&words::words(forms), Language::Nl);
            stems.dedup();
            assert_eq!(stems.len(), 1, "{forms}: {stems:?}");
        }
    }

    #[test]
    fn a_compound_brings_its_parts_and_their_concepts() {
        let analyser = analyser();
        let terms = analyser.reader().terms("wachtwoordenbeleid", Language::Nl);
        let wanted = analyser.stems(&["wachtwoord", "beleid"], Language::Nl);
        for part in wanted {
            assert!(terms.stems.contains(&part), "{terms:?}");
        }
        assert_eq!(terms.concepts, [0]);
    }

    #[test]
    fn terms_of_three_languages_meet_in_one_concept() {
        for (text, language) in [
            ("Mijn paswoord vergeten", Language::Nl),
            ("les mots de passe", Language::Fr),
            ("our passwords", Language::En),
        ] {
            let terms = analyser().reader().terms(text, language);
            assert_eq!(terms.concepts, [0], "{text}");
        }
    }
}
