//! Does the code keep to the rules of the house? Reads `src/`, `migrations/` and `Cargo.toml`.
//!
//! Each finding names file, line and rule. What a compiler or clippy checks isn't repeated here.

// So that clippy takes the functions beside the tests for what they are.
#![cfg(test)]

mod crash_points;
mod dependencies;
mod files;
mod layers;
mod migrations;
mod paths;
mod self_test;
mod source;

use source::Source;
use std::fmt::{self, Display};
use std::path::Path;

/// One place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    file: String,
    line: usize,
    rule: String,
}

impl Finding {
    fn new(file: &str, line: usize, rule: impl Into<String>) -> Self {
        let (file, rule) = (file.to_owned(), rule.into());
        Self { file, line, rule }
    }
}

impl Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.rule)
    }
}

/// The top of the package.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every finding at once: who mends one wants to see them all.
fn no_findings(findings: &[Finding]) {
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(
        lines.is_empty(),
        "{} findings:\n{}",
        lines.len(),
        lines.join("\n")
    );
}

#[test]
fn every_layer_uses_only_what_it_may() {
    let sources = Source::read_all(&root().join("src"));
    assert!(!sources.is_empty(), "there is no source to look at");
    no_findings(&sources.iter().flat_map(layers::check).collect::<Vec<_>>());
}

#[test]
fn every_file_keeps_to_the_rules_for_files() {
    let sources = Source::read_all(&root().join("src"));
    no_findings(&sources.iter().flat_map(files::check).collect::<Vec<_>>());
}

#[test]
fn the_map_names_every_crash_point() {
    let map = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let points: Vec<&str> = eerstelijn::app::faults::CrashPoint::ALL
        .iter()
        .map(|point| point.as_str())
        .collect();
    no_findings(&crash_points::check(&map, &points));
}

#[test]
fn migrations_are_numbered_alike_for_every_database() {
    no_findings(&migrations::check(&migrations::read(
        &root().join("migrations"),
    )));
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    no_findings(&dependencies::check(&manifest));
}
