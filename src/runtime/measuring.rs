//! Reading labelled reports to measure on, from a file or the standard input. What is only measured is counted as it is labelled.

use crate::adapters::knowledge::examples::numbered_lines;
use crate::adapters::knowledge::trouble::{Trouble, as_error};
use crate::app::ports::KnowledgeError;
use crate::domain::system_words::in_words;
use crate::domain::triage::labelled::{Contradiction, Labelled};
use std::io::{ErrorKind, Read};
use std::path::Path;

/// What is measured on.
#[derive(Debug)]
pub struct Measured {
    /// The reports.
    pub reports: Vec<Labelled>,
    /// Labels that contradict each other, each with its line: they are counted all the same.
    pub odd: Vec<String>,
}

/// The labelled reports of a file; `-` is the standard input.
///
/// # Errors
/// Where the file can't be read, holds nothing, or a line is no labelled report: every such line.
pub fn measured(file: &Path) -> Result<Measured, KnowledgeError> {
    let is_standard_input = file.as_os_str() == "-";
    let (shown, read) = if is_standard_input {
        let mut text = String::new();
        let read = std::io::stdin().lock().read_to_string(&mut text);
        ("standard input".to_owned(), read.map(|_| text))
    } else {
        (file.display().to_string(), std::fs::read_to_string(file))
    };
    let of_all = |what: String| as_error(&[Trouble::of_file(&shown, what)]);
    let text = read.map_err(|error| match error.kind() {
        ErrorKind::InvalidData => of_all("this isn't UTF-8; save it as UTF-8".to_owned()),
        kind => of_all(format!("it can't be read: {}", in_words(kind))),
    })?;
    let (mut lines, mut troubles) = (Vec::new(), Vec::new());
    for read in numbered_lines(&shown, &text) {
        match read {
            Ok(numbered) => lines.push(numbered),
            Err(trouble) => troubles.push(trouble),
        }
    }
    if !troubles.is_empty() {
        return Err(as_error(&troubles));
    }
    if lines.is_empty() {
        return Err(of_all("there is no labelled report in it".to_owned()));
    }
    let is_odd = |labelled: &Labelled| match labelled.check() {
        // What isn't labelled isn't counted, and what machines send may be measured though it isn't learned.
        Ok(()) | Err(Contradiction::Unlabelled | Contradiction::Machine) => None,
        Err(contradiction) => Some(contradiction),
    };
    let odd = lines
        .iter()
        .filter_map(|(line, labelled)| {
            let what = format!("{}; it is counted as it is labelled", is_odd(labelled)?);
            Some(Trouble::at(&shown, *line, what).to_string())
        })
        .collect();
    Ok(Measured {
        odd,
        reports: lines.into_iter().map(|(_, labelled)| labelled).collect(),
    })
}
