//! Exceptions to a rotation: somebody is added, taken off, or replaced for a while.
//!
//! Every exception looks at what the rotation says, never at what another one made of it: who replaces
//! somebody is not replaced in turn, and who was added is not taken off. So two people can swap over one
//! stretch of time, and the order of the exceptions hardly matters: of two that replace the same person the
//! one written last counts, and replacing beats taking off, because somebody beats nobody.

use crate::domain::oncall::people::{PersonId, RotationId};
use crate::domain::oncall::window::Window;
use std::fmt;

/// What is different for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// This person is on call too.
    Add(PersonId),
    /// This person is not on call.
    Remove(PersonId),
    /// Somebody else takes this person's place.
    Replace {
        /// Whose place.
        person: PersonId,
        /// Who takes it.
        by: PersonId,
    },
}

/// One exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// To which rotation.
    pub rotation: RotationId,
    /// From when until when.
    pub window: Window,
    /// What is different.
    pub change: Change,
}

/// Why somebody is on call, or nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// It is this person's turn.
    Rotation,
    /// An exception added this person.
    Added,
    /// An exception put this person in the place of another.
    Replaces(PersonId),
    /// Nobody: an exception took off the one whose turn it is.
    Removed(PersonId),
    /// Nobody: the rotation has not begun.
    NotStarted,
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rotation => f.write_str("rotation"),
            Self::Added => f.write_str("override: added"),
            Self::Replaces(person) => write!(f, "override: replaces {person}"),
            Self::Removed(person) => write!(f, "override: {person} removed"),
            Self::NotStarted => f.write_str("rotation not started"),
        }
    }
}

/// Somebody on call, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnCall {
    /// Who.
    pub person: PersonId,
    /// Why.
    pub because: Because,
}

/// Who is on call once the exceptions of the moment are applied: those whose turn it is in their order,
/// each replaced where that is said, then those who were added. Nobody is named twice.
pub fn apply(turns: &[PersonId], changes: &[&Change]) -> Vec<OnCall> {
    let in_place = turns.iter().filter_map(|person| stand_in(person, changes));
    let added = changes.iter().filter_map(|change| match change {
        Change::Add(person) => Some(OnCall {
            person: person.clone(),
            because: Because::Added,
        }),
        Change::Remove(_) | Change::Replace { .. } => None,
    });
    let mut on_call: Vec<OnCall> = Vec::new();
    for one in in_place.chain(added) {
        if on_call.iter().all(|known| known.person != one.person) {
            on_call.push(one);
        }
    }
    on_call
}

/// Who stands in a place: the person whose turn it is, the last one who replaces that person, or nobody.
fn stand_in(person: &PersonId, changes: &[&Change]) -> Option<OnCall> {
    let mut removed = false;
    let mut replaced_by = None;
    for change in changes {
        match change {
            Change::Remove(off) => removed |= off == person,
            Change::Replace { person: off, by } if off == person => replaced_by = Some(by),
            Change::Replace { .. } | Change::Add(_) => {}
        }
    }
    match replaced_by {
        // Who replaces himself is there by his own turn.
        Some(by) if by != person => Some(OnCall {
            person: by.clone(),
            because: Because::Replaces(person.clone()),
        }),
        None if removed => None,
        _ => Some(OnCall {
            person: person.clone(),
            because: Because::Rotation,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> PersonId {
        text.parse().unwrap()
    }

    fn change(text: &str) -> Change {
        match text.split_once(' ') {
            Some(("add", person)) => Change::Add(id(person)),
            Some(("remove", person)) => Change::Remove(id(person)),
            Some((person, by)) => Change::Replace {
                person: id(person),
                by: id(by),
            },
            None => panic!("{text}"),
        }
    }

    #[test]
    fn exceptions_look_at_the_rotation_only() {
        for (changes, expected) in [
            (&[][..], &["bob: rotation"][..]),
            (&["add anna"], &["bob: rotation", "anna: override: added"]),
            (&["add bob"], &["bob: rotation"]),
            (&["remove bob"], &[]),
            (&["remove anna"], &["bob: rotation"]),
            (&["bob anna"], &["anna: override: replaces bob"]),
            (&["anna carl"], &["bob: rotation"]),
            // A swap, and a stand-in who has a stand-in: one step only.
            (&["bob anna", "anna bob"], &["anna: override: replaces bob"]),
            (
                &["bob anna", "anna carl"],
                &["anna: override: replaces bob"],
            ),
            (
                &["bob anna", "remove anna"],
                &["anna: override: replaces bob"],
            ),
            (&["bob anna", "bob carl"], &["carl: override: replaces bob"]),
            (
                &["bob anna", "remove bob"],
                &["anna: override: replaces bob"],
            ),
            (
                &["remove bob", "bob anna"],
                &["anna: override: replaces bob"],
            ),
            (&["remove bob", "add anna"], &["anna: override: added"]),
            (
                &["add anna", "remove anna"],
                &["bob: rotation", "anna: override: added"],
            ),
            (&["bob anna", "add anna"], &["anna: override: replaces bob"]),
            (&["bob bob", "remove bob"], &["bob: rotation"]),
        ] {
            let parsed: Vec<Change> = changes.iter().map(|text| change(text)).collect();
            let parsed: Vec<&Change> = parsed.iter().collect();
            let found: Vec<String> = apply(&[id("bob")], &parsed)
                .into_iter()
                .map(|one| format!("{}: {}", one.person, one.because))
                .collect();
            assert_eq!(found, expected, "{changes:?}");
        }
    }
}
