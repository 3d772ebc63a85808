//! Reading JSON lines, one at a time, in order; a wrong line is named by its number and ends the
//! command. What stood before it is answered by then.

use crate::cli::failure::Failure;
use crate::cli::output;
use crate::domain::system_words::in_words;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::io::{BufRead, Read};

/// Longest line that is read, in bytes.
const LONGEST_LINE: u64 = 32 * 1024 * 1024;

/// The id of a line: any JSON value, echoed as it is written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct LineId(Option<Box<RawValue>>);

impl serde::Serialize for LineId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// Calls `each` for every line of the standard input that isn't blank.
pub(crate) fn each_line<T: DeserializeOwned>(
    mut each: impl FnMut(T) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut input = std::io::stdin().lock();
    let mut number = 0_u64;
    let mut line = Vec::new();
    while output::goes_on() {
        line.clear();
        number += 1;
        let read = input
            .by_ref()
            .take(LONGEST_LINE + 1)
            .read_until(b'\n', &mut line);
        if read.map_err(|error| unreadable(&error))? == 0 {
            return Ok(());
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if line.len() as u64 > LONGEST_LINE {
            return Err(Failure::failed(format_args!(
                "line {number} is longer than 32 MB; the lines before it are answered"
            )));
        }
        each(serde_json::from_slice(&line).map_err(|error| wrong_line(number, &error))?)?;
    }
    Ok(())
}

fn wrong_line(number: u64, error: &serde_json::Error) -> Failure {
    let told = error.to_string();
    // The line within the line is always the first.
    let what = told
        .rsplit_once(" at line ")
        .map_or(told.as_str(), |(what, _)| what);
    Failure::failed(format_args!(
        "line {number} is not what --jsonl expects: {what} (column {}); the lines before it are answered",
        error.column()
    ))
}

/// The standard input that can't be read.
pub(crate) fn unreadable(error: &std::io::Error) -> Failure {
    Failure::failed(format_args!(
        "can't read the standard input: {}; give it again",
        in_words(error.kind())
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_any_kind_is_echoed_as_it_is_written() {
        #[derive(Deserialize)]
        struct Line {
            #[serde(default)]
            id: LineId,
        }
        for id in [
            "null",
            "\"a\"",
            "7",
            "123456789012345678901234567890",
            "1.50",
            "[1, {\"a\":null}]",
            "true",
        ] {
            let line: Line = serde_json::from_str(&format!("{{\"id\":{id}}}")).unwrap();
            assert_eq!(serde_json::to_string(&line.id).unwrap(), id);
        }
        let without: Line = serde_json::from_str("{}").unwrap();
        assert_eq!(serde_json::to_string(&without.id).unwrap(), "null");
    }

    #[test]
    fn a_wrong_line_is_named_by_its_number_and_column() {
        let error = serde_json::from_str::<Vec<u8>>("[1, x]").unwrap_err();
        assert_eq!(
            wrong_line(3, &error).to_string(),
            "line 3 is not what --jsonl expects: expected value (column 5); the lines before it are answered"
        );
    }
}
