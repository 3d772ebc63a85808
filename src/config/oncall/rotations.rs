//! `[[oncall.rotations]]`: who take turns, from when, for how long, by which wall.

use crate::config::oncall::people::known;
use crate::config::oncall::roster::Mistake;
use crate::config::oncall::sections;
use crate::domain::oncall::moment::Written;
use crate::domain::oncall::people::{Person, RotationId};
use crate::domain::oncall::rotation::{Every, Rotation, RotationFault};
use jiff::tz::TimeZone;

/// The most rotations.
const MOST_ROTATIONS: usize = 100;
/// The most people in one.
const MOST_PEOPLE: usize = 1_000;

/// The rotations.
pub(super) fn rotations(
    written: &[sections::Rotation],
    people: &[Person],
    zone: &TimeZone,
) -> Result<Vec<Rotation>, Mistake> {
    if written.len() > MOST_ROTATIONS {
        let most = format_args!("at most {MOST_ROTATIONS}");
        return Err(Mistake::new("rotations", most));
    }
    let mut rotations: Vec<Rotation> = Vec::new();
    for (n, one) in written.iter().enumerate() {
        let rotation = rotation(&format!("rotations[{n}]"), one, people, zone)?;
        if let Some(before) = rotations
            .iter()
            .position(|known| known.id() == rotation.id())
        {
            return Err(Mistake::new(
                format_args!("rotations[{n}].id"),
                format_args!("{} is already the id of rotations[{before}]", rotation.id()),
            ));
        }
        rotations.push(rotation);
    }
    Ok(rotations)
}

fn rotation(
    key: &str,
    written: &sections::Rotation,
    people: &[Person],
    zone: &TimeZone,
) -> Result<Rotation, Mistake> {
    let key = |name: &str| format!("{key}.{name}");
    let id: RotationId = written
        .id
        .parse()
        .map_err(|error| Mistake::new(key("id"), error))?;
    if written.people.len() > MOST_PEOPLE {
        let most = format_args!("at most {MOST_PEOPLE}");
        return Err(Mistake::new(key("people"), most));
    }
    let turns = written
        .people
        .iter()
        .map(|person| known(&key("people"), person, people))
        .collect::<Result<Vec<_>, _>>()?;
    let every: Every = written
        .every
        .parse()
        .map_err(|error| Mistake::new(key("every"), error))?;
    let start = Written::parse(&written.start.to_string())
        .map_err(|error| Mistake::new(key("start"), error))?;
    let named = written.tz.as_deref().map(|name| {
        TimeZone::get(name)
            .map_err(|_| Mistake::new(key("tz"), "unknown; write for example Europe/Brussels"))
    });
    let zone = match (named.transpose()?, &start.zone) {
        (Some(named), Some(of_start)) if named != *of_start => {
            return Err(Mistake::new(
                key("tz"),
                "is not the time zone in which start is written; write the same in both, or leave one out",
            ));
        }
        (Some(zone), _) => zone,
        (None, of_start) => of_start.clone().unwrap_or_else(|| zone.clone()),
    };
    Rotation::new(id, turns, start.on_wall(&zone), zone, every).map_err(|fault| {
        let name = match fault {
            RotationFault::NoPeople => "people",
            RotationFault::Start => "start",
        };
        Mistake::new(key(name), fault)
    })
}
