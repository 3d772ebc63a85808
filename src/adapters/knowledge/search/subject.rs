//! Whether a question is about the subject of this knowledge at all, told by all its words: how often each stands in what
//! people ask here, and how often in what nothing here answers.
//!
//! Which entry answers is decided elsewhere: that looks at the few words that say much. Here those count too that say
//! little one by one: who writes "mijn kaart" asks the town hall, who writes "onze servers" asks us. Naive Bayes with
//! multinomial counts (Manning, Raghavan, Schütze: Introduction to Information Retrieval, 13.2).

use crate::adapters::knowledge::search::vocabulary::{Vocabulary, WordId};
use crate::adapters::knowledge::search::words::ByWord;
use std::collections::BTreeSet;

/// What is added to each count, so that a word that was seen on one side only isn't proof. This and the next two are
/// measured: `tests/corpora/questions.rs`.
const SMOOTHING: f32 = 0.5;
/// From here on there is no doubt: the log odds of all words, divided by the root of their number.
const NO_DOUBT: f64 = 1.5;
/// The most that counts as doubt.
const MOST_DOUBT: f64 = 4.0;
/// The doubt where nothing tells: no word is known, or too little is asked on one side. Some, so that whatever has no list
/// of other questions isn't quicker to answer.
const UNTOLD: f64 = 0.6;
/// More words than this make it no clearer: a mail has a signature, and words that say little in plenty.
const CLEAR_ENOUGH: usize = 30;
/// Fewer words than this on one side tell nothing: a folder that lacks most of what people ask would doubt its own.
const LEAST_WORDS: u32 = 2_000;

/// The log odds of each word, folded.
#[derive(Debug, Default)]
pub(super) struct Subject(ByWord<String, f32>);

impl Subject {
    /// Counts the words of what is asked here, and of what is asked elsewhere.
    pub(super) fn of<'a>(
        vocabulary: &Vocabulary,
        here: impl Iterator<Item = &'a [WordId]>,
        elsewhere: impl Iterator<Item = &'a [WordId]>,
    ) -> Self {
        let (here, elsewhere) = (count(vocabulary, here), count(vocabulary, elsewhere));
        let (all_here, all_elsewhere): (u32, u32) = (here.iter().sum(), elsewhere.iter().sum());
        if all_here.min(all_elsewhere) < LEAST_WORDS {
            return Self::default();
        }
        // Spellings that are one word have several numbers, and count together.
        let mut times: ByWord<&str, (u32, u32)> = ByWord::default();
        for (word, (here, elsewhere)) in vocabulary.words().zip(here.iter().zip(&elsewhere)) {
            let times = times.entry(&word.text).or_default();
            *times = (times.0 + here, times.1 + elsewhere);
        }
        times.retain(|_, times| *times != (0, 0));
        let different = times.len();
        let odds = times.into_iter().map(|(word, (here, elsewhere))| {
            let odds = log_share(here, all_here, different)
                - log_share(elsewhere, all_elsewhere, different);
            (word.to_owned(), odds)
        });
        Self(odds.collect())
    }

    /// How much doubt there is that a question of these words, folded, small ones included, is about the subject: from
    /// 0, none, to 4. Each counts once.
    #[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
    pub(super) fn doubt<'a>(&self, words: impl Iterator<Item = &'a str>) -> f64 {
        let different: BTreeSet<&str> = words.collect();
        let known = different.into_iter().filter_map(|word| self.0.get(word));
        let (sum, count) = known.fold((0.0, 0_usize), |(sum, count), odds| {
            (sum + f64::from(*odds), count + 1)
        });
        if count == 0 {
            return UNTOLD;
        }
        let odds = sum / count as f64 * (count.min(CLEAR_ENOUGH) as f64).sqrt();
        (NO_DOUBT - odds).clamp(0.0, MOST_DOUBT)
    }
}

/// How often each word of a vocabulary stands in some texts.
fn count<'a>(vocabulary: &Vocabulary, texts: impl Iterator<Item = &'a [WordId]>) -> Vec<u32> {
    let mut times = vec![0; vocabulary.len()];
    for word in texts.flatten() {
        if let Some(times) = times.get_mut(word.place()) {
            *times += 1;
        }
    }
    times
}

/// The share of a word among all on its side, as a logarithm.
#[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
fn log_share(times: u32, all: u32, different: usize) -> f32 {
    ((times as f32 + SMOOTHING) / (all as f32 + SMOOTHING * different as f32)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each of these questions many times, so that it is enough.
    fn subject(here: &[&str], elsewhere: &[&str]) -> Subject {
        let mut vocabulary = Vocabulary::default();
        let mut read = |texts: &[&str]| -> Vec<Vec<WordId>> {
            let times = usize::try_from(LEAST_WORDS).unwrap();
            let texts = texts.iter().map(|text| vocabulary.read(text).repeat(times));
            texts.collect()
        };
        let (here, elsewhere) = (read(here), read(elsewhere));
        Subject::of(
            &vocabulary,
            here.iter().map(Vec::as_slice),
            elsewhere.iter().map(Vec::as_slice),
        )
    }

    fn doubt(subject: &Subject, question: &str) -> f64 {
        subject.doubt(question.split(' '))
    }

    const HERE: [&str; 2] = [
        "hoe herstellen wij onze servers en het wachtwoord",
        "herstel van het netwerk na een aanval op onze servers, paswoord",
    ];
    const ELSEWHERE: [&str; 3] = [
        "wanneer is mijn straat hersteld",
        "wie herstelt mijn stoep",
        "mijn kaart is weg",
    ];

    #[test]
    fn words_of_other_questions_make_doubt() {
        let subject = subject(&HERE, &ELSEWHERE);
        let ours = doubt(&subject, "herstel onze servers na een aanval");
        let theirs = doubt(&subject, "herstel mijn straat");
        assert!(ours + 2.0 < theirs, "{ours} {theirs}");
        let same = |one: &str, other: &str| {
            let (one, other) = (doubt(&subject, one), doubt(&subject, other));
            assert!((one - other).abs() < f64::EPSILON, "{one} {other}");
        };
        // What was never seen says nothing, nor what is said again; two spellings are one word.
        same("herstel mijn straat", "herstel mijn straat zomerkermis");
        same(
            "herstel mijn straat",
            "herstel mijn straat mijn mijn straat",
        );
        let words = ["wachtwoord", "servers"].map(|word| doubt(&subject, word));
        assert!(words.iter().all(|doubt| *doubt < UNTOLD), "{words:?}");
    }

    #[test]
    fn where_nothing_tells_there_is_some_doubt_whatever_is_asked() {
        let question = "mijn kaart is weg";
        let told = [
            doubt(&subject(&HERE, &[]), question),
            doubt(&subject(&[], &ELSEWHERE), question),
            doubt(&subject(&HERE, &ELSEWHERE), "zomerkermis"),
            Subject::default().doubt(std::iter::empty()),
        ];
        let differs = |doubt: &f64| (doubt - UNTOLD).abs() > f64::EPSILON;
        assert!(!told.iter().any(differs), "{told:?}");
    }

    #[test]
    fn a_long_mail_is_no_surer_than_thirty_words() {
        let here: Vec<String> = (0..200)
            .map(|number| format!("ons{number} allen{number}"))
            .collect();
        let elsewhere: Vec<String> = (0..200)
            .map(|number| format!("mijn{number} allen{number}"))
            .collect();
        let refs = |texts: &[String]| {
            texts
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(" ")
        };
        let subject = subject(&[&refs(&here)], &[&refs(&elsewhere)]);
        // Ours is one word in three: whether there are sixty words or three hundred.
        let mail = |count: usize| -> f64 {
            let words = (0..count).flat_map(|n| {
                [
                    format!("mijn{n}"),
                    format!("mijn{}", n + 100),
                    format!("ons{n}"),
                ]
            });
            let words: Vec<String> = words.collect();
            subject.doubt(words.iter().map(String::as_str))
        };
        assert!(
            (mail(20) - mail(100)).abs() < 0.01,
            "{} {}",
            mail(20),
            mail(100)
        );
    }
}
