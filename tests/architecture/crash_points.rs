//! The table of crash points in `src/lib.rs` names every one of them, in the order in which a report
//! passes them.

use super::Finding;

/// How the part with the table begins, and how the next one does.
const BEGIN: &str = "//! # Crash points";
const NEXT: &str = "//! # ";

/// Every breach.
pub(super) fn check(map: &str, points: &[&str]) -> Vec<Finding> {
    let named = named(map);
    let mut findings: Vec<Finding> = points
        .iter()
        .filter(|point| !named.iter().any(|(_, name)| name == *point))
        .map(|point| Finding::new("src/lib.rs", 1, format!("crash point `{point}` is missing")))
        .collect();
    for (line, name) in &named {
        if !points.contains(&name.as_str()) {
            findings.push(Finding::new(
                "src/lib.rs",
                *line,
                format!("there is no crash point `{name}`"),
            ));
        }
    }
    let order: Vec<&str> = named.iter().map(|(_, name)| name.as_str()).collect();
    if findings.is_empty() && order != points {
        let line = named.first().map_or(1, |(line, _)| *line);
        let rule = format!(
            "name the crash points once and in this order: {}",
            points.join(", ")
        );
        findings.push(Finding::new("src/lib.rs", line, rule));
    }
    findings
}

/// The names in the first column, each with its line.
fn named(map: &str) -> Vec<(usize, String)> {
    let part = map
        .lines()
        .enumerate()
        .skip_while(|(_, line)| *line != BEGIN)
        .skip(1)
        .take_while(|(_, line)| !line.starts_with(NEXT));
    part.filter_map(|(index, line)| {
        let column = line.strip_prefix("//! | `")?.split('|').next()?;
        Some((index + 1, column.to_owned()))
    })
    .flat_map(|(line, column)| {
        let names = column.split('`').map(str::trim);
        let names = names.filter(|name| !name.is_empty() && *name != ",");
        names
            .map(|name| (line, name.to_owned()))
            .collect::<Vec<_>>()
    })
    .collect()
}

#[test]
fn a_missing_a_strange_and_a_misplaced_point_are_found() {
    let map = "//! # Other\n//! | `x` | y |\n//! # Crash points\n//! | point ([`a::B`]) | what |\n\
        //! |---|---|\n//! | `one`, `two` | a |\n//! | `three` | b |\n//! # Next\n//! | `four` | c |\n";
    let said = |points: &[&str]| check(map, points).len();
    assert_eq!(said(&["one", "two", "three"]), 0);
    assert_eq!(said(&["one", "two"]), 1);
    assert_eq!(said(&["one", "two", "three", "four"]), 1);
    assert_eq!(said(&["two", "one", "three"]), 1);
}
