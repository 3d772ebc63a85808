//! Finds the phrases of the lexicon in a folded text, in time that grows with the text only.
//!
//! A phrase is written `valse mail` (these words, in this order), `wachtwoord/paswoord ~ ingevuld` (one
//! of the first and one of the second, in one sentence, near each other, in any order) or
//! `laptop/tablet ~~ patiënten` (the same, within three sentences). A word may be written by its
//! beginning (`chiffr*`), and a verb that Dutch and English take apart with two points (`zet .. uit`).
//! What a find means for the report is not decided here.

use crate::domain::text::fold::{Folded, fold};
use crate::domain::triage::category::{Category, Kind};
use crate::domain::triage::language::Language;
use crate::domain::triage::lexicon::{FactSign, Lexicon, Phrase};
use crate::domain::triage::near::{Finds, Part, Span, nearest, sentences};
use crate::domain::triage::vocabulary::{ByKnown, Place, Readings, Vocabulary, WordId};
use crate::domain::triage::wide::Window;
use std::collections::HashMap;

/// A phrase has at most this many words between two `~`.
const LONGEST_PART: usize = 12;
/// So many words may stand between a verb and its other half: "sloot de server af".
const LONGEST_GAP: usize = 6;

/// What a phrase speaks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Meaning {
    /// A category.
    Category(Category),
    /// A kind; `incident` for words of something that happens or happened.
    Kind(Kind),
    /// A fact.
    Fact(FactSign),
    /// It turns what follows round.
    Negation,
    /// It leaves what follows open.
    Doubt,
    /// A citizen speaks.
    Citizen,
    /// Somebody speaks for an organisation.
    Organisation,
    /// Somebody wants to speak with a human.
    WantsAHuman,
    /// Somebody asks to be called, or whether anybody is there.
    Pleads,
    /// Somebody takes his report back.
    FalseAlarm,
}

/// One phrase of the lexicon, ready to be found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    /// What it speaks for.
    pub(crate) meaning: Meaning,
    /// Its language.
    pub(crate) language: Language,
    /// How much it says.
    pub(crate) weight: f64,
    /// May its parts stand in several sentences?
    pub(crate) wide: bool,
}

/// A phrase found in a text.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    /// Its number in the lexicon: a repeated phrase has the same.
    pub(crate) phrase: u32,
    /// The phrase.
    pub(crate) entry: Entry,
    /// Where its parts stand, in the order of the text.
    pub(crate) parts: Vec<Span>,
    /// The sentence it stands in.
    pub(crate) sentence: usize,
    /// How surely it was read, up to 1.
    pub(crate) quality: f64,
}

impl Hit {
    /// From its first word to its last.
    pub(crate) fn span(&self) -> Span {
        let first = self.parts.first().map_or(0, |part| part.first);
        let last = self.parts.last().map_or(first, |part| part.last);
        Span { first, last }
    }

    /// How many words were matched.
    pub(crate) fn size(&self) -> usize {
        self.parts
            .iter()
            .map(|part| part.last - part.first + 1)
            .sum()
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    /// Patterns that begin with this group: entry, and the groups that must be near.
    begins: Vec<(u32, Vec<u32>)>,
    /// The same for patterns over several sentences.
    pub(super) begins_wide: Vec<(u32, Vec<u32>)>,
    /// Is it part of a pattern over several sentences?
    pub(super) wide: bool,
}

/// The whole lexicon, compiled once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    vocabulary: Vocabulary,
    pub(super) entries: Vec<Entry>,
    /// A trie: from a node over a word to the next node. Node 0 is the root.
    steps: ByKnown<(u32, WordId), u32>,
    /// From a node over the words between the halves of a verb.
    gaps: ByKnown<u32, u32>,
    parts: ByKnown<u32, Part>,
    pub(super) groups: Vec<Group>,
    group_ids: ByKnown<String, u32>,
    nodes: u32,
}

impl Index {
    /// Compiles a lexicon.
    pub(crate) fn new(lexicon: &Lexicon) -> Self {
        let mut index = Self::default();
        for phrase in &lexicon.categories {
            index.phrase(phrase, Meaning::Category(phrase.means));
        }
        for phrase in &lexicon.kinds {
            index.phrase(phrase, Meaning::Kind(phrase.means));
        }
        for phrase in &lexicon.facts {
            index.phrase(phrase, Meaning::Fact(phrase.means));
        }
        for (words, meaning) in [
            (&lexicon.negations, Meaning::Negation),
            (&lexicon.doubts, Meaning::Doubt),
            (&lexicon.citizen, Meaning::Citizen),
            (&lexicon.organisation, Meaning::Organisation),
            (&lexicon.human, Meaning::WantsAHuman),
            (&lexicon.plea, Meaning::Pleads),
            (&lexicon.false_alarm, Meaning::FalseAlarm),
        ] {
            for (language, phrase) in words {
                index.entry(phrase, *language, 1.0, meaning);
            }
        }
        for noun in &lexicon.compounds {
            index.vocabulary.allow_compounds(&fold(noun), Place::End);
        }
        for word in &lexicon.not_typos {
            index.vocabulary.is_no_typo(&fold(word));
        }
        index
    }

    fn phrase<T>(&mut self, phrase: &Phrase<T>, meaning: Meaning) {
        self.entry(&phrase.words, phrase.language, phrase.weight, meaning);
        let strong = phrase.weight >= 3.0;
        let fact = matches!(meaning, Meaning::Fact(_));
        let folded: Vec<String> = phrase
            .words
            .split(['~', '/'])
            .filter(|part| !part.contains(['*', '.']))
            .map(fold)
            .collect();
        for part in folded.iter().filter(|_| strong || fact) {
            let single = !part.contains(' ');
            for word in part.split(' ').filter(|word| single || word.len() >= 8) {
                self.vocabulary.forgive_typos(word);
            }
        }
        if let ([noun], true) = (folded.as_slice(), strong && phrase.language == Language::Nl)
            && !noun.contains(' ')
            && !phrase.words.contains('~')
        {
            self.vocabulary.allow_compounds(noun, Place::EitherEnd);
        }
    }

    fn entry(&mut self, words: &str, language: Language, weight: f64, meaning: Meaning) {
        let number = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.entries.push(Entry {
            meaning,
            language,
            weight,
            wide: words.contains("~~"),
        });
        let wide = words.contains("~~");
        let mut groups = words
            .split('~')
            .map(str::trim)
            .filter(|group| !group.is_empty());
        let first = groups.next().unwrap_or_default();
        let others: Vec<u32> = groups.map(|group| self.group(group, wide)).collect();
        if others.is_empty() {
            for part in first.split('/') {
                if let Some(node) = self.path(part) {
                    self.parts.entry(node).or_default().alone.push(number);
                }
            }
        } else {
            let first = self.group(first, wide);
            if let Some(group) = self.groups.get_mut(first as usize) {
                let begins = if wide {
                    &mut group.begins_wide
                } else {
                    &mut group.begins
                };
                begins.push((number, others));
            }
        }
    }

    fn group(&mut self, alternatives: &str, wide: bool) -> u32 {
        if let Some(known) = self.group_ids.get(alternatives) {
            if let Some(group) = self.groups.get_mut(*known as usize) {
                group.wide |= wide;
            }
            return *known;
        }
        let id = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
        self.groups.push(Group {
            wide,
            ..Group::default()
        });
        self.group_ids.insert(alternatives.to_owned(), id);
        for part in alternatives.split('/') {
            if let Some(node) = self.path(part) {
                self.parts.entry(node).or_default().in_groups.push(id);
            }
        }
        id
    }

    fn path(&mut self, part: &str) -> Option<u32> {
        let mut node = 0;
        for token in part.split_whitespace().take(LONGEST_PART) {
            let fresh = self.nodes + 1;
            if token == ".." {
                node = *self.gaps.entry(node).or_insert(fresh);
                self.nodes = self.nodes.max(node);
                continue;
            }
            let beginning = token.ends_with('*');
            for word in fold(token).split(' ').filter(|word| !word.is_empty()) {
                let word = if beginning {
                    self.vocabulary.add_beginning(word)
                } else {
                    self.vocabulary.add(word)
                };
                let fresh = self.nodes + 1;
                node = *self.steps.entry((node, word)).or_insert(fresh);
                self.nodes = self.nodes.max(node);
            }
        }
        (node != 0).then_some(node)
    }

    /// All phrases in a text, in the order in which they begin.
    pub(crate) fn find(&self, text: &Folded<'_>) -> Vec<Hit> {
        let mut known: HashMap<&str, Readings> = HashMap::new();
        let readings: Vec<Readings> = text
            .words
            .iter()
            .map(|word| {
                let read = || self.vocabulary.read(&word.text);
                *known.entry(&word.text).or_insert_with(read)
            })
            .collect();
        let mut hits = Vec::new();
        let mut window = Window::default();
        for (number, sentence) in sentences(text).into_iter().enumerate() {
            let mut finds = Finds::default();
            for first in sentence.first..=sentence.last {
                self.walk(&readings, Walk::start(first, sentence.last), &mut finds);
            }
            self.join(&finds, number, &mut hits);
            self.join_wide(&mut window, finds, (number, sentence), &mut hits);
        }
        hits.sort_by_key(|hit| (hit.span(), hit.phrase));
        hits
    }

    fn walk(&self, readings: &[Readings], walk: Walk, finds: &mut Finds) {
        let here = readings.get(walk.at).copied().unwrap_or_default();
        for reading in here.into_iter().flatten() {
            let Some(node) = self.steps.get(&(walk.node, reading.word)) else {
                continue;
            };
            let quality = walk.quality * reading.quality;
            // Of a verb in two halves only the first counts as its place: the object stands between.
            let span = Span {
                first: walk.first,
                last: walk.half.unwrap_or(walk.at),
            };
            if let Some(part) = self.parts.get(node) {
                finds.add(part, span, quality);
            }
            if walk.at < walk.end {
                let next = Walk {
                    node: *node,
                    at: walk.at + 1,
                    quality,
                    ..walk
                };
                self.walk(readings, next, finds);
                if let Some(gap) = self.gaps.get(node).filter(|_| walk.half.is_none()) {
                    for at in walk.at + 1..=walk.end.min(walk.at + 1 + LONGEST_GAP) {
                        let half = Walk {
                            node: *gap,
                            at,
                            half: Some(walk.at),
                            ..next
                        };
                        self.walk(readings, half, finds);
                    }
                }
            }
        }
    }

    fn join(&self, finds: &Finds, sentence: usize, hits: &mut Vec<Hit>) {
        let mut push = |phrase: u32, parts: Vec<Span>, quality: f64| {
            let entry = usize::try_from(phrase)
                .ok()
                .and_then(|at| self.entries.get(at));
            hits.extend(entry.map(|entry| Hit {
                phrase,
                entry: *entry,
                parts,
                sentence,
                quality,
            }));
        };
        for (phrase, span, quality) in &finds.alone {
            push(*phrase, vec![*span], *quality);
        }
        for (group, spans) in &finds.groups {
            let begins = usize::try_from(*group)
                .ok()
                .and_then(|at| self.groups.get(at));
            for (phrase, others) in begins
                .map(|group| group.begins.as_slice())
                .unwrap_or_default()
            {
                if let Some((parts, quality)) = nearest(spans, others, &finds.groups, false) {
                    push(*phrase, parts, quality);
                }
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Walk {
    node: u32,
    first: usize,
    at: usize,
    end: usize,
    quality: f64,
    /// The end of the first half, behind the words between two halves.
    half: Option<usize>,
}

impl Walk {
    fn start(first: usize, sentence_end: usize) -> Self {
        Self {
            node: 0,
            first,
            at: first,
            end: sentence_end.min(first + LONGEST_PART),
            quality: 1.0,
            half: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        let phrase = |words: &str, weight| Phrase {
            means: Category::Phishing,
            language: Language::Nl,
            words: words.to_owned(),
            weight,
        };
        Index::new(&Lexicon {
            categories: vec![
                phrase("valse mail", 2.0),
                phrase("wachtwoord/paswoord ~ ingevuld/ingegeven", 3.0),
                phrase("phishing", 3.0),
                phrase("sloot .. af", 2.0),
                phrase("chiffr* ~ serveur", 2.0),
                phrase("tablet/laptop ~~ patienten", 2.0),
            ],
            ..Lexicon::default()
        })
    }

    fn found(text: &str) -> Vec<String> {
        let folded = Folded::new(text);
        let quote = |hit: &Hit| folded.quote(hit.span().first, hit.span().last).to_owned();
        index().find(&folded).iter().map(quote).collect()
    }

    #[test]
    fn phrases_are_found_as_the_reporter_wrote_them() {
        assert_eq!(found("Een VALSE e... valse  Mail!"), ["valse  Mail"]);
        assert_eq!(
            found("Ik vulde in: ingevuld heb ik mijn Paswoord."),
            ["ingevuld heb ik mijn Paswoord"]
        );
        assert_eq!(found("Weer een phishingpoging"), ["phishingpoging"]);
    }

    #[test]
    fn verbs_in_two_halves_beginnings_and_neighbouring_sentences() {
        assert_eq!(found("Men sloot de mailserver meteen af."), ["sloot"]);
        assert!(found("Men sloot. De mailserver ging af.").is_empty());
        assert_eq!(
            found("le serveur a été chiffrée"),
            ["serveur a été chiffrée"]
        );
        assert_eq!(
            found("De tablet is weg. Hij lag er. Er staan 3 patiënten op."),
            ["tablet is weg. Hij lag er. Er staan 3 patiënten"]
        );
        assert!(found("De tablet. Wel. Niet. Zo. Bij patiënten.").is_empty());
    }

    #[test]
    fn phrases_end_with_their_sentence() {
        assert!(found("Dat is valse. Mail mij").is_empty());
        assert!(found("Nieuw wachtwoord. Formulier ingevuld.").is_empty());
    }

    #[test]
    fn a_sentence_without_end_is_cut() {
        let text = "wachtwoord ingevuld ".repeat(3000);
        assert!(found(&text).len() <= 6000 / 100 + 1);
    }
}
