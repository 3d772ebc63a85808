//! The climb: when each rung of a page is due, and when a page has reached nobody.
//!
//! Pure arithmetic on a policy and the moment at which the page began. It does not know whether somebody
//! acknowledged; the timers of a ticket do.
//!
//! A rung is a step in a round. The rungs are numbered from 0: first all steps of the first round, then
//! those of the next. A round begins `repeat.after` after the last step of the one before it. Where the
//! policy keeps office hours every delay counts only the time in which the office is open, so a page at night
//! begins at the next opening; an office that never opens is no reason to wake nobody, and then the clock is
//! taken.

use crate::domain::oncall::office::Office;
use crate::domain::oncall::people::Channel;
use crate::domain::oncall::policy::{Hours, Policy, Target};
use jiff::{SignedDuration, Timestamp};

/// One page on its way up.
#[derive(Debug, Clone, Copy)]
pub struct Climb<'a> {
    /// What is done for this severity.
    pub policy: &'a Policy,
    /// When the office is open.
    pub office: &'a Office,
    /// When the page began.
    pub began: Timestamp,
}

/// What comes after a rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Another rung.
    Rung,
    /// Nothing: if nobody answers, the climb has reached nobody at [`Climb::fruitless_at`].
    Nothing,
}

/// One rung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung<'a> {
    /// Its number, from 0.
    pub number: u32,
    /// When it is due.
    pub due: Timestamp,
    /// Whom it wakes.
    pub notify: &'a [Target],
    /// By which ways.
    pub channels: &'a [Channel],
    /// What comes after it.
    pub next: Next,
}

impl<'a> Climb<'a> {
    /// The rung with this number, counted from 0; nothing after the last.
    pub fn rung(&self, number: u32) -> Option<Rung<'a>> {
        let steps = u32::try_from(self.policy.steps().len()).ok()?;
        let round = number.checked_div(steps)?;
        let times = u32::from(self.policy.repeat().times);
        if round > times {
            return None;
        }
        let place = usize::try_from(number.checked_rem(steps)?).ok()?;
        let step = self.policy.steps().get(place)?;
        let delay = self.rounds(round).saturating_add(step.after);
        Some(Rung {
            number,
            due: self.wait(self.began, delay),
            notify: &step.notify,
            channels: &step.channels,
            next: if number + 1 < steps * (times + 1) {
                Next::Rung
            } else {
                Next::Nothing
            },
        })
    }

    /// All rungs, first one first: at most 220.
    pub fn rungs(self) -> impl Iterator<Item = Rung<'a>> {
        (0..).map_while(move |number| self.rung(number))
    }

    /// When the last rung has waited long enough: nobody was reached. The coordinators are told, and the
    /// reporter honestly.
    pub fn fruitless_at(&self) -> Timestamp {
        let rounds = u32::from(self.policy.repeat().times).saturating_add(1);
        self.wait(self.began, self.rounds(rounds))
    }

    /// When a ticket that was acknowledged is silent for too long, counted from the last sign of life.
    pub fn silent_at(&self, last_sign: Timestamp) -> Timestamp {
        self.wait(last_sign, self.policy.silence_after())
    }

    /// Until when a reaction holds the climb: a rung that is due before waits until then. Somebody is awake,
    /// so this runs by the clock whatever the hours of the policy.
    pub fn held_until(&self, reacted: Timestamp) -> Timestamp {
        by_the_clock(reacted, self.policy.ack_confirm())
    }

    /// How long so many rounds take.
    fn rounds(&self, rounds: u32) -> SignedDuration {
        let last = self.policy.steps().last();
        let round = last
            .map_or(SignedDuration::ZERO, |step| step.after)
            .saturating_add(self.policy.repeat().after);
        round.saturating_mul(i32::try_from(rounds).unwrap_or(i32::MAX))
    }

    fn wait(&self, from: Timestamp, delay: SignedDuration) -> Timestamp {
        let in_office_time = match self.policy.hours() {
            Hours::Always => None,
            Hours::Office => self.office.after(from, delay),
        };
        in_office_time.unwrap_or_else(|| by_the_clock(from, delay))
    }
}

fn by_the_clock(from: Timestamp, delay: SignedDuration) -> Timestamp {
    from.checked_add(delay).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::oncall::policy::{Repeat, Step};
    use jiff::tz::TimeZone;

    fn policy(hours: Hours, times: u8) -> Policy {
        let step = |minutes, target: &str| Step {
            after: SignedDuration::from_mins(minutes),
            notify: vec![target.parse().unwrap()],
            channels: vec![Channel::Matrix, Channel::Mail],
        };
        let steps = vec![
            step(0, "rotation:first"),
            step(10, "person:bob"),
            step(25, "role:coordinator"),
        ];
        let after = SignedDuration::from_mins(15);
        Policy::new(hours, steps)
            .and_then(|policy| policy.with_repeat(Repeat { times, after }))
            .unwrap()
    }

    fn office() -> Office {
        Office::usual(TimeZone::get("Europe/Brussels").unwrap())
    }

    fn climbed(policy: &Policy, began: &str) -> Vec<String> {
        let climb = Climb {
            policy,
            office: &office(),
            began: began.parse().unwrap(),
        };
        climb
            .rungs()
            .map(|rung| {
                let end = if rung.next == Next::Nothing {
                    " last"
                } else {
                    ""
                };
                let target = rung.notify.first().unwrap();
                format!("{} {target}{end}", rung.due)
            })
            .chain([format!("{} nobody", climb.fruitless_at())])
            .collect()
    }

    #[test]
    fn at_any_hour_the_steps_run_by_the_clock() {
        assert_eq!(
            climbed(&policy(Hours::Always, 1), "2026-12-25T02:00:00Z"),
            [
                "2026-12-25T02:00:00Z rotation:first",
                "2026-12-25T02:10:00Z person:bob",
                "2026-12-25T02:25:00Z role:coordinator",
                "2026-12-25T02:40:00Z rotation:first",
                "2026-12-25T02:50:00Z person:bob",
                "2026-12-25T03:05:00Z role:coordinator last",
                "2026-12-25T03:20:00Z nobody",
            ]
        );
    }

    #[test]
    fn in_office_hours_the_steps_wait_for_the_office() {
        // The night before Easter: the office opens on Tuesday, in summer time.
        assert_eq!(
            climbed(&policy(Hours::Office, 0), "2026-04-04T22:00:00Z"),
            [
                "2026-04-07T07:00:00Z rotation:first",
                "2026-04-07T07:10:00Z person:bob",
                "2026-04-07T07:25:00Z role:coordinator last",
                "2026-04-07T07:40:00Z nobody",
            ]
        );
        // Five minutes before the office closes for Christmas.
        assert_eq!(
            climbed(&policy(Hours::Office, 0), "2026-12-24T15:55:00Z"),
            [
                "2026-12-24T15:55:00Z rotation:first",
                "2026-12-28T08:05:00Z person:bob",
                "2026-12-28T08:20:00Z role:coordinator last",
                "2026-12-28T08:35:00Z nobody",
            ]
        );
    }

    #[test]
    fn an_acknowledgement_holds_and_silence_pages_again() {
        let policy = policy(Hours::Office, 0);
        let climb = Climb {
            policy: &policy,
            office: &office(),
            began: "2026-11-23T15:30:00Z".parse().unwrap(),
        };
        let held = climb.held_until("2026-11-23T15:55:00Z".parse().unwrap());
        assert_eq!(held.to_string(), "2026-11-23T16:05:00Z");
        let silent = climb.silent_at("2026-11-23T15:30:00Z".parse().unwrap());
        assert_eq!(silent.to_string(), "2026-11-24T08:30:00Z");
    }

    #[test]
    fn the_end_of_the_years_is_no_panic_and_the_climb_ends() {
        let policy = policy(Hours::Office, 10);
        let climb = Climb {
            policy: &policy,
            office: &office(),
            began: Timestamp::MAX,
        };
        assert_eq!(climb.rungs().count(), 33);
        assert_eq!(climb.rung(u32::MAX), None);
        assert_eq!(climb.fruitless_at(), Timestamp::MAX);
    }
}
