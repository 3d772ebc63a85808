//! Reads facts out of found phrases: what is stated, denied, or left open.
//!
//! Numbers are read by `triage::numbers`. Nothing is guessed: a fact that no word states stays unknown.

use crate::domain::text::fold::Folded;
use crate::domain::triage::facts::{FactKey, FactValue, Facts};
use crate::domain::triage::lexicon::FactSign;
use crate::domain::triage::matching::{Hit, Meaning};
use crate::domain::triage::near::{Span, sentences};
use crate::domain::triage::polarity::{Polarity, Turns};
use std::collections::BTreeMap;

/// A sentence that begins so and ends with a question mark asks whether something is so.
const ASKS_WHETHER: &[&str] = &[
    "is", "zijn", "was", "heeft", "hebben", "hebt", "kan", "kunnen", "zou", "zouden", "als",
    "indien", "stel", "mag", "mogen", "moet", "moeten", "est", "sont", "a", "ont", "avez", "peut",
    "si", "faut", "are", "has", "have", "did", "does", "do", "could", "can", "should", "if",
];

/// A phrase has no more words than this.
const LONGEST: usize = 12;

/// Facts from the found phrases.
pub(crate) fn read(text: &Folded<'_>, hits: &[Hit], turns: &Turns) -> Facts {
    let sentences = sentences(text);
    let mut statements: BTreeMap<FactKey, Vec<(FactValue, Span)>> = BTreeMap::new();
    let phrases: Vec<(&Hit, FactSign)> = hits
        .iter()
        .filter_map(|hit| match hit.entry.meaning {
            Meaning::Fact(sign) => Some((hit, sign)),
            _ => None,
        })
        .collect();
    let spoken: Vec<(Span, FactSign)> = phrases
        .iter()
        .filter(|(hit, _)| hit.parts.len() == 1 && hit.size() > 1)
        .map(|(hit, sign)| (hit.span(), *sign))
        .collect();
    for (hit, sign) in phrases {
        if part_of_the_opposite(hit, sign, &spoken) {
            continue;
        }
        let asked = sentences
            .get(hit.sentence)
            .is_some_and(|sentence| asks_whether(text, *sentence));
        let value = match turns.of(text, hit) {
            Polarity::Open => FactValue::Unknown,
            _ if asked => FactValue::Unknown,
            Polarity::Stated => sign.value,
            Polarity::Denied => denied(sign),
        };
        let known = statements.entry(sign.key).or_default();
        known.push((value, hit.span()));
    }
    let mut facts = Facts::default();
    for (key, said) in &statements {
        // What is worse wins over what is open, and that over what is better.
        let weigh = |value: FactValue| match value {
            FactValue::Unknown => 1,
            value if value == worse(*key) => 2,
            _ => 0,
        };
        if let Some((value, span)) = said.iter().max_by_key(|(value, _)| weigh(*value)) {
            facts.state(*key, *value, quote(text, *span));
        }
    }
    facts
}

/// "Before it was opened" is no word of something that was opened.
fn part_of_the_opposite(hit: &Hit, sign: FactSign, spoken: &[(Span, FactSign)]) -> bool {
    let from = spoken.partition_point(|(span, _)| span.first + LONGEST < hit.span().first);
    spoken
        .iter()
        .skip(from)
        .take_while(|(span, _)| span.first <= hit.span().last)
        .any(|(span, other)| {
            let wider = |part: &Span| span.is_wider_than(*part);
            other.key == sign.key && other.value != sign.value && hit.parts.iter().any(wider)
        })
}

/// The words of a find, shortened where they run on.
fn quote(text: &Folded<'_>, span: Span) -> String {
    text.quote(span.first, span.last.min(span.first + 12))
        .to_owned()
}

/// Does a sentence ask whether something is so?
pub(crate) fn asks_whether(text: &Folded<'_>, sentence: Span) -> bool {
    let word = |at: usize| text.words.get(at);
    word(sentence.last).is_some_and(|last| last.asked)
        && word(sentence.first).is_some_and(|first| ASKS_WHETHER.contains(&first.text.as_str()))
}

/// What a denied phrase says. "Niet weggegooid" doesn't say that it was clicked: what somebody did is told, or asked.
fn denied(sign: FactSign) -> FactValue {
    match sign.value {
        FactValue::Yes => FactValue::No,
        FactValue::No if sign.key.is_a_deed() => FactValue::Unknown,
        FactValue::No => FactValue::Yes,
        other => other,
    }
}

/// The value that makes an incident worse.
fn worse(key: FactKey) -> FactValue {
    match key {
        FactKey::Contained | FactKey::EncryptedDevice | FactKey::CauseKnown => FactValue::No,
        _ => FactValue::Yes,
    }
}
