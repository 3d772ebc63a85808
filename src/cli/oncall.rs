//! `oncall`: who is on call at a moment, or over a window with its gaps.
//!
//! Reads the roster of the settings and nothing else: no secret, no database, no connection.

use crate::app::ports::Clock;
use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::config::{find, load_roster};
use crate::domain::address::EmailAddress;
use crate::domain::oncall::moment::Written;
use crate::domain::oncall::people::{MatrixId, Person, PersonId};
use crate::domain::oncall::roster::Roster;
use crate::domain::oncall::schedule::Stint;
use crate::domain::oncall::window::Window;
use crate::runtime::clock::SystemClock;
use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

/// Arguments of `oncall`.
#[derive(Debug, Args)]
pub(crate) struct Oncall {
    /// Who is on call at this time; now where nothing is said
    #[arg(long, value_name = "TIME", conflicts_with_all = ["from", "to"])]
    at: Option<String>,
    /// Who is on call from this time ...
    #[arg(long, value_name = "TIME", requires = "to")]
    from: Option<String>,
    /// ... until this time
    #[arg(long, value_name = "TIME", requires = "from")]
    to: Option<String>,
    /// Print one JSON array
    #[arg(long)]
    json: bool,
}

/// What is asked for.
enum Asked {
    /// The stints in force at a moment, with their true ends.
    At(Timestamp),
    /// All stints of a window, cut off at its ends.
    Over(Window),
}

/// One object of `oncall --json`: a contract.
#[derive(Serialize)]
struct StintObject<'a> {
    rotation: &'a str,
    person: Option<&'a str>,
    from: String,
    until: String,
    because: String,
}

/// Answers.
pub(crate) fn run(arguments: &Oncall, context: &Context) -> Result<(), Failure> {
    let path = find(context.config.as_deref(), &context.environment)?;
    let (roster, zone) = load_roster(&path)?;
    // Nobody needs the fraction of a second.
    let now = Timestamp::from_second(SystemClock.now().as_second()).unwrap_or_default();
    let asked = asked(arguments, &zone, now)?;
    if roster.rotations.is_empty() {
        return Err(Failure::failed(format_args!(
            "nobody is on call: {} names no [[oncall.rotations]]; config.example.toml shows how",
            path.display()
        )));
    }
    let stints = match asked {
        Asked::At(at) => roster.stints_at(at),
        Asked::Over(window) => roster.stints(window),
    };
    let stints = stints.map_err(Failure::usage)?;
    if arguments.json {
        return print_json(&roster, &stints);
    }
    for line in match asked {
        Asked::At(at) => now_lines(&roster, &stints, at, &zone),
        Asked::Over(_) => window_lines(&roster, &stints),
    } {
        output::line(line);
    }
    Ok(())
}

fn asked(arguments: &Oncall, zone: &TimeZone, now: Timestamp) -> Result<Asked, Failure> {
    let time = |option: &str, text: &str| {
        if text == "now" {
            return Ok(now);
        }
        Written::parse(text)
            .and_then(|written| written.in_zone(zone))
            .map_err(|error| Failure::usage(format_args!("{option}: {error}")))
    };
    match (&arguments.from, &arguments.to) {
        (Some(from), Some(to)) => Window::new(time("--from", from)?, time("--to", to)?)
            .map(Asked::Over)
            .map_err(|_| Failure::usage("--to must come after --from")),
        _ => {
            let at = arguments.at.as_deref().unwrap_or("now");
            Ok(Asked::At(time("--at", at)?))
        }
    }
}

fn print_json(roster: &Roster, stints: &[Stint]) -> Result<(), Failure> {
    let objects: Vec<StintObject<'_>> = stints
        .iter()
        .map(|stint| {
            let zone = zone_of(roster, stint);
            let time = |at: Timestamp| at.display_with_offset(zone.to_offset(at)).to_string();
            StintObject {
                rotation: stint.rotation.as_str(),
                person: stint.person.as_ref().map(PersonId::as_str),
                from: time(stint.from),
                until: time(stint.until),
                because: stint.because.to_string(),
            }
        })
        .collect();
    output::line(serde_json::to_string(&objects).map_err(Failure::failed)?);
    Ok(())
}

/// Who is on call, since when, until when, and how to reach them.
fn now_lines(roster: &Roster, stints: &[Stint], at: Timestamp, zone: &TimeZone) -> Vec<String> {
    let mut lines = vec![format!("At {}:", wall(at, zone))];
    for stint in stints {
        let zone = zone_of(roster, stint);
        lines.push(format!("{}: {}", stint.rotation, who(roster, stint)));
        lines.push(format!(
            "    until {}, since {} ({})",
            wall(stint.until, &zone),
            wall(stint.from, &zone),
            stint.because
        ));
        let person = stint.person.as_ref().and_then(|id| roster.person(id));
        let ways: Vec<&str> = person.map(ways).unwrap_or_default();
        if !ways.is_empty() {
            lines.push(format!("    {}", ways.join(", ")));
        }
    }
    lines
}

/// The stints of each rotation, one a line, and how many gaps there are.
fn window_lines(roster: &Roster, stints: &[Stint]) -> Vec<String> {
    let mut lines = Vec::new();
    for rotation in &roster.rotations {
        lines.push(format!("{}:", rotation.id()));
        let own = stints
            .iter()
            .filter(|stint| stint.rotation == *rotation.id());
        lines.extend(own.map(|stint| {
            format!(
                "    {} - {}  {} ({})",
                wall(stint.from, rotation.zone()),
                wall(stint.until, rotation.zone()),
                who(roster, stint),
                stint.because
            )
        }));
    }
    let gaps = stints.iter().filter(|stint| stint.is_gap()).count();
    lines.push(match gaps {
        0 => "No gaps.".to_owned(),
        1 => "1 gap: NOBODY is on call then.".to_owned(),
        gaps => format!("{gaps} gaps: NOBODY is on call then."),
    });
    lines
}

fn who(roster: &Roster, stint: &Stint) -> String {
    let Some(id) = &stint.person else {
        return "NOBODY".to_owned();
    };
    let name = roster.person(id).map(|person| person.name.as_str());
    match name.filter(|name| *name != id.as_str()) {
        Some(name) => format!("{name} ({id})"),
        None => id.to_string(),
    }
}

/// How a colleague reaches this person; a webhook is for the bot alone.
fn ways(person: &Person) -> Vec<&str> {
    let matrix = person.matrix.as_ref().map(MatrixId::as_str);
    let mail = person.mail.as_ref().map(EmailAddress::as_str);
    matrix.into_iter().chain(mail).collect()
}

fn wall(at: Timestamp, zone: &TimeZone) -> String {
    let wall = at.to_zoned_datetime(zone.clone());
    wall.strftime("%a %d %b %Y %H:%M %Z").to_string()
}

fn zone_of(roster: &Roster, stint: &Stint) -> TimeZone {
    let rotation = roster.rotation(&stint.rotation);
    rotation.map_or(TimeZone::UTC, |rotation| rotation.zone().clone())
}
