//! From words to the terms of the index: stems per language, and the parts of Dutch compounds.

use crate::adapters::knowledge::compound::Compounds;
use crate::adapters::knowledge::words;
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

/// Turns texts into terms, the same way for what is indexed and what is asked.
#[derive(Clone)]
pub struct Analyser {
    dutch: TextAnalyzer,
    french: TextAnalyzer,
    english: TextAnalyzer,
    compounds: Compounds,
}

impl Analyser {
    /// With the shipped parts of compounds, and these words as further parts.
    pub fn new(compounds: Compounds) -> Self {
        let stemmer = |language| {
            TextAnalyzer::builder(WhitespaceTokenizer::default())
                .filter(Stemmer::new(language))
                .build()
        };
        Self {
            dutch: stemmer(StemLanguage::Dutch),
            french: stemmer(StemLanguage::French),
            english: stemmer(StemLanguage::English),
            compounds,
        }
    }

    /// The stem of each word, in order.
    pub fn stems(&self, words: &[String], language: Language) -> Vec<String> {
        let analyser = match language {
            Language::Fr => &self.french,
            Language::En => &self.english,
            _ => &self.dutch,
        };
        let prepared: Vec<&str> = words
            .iter()
            .map(|word| match language {
                Language::Nl => before_stemming(word),
                _ => word.as_str(),
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

    /// The stems of the parts of a Dutch compound; none for any other word.
    pub fn parts(&self, word: &str) -> Vec<String> {
        let parts = self.compounds.split(word);
        if parts.is_empty() {
            return parts;
        }
        self.stems(&parts, Language::Nl)
    }

    /// All terms of a text for the index, separated by spaces.
    pub fn terms(&self, text: &str, language: Language) -> String {
        let words = words::words(text);
        let mut terms = self.stems(&words, language);
        if language == Language::Nl {
            for word in &words {
                terms.extend(self.parts(word));
            }
        }
        terms.join(" ")
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

    #[test]
    fn forms_of_a_word_meet() {
        let analyser = Analyser::new(Compounds::with_words([]));
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
            let mut stems = analyser.stems(&words::words(forms), Language::Nl);
            stems.dedup();
            assert_eq!(stems.len(), 1, "{forms}: {stems:?}");
        }
    }

    #[test]
    fn a_compound_brings_its_parts() {
        let analyser = Analyser::new(Compounds::with_words([]));
        let terms = analyser.terms("wachtwoordenbeleid", Language::Nl);
        let wanted = analyser.stems(&["wachtwoord".into(), "beleid".into()], Language::Nl);
        for part in wanted {
            assert!(terms.split(' ').any(|term| term == part), "{terms}");
        }
    }
}
