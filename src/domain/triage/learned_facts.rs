//! Facts that labelled reports taught to read: they complete what phrases of the lexicon state, and doubt what the
//! other words make unlikely. What a reporter answered, or said before, stands.

use crate::domain::text::fold::Folded;
use crate::domain::triage::assessment::Assessment;
use crate::domain::triage::facts::{FactKey, FactValue, Facts};
use crate::domain::triage::trained::model::Reading;
use crate::domain::triage::trained::outcome::{FACTS, Head, Row, SAID};

/// From this likelihood on a fact is read out of words that no phrase of the lexicon fits.
const READ: f64 = 0.55;
/// The same in the middle of a conversation or out of a few words, which say less by themselves.
const READ_LATER: f64 = 0.75;
/// Fewer words than these are a few.
const ENOUGH_WORDS: usize = 6;
/// The same of its being contained.
const READ_CONTAINED: f64 = 0.75;
/// The same of its being over: a past tense ("onze website werd beklad") tells only that it began.
const READ_OVER: f64 = 0.85;
/// What a phrase says is in doubt where all words together make it less likely than this.
const DOUBTED: f64 = 0.10;

/// Completes the facts of a first report, or of a conversation with what this message adds.
pub(crate) fn complete(
    facts: &mut Facts,
    reading: &Reading<'_>,
    points: &Row,
    text: &Folded<'_>,
    earlier: Option<&Assessment>,
) {
    let says_little = earlier.is_some() || text.words.len() < ENOUGH_WORDS;
    let enough = if says_little { READ_LATER } else { READ };
    // "Our website was defaced." tells only when.
    let talks_on = earlier.is_some_and(Assessment::names_an_incident);
    let may_let_sleep = talks_on || text.words.len() >= ENOUGH_WORDS;
    for (head, key) in (0..).map(Head::Fact).zip(FACTS) {
        let shares = head.shares(points);
        // Lives come before a false alarm.
        let may_be_doubted = earlier.is_none() && key != FactKey::Danger;
        if may_be_doubted && is_doubted(key, facts.get(key), &shares) {
            facts.state(key, FactValue::Unknown, "");
        }
        if !facts.get(key).is_unknown() {
            continue;
        }
        let told = (0..).zip(SAID.into_iter().zip(shares));
        let told = told.filter(|(_, (value, _))| may_let_sleep || !lets_sleep(key, *value));
        let likely = told.filter(|(_, (value, share))| *share >= enough.max(least(key, *value)));
        let best = likely.max_by(|one, other| one.1.1.total_cmp(&other.1.1));
        if let Some((outcome, (value, _))) = best {
            let words = reading.telling_words(head, outcome, text);
            facts.state(key, value, words.join(", "));
        }
    }
}

/// That it is contained, or over, takes first steps away and lets people sleep: that must be likelier than the rest.
fn least(key: FactKey, value: FactValue) -> f64 {
    match key {
        FactKey::Contained if value.holds() => READ_CONTAINED,
        _ if is_over(key, value) => READ_OVER,
        _ => READ,
    }
}

/// Does it say that it is contained or over?
fn lets_sleep(key: FactKey, value: FactValue) -> bool {
    is_over(key, value) || key == FactKey::Contained && value.holds()
}

/// Does it say that it no longer goes on?
fn is_over(key: FactKey, value: FactValue) -> bool {
    key == FactKey::Ongoing && value.is_denied()
}

/// What is said to be so, or to be over. A phrase that denies anything else ("geen enkele gelukt") is seldom misread.
fn is_doubted(key: FactKey, known: FactValue, shares: &[f64]) -> bool {
    let mut told = SAID.into_iter().zip(shares);
    let share = told.find(|(value, _)| {
        value.holds() && known.holds() || value.is_denied() && is_over(key, known)
    });
    share.is_some_and(|(_, share)| *share < DOUBTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_phrase_says_is_doubted_and_only_where_it_is_unlikely() {
        let shares = [0.05, 0.04];
        for (known, expected) in [
            (FactValue::Yes, true),
            (FactValue::Number(3), true),
            (FactValue::No, false),
            (FactValue::Number(0), false),
            (FactValue::Unknown, false),
        ] {
            let found = is_doubted(FactKey::AdminRights, known, &shares);
            assert_eq!(found, expected, "{known:?}");
        }
        let over = (FactKey::Ongoing, FactValue::No);
        assert!(is_doubted(over.0, over.1, &shares), "people would sleep");
        assert!(!is_doubted(
            FactKey::AdminRights,
            FactValue::Yes,
            &[DOUBTED, 0.0]
        ));
    }

    #[test]
    fn what_somebody_did_is_not_learned() {
        for key in FACTS {
            assert!(!key.is_a_deed(), "{key}");
        }
    }
}
