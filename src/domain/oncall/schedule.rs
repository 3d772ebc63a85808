//! Who is on call over a stretch of time, as stints; the gaps in it are stints of nobody.
//!
//! Works on one rotation and its exceptions; the whole roster stands in `roster`.

use crate::domain::oncall::overrides::{Because, Change, OnCall, Override, apply};
use crate::domain::oncall::people::{PersonId, RotationId};
use crate::domain::oncall::rotation::Rotation;
use crate::domain::oncall::window::Window;
use jiff::{SignedDuration, Timestamp};

/// The most hand-overs and exceptions that one answer may span. It holds a year of hourly turns on either
/// side of a moment.
pub const MOST_CHANGES: usize = 20_000;

/// How far around a moment the ends of a stint are looked for, in days.
const AROUND_DAYS: i64 = 366;

/// A window with too much in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "more than {MOST_CHANGES} hand-overs and overrides lie in this window; ask for a shorter one"
)]
pub struct TooMuch;

/// Somebody (or nobody) on call for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stint {
    /// In which rotation.
    pub rotation: RotationId,
    /// Who; nobody is a gap.
    pub person: Option<PersonId>,
    /// When it begins.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
    /// Why.
    pub because: Because,
}

impl Stint {
    /// Is nobody on call?
    pub fn is_gap(&self) -> bool {
        self.person.is_none()
    }

    /// Does the moment lie in it? Its end does not.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}

/// A rotation with the exceptions to it.
#[derive(Debug, Clone)]
pub struct Schedule<'a> {
    rotation: &'a Rotation,
    overrides: Vec<&'a Override>,
}

impl<'a> Schedule<'a> {
    /// Takes from all exceptions those to this rotation.
    pub fn new(rotation: &'a Rotation, overrides: &'a [Override]) -> Self {
        let own = overrides
            .iter()
            .filter(|one| one.rotation == *rotation.id());
        Self {
            rotation,
            overrides: own.collect(),
        }
    }

    /// Who is on call at a moment; empty is a gap.
    pub fn on_call(&self, at: Timestamp) -> Vec<OnCall> {
        let turn = self.rotation.turn_at(at);
        let turns: Vec<PersonId> = turn.into_iter().map(|turn| turn.person.clone()).collect();
        apply(&turns, &self.changes_at(at))
    }

    /// The stints in a window, in the order in which they begin, cut off at its ends. Stints that touch
    /// and tell the same are one. Fails where more than `most` hand-overs and exceptions lie in it.
    pub fn stints(&self, window: Window, most: usize) -> Result<Vec<Stint>, TooMuch> {
        let cuts = self.cuts(window, most)?;
        let ends = cuts.iter().skip(1).copied().chain([window.until()]);
        let mut stints: Vec<Stint> = Vec::new();
        // Where in `stints` those stand that reach to the cut.
        let mut open: Vec<usize> = Vec::new();
        for (from, until) in cuts.iter().copied().zip(ends) {
            let mut still = Vec::new();
            for stint in self.stints_between(from, until) {
                let same = open.iter().copied().find(|place| {
                    stints.get(*place).is_some_and(|before| {
                        before.person == stint.person && before.because == stint.because
                    })
                });
                match same.and_then(|place| Some((place, stints.get_mut(place)?))) {
                    Some((place, before)) => {
                        before.until = stint.until;
                        still.push(place);
                    }
                    None => {
                        still.push(stints.len());
                        stints.push(stint);
                    }
                }
            }
            open = still;
        }
        Ok(stints)
    }

    /// The stints in force at a moment, with their true ends: the hand-overs around it, or those of the
    /// exception that causes them. Before the start a gap begins at the moment itself; what reaches further
    /// than 366 days is cut off there.
    pub fn stints_at(&self, at: Timestamp) -> Result<Vec<Stint>, TooMuch> {
        let around = SignedDuration::from_hours(AROUND_DAYS * 24);
        let earliest = at.checked_sub(around).unwrap_or(Timestamp::MIN);
        let latest = at.checked_add(around).unwrap_or(Timestamp::MAX);
        let turn = self.rotation.turn_at(at).map(|turn| turn.window);
        let mut from = turn.map_or(at, Window::from);
        let mut until = turn.map_or(self.rotation.started(), Window::until);
        for one in self.overrides.iter().filter(|one| one.window.contains(at)) {
            from = from.min(one.window.from().max(earliest));
            until = until.max(one.window.until().min(latest));
        }
        // Only at the very end of the years there is nothing after the moment.
        let Ok(window) = Window::new(from, until) else {
            return Ok(Vec::new());
        };
        let mut stints = self.stints(window, MOST_CHANGES)?;
        stints.retain(|stint| stint.contains(at));
        Ok(stints)
    }

    fn changes_at(&self, at: Timestamp) -> Vec<&'a Change> {
        let in_force = self.overrides.iter().filter(|one| one.window.contains(at));
        in_force.map(|one| &one.change).collect()
    }

    /// The moments in a window at which something may change, its beginning first.
    fn cuts(&self, window: Window, most: usize) -> Result<Vec<Timestamp>, TooMuch> {
        let inside = |at: &Timestamp| window.from() < *at && *at < window.until();
        let hand_overs = self
            .rotation
            .hand_overs_after(window.from())
            .take_while(|at| *at < window.until());
        let exceptions = self
            .overrides
            .iter()
            .flat_map(|one| [one.window.from(), one.window.until()])
            .filter(inside);
        let changes = exceptions.chain(hand_overs);
        let mut cuts: Vec<Timestamp> = changes.take(most.saturating_add(1)).collect();
        if cuts.len() > most {
            return Err(TooMuch);
        }
        cuts.push(window.from());
        cuts.sort_unstable();
        cuts.dedup();
        Ok(cuts)
    }

    /// The stints of a stretch in which nothing changes: at least one, if only of nobody.
    fn stints_between(&self, from: Timestamp, until: Timestamp) -> Vec<Stint> {
        let stint = |person, because| Stint {
            rotation: self.rotation.id().clone(),
            person,
            from,
            until,
            because,
        };
        let on_call = self.on_call(from);
        if on_call.is_empty() {
            let turn = self.rotation.turn_at(from);
            let because = turn.map_or(Because::NotStarted, |turn| {
                Because::Removed(turn.person.clone())
            });
            return vec![stint(None, because)];
        }
        on_call
            .into_iter()
            .map(|one| stint(Some(one.person), one.because))
            .collect()
    }
}
