//! What is done to wake somebody for a ticket of one severity: the steps, and how long each thing waits.
//!
//! When a step is due is reckoned in `climb`; who a target is at a moment, in `roster`.

use crate::domain::oncall::people::{Channel, PersonId, Role, RotationId};
use crate::domain::triage::category::{Severity, closed_list};
use jiff::SignedDuration;
use std::fmt;
use std::str::FromStr;

/// The most steps of a policy.
pub const MOST_STEPS: usize = 20;
/// The most times that the steps begin again.
pub const MOST_REPEATS: u8 = 10;
/// The shortest that a policy waits for an answer.
pub const SHORTEST_PATIENCE: SignedDuration = SignedDuration::from_mins(1);
/// The longest that anything in a policy waits: seven days.
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long the last step waits for an answer where the settings say nothing.
pub const USUAL_REPEAT_AFTER: SignedDuration = SignedDuration::from_mins(15);
/// How long an acknowledged ticket may stay silent where the settings say nothing.
pub const USUAL_SILENCE_AFTER: SignedDuration = SignedDuration::from_mins(60);
/// How long a reaction holds the climb where the settings say nothing.
pub const USUAL_ACK_CONFIRM: SignedDuration = SignedDuration::from_mins(10);

closed_list! {
    /// When a policy wakes people.
    Hours {
        /// At any hour.
        Always = "always",
        /// Only while the office is open; what waits, waits in office time.
        Office = "office",
    }
}

/// Whom a step wakes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// Who is on call in this rotation at that moment.
    Rotation(RotationId),
    /// This person.
    Person(PersonId),
    /// Everybody with this role.
    Role(Role),
}

/// A text that is no target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected \"rotation:ID\", \"person:ID\", \"role:expert\" or \"role:coordinator\"")]
pub struct NotATarget;

impl FromStr for Target {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, name) = text.split_once(':').ok_or(NotATarget)?;
        match kind {
            "rotation" => name.parse().map(Self::Rotation).map_err(|_| NotATarget),
            "person" => name.parse().map(Self::Person).map_err(|_| NotATarget),
            "role" => name.parse().map(Self::Role).map_err(|_| NotATarget),
            _ => Err(NotATarget),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rotation(id) => write!(f, "rotation:{id}"),
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Role(role) => write!(f, "role:{role}"),
        }
    }
}

/// One step of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// How long after the page began, from zero to seven days.
    pub after: SignedDuration,
    /// Whom it wakes.
    pub notify: Vec<Target>,
    /// By which ways; each person by those of them that the person has.
    pub channels: Vec<Channel>,
}

/// Steps that can't be climbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    /// There is no step.
    #[error("name at least one step")]
    NoSteps,
    /// There are too many.
    #[error("at most {MOST_STEPS} steps")]
    TooManySteps,
    /// A step is not later than the one before it.
    #[error("each step must come later than the one before it")]
    Order,
    /// A step waits less than nothing or too long.
    #[error("a step comes at least 0 and at most 7 days (168h) after the page began")]
    Wait,
    /// The wait for an answer is too short or too long.
    #[error("at least 1m and at most 7 days (168h)")]
    Patience,
    /// The steps begin again too often.
    #[error("at most {MOST_REPEATS}")]
    Repeat,
}

/// How often the steps begin again while nobody acknowledges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeat {
    /// How many times after the first, at most ten.
    pub times: u8,
    /// How long the last step waits for an answer: then the steps begin again, or, after the last time, the
    /// climb has reached nobody. From one minute to seven days.
    pub after: SignedDuration,
}

impl Default for Repeat {
    fn default() -> Self {
        Self {
            times: 0,
            after: USUAL_REPEAT_AFTER,
        }
    }
}

/// What is done to wake somebody for one severity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    hours: Hours,
    steps: Vec<Step>,
    repeat: Repeat,
    silence_after: SignedDuration,
    ack_confirm: SignedDuration,
}

impl Policy {
    /// A policy of these steps, which must come one after the other; they don't repeat, and the usual waits
    /// hold.
    pub fn new(hours: Hours, steps: Vec<Step>) -> Result<Self, PolicyFault> {
        if steps.is_empty() {
            return Err(PolicyFault::NoSteps);
        }
        if steps.len() > MOST_STEPS {
            return Err(PolicyFault::TooManySteps);
        }
        let waits = SignedDuration::ZERO..=LONGEST_WAIT;
        if !steps.iter().all(|step| waits.contains(&step.after)) {
            return Err(PolicyFault::Wait);
        }
        let later = steps.iter().skip(1);
        if !steps.iter().zip(later).all(|(a, b)| a.after < b.after) {
            return Err(PolicyFault::Order);
        }
        Ok(Self {
            hours,
            steps,
            repeat: Repeat::default(),
            silence_after: USUAL_SILENCE_AFTER,
            ack_confirm: USUAL_ACK_CONFIRM,
        })
    }

    /// The same policy, repeated.
    pub fn with_repeat(self, repeat: Repeat) -> Result<Self, PolicyFault> {
        if repeat.times > MOST_REPEATS {
            return Err(PolicyFault::Repeat);
        }
        patience(repeat.after).map(|_| Self { repeat, ..self })
    }

    /// The same policy with another patience for an acknowledged ticket on which nothing happens: from one
    /// minute to seven days.
    pub fn with_silence_after(self, silence_after: SignedDuration) -> Result<Self, PolicyFault> {
        let silence_after = patience(silence_after)?;
        Ok(Self {
            silence_after,
            ..self
        })
    }

    /// The same policy with another patience for the words that must follow a reaction: from one minute to
    /// seven days.
    pub fn with_ack_confirm(self, ack_confirm: SignedDuration) -> Result<Self, PolicyFault> {
        let ack_confirm = patience(ack_confirm)?;
        Ok(Self {
            ack_confirm,
            ..self
        })
    }

    /// At which hours it wakes people.
    pub fn hours(&self) -> Hours {
        self.hours
    }

    /// The steps, first one first.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How often they begin again.
    pub fn repeat(&self) -> Repeat {
        self.repeat
    }

    /// How long an acknowledged ticket may stay silent before it pages again.
    pub fn silence_after(&self) -> SignedDuration {
        self.silence_after
    }

    /// How long a reaction holds the climb until words of the same person confirm it.
    pub fn ack_confirm(&self) -> SignedDuration {
        self.ack_confirm
    }
}

fn patience(wait: SignedDuration) -> Result<SignedDuration, PolicyFault> {
    (SHORTEST_PATIENCE..=LONGEST_WAIT)
        .contains(&wait)
        .then_some(wait)
        .ok_or(PolicyFault::Patience)
}

/// The policy of each severity. One without a policy wakes nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policies {
    /// For `critical`.
    pub critical: Option<Policy>,
    /// For `high`.
    pub high: Option<Policy>,
    /// For `medium`.
    pub medium: Option<Policy>,
    /// For `low`.
    pub low: Option<Policy>,
}

impl Policies {
    /// The policy of a severity.
    pub fn of(&self, severity: Severity) -> Option<&Policy> {
        match severity {
            Severity::Critical => self.critical.as_ref(),
            Severity::High => self.high.as_ref(),
            Severity::Medium => self.medium.as_ref(),
            Severity::Low => self.low.as_ref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(minutes: i64) -> Step {
        Step {
            after: SignedDuration::from_mins(minutes),
            notify: vec![Target::Role(Role::Expert)],
            channels: vec![Channel::Mail],
        }
    }

    fn fault_of(minutes: &[i64]) -> Option<PolicyFault> {
        let steps = minutes.iter().map(|minutes| step(*minutes)).collect();
        Policy::new(Hours::Always, steps).err()
    }

    #[test]
    fn targets_read_back_what_they_write() {
        for text in [
            "rotation:a",
            "person:anna",
            "role:expert",
            "role:coordinator",
        ] {
            let target: Target = text.parse().unwrap();
            assert_eq!(target.to_string(), text);
        }
        for wrong in ["", "anna", "person:", "role:boss", "team:a", "rotation:a b"] {
            assert!(wrong.parse::<Target>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn steps_come_one_after_the_other() {
        for (minutes, expected) in [
            (&[0, 5, 10][..], None),
            (&[5], None),
            (&[], Some(PolicyFault::NoSteps)),
            (&[0, 0], Some(PolicyFault::Order)),
            (&[10, 5], Some(PolicyFault::Order)),
            (&[-1], Some(PolicyFault::Wait)),
            (&[7 * 24 * 60 + 1], Some(PolicyFault::Wait)),
        ] {
            assert_eq!(fault_of(minutes), expected, "{minutes:?}");
        }
        let many: Vec<i64> = (0..21).collect();
        assert_eq!(fault_of(&many), Some(PolicyFault::TooManySteps));
    }

    #[test]
    fn what_repeats_and_waits_is_bounded() {
        let policy = Policy::new(Hours::Always, vec![step(0)]).unwrap();
        let often = Repeat {
            times: 11,
            ..Repeat::default()
        };
        let late = Repeat {
            after: SignedDuration::MAX,
            ..Repeat::default()
        };
        let (repeated, silent) = (policy.clone(), policy.clone());
        assert_eq!(policy.clone().with_repeat(often), Err(PolicyFault::Repeat));
        assert_eq!(repeated.with_repeat(late), Err(PolicyFault::Patience));
        assert!(silent.with_silence_after(SignedDuration::MIN).is_err());
        assert!(policy.with_ack_confirm(LONGEST_WAIT).is_ok());
    }
}
