//! The small language of conditions over facts, used by playbooks for items and severity rules.
//!
//! ```text
//! condition := clause ( " or " clause )*
//! clause    := term ( " and " term )*
//! term      := fact | "not" fact | "unknown" fact | "unless" fact | fact (">=" | "<") number | "always"
//! ```
//! `fact` holds for yes or a number above zero; `not fact` for a stated no (not for unknown);
//! `unknown fact` where nothing is known; `unless fact` for everything but yes, so for no and unknown alike.
//! There are no brackets: what needs them is two rules.

use crate::domain::triage::facts::{FactKey, FactValue, Facts};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A condition over facts, ready to be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Condition {
    written: String,
    any_of: Vec<Vec<Term>>,
}

/// What a condition asks of one fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Term {
    Always,
    Holds(FactKey),
    Denied(FactKey),
    Unknown(FactKey),
    Unless(FactKey),
    AtLeast(FactKey, u64),
    Below(FactKey, u64),
}

/// A condition that can't be read, with the part that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "can't read the condition at \"{part}\"; write for example \"paid or unknown paid\" or \"people_affected >= 100\""
)]
pub struct BadCondition {
    /// The term that is not understood.
    pub part: String,
}

impl Condition {
    /// Reads a condition.
    pub fn parse(written: &str) -> Result<Self, BadCondition> {
        let any_of = written
            .split(" or ")
            .map(|clause| clause.split(" and ").map(Term::parse).collect())
            .collect::<Result<Vec<Vec<Term>>, BadCondition>>()?;
        Ok(Self {
            written: written.trim().to_owned(),
            any_of,
        })
    }

    /// Does it hold for these facts?
    pub fn holds(&self, facts: &Facts) -> bool {
        self.any_of
            .iter()
            .any(|clause| clause.iter().all(|term| term.holds(facts)))
    }

    /// Its clauses, one of which must hold; of a clause every term. There is at least one of each.
    pub(super) fn clauses(&self) -> &[Vec<Term>] {
        &self.any_of
    }

    /// The condition as it was written.
    pub fn as_str(&self) -> &str {
        &self.written
    }
}

impl Term {
    fn parse(text: &str) -> Result<Self, BadCondition> {
        let wrong = || BadCondition {
            part: text.trim().to_owned(),
        };
        let fact = |word: &str| word.parse::<FactKey>().map_err(|_| wrong());
        let number = |word: &str| word.parse::<u64>().map_err(|_| wrong());
        match text.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["always"] => Ok(Self::Always),
            [word] => fact(word).map(Self::Holds),
            ["not", word] => fact(word).map(Self::Denied),
            ["unknown", word] => fact(word).map(Self::Unknown),
            ["unless", word] => fact(word).map(Self::Unless),
            [word, ">=", least] => Ok(Self::AtLeast(fact(word)?, number(least)?)),
            [word, "<", bound] => Ok(Self::Below(fact(word)?, number(bound)?)),
            _ => Err(wrong()),
        }
    }

    fn holds(self, facts: &Facts) -> bool {
        let value = self.fact().map(|key| facts.get(key));
        self.holds_for(value.unwrap_or_default())
    }

    /// The fact that it asks after; none for `always`.
    pub(super) fn fact(self) -> Option<FactKey> {
        match self {
            Self::Always => None,
            Self::Holds(key)
            | Self::Denied(key)
            | Self::Unknown(key)
            | Self::Unless(key)
            | Self::AtLeast(key, _)
            | Self::Below(key, _) => Some(key),
        }
    }

    /// The number with which it compares.
    pub(super) fn bound(self) -> Option<u64> {
        match self {
            Self::AtLeast(_, bound) | Self::Below(_, bound) => Some(bound),
            _ => None,
        }
    }

    /// Does it hold where this is the value of its fact?
    pub(super) fn holds_for(self, value: FactValue) -> bool {
        match self {
            Self::Always => true,
            Self::Holds(_) => value.holds(),
            Self::Denied(_) => value.is_denied(),
            Self::Unknown(_) => value.is_unknown(),
            Self::Unless(_) => !value.holds(),
            Self::AtLeast(_, least) => value.number().is_some_and(|n| n >= least),
            Self::Below(_, bound) => value.number().is_some_and(|n| n < bound),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => f.write_str("always"),
            Self::Holds(key) => write!(f, "{key}"),
            Self::Denied(key) => write!(f, "not {key}"),
            Self::Unknown(key) => write!(f, "unknown {key}"),
            Self::Unless(key) => write!(f, "unless {key}"),
            Self::AtLeast(key, least) => write!(f, "{key} >= {least}"),
            Self::Below(key, bound) => write!(f, "{key} < {bound}"),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl From<Condition> for String {
    fn from(condition: Condition) -> Self {
        condition.written
    }
}

impl TryFrom<String> for Condition {
    type Error = BadCondition;

    fn try_from(text: String) -> Result<Self, BadCondition> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::triage::facts::FactValue;

    #[test]
    fn conditions_over_known_denied_and_unknown_facts() {
        let mut facts = Facts::default();
        facts.state(FactKey::Paid, FactValue::Yes, "");
        facts.state(FactKey::Ongoing, FactValue::No, "");
        facts.state(FactKey::PeopleAffected, FactValue::Number(100), "");
        for (written, holds) in [
            ("always", true),
            ("paid", true),
            ("not paid", false),
            ("not ongoing", true),
            ("unknown clicked", true),
            ("unless clicked", true),
            ("unless ongoing", true),
            ("unless paid", false),
            ("paid and unless ongoing", true),
            ("not clicked", false),
            ("people_affected >= 100", true),
            ("people_affected < 100", false),
            ("clicked or paid", true),
            ("clicked and paid", false),
            ("clicked and paid or not ongoing", true),
            ("amount >= 1", false),
        ] {
            assert_eq!(
                Condition::parse(written).unwrap().holds(&facts),
                holds,
                "{written}"
            );
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for wrong in ["", "maybe paid", "payed", "paid >= many", "paid and "] {
            assert!(Condition::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            Condition::parse("paid and payed").unwrap_err().part,
            "payed"
        );
    }
}
