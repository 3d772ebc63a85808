//! `[[oncall.overrides]]`: who is added, taken off or replaced, from when until when.

use crate::config::oncall::people::{cut, known};
use crate::config::oncall::roster::Mistake;
use crate::config::oncall::sections::{self, When};
use crate::domain::oncall::moment::Written;
use crate::domain::oncall::overrides::{Change, Override};
use crate::domain::oncall::people::Person;
use crate::domain::oncall::rotation::Rotation;
use crate::domain::oncall::window::Window;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The most exceptions in the settings. What is past may be taken out.
const MOST_OVERRIDES: usize = 1_000;

/// The exceptions, in the order in which they are written.
pub(super) fn overrides(
    written: &[sections::Override],
    people: &[Person],
    rotations: &[Rotation],
) -> Result<Vec<Override>, Mistake> {
    if written.len() > MOST_OVERRIDES {
        let most = format_args!("at most {MOST_OVERRIDES}; take out what is past");
        return Err(Mistake::new("overrides", most));
    }
    written
        .iter()
        .enumerate()
        .map(|(n, one)| exception(&format!("overrides[{n}]"), one, people, rotations))
        .collect()
}

fn exception(
    key: &str,
    written: &sections::Override,
    people: &[Person],
    rotations: &[Rotation],
) -> Result<Override, Mistake> {
    let name = &written.rotation;
    let rotation = rotations.iter().find(|one| one.id().as_str() == name);
    let rotation = rotation.ok_or_else(|| {
        let what = format_args!(
            "no rotation in oncall.rotations has the id \"{}\"",
            cut(name)
        )
        .to_string();
        Mistake::new(format_args!("{key}.rotation"), what)
    })?;
    let from = moment(&format!("{key}.from"), &written.from, rotation.zone())?;
    let until = moment(&format!("{key}.until"), &written.until, rotation.zone())?;
    Ok(Override {
        rotation: rotation.id().clone(),
        window: Window::new(from, until)
            .map_err(|_| Mistake::new(format_args!("{key}.until"), "must come after from"))?,
        change: change(key, written, people)?,
    })
}

fn moment(key: &str, written: &When, zone: &TimeZone) -> Result<Timestamp, Mistake> {
    Written::parse(&written.to_string())
        .and_then(|written| written.in_zone(zone))
        .map_err(|error| Mistake::new(key, error))
}

fn change(key: &str, written: &sections::Override, people: &[Person]) -> Result<Change, Mistake> {
    let person = |name: &str, id: &str| known(&format!("{key}.{name}"), id, people);
    match (&written.add, &written.remove, &written.replace) {
        (Some(id), None, None) => person("add", id).map(Change::Add),
        (None, Some(id), None) => person("remove", id).map(Change::Remove),
        (None, None, Some(replace)) if replace.person == replace.by => Err(Mistake::new(
            format_args!("{key}.replace.by"),
            "must be somebody else than person",
        )),
        (None, None, Some(replace)) => Ok(Change::Replace {
            person: person("replace.person", &replace.person)?,
            by: person("replace.by", &replace.by)?,
        }),
        _ => Err(Mistake::new(
            key,
            "needs exactly one of add, remove and replace",
        )),
    }
}
