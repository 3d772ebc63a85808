//! Reads `knowledge/examples/*.jsonl`: reports with the labels that an expert gave them.
//!
//! One file is kept apart: `measured.jsonl` is never learned from, so that it tells how well strangers are understood.

use crate::adapters::knowledge::archive::version_of_all;
use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::trouble::{Trouble, plainly};
use crate::domain::triage::labelled::Labelled;

/// The file that is only measured on.
pub const MEASURED: &str = "examples/measured.jsonl";

/// The labelled reports of a folder.
#[derive(Debug, Default)]
pub struct Examples {
    /// Those that are learned from, in the order of their files.
    pub learned: Vec<Labelled>,
    /// Those that are only measured on.
    pub measured: Vec<Labelled>,
}

impl Examples {
    /// Reads them.
    ///
    /// # Errors
    /// Every line that is no labelled report, or whose labels contradict each other.
    pub fn read(files: &Files) -> Result<Self, Vec<Trouble>> {
        let mut examples = Self::default();
        let mut troubles = Vec::new();
        for (path, text) in files {
            let read = read_lines(path, text, &mut troubles);
            if path == MEASURED {
                examples.measured = read;
            } else {
                examples.learned.extend(read);
            }
        }
        if troubles.is_empty() {
            Ok(examples)
        } else {
            Err(troubles)
        }
    }
}

/// The labelled reports of one text that can be learned from. What contradicts itself is a trouble.
pub fn read_lines(path: &str, text: &str, troubles: &mut Vec<Trouble>) -> Vec<Labelled> {
    let checked = numbered_lines(path, text).map(|read| {
        let (line, labelled) = read?;
        match labelled.check() {
            Ok(()) => Ok(labelled),
            Err(contradiction) => {
                let what = format!("{contradiction}; correct the labels");
                Err(Trouble::at(path, line, what))
            }
        }
    });
    let mut read = Vec::new();
    for one in checked {
        match one {
            Ok(labelled) => read.push(labelled),
            Err(trouble) => troubles.push(trouble),
        }
    }
    read
}

/// The labelled reports of one text with their lines, a JSON object in each line that isn't blank, whatever their labels say.
pub fn numbered_lines<'a>(
    path: &'a str,
    text: &'a str,
) -> impl Iterator<Item = Result<(usize, Labelled), Trouble>> + 'a {
    let lines = (1..).zip(text.trim_start_matches('\u{feff}').lines());
    let told = lines.filter(|(_, text)| !text.trim().is_empty());
    told.map(move |(line, text)| match serde_json::from_str(text) {
        Ok(labelled) => Ok((line, labelled)),
        Err(error) => {
            let what = plainly(&error.to_string());
            Err(Trouble::at(
                path,
                line,
                format!("this is no labelled report: {what}"),
            ))
        }
    })
}

/// A name for what is learned from: another one after any change.
pub fn version(files: &Files) -> String {
    let learned = files.iter().filter(|(path, _)| *path != MEASURED);
    version_of_all(
        &learned
            .map(|(path, text)| (path.clone(), text.clone()))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"id":"a","channel":"chat","text":"site plat","kind":"incident","category":"outage","severity":"medium","page":false}"#;

    #[test]
    fn what_is_measured_is_kept_apart_and_every_wrong_line_is_named() {
        let mut files = Files::new();
        files.insert("examples/a.jsonl".into(), format!("{GOOD}\n\n{GOOD}\n"));
        files.insert(MEASURED.into(), GOOD.into());
        let examples = Examples::read(&files).unwrap();
        assert_eq!((examples.learned.len(), examples.measured.len()), (2, 1));
        let before = version(&files);
        files.insert(MEASURED.into(), String::new());
        assert_eq!(version(&files), before, "what is measured teaches nothing");
        let wrong = GOOD.replace("\"medium\"", "\"critical\"");
        files.insert(
            "examples/b.jsonl".into(),
            format!("{GOOD}\n{wrong}\nnot json\n"),
        );
        assert_ne!(version(&files), before);
        let told = Examples::read(&files).unwrap_err();
        let lines: Vec<_> = told.iter().map(|one| one.line).collect();
        assert_eq!(lines, [2, 3]);
    }
}
