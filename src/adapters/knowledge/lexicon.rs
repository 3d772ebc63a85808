//! Reads `knowledge/lexicon/*.toml`: the words of triage, one language per file, any number of files.
//!
//! Only the format is checked here, and every mistake names its file and the remedy. How phrases are
//! matched stands in `domain::triage::matching`.

use crate::domain::text::fold::fold;
use crate::domain::triage::category::{Category, Kind};
use crate::domain::triage::facts::{FactKey, FactValue};
use crate::domain::triage::language::Language;
use crate::domain::triage::lexicon::{FactSign, HINT, Lexicon, Phrase};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A lexicon file that can't be used, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LexiconError {
    /// It is no TOML, or holds an unknown key.
    #[error("{problem}; every list looks like normal = [\"valse mail\", \"nepmail\"]")]
    Format {
        /// The file.
        file: String,
        /// Where and what, in the words of the TOML reader.
        problem: String,
    },
    /// A table is named after something that does not exist.
    #[error("[{table}] is unknown; write one of: {known}")]
    UnknownTable {
        /// The file.
        file: String,
        /// The table.
        table: String,
        /// What may stand there.
        known: String,
    },
    /// The language line is missing or names an unknown language.
    #[error("language = \"{language}\" is unknown; write nl, fr, en or de")]
    UnknownLanguage {
        /// The file.
        file: String,
        /// What stands there.
        language: String,
    },
    /// A phrase names a set that no file of its language has.
    #[error("the phrase \"{phrase}\" names the set @{set}; add {set} = [..] below [sets]")]
    UnknownSet {
        /// The file.
        file: String,
        /// The phrase.
        phrase: String,
        /// The set.
        set: String,
    },
    /// A phrase without letters or digits, or with an empty side of a `~`.
    #[error("the phrase \"{phrase}\" has an empty part; write words on both sides of ~ and /")]
    EmptyPhrase {
        /// The file.
        file: String,
        /// The phrase.
        phrase: String,
    },
}

impl LexiconError {
    /// The file that it stands in.
    pub fn file(&self) -> &str {
        match self {
            Self::Format { file, .. }
            | Self::UnknownTable { file, .. }
            | Self::UnknownLanguage { file, .. }
            | Self::UnknownSet { file, .. }
            | Self::EmptyPhrase { file, .. } => file,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    language: String,
    #[serde(default)]
    sets: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    category: BTreeMap<String, Weights>,
    #[serde(default)]
    kind: BTreeMap<String, Weights>,
    #[serde(default)]
    fact: BTreeMap<String, Statements>,
    #[serde(default)]
    words: Words,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Weights {
    decisive: Vec<String>,
    strong: Vec<String>,
    normal: Vec<String>,
    weak: Vec<String>,
    hint: Vec<String>,
}

impl Weights {
    /// The phrases with what they weigh.
    fn weighed(&self) -> impl Iterator<Item = (&String, f64)> {
        [
            (&self.decisive, 5.0),
            (&self.strong, 3.0),
            (&self.normal, 2.0),
            (&self.weak, 1.0),
            (&self.hint, HINT),
        ]
        .into_iter()
        .flat_map(|(phrases, weight)| phrases.iter().map(move |phrase| (phrase, weight)))
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Statements {
    yes: Vec<String>,
    no: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Words {
    negations: Vec<String>,
    doubts: Vec<String>,
    citizen: Vec<String>,
    organisation: Vec<String>,
    human: Vec<String>,
    plea: Vec<String>,
    false_alarm: Vec<String>,
    compounds: Vec<String>,
    not_typos: Vec<String>,
}

type Sets = BTreeMap<(Language, String), Vec<String>>;

/// Reads the lexicon from its files, each given as file name and text, and makes it ready for use.
pub fn load_lexicon(files: &[(String, String)]) -> Result<Lexicon, LexiconError> {
    let mut read = Vec::new();
    let mut sets = Sets::new();
    for (name, text) in files {
        let file: File = toml::from_str(text).map_err(|error| LexiconError::Format {
            file: name.clone(),
            problem: place(text, &error),
        })?;
        let language = file
            .language
            .parse()
            .ok()
            .filter(|known| *known != Language::Und);
        let language = language.ok_or_else(|| LexiconError::UnknownLanguage {
            file: name.clone(),
            language: file.language.clone(),
        })?;
        for (set, words) in &file.sets {
            let known = sets.entry((language, set.clone())).or_default();
            known.extend(words.iter().cloned());
        }
        read.push((name.as_str(), language, file));
    }
    let mut lexicon = Lexicon::default();
    for (name, language, file) in &read {
        let reader = Reader {
            name,
            language: *language,
            sets: &sets,
        };
        reader.file(file, &mut lexicon)?;
    }
    lexicon.index();
    Ok(lexicon)
}

/// The line of a mistake and what the TOML reader says of it, on one line.
fn place(text: &str, error: &toml::de::Error) -> String {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.bytes().take(start).filter(|b| *b == b'\n').count() + 1;
    format!("line {line}: {}", error.message().replace('\n', " "))
}

struct Reader<'a> {
    name: &'a str,
    language: Language,
    sets: &'a Sets,
}

impl Reader<'_> {
    fn file(&self, file: &File, lexicon: &mut Lexicon) -> Result<(), LexiconError> {
        for (name, weights) in &file.category {
            let category = self.known("category", name, Category::ALL)?;
            self.phrases(category, weights, &mut lexicon.categories)?;
        }
        let kinds = [
            Kind::Incident,
            Kind::Question,
            Kind::Subscription,
            Kind::Other,
        ];
        for (name, weights) in &file.kind {
            let kind = self.known("kind", name, &kinds)?;
            self.phrases(kind, weights, &mut lexicon.kinds)?;
        }
        for (name, statements) in &file.fact {
            let key = self.known("fact", name, FactKey::ALL)?;
            for (phrases, value) in [
                (&statements.yes, FactValue::Yes),
                (&statements.no, FactValue::No),
            ] {
                for phrase in phrases {
                    let sign = FactSign { key, value };
                    lexicon.facts.push(self.phrase(sign, phrase, 2.0)?);
                }
            }
        }
        let words = &file.words;
        lexicon.negations.extend(self.list(&words.negations)?);
        lexicon.doubts.extend(self.list(&words.doubts)?);
        lexicon.citizen.extend(self.list(&words.citizen)?);
        lexicon.organisation.extend(self.list(&words.organisation)?);
        lexicon.human.extend(self.list(&words.human)?);
        lexicon.plea.extend(self.list(&words.plea)?);
        lexicon.false_alarm.extend(self.list(&words.false_alarm)?);
        lexicon.compounds.extend(words.compounds.iter().cloned());
        lexicon.not_typos.extend(words.not_typos.iter().cloned());
        Ok(())
    }

    fn known<T: Copy + std::fmt::Display>(
        &self,
        group: &str,
        name: &str,
        all: &[T],
    ) -> Result<T, LexiconError> {
        let found = all.iter().find(|item| item.to_string() == name);
        found.copied().ok_or_else(|| {
            let names: Vec<String> = all.iter().map(ToString::to_string).collect();
            LexiconError::UnknownTable {
                file: self.name.to_owned(),
                table: format!("{group}.{name}"),
                known: names.join(", "),
            }
        })
    }

    fn phrases<T: Copy>(
        &self,
        means: T,
        weights: &Weights,
        into: &mut Vec<Phrase<T>>,
    ) -> Result<(), LexiconError> {
        for (phrase, weight) in weights.weighed() {
            into.push(self.phrase(means, phrase, weight)?);
        }
        Ok(())
    }

    fn phrase<T>(&self, means: T, phrase: &str, weight: f64) -> Result<Phrase<T>, LexiconError> {
        Ok(Phrase {
            means,
            language: self.language,
            words: self.expand(phrase)?,
            weight,
        })
    }

    fn list(&self, phrases: &[String]) -> Result<Vec<(Language, String)>, LexiconError> {
        let read = |phrase: &String| Ok((self.language, self.expand(phrase)?));
        phrases.iter().map(read).collect()
    }

    /// Puts the words of `@sets` in their place, and writes "usb-stick" also as "usbstick".
    fn expand(&self, phrase: &str) -> Result<String, LexiconError> {
        let (phrase, joint) = if phrase.contains("~~") {
            (&*phrase.replace("~~", "~"), " ~~ ")
        } else {
            (phrase, " ~ ")
        };
        let mut groups = Vec::new();
        for group in phrase.split('~') {
            let mut parts: Vec<String> = Vec::new();
            for part in group.split('/').map(str::trim) {
                match part.strip_prefix('@') {
                    Some(set) => {
                        let words = self.sets.get(&(self.language, set.to_owned()));
                        let words = words.ok_or_else(|| LexiconError::UnknownSet {
                            file: self.name.to_owned(),
                            phrase: phrase.to_owned(),
                            set: set.to_owned(),
                        })?;
                        parts.extend(words.iter().flat_map(|word| spellings(word)));
                    }
                    None => parts.extend(spellings(part)),
                }
            }
            if parts.is_empty() || parts.iter().any(String::is_empty) {
                return Err(LexiconError::EmptyPhrase {
                    file: self.name.to_owned(),
                    phrase: phrase.to_owned(),
                });
            }
            groups.push(parts.join("/"));
        }
        Ok(groups.join(joint))
    }
}

fn spellings(part: &str) -> Vec<String> {
    let mut all = vec![folded(part)];
    if part.contains('-') {
        all.push(folded(&part.replace('-', "")));
    }
    all
}

/// Folds the words and keeps the signs: `pirat*`, `zet .. uit`.
fn folded(part: &str) -> String {
    let token = |token: &str| match token.strip_suffix('*') {
        _ if token == ".." => token.to_owned(),
        Some(beginning) if !fold(beginning).is_empty() => format!("{}*", fold(beginning)),
        _ => fold(token),
    };
    let tokens: Vec<String> = part.split_whitespace().map(token).collect();
    let words: Vec<String> = tokens.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Lexicon, LexiconError> {
        load_lexicon(&[("nl.toml".to_owned(), text.to_owned())])
    }

    #[test]
    fn sets_and_spellings_are_put_in_their_place() {
        let lexicon = load(
            "language = \"nl\"\n[sets]\nstick = [\"USB-stick\", \"sleutel\"]\n\
             [category.lost-device]\nstrong = [\"@stick ~ kwijt\"]\n\
             [fact.clicked]\nyes = [\"geklikt\"]\n[words]\nnegations = [\"niet\"]\n",
        )
        .unwrap();
        assert_eq!(
            lexicon.categories[0].words,
            "usb stick/usbstick/sleutel ~ kwijt"
        );
        assert_eq!(lexicon.facts[0].means.key, FactKey::Clicked);
        assert_eq!(lexicon.negations, [(Language::Nl, "niet".to_owned())]);
    }

    #[test]
    fn mistakes_name_the_file_and_the_remedy() {
        for (text, says) in [
            ("language = \"xx\"", "write nl, fr, en or de"),
            ("language = \"nl\"\nfoo = 1", "line 2"),
            (
                "language = \"nl\"\n[category.phising]",
                "[category.phising] is unknown",
            ),
            ("language = \"nl\"\n[kind.alert]", "incident, question"),
            ("language = \"nl\"\n[fact.clickt]", "entered_credentials"),
            (
                "language = \"nl\"\n[fact.paid]\nyes = [\"@geld ~ weg\"]",
                "add geld = [..] below [sets]",
            ),
            (
                "language = \"nl\"\n[fact.paid]\nyes = [\"geld ~ \"]",
                "empty part",
            ),
        ] {
            let error = load(text).unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
            assert_eq!(error.file(), "nl.toml");
        }
    }
}

#[cfg(test)]
#[path = "lexicon_cases.rs"]
mod cases;

#[cfg(test)]
#[path = "lexicon_fact_cases.rs"]
mod fact_cases;
