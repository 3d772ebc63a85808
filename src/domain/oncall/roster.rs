//! The roster: everything that the settings say about being on call, and who a target is at a moment.
//!
//! It believes what it is given: a name that nobody has simply reaches nobody. The settings are checked
//! where they are read.

use crate::domain::address::EmailAddress;
use crate::domain::oncall::climb::Climb;
use crate::domain::oncall::office::Office;
use crate::domain::oncall::overrides::{Change, Override};
use crate::domain::oncall::people::{Channel, Person, PersonId, Role, RotationId};
use crate::domain::oncall::policy::{Policies, Target};
use crate::domain::oncall::rotation::Rotation;
use crate::domain::oncall::schedule::{MOST_CHANGES, Schedule, Stint, TooMuch};
use crate::domain::oncall::window::Window;
use crate::domain::triage::category::Severity;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Everything about being on call. The default is nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// Who there is.
    pub people: Vec<Person>,
    /// Who take turns.
    pub rotations: Vec<Rotation>,
    /// The exceptions, in the order in which they were written.
    pub overrides: Vec<Override>,
    /// What is done for each severity.
    pub policies: Policies,
    /// When the office is open.
    pub office: Office,
}

impl Default for Roster {
    fn default() -> Self {
        Self {
            people: Vec::new(),
            rotations: Vec::new(),
            overrides: Vec::new(),
            policies: Policies::default(),
            office: Office::usual(TimeZone::UTC),
        }
    }
}

/// Somebody to wake, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice<'a> {
    /// Whom.
    pub person: &'a Person,
    /// By which ways: those of the step that the person has, in the order of the step. Never empty.
    pub channels: Vec<Channel>,
}

impl Roster {
    /// The mail addresses of all who have one.
    pub fn addresses(&self) -> Vec<EmailAddress> {
        let mails = self.people.iter().map(|person| person.mail.clone());
        mails.flatten().collect()
    }

    /// The person with this id.
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people.iter().find(|person| person.id == *id)
    }

    /// The rotation with this id.
    pub fn rotation(&self, id: &RotationId) -> Option<&Rotation> {
        self.rotations.iter().find(|rotation| rotation.id() == id)
    }

    /// Everybody with this role, in the order of the settings.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &Person> {
        self.people
            .iter()
            .filter(move |person| person.roles.contains(&role))
    }

    /// One rotation with the exceptions to it.
    pub fn schedule<'a>(&'a self, rotation: &'a Rotation) -> Schedule<'a> {
        Schedule::new(rotation, &self.overrides)
    }

    /// Who is on call over a window: the stints of the first rotation, then those of the next, each in the
    /// order in which they begin, cut off at the ends of the window.
    pub fn stints(&self, window: Window) -> Result<Vec<Stint>, TooMuch> {
        let mut stints = Vec::new();
        for rotation in &self.rotations {
            let most = MOST_CHANGES.saturating_sub(stints.len());
            stints.extend(self.schedule(rotation).stints(window, most)?);
        }
        Ok(stints)
    }

    /// When nobody is on call in a rotation, over a window.
    pub fn gaps(&self, window: Window) -> Result<Vec<Stint>, TooMuch> {
        let mut stints = self.stints(window)?;
        stints.retain(Stint::is_gap);
        Ok(stints)
    }

    /// The stints in force at a moment, with their true ends; see [`Schedule::stints_at`].
    pub fn stints_at(&self, at: Timestamp) -> Result<Vec<Stint>, TooMuch> {
        let mut stints = Vec::new();
        for rotation in &self.rotations {
            stints.extend(self.schedule(rotation).stints_at(at)?);
        }
        Ok(stints)
    }

    /// Does this exception change nothing, because it takes off or replaces somebody whose turn it never is
    /// while it holds? Where its window has too much in it to tell, it counts as changing something.
    pub fn is_idle(&self, exception: &Override) -> bool {
        let person = match &exception.change {
            Change::Add(_) => return false,
            Change::Remove(person) | Change::Replace { person, .. } => person,
        };
        let Some(rotation) = self.rotation(&exception.rotation) else {
            return true;
        };
        let turns = Schedule::new(rotation, &[]).stints(exception.window, MOST_CHANGES);
        turns.is_ok_and(|turns| {
            turns
                .iter()
                .all(|turn| turn.person.as_ref() != Some(person))
        })
    }

    /// Who the targets are at a moment: in the order of the targets, nobody twice.
    pub fn resolve(&self, targets: &[Target], at: Timestamp) -> Vec<&Person> {
        let mut found: Vec<&Person> = Vec::new();
        for person in targets.iter().flat_map(|target| self.meant_by(target, at)) {
            if found.iter().all(|known| known.id != person.id) {
                found.push(person);
            }
        }
        found
    }

    /// Who is woken, and how, when these targets are notified by these ways at a moment. Who has none of
    /// the ways is not among them.
    pub fn notices(
        &self,
        targets: &[Target],
        channels: &[Channel],
        at: Timestamp,
    ) -> Vec<Notice<'_>> {
        let notice = |person: &'_ Person| -> Vec<Channel> {
            let has = channels.iter().filter(|channel| person.has(**channel));
            has.copied().collect()
        };
        self.resolve(targets, at)
            .into_iter()
            .map(|person| Notice {
                person,
                channels: notice(person),
            })
            .filter(|notice| !notice.channels.is_empty())
            .collect()
    }

    /// The climb of a page for a severity; nothing where no policy says what to do.
    pub fn climb(&self, severity: Severity, began: Timestamp) -> Option<Climb<'_>> {
        Some(Climb {
            policy: self.policies.of(severity)?,
            office: &self.office,
            began,
        })
    }

    fn meant_by(&self, target: &Target, at: Timestamp) -> Vec<&Person> {
        match target {
            Target::Person(id) => self.person(id).into_iter().collect(),
            Target::Role(role) => self.with_role(*role).collect(),
            Target::Rotation(id) => {
                let rotation = self.rotation(id);
                let on_call = rotation.map(|rotation| self.schedule(rotation).on_call(at));
                let on_call = on_call.unwrap_or_default();
                on_call
                    .iter()
                    .filter_map(|one| self.person(&one.person))
                    .collect()
            }
        }
    }
}
