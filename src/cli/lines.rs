//! Reading JSON lines, one at a time, in order; a wrong line is named by its number.

use crate::cli::failure::Failure;
use serde::de::DeserializeOwned;
use std::io::BufRead;

/// Longest line that is read, in bytes.
const LONGEST_LINE: usize = 32 * 1024 * 1024;

/// Calls `each` for every line of the standard input that isn't blank.
pub(crate) fn each_line<T: DeserializeOwned>(
    mut each: impl FnMut(T) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut input = std::io::stdin().lock();
    let mut number = 0_u64;
    let mut line = Vec::new();
    loop {
        line.clear();
        number += 1;
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if line.len() > LONGEST_LINE {
            return Err(Failure::failed(format_args!(
                "line {number} is longer than 32 MB"
            )));
        }
        let value = serde_json::from_slice(&line).map_err(|error| {
            Failure::failed(format_args!(
                "line {number} is not what --jsonl expects: {error}"
            ))
        })?;
        each(value)?;
    }
}
