//! `[oncall.policy.*]`: the steps for each severity, and whether each of them reaches somebody.

use crate::config::oncall::people::{cut, known};
use crate::config::oncall::roster::Mistake;
use crate::config::oncall::sections;
use crate::domain::oncall::overrides::Change;
use crate::domain::oncall::people::{Person, PersonId, RotationId};
use crate::domain::oncall::policy::{Policies, Policy, PolicyFault, Repeat, Step, Target};
use crate::domain::oncall::roster::Roster;
use crate::domain::oncall::rotation::Rotation;

/// The policies. The roster must hold its people, rotations and exceptions by now.
pub(super) fn policies(written: &sections::Policies, roster: &Roster) -> Result<Policies, Mistake> {
    let one = |name: &str, written: &Option<sections::Policy>| {
        let key = format!("policy.{name}");
        let written = written.as_ref();
        written
            .map(|written| policy(&key, written, roster))
            .transpose()
    };
    Ok(Policies {
        critical: one("critical", &written.critical)?,
        high: one("high", &written.high)?,
        medium: one("medium", &written.medium)?,
        low: one("low", &written.low)?,
    })
}

fn policy(key: &str, written: &sections::Policy, roster: &Roster) -> Result<Policy, Mistake> {
    let in_key = |name: &'static str| {
        move |fault: PolicyFault| Mistake::new(format_args!("{key}.{name}"), fault)
    };
    let mut steps = Vec::new();
    for (n, step) in written.steps.iter().enumerate() {
        let at = format!("{key}.steps[{n}]");
        steps.push(self::step(&at, step, roster)?);
        // Again with each step, so that the first wrong one is named.
        Policy::new(written.hours, steps.clone())
            .map_err(|fault| Mistake::new(format_args!("{at}.after"), fault))?;
    }
    let repeat = Repeat {
        times: written.repeat,
        after: written.repeat_after,
    };
    let in_repeat = |fault| match fault {
        PolicyFault::Repeat => in_key("repeat")(fault),
        _ => in_key("repeat_after")(fault),
    };
    let policy = Policy::new(written.hours, steps).map_err(in_key("steps"))?;
    let policy = policy.with_repeat(repeat).map_err(in_repeat)?;
    policy
        .with_silence_after(written.silence_after)
        .map_err(in_key("silence_after"))?
        .with_ack_confirm(written.ack_confirm)
        .map_err(in_key("ack_confirm"))
}

fn step(key: &str, written: &sections::Step, roster: &Roster) -> Result<Step, Mistake> {
    if written.channels.is_empty() {
        let what = "name at least one of matrix, mail and webhook";
        return Err(Mistake::new(format_args!("{key}.channels"), what));
    }
    let notify = written
        .notify
        .iter()
        .map(|text| target(&format!("{key}.notify"), text, roster))
        .collect::<Result<Vec<_>, _>>()?;
    let step = Step {
        after: written.after,
        notify,
        channels: written.channels.clone(),
    };
    match who_leaves_a_hole(&step, roster) {
        Ok(()) => Ok(step),
        Err(hole) => Err(Mistake::new(format_args!("{key}.notify"), hole)),
    }
}

fn target(key: &str, written: &str, roster: &Roster) -> Result<Target, Mistake> {
    let target: Target = written.parse().map_err(|error| Mistake::new(key, error))?;
    match &target {
        Target::Person(id) => known(key, id.as_str(), &roster.people).map(|_| target),
        Target::Rotation(id) if roster.rotation(id).is_none() => Err(Mistake::new(
            key,
            format_args!(
                "no rotation in oncall.rotations has the id \"{}\"",
                cut(id.as_str())
            ),
        )),
        Target::Role(role) if roster.with_role(*role).next().is_none() => Err(Mistake::new(
            key,
            format_args!("reaches nobody: nobody in oncall.people has the role {role}"),
        )),
        Target::Rotation(_) | Target::Role(_) => Ok(target),
    }
}

/// Does the step reach somebody, whoever is on call? Otherwise when it doesn't.
fn who_leaves_a_hole(step: &Step, roster: &Roster) -> Result<(), String> {
    let reached = |person: &Person| step.channels.iter().any(|channel| person.has(*channel));
    let ways: Vec<&str> = step
        .channels
        .iter()
        .map(|channel| channel.as_str())
        .collect();
    let ways = ways.join(", ");
    let mut hole = format!("reaches nobody: name somebody who has {ways}");
    for target in &step.notify {
        match target {
            Target::Person(id) if roster.person(id).is_some_and(reached) => return Ok(()),
            Target::Role(role) if roster.with_role(*role).any(reached) => return Ok(()),
            Target::Person(_) | Target::Role(_) => {}
            Target::Rotation(id) => {
                let unreached =
                    turns(id, roster).find(|id| !roster.person(id).is_some_and(reached));
                let Some(unreached) = unreached else {
                    return Ok(());
                };
                hole = format!("reaches nobody while {unreached} is on call, who has no {ways}");
            }
        }
    }
    Err(hole)
}

/// Who may be the only one on call in a rotation: who take turns, and who replace them.
fn turns<'a>(id: &'a RotationId, roster: &'a Roster) -> impl Iterator<Item = &'a PersonId> {
    let turns = roster.rotation(id).into_iter();
    let in_place = roster
        .overrides
        .iter()
        .filter_map(move |one| match &one.change {
            Change::Replace { by, .. } if one.rotation == *id => Some(by),
            Change::Replace { .. } | Change::Add(_) | Change::Remove(_) => None,
        });
    turns.flat_map(Rotation::people).chain(in_place)
}
