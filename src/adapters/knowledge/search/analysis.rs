//! From words to the terms of the index: stems per language, the parts of Dutch compounds, and concepts.

use crate::adapters::knowledge::search::compound::Compounds;
use crate::adapters::knowledge::search::synonyms::{Beginning, Concept, Same, Span, Synonyms};
use crate::domain::triage::language::Language;
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

/// Turns words into terms, the same way for what is indexed and what is asked.
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
        let synonyms = Synonyms::new(synonyms, |words, language| stemmers.stems(words, language));
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

    /// The terms of concepts that begin with a stem.
    pub(super) fn beginning_with(&self, stem: &str, language: Language) -> Beginning<'_> {
        self.synonyms.beginning_with(stem, language)
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
    use crate::adapters::knowledge::search::reader::Reader;
    use crate::adapters::knowledge::search::vocabulary::Vocabulary;
    use crate::adapters::knowledge::search::words::all_words;

    fn analyser() -> Analyser {
        let groups = [Same {
            nl: vec!["wachtwoord".into(), "paswoord".into()],
            fr: vec!["mot de passe".into()],
            en: vec!["password".into()],
        }];
        Analyser::new(Compounds::with_words([]), &groups)
    }

    /// The stems of a text, and its concepts.
    fn terms(text: &str, language: Language) -> (String, String) {
        let (mut vocabulary, analyser) = (Vocabulary::default(), analyser());
        let read = vocabulary.read(text);
        let texts = std::iter::once(read.as_slice());
        let (mut stems, mut concepts) = (String::new(), String::new());
        Reader::of(texts, language, &vocabulary, &analyser).add_terms(
            &read,
            &mut stems,
            &mut concepts,
        );
        (stems, concepts)
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
            let words: Vec<String> = all_words(forms).into_iter().map(|word| word.text).collect();
            let mut stems = analyser().stems(&words, Language::Nl);
            stems.dedup();
            assert_eq!(stems.len(), 1, "{forms}: {stems:?}");
        }
    }

    #[test]
    fn a_compound_brings_its_parts_and_their_concepts() {
        let (stems, concepts) = terms("wachtwoordenbeleid", Language::Nl);
        let stems: Vec<&str> = stems.split_whitespace().collect();
        for part in analyser().stems(&["wachtwoord", "beleid"], Language::Nl) {
            assert!(stems.contains(&part.as_str()), "{stems:?}");
        }
        assert_eq!(concepts.trim(), "0");
    }

    #[test]
    fn terms_of_three_languages_meet_in_one_concept() {
        for (text, language) in [
            ("Mijn paswoord vergeten", Language::Nl),
            ("les mots de passe", Language::Fr),
            ("our passwords", Language::En),
        ] {
            assert_eq!(terms(text, language).1.trim(), "0", "{text}");
        }
    }
}
