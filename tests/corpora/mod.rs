//! Figures over corpora that others labelled. They are not part of this repository: `CORPORA_DIR` says
//! where they are. Without it these tests say so on stderr and end; under `CI` they fail.

mod answers;
mod facts;
mod gate;
mod machines;
mod oncall;
mod others;
mod pgp;
mod questions;
mod reports;

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The folder of one corpus, or nothing where this machine has no corpora.
#[expect(
    clippy::disallowed_methods,
    reason = "a test that runs only where its data are has nowhere else to ask"
)]
fn corpus(name: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("CORPORA_DIR") else {
        assert!(
            std::env::var_os("CI").is_none(),
            "CORPORA_DIR is not set: set it to the folder with the mail corpora"
        );
        say(&format!(
            "SKIPPED: no CORPORA_DIR, corpus {name} was not read"
        ));
        return None;
    };
    Some(Path::new(&root).join(name))
}

/// One line on stderr, also where the test passes and `--nocapture` is missing.
fn say(line: &str) {
    // A lost line of a report is no reason to fail.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The cases of a file with one JSON object a line.
fn cases(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let cases: Vec<Value> = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    assert!(!cases.is_empty(), "no cases in {}", file.display());
    cases
}

/// A text file, whatever its bytes.
fn read_text(file: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(file).unwrap_or_default()).into_owned()
}

/// A field of a case as text; empty where it is missing or null.
fn text<'a>(case: &'a Value, field: &str) -> &'a str {
    case.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// `part` of `whole` in per cent.
fn per_cent(part: usize, whole: usize) -> f64 {
    let (part, whole) = (u32::try_from(part), u32::try_from(whole.max(1)));
    100.0 * f64::from(part.unwrap_or(u32::MAX)) / f64::from(whole.unwrap_or(u32::MAX))
}
